"""The schema's copy on disk: what comes back is what was kept, and rubbish counts as nothing."""

from __future__ import annotations

import hashlib
import json
import math
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from acudata.schema import CustomField, Endpoint, Entity, Structure
from acudata.schema.store import FORMAT, SchemaStore, StoredSchema


def _signed(schema: str) -> bytes:
    """Return a file whose checksum is right and whose content is not."""
    header = {"format": FORMAT, "sha256": hashlib.sha256(schema.encode()).hexdigest()}
    return f"{json.dumps(header)}\n{schema}".encode()


@pytest.fixture
def store(tmp_path: Path) -> SchemaStore:
    return SchemaStore(tmp_path / "cache", ["https://acme.example", "Live", None])


@pytest.fixture
def schema() -> StoredSchema:
    customer = Structure(
        "Customer", {"CustomerID": "String"}, {"MainContact": "Contact"}, {"Contacts": "Contact"}
    )
    contact = Structure("Contact", {"Email": "String"})
    entity = Entity(
        "Customer", customer, "AR303000", "Customers", frozenset({"GET"}), {"Merge": {"Into": "String"}}
    )
    endpoint = Endpoint(
        "Default", "24.200.001", {"Customer": entity}, {"Customer": customer, "Contact": contact}
    )
    return StoredSchema(
        endpoint, {"Customer": (CustomField("BAccount", "UsrA", "Int"),)}, read_at=time.time()
    )


def test_what_was_kept_comes_back(store: SchemaStore, schema: StoredSchema) -> None:
    store.save(schema)
    assert store.load() == schema


def test_nothing_kept(store: SchemaStore) -> None:
    assert store.load() is None


@pytest.mark.parametrize(("hours", "age"), [(2, 2), (-2, math.inf)])
def test_a_copy_knows_its_age_and_none_comes_from_the_future(
    schema: StoredSchema, hours: float, age: float
) -> None:
    schema.read_at -= hours * 3600
    assert schema.age_hours == pytest.approx(age, abs=0.01)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"format": 1, "version": "24.200.001"}',
        b'{"format": 99, "sha256": ""}',
        b'{"format": 2}',
        b"[" * 100_000,
        _signed("{"),
        _signed("5"),
        _signed('{"structures": 5}'),
    ],
)
def test_a_broken_or_foreign_file_counts_as_none(
    store: SchemaStore, schema: StoredSchema, content: bytes
) -> None:
    store.save(schema)
    store.path.write_bytes(content)
    assert store.load() is None
    store.save(schema)
    assert store.load() == schema


@given(where=st.floats(0, 1, exclude_max=True), byte=st.integers(0, 255))
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_changed_byte_is_noticed(store: SchemaStore, schema: StoredSchema, where: float, byte: int) -> None:
    store.save(schema)
    content = bytearray(store.path.read_bytes())
    content[int(where * len(content))] = byte
    store.path.write_bytes(content)
    assert store.load() in (None, schema)


@pytest.mark.parametrize("kept", [0, 10, 100, 200])
def test_half_a_file_counts_as_none(store: SchemaStore, schema: StoredSchema, kept: int) -> None:
    store.save(schema)
    store.path.write_bytes(store.path.read_bytes()[:kept])
    assert store.load() is None


def test_a_folder_in_the_place_of_the_file_counts_as_none(store: SchemaStore, schema: StoredSchema) -> None:
    store.path.mkdir(parents=True)
    store.save(schema)
    assert (store.load(), store.size, store.clear()) == (None, 0, 0)


def test_a_place_that_cannot_be_written_to_is_no_error(
    tmp_path: Path, schema: StoredSchema, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    store = SchemaStore(tmp_path / "file", ["x"])
    store.save(schema)
    assert "could not be written" in caplog.text
    assert store.load() is None


def test_every_identity_has_a_file_of_its_own(tmp_path: Path) -> None:
    identities: list[list[str | None]] = [["u", "a"], ["u", "b"], ["u", None], ["ua"], ["u", "a", None]]
    assert len({SchemaStore(tmp_path, identity).path for identity in identities}) == len(identities)


def test_the_copy_is_json_and_clear_removes_it(store: SchemaStore, schema: StoredSchema) -> None:
    store.save(schema)
    header, copy = map(json.loads, store.path.read_text(encoding="utf-8").splitlines())
    assert (header["format"], copy["version"]) == (FORMAT, "24.200.001")
    assert [path.name for path in store.path.parent.iterdir()] == [store.path.name]
    assert store.size == store.path.stat().st_size


def test_clear_removes_only_what_is_its_own(store: SchemaStore, schema: StoredSchema) -> None:
    store.save(schema)
    foreign = [store.path.parent / name for name in ("schema-notes.json", "other.json", "schema-0.json")]
    for path in foreign:
        path.write_text("mine", encoding="utf-8")
    assert (store.clear(), store.clear()) == (1, 0)
    assert store.load() is None
    assert store.size == 0
    assert all(path.exists() for path in foreign)
