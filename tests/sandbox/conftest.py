"""A running sandbox and a plain HTTP session that is signed in to it; no code of the client."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import requests

from acudata.sandbox import Sandbox, SandboxSettings

BASE = "/entity/Default/24.200.001"


class Web(requests.Session):
    """Sends requests to one sandbox: a path with a leading `/` is below the instance, any other below the endpoint."""

    def __init__(self, box: Sandbox) -> None:
        super().__init__()
        self.box = box

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        path = url if url.startswith("/") else f"{BASE}/{url}"
        kwargs.setdefault("allow_redirects", False)
        return super().request(method, self.box.url + path, *args, **kwargs)

    def follow(self, link: str) -> requests.Response:
        """Get a link that the server made: an absolute path that holds the virtual directory."""
        return self.get(link.removeprefix(self.box.settings.instance_path))

    def sign_in(self, **changes: Any) -> requests.Response:
        """Sign in as the first user on the default tenant, unless told otherwise."""
        said = {"name": self.box.username, "password": self.box.password, "tenant": self.box.tenant}
        return self.post("/entity/auth/login", json=said | changes)

    def sign_out(self) -> requests.Response:
        return self.post("/entity/auth/logout")


class ManualClock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


Start = Callable[..., Web]


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """A sandbox with every default, shared by the tests of a module."""
    with Sandbox(seats=100) as running:
        yield running


@pytest.fixture
def web(box: Sandbox) -> Iterator[Web]:
    """A session that is signed in to the shared sandbox."""
    with Web(box) as session:
        session.sign_in().raise_for_status()
        yield session
        session.sign_out()


@pytest.fixture
def stranger(box: Sandbox) -> Iterator[Web]:
    """A session that is not signed in."""
    with Web(box) as session:
        yield session


@pytest.fixture
def start() -> Iterator[Start]:
    """Start a sandbox of its own with some settings; gives a session that is not signed in."""
    with ExitStack() as stack:

        def begin(options: dict[str, Any] | None = None, **settings: Any) -> Web:
            box = stack.enter_context(Sandbox(settings=SandboxSettings(**settings), **options or {}))
            return stack.enter_context(Web(box))

        yield begin


@pytest.fixture(scope="session")
def schemas() -> Path:
    """The folder of real endpoint documents, which is no part of the repository."""
    folder = Path(__file__).parents[3] / "shared" / "schemas"
    if not folder.is_dir():
        pytest.skip("the real endpoint documents are not on this machine")
    return folder


@pytest.fixture(scope="session")
def openapi_document(schemas: Path) -> dict[str, Any]:
    """A real OpenAPI 3.0.1 document."""
    return load(schemas / "Default_24.200.001.openapi3.json")


@pytest.fixture(scope="session")
def swagger_document(schemas: Path) -> dict[str, Any]:
    """A real Swagger 2.0 document."""
    return load(schemas / "Default_23.200.001.swagger2.json")


def wrapped(**values: Any) -> dict[str, Any]:
    """Return fields as they are sent: each value in a wrapper of its own."""
    return {name: {"value": value} for name, value in values.items()}


def load(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document
