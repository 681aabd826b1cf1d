"""The session of a client, over real HTTP: methods, bodies, links, and what it shows of itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from acudata.errors import AcumaticaNotFoundError, AcumaticaPermissionError
from acudata.sandbox import Sandbox, SandboxSettings
from acudata.transport import Session
from tests.transport.conftest import PASSWORD, Open, ScriptedServer, settings_for

BASE = "entity/Default/24.200.001"


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(settings=SandboxSettings(forbidden=frozenset({"Vendor"}))) as box:
        yield box


@pytest.fixture
def session(box: Sandbox, connect: Open) -> Session:
    return connect(box)


@pytest.mark.parametrize(
    ("method", "given", "body", "kind"),
    [
        ("put", {"json": {"Näme": {"value": 1}}}, {"Näme": {"value": 1}}, "application/json"),
        ("post", {"json": {}}, {}, "application/json"),
        ("put", {"json": []}, [], "application/json"),
        ("put", {"data": b"\x00\xff"}, b"\x00\xff", "application/octet-stream"),
        ("put", {"data": b"", "headers": {"Content-Type": "text/plain"}}, b"", "text/plain"),
        ("put", {}, b"", None),
        ("post", {}, b"", None),
    ],
)
def test_bodies(
    method: str, given: dict[str, Any], body: Any, kind: str | None, server: ScriptedServer, connect: Open
) -> None:
    getattr(connect(server), method)("entity/Bill", params={"$expand": "Details"}, **given)
    asked = server.asked[-1]
    assert (asked.method, asked.path) == (method.upper(), "/Live/entity/Bill?$expand=Details")
    assert asked.headers["Content-Type"] == kind
    assert asked.headers["Content-Length"] == str(len(asked.body))
    assert (json.loads(asked.body) if kind == "application/json" else asked.body) == body


@pytest.mark.parametrize("method", ["get", "delete"])
def test_what_needs_no_body_has_none(method: str, server: ScriptedServer, connect: Open) -> None:
    getattr(connect(server), method)("entity/Bill", headers={"PX-CbApiBranch": "MAIN"})
    asked = server.asked[-1]
    assert (asked.body, asked.headers["Content-Type"], asked.headers["PX-CbApiBranch"]) == (b"", None, "MAIN")


def test_not_a_number_is_no_json(server: ScriptedServer, connect: Open) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        connect(server).put("entity/Bill", json={"Amount": {"value": float("nan")}})


def test_encoded_keys_arrive_as_they_were_written(server: ScriptedServer, connect: Open) -> None:
    connect(server).get("entity/ItemClass/A%2FC%20%23%3F%25")
    assert server.calls == ["GET /Live/entity/ItemClass/A%2FC%20%23%3F%25"]


def test_a_list_and_a_record_of_the_sandbox(session: Session) -> None:
    rows = session.get(f"{BASE}/Customer", params={"$top": 3, "$select": "CustomerID,CustomerName"}).json()
    assert len(rows) == 3
    key = rows[0]["CustomerID"]["value"]
    assert session.get(f"{BASE}/Customer/{key}").json()["id"] == rows[0]["id"]


def test_links_of_the_server_hold_the_virtual_directory(session: Session) -> None:
    (row,) = session.get(f"{BASE}/Customer", params={"$top": 1}).json()
    href = row["_links"]["self"]
    assert href.startswith("/AcumaticaERP/entity/")
    assert session.get(href).json()["id"] == row["id"]
    assert session.get(session.link(href)).json()["id"] == row["id"]


def test_an_instance_at_the_root(connect: Open) -> None:
    with Sandbox(settings=SandboxSettings(instance_path="")) as box:
        session = connect(box)
        (row,) = session.get(f"{BASE}/Customer", params={"$top": 1}).json()
        assert session.get(row["_links"]["self"]).json()["id"] == row["id"]


def test_a_file_goes_there_and_back(session: Session) -> None:
    (row,) = session.get(f"{BASE}/Customer", params={"$top": 1}).json()
    link = row["_links"]["files:put"].replace("{filename}", "price%20list.txt")
    put = session.put(link, data=b"1,2", headers={"PX-CbFileComment": "of today"})
    assert put.status == 204
    assert session.get(put.headers["Location"], headers={"Accept": "*/*"}).content == b"1,2"


def test_records_are_written_and_deleted(session: Session) -> None:
    body = {"CustomerID": {"value": "TRANSPRT"}, "CustomerName": {"value": "Zoë & Söhne"}}
    assert session.put(f"{BASE}/Customer", json=body).json()["CustomerName"]["value"] == "Zoë & Söhne"
    assert session.delete(f"{BASE}/Customer/TRANSPRT").status == 204
    with pytest.raises(AcumaticaNotFoundError):
        session.get(f"{BASE}/Customer/TRANSPRT")


def test_missing_rights_and_unknown_entities(session: Session) -> None:
    with pytest.raises(AcumaticaPermissionError, match=r"the Vendor \(AP303000\) form"):
        session.get(f"{BASE}/Vendor")
    with pytest.raises(AcumaticaNotFoundError):
        session.get(f"{BASE}/Nonsense")


def test_two_tenants_in_one_program(box: Sandbox, connect: Open) -> None:
    one, other = connect(box, tenant="U100"), connect(box, tenant="T100")
    names = [
        {entry["name"] for entry in session.get("entity").json()["endpoints"]}
        for session in (one, other, one)
    ]
    assert names[0] == names[2] != names[1]


def test_threads_use_one_session_at_the_same_time(box: Sandbox, connect: Open) -> None:
    session = connect(box)
    with ThreadPoolExecutor(16) as threads:
        replies = list(
            threads.map(
                lambda skip: session.get(f"{BASE}/Customer", params={"$top": 1, "$skip": skip}), range(64)
            )
        )
    ids = [reply.json()[0]["id"] for reply in replies]
    assert len(set(ids)) == 64


def test_a_session_shows_where_and_who_but_no_password(server: ScriptedServer) -> None:
    with Session(settings_for(server)) as session:
        assert repr(session) == f"Session({server.url!r}, username='api')"
        assert PASSWORD not in repr(vars(session))
