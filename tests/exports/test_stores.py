"""Tables are stored at any address: a store that speaks S3, and what fsspec knows."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.fs as pafs
import pyarrow.parquet as pq
import pytest

from acudata.errors import AcumaticaConcurrencyError, AcumaticaConfigError
from acudata.exports import locks
from acudata.exports.dataset import Dataset
from acudata.exports.places import Place
from tests.exports.stored import SCHEMA, assert_as_told, batch, numbers, put, put_in_vain


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Serve S3 and return its address, such as `localhost:5000`."""
    served = pytest.importorskip("moto.server", reason="moto, which serves S3, is not installed")
    server = served.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"{host}:{port}"
    server.stop()


@pytest.fixture
def s3(server: str) -> pafs.S3FileSystem:
    return pafs.S3FileSystem(
        endpoint_override=server,
        scheme="http",
        access_key="key",
        secret_key="secret",
        region="us-east-1",
        allow_bucket_creation=True,
    )


@pytest.fixture
def bucket(s3: pafs.S3FileSystem, server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the address of an empty bucket; keys and endpoint stand in the environment."""
    settings = {
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_ENDPOINT_URL": f"http://{server}",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    name = f"lake-{uuid.uuid4().hex}"
    s3.create_dir(name)
    return f"s3://{name}"


@pytest.fixture
def memory() -> str:
    """Return an address in fsspec's memory that nobody else uses."""
    pytest.importorskip("fsspec", reason="fsspec is not installed")
    return f"memory://lake-{uuid.uuid4().hex}"


@pytest.fixture(params=["bucket", "memory"])
def address(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(request.param))


@pytest.mark.parametrize("by", [(), ("Status",), ("Hold", "Date")])
def test_a_folder_anywhere(address: str, by: tuple[str, ...]) -> None:
    dataset = Dataset.at(f"{address}/sales/orders")
    put(dataset, batch(9), by=())
    manifest = put(dataset, batch(20), batch(5, start=20), by=by)
    assert dataset.manifest == manifest
    assert_as_told(dataset, manifest)
    assert dataset.read().schema == SCHEMA
    assert numbers(dataset.read()) == list(range(25))
    assert all(not name.startswith("_acudata.") or name == "_acudata.json" for name in dataset.place.names())


def test_a_file_anywhere(address: str) -> None:
    dataset = Dataset.at(f"{address}/orders.parquet")
    for rows in (9, 5):
        manifest = put(dataset, batch(rows))
        assert_as_told(dataset, manifest)
        assert numbers(dataset.read()) == list(range(rows))
    assert Place.of(address).names() == {"orders.parquet": True, ".orders.parquet.json": True}


def test_a_failure_leaves_what_was_there(address: str) -> None:
    dataset = Dataset.at(f"{address}/orders")
    put(dataset, batch(9))
    names = dataset.place.names()
    with pytest.raises(OSError, match="lost"):
        put_in_vain(dataset, OSError("connection lost"))
    assert dataset.place.names() == names
    assert numbers(dataset.read()) == list(range(9))


def test_pandas_reads_what_is_stored_in_s3(bucket: str) -> None:
    dataset = Dataset.at(f"{bucket}/orders")
    put(dataset, batch(9))
    frame = pd.read_parquet(f"{bucket}/orders")
    assert frame["OrderNbr"].tolist() == dataset.to_frame()["OrderNbr"].tolist()
    assert str(frame["LineNbr"].dtype) == "Int64"


def test_a_file_system_may_be_given(bucket: str, s3: pafs.S3FileSystem) -> None:
    name = bucket.removeprefix("s3://")
    for path in (f"{name}/a.parquet", f"s3://{name}/b.parquet"):
        dataset = Dataset.at(path, filesystem=s3)
        put(dataset, batch(3))
        assert numbers(dataset.read()) == [0, 1, 2]
    assert pq.read_table(f"{name}/b.parquet", filesystem=s3).num_rows == 3


def test_fsspec_takes_its_own_file_systems_and_options(memory: str) -> None:
    import fsspec

    name = memory.removeprefix("memory://")
    put(Dataset.at(f"{name}/a.parquet", filesystem=fsspec.filesystem("memory")), batch(3))
    put(Dataset.at(f"{memory}/b.parquet", storage_options={"skip_instance_cache": True}), batch(3))
    assert {name for name in Place.of(memory).names() if name[0] != "."} == {"a.parquet", "b.parquet"}


@pytest.mark.parametrize("scheme", ["file", "local"])
def test_an_address_of_this_machine_is_a_path(tmp_path: Any, scheme: str) -> None:
    pytest.importorskip("fsspec", reason="fsspec is not installed")
    path = tmp_path / "orders.parquet"
    url = path.as_uri().replace("file:", f"{scheme}:")
    assert Place.of(url).local == path
    put(Dataset.at(url), batch(3))
    assert pq.read_table(path).num_rows == 3


def test_no_secret_of_an_address_is_shown() -> None:
    place = Place.of("s3://key:very-secret@lake/orders?endpoint_override=localhost:1&scheme=http")
    assert str(place / "x") == "s3://lake/orders/x"
    assert "secret" not in repr(place)


def test_an_unknown_kind_of_address_says_what_to_install() -> None:
    with pytest.raises(AcumaticaConfigError, match=r"nowhere:// are not known here"):
        Place.of("nowhere://lake/orders")


def test_two_writers_of_one_address(address: str) -> None:
    dataset = Dataset.at(f"{address}/orders")
    with dataset.change() as change:
        change.add([batch(3)], schema=SCHEMA)
        with pytest.raises(AcumaticaConcurrencyError, match=r"by process \d+ on") as caught:
            put(dataset, batch(9))
    assert f"delete {address}/orders/_acudata.lock" in str(caught.value)
    put(dataset, batch(9))
    assert numbers(dataset.read()) == list(range(9))


def test_the_lock_of_a_dead_writer_does_not_block_for_ever(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = Dataset.at(f"{address}/orders")
    with dataset.change() as change:
        change.add([batch(3)], schema=SCHEMA)
        monkeypatch.setattr(locks, "STALE_AFTER", 0)
        put(dataset, batch(9))
        monkeypatch.setattr(locks, "_REFRESH", 0)
        with pytest.raises(AcumaticaConcurrencyError, match="nothing of it was stored"):
            change.commit(origin={})
    assert numbers(dataset.read()) == list(range(9))


def test_a_writer_that_lost_its_lock_leaves_the_other_alone(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = Dataset.at(f"{address}/orders")
    with ExitStack() as other:
        with dataset.change() as change:
            change.add([batch(3)], schema=SCHEMA)
            monkeypatch.setattr(locks, "STALE_AFTER", 0)
            later = other.enter_context(dataset.change())
            later.add([batch(9)], schema=SCHEMA)
        later.commit(origin={})
    assert numbers(dataset.read()) == list(range(9))


def test_a_writer_gives_signs_of_life(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "_REFRESH", 0)
    dataset = Dataset.at(f"{address}/orders")
    lock = dataset.place / "_acudata.lock"

    def rows() -> Iterator[pa.RecordBatch]:
        for start in range(2):
            before = lock.read_bytes()
            yield batch(1, start=start)
            assert lock.read_bytes() != before

    with dataset.change() as change:
        change.add(rows(), schema=SCHEMA)
