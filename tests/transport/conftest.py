"""A server that answers what a test tells it to and remembers what it was asked, and sessions that sign out."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext
from threading import Lock, Thread
from typing import Any

import pytest

from acudata.config import AcumaticaConfig
from acudata.sandbox import Sandbox
from acudata.transport import Session

INSTANCE = "/Live"
SIGN_IN = "/Live/entity/auth/login"
SIGN_OUT = "/Live/entity/auth/logout"
PASSWORD = "hunter2-correct"


@dataclass
class Answer:
    """What the server sends; each header is a pair, since Set-Cookie comes often."""

    status: int = 200
    body: bytes = b"[]"
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)
    before: Callable[[], object] = lambda: None
    after: Callable[[], object] = lambda: None
    """Is called when everything is sent, before a connection may be closed."""
    cut: int = 0
    """Bytes that Content-Length promises beyond those that are sent."""


@dataclass
class Asked:
    """What the server was asked."""

    method: str
    path: str
    headers: Message
    body: bytes = field(repr=False)


def answer(status: int = 200, body: Any = None, **headers: str) -> Answer:
    """Return an answer with a JSON value, or text, as its body; underscores in header names stand for hyphens."""
    text = body if isinstance(body, str) else "" if body is None else json.dumps(body)
    kind = {"Content-Type": "application/json; charset=utf-8"}
    named = kind | {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, text.encode(), tuple(named.items()))


def signed_in(number: int = 1) -> Answer:
    cookies = (
        f"ASP.NET_SessionId=session{number}; path=/; HttpOnly",
        f".ASPXAUTH=ticket{number}; path=/; HttpOnly",
    )
    return Answer(204, b"", tuple(("Set-Cookie", cookie) for cookie in cookies))


class QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that went away, as they are meant to."""


class ScriptedServer:
    """Answers each path with its answers in turn, the last one again and again; signs in and out by itself."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.scripts: dict[str, list[Answer]] = {}
        self._lock = Lock()
        self._http = QuietServer(("127.0.0.1", 0), self._handler())
        self._thread = Thread(target=lambda: self._http.serve_forever(poll_interval=0.01))
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}{INSTANCE}"

    def script(self, path: str, *answers: Answer) -> None:
        self.scripts[f"{INSTANCE}/{path}"] = list(answers)

    def count(self, method: str, path: str) -> int:
        return sum((one.method, one.path.partition("?")[0]) == (method, path) for one in self.asked)

    @property
    def calls(self) -> list[str]:
        """Return method and path of everything asked, without sign-in and sign-out."""
        return [f"{one.method} {one.path}" for one in self.asked if "/auth/" not in one.path]

    def next_answer(self, asked: Asked) -> Answer:
        with self._lock:
            self.asked.append(asked)
            path = asked.path.partition("?")[0]
            answers = self.scripts.get(path)
            if answers:
                return answers.pop(0) if len(answers) > 1 else answers[0]
            if path == SIGN_IN:
                return signed_in(self.count("POST", SIGN_IN))
            return Answer(204, b"", ()) if path == SIGN_OUT else Answer()

    def encrypt(self, context: SSLContext) -> None:
        """Speak TLS from now on."""
        self._http.socket = context.wrap_socket(self._http.socket, server_side=True)

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def reply(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                told = server.next_answer(
                    Asked(self.command, self.path, self.headers, self.rfile.read(length))
                )
                told.before()
                self.send_response(told.status)
                for name, value in told.headers:
                    self.send_header(name, value)
                if "Transfer-Encoding" not in dict(told.headers):
                    self.send_header("Content-Length", str(len(told.body) + told.cut))
                self.close_connection = bool(told.cut)
                self.end_headers()
                self.wfile.write(told.body)
                told.after()

            do_GET = do_PUT = do_POST = do_DELETE = reply  # noqa: N815 - http.server calls them so

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                pass

        return Handler


@pytest.fixture(autouse=True)
def quiet_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep proxies, certificates and passwords of the machine out of the way."""
    for name in [name for name in os.environ if name.lower().endswith(("_proxy", "_ca_bundle"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("NETRC", os.devnull)


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    running = ScriptedServer()
    yield running
    running.close()


Open = Callable[..., Session]


@pytest.fixture
def sleeps() -> list[float]:
    """The pauses between tries, which no test really takes."""
    return []


@pytest.fixture
def connect(sleeps: list[float]) -> Iterator[Open]:
    """Open a session on an instance, with some settings; it is closed after the test."""
    with ExitStack() as stack:

        def open_session(instance: ScriptedServer | Sandbox, **settings: Any) -> Session:
            config = settings_for(instance, **settings)
            return stack.enter_context(Session(config, sleep=sleeps.append))

        yield open_session


def settings_for(instance: ScriptedServer | Sandbox, **settings: Any) -> AcumaticaConfig:
    own: Mapping[str, Any] = (
        {"username": instance.username, "password": instance.password, "tenant": instance.tenant}
        if isinstance(instance, Sandbox)
        else {"username": "api", "password": PASSWORD}
    )
    defaults = {"base_url": instance.url, "rate_limit_calls_per_second": 10_000, "timeout": 10}
    return AcumaticaConfig(**{**defaults, **own, **settings})
