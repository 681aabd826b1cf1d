"""Answers that no instance should give, from a proxy or a fault: an error of ours, whatever was asked."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from acudata import AcumaticaClient, AcumaticaError, AcumaticaSchemaError
from acudata.sandbox import Sandbox
from tests.conftest import connect
from tests.transport.conftest import PASSWORD, Answer, ScriptedServer

ENDPOINT = "entity/Portal/1.0.0"
CUSTOMER = f"{ENDPOINT}/Customer"
JSON = (("Content-Type", "application/json"),)
HTML = (("Content-Type", "text/html"),)

BROKEN = {
    "an empty body": Answer(200, b"", JSON),
    "no content": Answer(204, b"", ()),
    "null": Answer(200, b"null", JSON),
    "a number": Answer(200, b"5", JSON),
    "half of it": Answer(200, b'[{"id":', JSON),
    "a list of numbers": Answer(200, b"[5]", JSON),
    "text": Answer(200, b"hello", JSON),
    "bytes": Answer(200, b"\xff\xfe\x00", JSON),
    "nested without end": Answer(200, b"[" * 100_000, JSON),
    "a web page": Answer(200, b"<html><body>Sign in</body></html>", HTML),
    "a redirect": Answer(302, b"", (("Location", "/Live/Frames/Error.aspx?message=no"),)),
    "a page of an error": Answer(500, b"<html><h1>Server Error</h1></html>", HTML),
    "an empty error": Answer(500, b"", ()),
    "an error that breaks off": Answer(500, b'{"mess', JSON, cut=5),
}
CALLS: dict[str, tuple[str, Callable[[AcumaticaClient], Any]]] = {
    "get_list": (CUSTOMER, lambda client: client.customers.get_list()),
    "first": (CUSTOMER, lambda client: client.customers.first()),
    "count": (CUSTOMER, lambda client: client.customers.count()),
    "to_frame": (CUSTOMER, lambda client: client.customers.to_frame()),
    "put_entity": (CUSTOMER, lambda client: client.customers.put_entity({"CustomerID": "X"})),
    "get_by_id": (f"{CUSTOMER}/X", lambda client: client.customers.get_by_id("X")),
    "exists": (f"{CUSTOMER}/X", lambda client: client.customers.exists("X")),
    "get_files": (f"{CUSTOMER}/X", lambda client: client.customers.get_files("X")),
    "put_file": (f"{CUSTOMER}/X", lambda client: client.customers.put_file("X", "a.txt", b"a")),
    "get_ad_hoc_schema": (f"{CUSTOMER}/$adHocSchema", lambda client: client.customers.get_ad_hoc_schema()),
    "list_endpoints": ("entity", lambda client: client.list_endpoints()),
    "refresh_schema": (f"{ENDPOINT}/swagger.json", lambda client: client.refresh_schema()),
}


@pytest.fixture(scope="module")
def portal() -> dict[str, bytes]:
    """What an instance answers about a small endpoint."""
    with Sandbox() as box, connect(box, endpoint_name="Portal") as client:
        paths = [f"{ENDPOINT}/swagger.json", f"{CUSTOMER}/$adHocSchema"]
        answers = {path: client._session.get(path).content for path in paths}
    return answers | {"entity": json.dumps({"endpoints": [{"name": "Portal", "version": "1.0.0"}]}).encode()}


@pytest.fixture(scope="module")
def server(portal: dict[str, bytes]) -> Iterator[ScriptedServer]:
    running = ScriptedServer()
    for path, content in portal.items():
        running.script(path, Answer(200, content, JSON))
    yield running
    running.close()


@pytest.fixture(scope="module")
def client(server: ScriptedServer) -> Iterator[AcumaticaClient]:
    settings: dict[str, Any] = {"endpoint_name": "Portal", "rate_limit_calls_per_second": 10_000}
    with AcumaticaClient(server.url, "api", PASSWORD, auto_load_env=False, **settings) as client:
        client._session._sleep = lambda _: None
        assert client.customers.entity.custom
        yield client


TOLERANT = {("to_frame", "a list of numbers"), ("count", "a list of numbers")}
"""A row is a row: one that is no record has no values, and the others are kept."""


@pytest.mark.parametrize(
    ("call", "answer"), [pair for pair in itertools.product(CALLS, BROKEN) if pair not in TOLERANT]
)
def test_a_broken_answer_is_an_error_of_acudata(
    client: AcumaticaClient, server: ScriptedServer, call: str, answer: str
) -> None:
    path, ask = CALLS[call]
    before = server.scripts.get(f"/Live/{path}")
    server.script(path, BROKEN[answer])
    try:
        with pytest.raises(AcumaticaError) as caught:
            ask(client)
    finally:
        server.scripts[f"/Live/{path}"] = before or []
    assert caught.value.message


@pytest.mark.parametrize("answer", BROKEN)
def test_a_test_of_the_connection_never_raises(
    client: AcumaticaClient, server: ScriptedServer, answer: str
) -> None:
    before = server.scripts["/Live/entity"]
    server.script("entity", BROKEN[answer])
    told = client.test_connection()
    server.scripts["/Live/entity"] = before
    assert told["endpoint_count"] == (1 if answer == "a list of numbers" else 0)
    assert told["endpoints_available"] == (told["endpoint_count"] > 0)


@pytest.mark.parametrize(
    "document",
    [b'{"openapi": "3", "paths": 5}', b'{"openapi": "3", "paths": {}, "components": 5}'],
)
def test_a_document_of_another_shape_is_refused(
    client: AcumaticaClient, server: ScriptedServer, document: bytes
) -> None:
    path = f"{ENDPOINT}/swagger.json"
    before = server.scripts[f"/Live/{path}"]
    server.script(path, Answer(200, document, JSON))
    try:
        with pytest.raises(AcumaticaError, match="endpoint document"):
            client.refresh_schema()
    finally:
        server.scripts[f"/Live/{path}"] = before


ODD = b'[{"id": "a", "CustomerID": {"value": 5}, "CreditLimit": {"value": "much"}}, {"id": "b", "Hold": "?"}]'


def test_values_of_another_kind_are_counted_or_refused(
    client: AcumaticaClient, server: ScriptedServer
) -> None:
    before = server.scripts.get(f"/Live/{CUSTOMER}")
    server.script(CUSTOMER, Answer(200, ODD, JSON))
    try:
        frame = client.customers.to_frame()
        with pytest.raises(AcumaticaSchemaError, match=r"CreditLimit \(1, such as 'much'\)"):
            client.customers.to_frame(errors="raise")
    finally:
        server.scripts[f"/Live/{CUSTOMER}"] = before or []
    assert frame["CustomerID"].tolist()[:1] == ["5"]
    assert frame["CreditLimit"].isna().all()
    assert frame.attrs["invalid"] == {"CreditLimit": 1}
