"""The sandbox as a server: its life in a process, its port, several of them at once, odd requests."""

from __future__ import annotations

import json
import logging
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
import requests

from acudata.sandbox import Sandbox, SandboxSettings

from .conftest import BASE, Start, Web, wrapped


def threads() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if not thread.name.startswith("pytest")}


def test_a_sandbox_leaves_no_thread_and_no_port_behind() -> None:
    before = threads()
    with Sandbox() as box:
        requests.get(f"{box.url}/entity").raise_for_status()
    assert threads() == before
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{box.url}/entity")


def test_the_url_holds_the_virtual_directory_and_a_free_port() -> None:
    with Sandbox() as box:
        parts = urlsplit(box.url)
        assert (parts.hostname, parts.path) == ("127.0.0.1", "/AcumaticaERP")
        assert parts.port
        assert requests.get(f"http://{parts.netloc}/entity").status_code == 404


def test_an_instance_may_live_at_the_root() -> None:
    with Sandbox(settings=SandboxSettings(instance_path="")) as box, Web(box) as web:
        assert urlsplit(box.url).path == ""
        web.sign_in()
        record = web.get("Customer?$top=1").json()[0]
        assert record["_links"]["self"].startswith("/entity/Default/")
        assert web.follow(record["_links"]["self"]).status_code == 200


@pytest.mark.parametrize("path", ["AcumaticaERP", "/AcumaticaERP/", "/"])
def test_a_virtual_directory_begins_with_a_slash_and_ends_without(path: str) -> None:
    with pytest.raises(ValueError, match="write it as '/AcumaticaERP'"):
        SandboxSettings(instance_path=path)


class Told(logging.Handler):
    """Keeps what is logged, and knows when the first came."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.came = threading.Event()

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(f"{record.name}: {record.getMessage()}")
        self.came.set()


def test_a_client_that_dies_while_it_sends_is_one_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    told = Told()
    logging.getLogger().addHandler(told)
    try:
        with Sandbox() as box:
            parts = urlsplit(box.url)
            head = f"PUT {parts.path}{BASE}/Customer HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Length: 1000\r\n\r\n"
            with socket.create_connection((str(parts.hostname), parts.port or 0)) as client:
                client.sendall(head.encode() + b'{"CustomerID":')
            assert told.came.wait(10)
            assert requests.get(f"{box.url}/entity").status_code == 200
    finally:
        logging.getLogger().removeHandler(told)
    (text,) = [text for text in told.texts if text.startswith(("acudata", "uvicorn"))]
    assert text.startswith("acudata.sandbox: A client went away in the middle of its PUT")


def test_a_slash_at_the_end_of_a_path_means_nothing(web: Web) -> None:
    assert web.get("/entity/").json() == web.get("/entity").json()
    assert len(web.get("Customer/?$top=2").json()) == 2


def test_two_sandboxes_in_one_process_know_nothing_of_each_other() -> None:
    with Sandbox() as first, Sandbox(seed=1) as second, Web(first) as one, Web(second) as other:
        assert first.url != second.url
        one.sign_in()
        cookies = dict(one.cookies)
        assert other.get("Customer?$top=1", cookies=cookies).status_code == 401
        other.sign_in()
        page = "Customer?$top=5&$select=CustomerName"
        assert one.get(page).json() != other.get(page).json()


def test_a_sandbox_can_be_started_again() -> None:
    box = Sandbox()
    for _ in range(2):
        with box:
            assert requests.get(f"{box.url}/entity").status_code == 200


def test_a_port_in_use_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="Port 0 takes a free"):
        Sandbox(port=taken.getsockname()[1]).start()


def test_stopping_before_it_is_up_frees_the_port() -> None:
    box = Sandbox()
    box.start()
    box.stop()
    with Sandbox(port=urlsplit(box.url).port or 0):
        pass


def test_stopping_what_never_started_does_nothing() -> None:
    Sandbox().stop()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"scale": 0}, "scale is 0; it is a whole number, 1 at least"),
        ({"scale": -3}, "scale is -3"),
        ({"scale": 1.5}, "scale is 1.5"),
        ({"seats": 0}, "seats is 0"),
        ({"tenants": []}, r"tenants is \[\]; write a list of login names"),
        ({"tenants": "U100"}, "tenants is 'U100'; write a list"),
        ({"tenants": [""]}, r"tenants is \[''\]"),
        ({"tenants": ["U100", "U100"]}, "each there once"),
        ({"port": -1}, "port is -1; it is a number up to 65535"),
        ({"port": 65536}, "0 takes a free port"),
    ],
)
def test_what_no_sandbox_can_be_is_refused_at_once(given: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Sandbox(**given)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"dialect": "swagger3"}, "dialect is 'swagger3'; it is one of 'openapi3', 'swagger2'"),
        ({"seat_refusal": "xml"}, "'json', 'text', 'html', 'redirect'"),
        ({"missing_record": 410}, "missing_record is 410; it is one of 500, 404"),
        ({"users": {}}, "users is empty"),
        ({"versions": ()}, "versions is empty"),
    ],
)
def test_settings_take_their_choices_alone(given: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        SandboxSettings(**given)


FORGETFUL = """
import atexit, requests
from acudata.sandbox import Sandbox
box = Sandbox()
box.start()
web = requests.Session()
said = {"name": box.username, "password": box.password, "tenant": box.tenant}

@atexit.register
def leave():
    web.post(box.url + "/entity/auth/logout").raise_for_status()
    print("seats taken:", box.instance.signin.seats_taken)

web.post(box.url + "/entity/auth/login", json=said).raise_for_status()
"""


def test_requests_are_answered_while_the_program_ends() -> None:
    done = subprocess.run([sys.executable, "-c", FORGETFUL], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("seats taken: 0\n", "")


def test_a_file_that_is_no_document_is_told(tmp_path: Path) -> None:
    path = tmp_path / "page.json"
    path.write_text(json.dumps({"message": "You are not logged in."}), encoding="utf-8")
    with pytest.raises(ValueError, match=r"page\.json is no endpoint document"):
        Sandbox(schema=path)


def test_the_sandbox_loads_neither_pandas_nor_the_client() -> None:
    code = "import sys; from acudata.sandbox import Sandbox; Sandbox(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & {"pandas", "pyarrow", "requests", "pydantic", "starlette", "uvicorn"}
    assert {name for name in loaded if name.startswith("acudata.")} == {
        name for name in loaded if name.startswith("acudata.sandbox")
    }


def test_every_500_has_a_stack_trace_of_several_kilobytes(web: Web) -> None:
    body = web.get("Customer/NOBODY").json()
    assert len(body["stackTrace"]) > 3000


def test_a_failure_of_the_sandbox_itself_is_logged_and_told_as_a_500(
    web: Web, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract = web.box.instance.tenant("U100").contract({"endpoint": "Default", "version": "24.200.001"})
    monkeypatch.setattr(contract.reader, "list", None)
    with caplog.at_level(logging.ERROR, logger="acudata.sandbox"):
        answer = web.get("Customer")
    assert answer.status_code == 500
    assert answer.json()["exceptionType"] == "System.NullReferenceException"
    assert f"GET {BASE}/Customer" in caplog.text


def test_an_endpoint_without_rights_is_refused_on_every_verb(start: Start) -> None:
    web = start(forbidden=frozenset({"Vendor"}))
    web.sign_in()
    text = "You have insufficient rights to access the Vendor (AP303000) form."
    answers = [web.get("Vendor"), web.get("Vendor/X"), web.put("Vendor", json={}), web.delete("Vendor/X")]
    assert [(one.status_code, one.json()) for one in answers] == [(403, {"message": text})] * 4
    assert web.get("Customer?$top=1").status_code == 200


def test_a_form_that_is_not_set_up_is_a_500(start: Start) -> None:
    web = start(unconfigured=frozenset({"Project"}))
    web.sign_in()
    body = web.get("Project").json()
    assert body["exceptionType"] == "PX.Data.PXSetupNotEnteredException"
    expected = "The required configuration data is not entered on the Projects form."
    assert body["exceptionMessage"] == expected


@pytest.mark.parametrize("key", ["Zürich 東京", "#1", "100+", "a;b", "O'Brien"])
def test_a_key_may_hold_any_letter(web: Web, key: str) -> None:
    assert web.put("Customer", json=wrapped(CustomerID=key, CustomerName="Odd")).status_code == 200
    assert web.get(f"Customer/{quote(key)}").json()["CustomerID"]["value"] == key


@pytest.mark.parametrize("key", ["AT&T", "1:2", "50%", "A*"])
def test_some_characters_are_refused_in_every_path(web: Web, key: str) -> None:
    answer = web.get(f"Customer/{quote(key)}")
    assert answer.status_code == 400
    assert "dangerous" in answer.text


def test_an_instance_may_be_set_to_take_every_path(start: Start) -> None:
    web = start(refused_in_paths="")
    web.sign_in()
    assert web.get("Customer/AT%26T").status_code == 500


def test_threads_are_served_side_by_side(web: Web) -> None:
    cookies = dict(web.cookies)
    totals: list[int] = []

    def read() -> None:
        url = f"{web.box.url}{BASE}/Customer?$select=CustomerID"
        totals.append(len(requests.get(url, cookies=cookies).json()))

    readers = [threading.Thread(target=read) for _ in range(8)]
    for thread in readers:
        thread.start()
    for thread in readers:
        thread.join()
    assert totals == totals[:1] * 8
