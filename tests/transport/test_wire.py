"""The wire: compression, redirects, certificates, time-outs, and failures of the network in words."""

from __future__ import annotations

import gzip
import logging
import socket
import ssl
import threading
from concurrent.futures import Future
from pathlib import Path

import pytest
import requests

from acudata.errors import (
    AcumaticaConnectionError,
    AcumaticaError,
    AcumaticaServerError,
    AcumaticaTimeoutError,
)
from acudata.sandbox import Sandbox
from tests.transport.conftest import Answer, Open, ScriptedServer, answer

CERTIFICATE = Path(__file__).with_name("loopback.pem")
"""A key and the certificate that it signed for itself, for 127.0.0.1, valid for a hundred years."""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def test_a_reply_tells_status_headers_bytes_and_time(server: ScriptedServer, connect: Open) -> None:
    server.script("entity", answer(200, [1, 2], X_Odd="yes"))
    reply = connect(server).get("entity", params={"$top": 2})
    assert (reply.status, reply.ok, reply.content, reply.json()) == (200, True, b"[1, 2]", [1, 2])
    assert (reply.headers["x-odd"], reply.url) == ("yes", f"{server.url}/entity?$top=2")
    assert reply.elapsed > 0


@pytest.mark.parametrize(
    ("body", "told"), [(b"", "an empty body"), (b"  ", "an empty body"), (b"<x>", "not JSON")]
)
def test_a_body_that_is_no_json_is_told(
    body: bytes, told: str, server: ScriptedServer, connect: Open
) -> None:
    server.script("entity", Answer(200, body))
    with pytest.raises(AcumaticaServerError, match=told) as caught:
        connect(server).get("entity").json()
    assert caught.value.status_code == 200


def test_requests_ask_for_json_and_gzip_and_say_who_they_are(server: ScriptedServer, connect: Open) -> None:
    connect(server).get("entity")
    headers = server.asked[-1].headers
    assert (headers["Accept"], headers["Accept-Encoding"]) == ("application/json", "gzip")
    assert headers["User-Agent"].startswith("acudata/")


def test_compressed_answers_are_unpacked(server: ScriptedServer, connect: Open) -> None:
    server.script("entity", Answer(200, gzip.compress(b'{"a": 1}'), (("Content-Encoding", "gzip"),)))
    assert connect(server).get("entity").json() == {"a": 1}


def test_answers_in_chunks_are_joined(server: ScriptedServer, connect: Open) -> None:
    chunks = b"4\r\n[1, \r\n2\r\n2]\r\n0\r\n\r\n"
    server.script("entity", Answer(200, chunks, (("Transfer-Encoding", "chunked"),)))
    session = connect(server)
    assert session.get("entity").json() == [1, 2]
    assert session.get("entity").json() == [1, 2]


def test_connections_are_used_again(
    server: ScriptedServer, connect: Open, caplog: pytest.LogCaptureFixture
) -> None:
    session = connect(server)
    with caplog.at_level(logging.DEBUG, "urllib3"):
        for _ in range(5):
            session.get("entity")
    assert sum("Starting new HTTP connection" in record.message for record in caplog.records) == 1


def test_the_sandbox_compresses(connect: Open) -> None:
    with Sandbox() as box:
        reply = connect(box).get("entity/Default/24.200.001/Customer", params={"$top": 3})
        assert reply.headers["Content-Encoding"] == "gzip"
        assert len(reply.json()) == 3


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(status: int, server: ScriptedServer, connect: Open) -> None:
    server.script("entity", answer(status, Location="/Live/elsewhere?token=1"))
    with pytest.raises(AcumaticaServerError, match=r"redirected to /Live/elsewhere\.") as caught:
        connect(server).get("entity")
    assert caught.value.status_code == status
    assert server.calls == ["GET /Live/entity"]


def test_the_machines_password_file_is_not_used(
    server: ScriptedServer, connect: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login someone password else\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    assert requests.utils.get_netrc_auth(server.url) == ("someone", "else")
    connect(server).get("entity")
    assert all(asked.headers["Authorization"] is None for asked in server.asked)


def test_an_answer_that_does_not_come_is_a_time_out(server: ScriptedServer, connect: Open) -> None:
    done = threading.Event()
    server.script("entity", Answer(before=lambda: done.wait(10)))
    session = connect(server, timeout=0.2)
    with pytest.raises(AcumaticaTimeoutError, match=r"sent nothing for 0\.2 seconds") as caught:
        session.get("entity")
    done.set()
    assert caught.value.timeout_seconds == 0.2
    assert isinstance(caught.value, TimeoutError)
    assert server.calls == ["GET /Live/entity"]


def test_the_time_out_of_a_call_beats_that_of_the_config(server: ScriptedServer, connect: Open) -> None:
    done = threading.Event()
    server.script("entity", Answer(before=lambda: done.wait(10)))
    with pytest.raises(AcumaticaTimeoutError) as caught:
        connect(server, timeout=60).get("entity", timeout=0.1)
    done.set()
    assert caught.value.timeout_seconds == 0.1


def test_an_answer_that_stalls_half_way_is_a_time_out(server: ScriptedServer, connect: Open) -> None:
    done = threading.Event()
    stalled = Answer(
        200, b"[1, ", (("Content-Type", "application/json"),), cut=10, after=lambda: done.wait(10)
    )
    server.script("entity", stalled)
    with pytest.raises(AcumaticaTimeoutError):
        connect(server, timeout=0.2).get("entity")
    done.set()


def test_an_answer_that_breaks_off_is_an_error_of_the_connection(
    server: ScriptedServer, connect: Open
) -> None:
    server.script("entity", Answer(200, b"[1, ", cut=10))
    with pytest.raises(AcumaticaConnectionError, match="the connection broke off"):
        connect(server).put("entity", json={})


def test_nobody_listens(connect: Open, server: ScriptedServer) -> None:
    port = free_port()
    with pytest.raises(AcumaticaConnectionError) as caught:
        connect(server, base_url=f"http://127.0.0.1:{port}/Live").get("entity")
    assert f"no answer from http://127.0.0.1:{port}/Live/entity/auth/login" in caught.value.message
    assert "check base_url (ACUMATICA_URL)" in str(caught.value)
    assert "whether the sandbox runs (acudata sandbox --port N)" in str(caught.value)
    assert isinstance(caught.value, ConnectionError)


def test_an_unknown_host(connect: Open, server: ScriptedServer) -> None:
    with pytest.raises(AcumaticaConnectionError, match="nowhere.invalid"):
        connect(server, base_url="http://nowhere.invalid", timeout=30).get("entity")


def test_a_dead_proxy(connect: Open, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://someone:hunter2@127.0.0.1:{free_port()}")
    with pytest.raises(AcumaticaConnectionError, match="the proxy failed") as caught:
        connect(server, base_url="http://acme.invalid").get("entity")
    assert "hunter2" not in caught.value.get_detailed_message()


def test_an_error_that_the_caller_handles_does_not_mislead(connect: Open, server: ScriptedServer) -> None:
    server.script("entity", Answer(200, b"[", cut=5))
    session = connect(server)
    session.sign_in()
    try:
        Future().result(timeout=0)
    except TimeoutError:
        with pytest.raises(AcumaticaConnectionError):
            session.get("entity")


def test_nothing_of_requests_hangs_on_the_error(connect: Open, server: ScriptedServer) -> None:
    with pytest.raises(AcumaticaError) as caught:
        connect(server, base_url=f"http://127.0.0.1:{free_port()}").get("entity")
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


def test_the_log_tells_method_path_status_and_time_but_no_query(
    server: ScriptedServer, connect: Open, caplog: pytest.LogCaptureFixture
) -> None:
    session = connect(server)
    with caplog.at_level(logging.DEBUG, "acudata.transport"):
        session.get("entity/Customer", params={"$filter": "Name eq 'Jane'"})
    last = [record for record in caplog.records if record.name == "acudata.transport"][-1]
    assert last.message.startswith("GET entity/Customer -> 200 in ")
    assert last.message.endswith(" ms")
    assert last.levelname == "DEBUG"


@pytest.fixture
def secure(server: ScriptedServer) -> str:
    """Let the server speak TLS with a certificate that nobody signed; return its address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    server.encrypt(context)
    return server.url.replace("http://", "https://")


def test_an_untrusted_certificate_is_refused(secure: str, connect: Open, server: ScriptedServer) -> None:
    with pytest.raises(AcumaticaConnectionError, match="its certificate is not trusted") as caught:
        connect(server, base_url=secure).get("entity")
    assert "verify_ssl=False" in str(caught.value)
    assert server.asked == []


def test_a_certificate_may_be_trusted_by_the_environment(
    secure: str, connect: Open, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATE))
    assert connect(server, base_url=secure).get("entity").ok


@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
def test_verify_ssl_can_be_switched_off_whatever_the_environment_says(
    secure: str, connect: Open, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    import certifi

    monkeypatch.setenv("REQUESTS_CA_BUNDLE", certifi.where())
    assert connect(server, base_url=secure, verify_ssl=False).get("entity").ok
