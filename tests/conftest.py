"""A sandbox that the whole run shares, a client on it, and the endpoint documents of real instances."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from acudata.sandbox import Sandbox

if TYPE_CHECKING:
    from acudata import AcumaticaClient
    from tests.customised import Instance

SHARED = Path(__file__).parents[2] / "shared" / "schemas"
DOCUMENTS = ("Default_24.200.001.openapi3.json", "Default_23.200.001.swagger2.json")


@pytest.fixture(scope="session")
def box() -> Iterator[Sandbox]:
    """Serve the built-in company; tests that write use a sandbox of their own."""
    with Sandbox() as box:
        yield box


@pytest.fixture(scope="session")
def client(box: Sandbox) -> Iterator[AcumaticaClient]:
    with connect(box) as client:
        yield client


@pytest.fixture
def own_client() -> Iterator[AcumaticaClient]:
    """Connect to a sandbox that nobody else writes to."""
    with Sandbox() as box, connect(box) as client:
        yield client


def connect(box: Sandbox, **settings: Any) -> AcumaticaClient:
    """Return a client on a sandbox that is not held back by a rate limit."""
    from acudata import AcumaticaClient

    own = {"base_url": box.url, "username": box.username, "password": box.password, "tenant": box.tenant}
    return AcumaticaClient(auto_load_env=False, **{**own, "rate_limit_calls_per_second": 10_000, **settings})


@pytest.fixture(scope="session", params=DOCUMENTS)
def document(request: pytest.FixtureRequest) -> Path:
    """Return the endpoint document of a real instance."""
    path = SHARED / str(request.param)
    if not path.exists():
        pytest.skip(f"the endpoint document {path.name} is not here")
    return path


@pytest.fixture(scope="session")
def portal_document() -> dict[str, Any]:
    """Return the document of an endpoint that is small and may be changed; see `tests.customised`."""
    from tests.customised import portal_document

    return portal_document()


@pytest.fixture
def instance(tmp_path: Path, portal_document: dict[str, Any]) -> Instance:
    """Return an instance that serves one document after the other."""
    from tests.customised import Instance

    return Instance(tmp_path, portal_document)
