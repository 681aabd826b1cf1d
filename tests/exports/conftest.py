"""A store that speaks S3, on this machine, and a lake that follows a server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from acudata.sandbox import Sandbox
from tests.conftest import connect
from tests.exports.lakes import Lake


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """Serve S3 and return its address, such as `localhost:5000`."""
    server_of = pytest.importorskip("moto.server", reason="moto, which serves S3, is not installed")
    server = server_of.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3_server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the address of an empty bucket; keys and endpoint stand in the environment."""
    from pyarrow.fs import S3FileSystem

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{s3_server}")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    S3FileSystem(
        endpoint_override=s3_server,
        scheme="http",
        access_key="key",
        secret_key="secret",
        allow_bucket_creation=True,
    ).create_dir("lake")
    return "s3://lake"


@pytest.fixture(scope="module")
def served() -> Iterator[Sandbox]:
    """Serve a company to the tests of a module, which write to it."""
    with Sandbox(seats=100) as box:
        yield box


@pytest.fixture
def lake(served: Sandbox, tmp_path: Path) -> Iterator[Lake]:
    with connect(served) as client:
        yield Lake(served, client, tmp_path / "lake")
