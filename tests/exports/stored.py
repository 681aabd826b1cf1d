"""Small tables to store, and what tests want to know of what is stored."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from acudata.exports.dataset import Dataset
from acudata.exports.manifest import Manifest
from acudata.exports.parquet import ParquetOptions
from acudata.exports.storing import store

SCHEMA = pa.schema(
    [
        ("OrderNbr", pa.string()),
        ("Status", pa.string()),
        ("LineNbr", pa.int64()),
        ("Hold", pa.bool_()),
        ("Total", pa.decimal128(38, 10)),
        ("Date", pa.timestamp("us")),
        ("ShipOn", pa.date32()),
        ("LastModified", pa.timestamp("us", tz="UTC")),
    ]
)
STATUSES = ("Open", "On Hold", None)


def batch(rows: int, *, start: int = 0) -> pa.RecordBatch:
    """Return rows of every type, with numbers from `start` on."""
    return pa.RecordBatch.from_pylist([row(number) for number in range(start, start + rows)], schema=SCHEMA)


def row(number: int) -> dict[str, Any]:
    return {
        "OrderNbr": f"{number:06}",
        "Status": STATUSES[number % 3],
        "LineNbr": number,
        "Hold": number % 2 == 0,
        "Total": Decimal(number) / 100,
        "Date": dt.datetime(2024, 1, 1 + number % 28),
        "ShipOn": dt.date(2024, 2, 1 + number % 28),
        "LastModified": dt.datetime(2024, 3, 1, 10, tzinfo=dt.UTC) + dt.timedelta(seconds=number),
    }


def put(dataset: Dataset, *batches: pa.RecordBatch, by: tuple[str, ...] = (), **options: Any) -> Manifest:
    """Store rows in place of those before."""
    manifest, _ = store(
        batches, dataset, schema=SCHEMA, origin={}, partition_by=by, options=ParquetOptions(**options)
    )
    return manifest


def put_in_vain(dataset: Dataset, error: BaseException) -> None:
    """Store rows of which only some come, before an error."""
    store(failing(error), dataset, schema=SCHEMA, origin={})


def numbers(table: pa.Table) -> list[int]:
    """Return which rows there are, in order."""
    return sorted(table["LineNbr"].to_pylist())


def failing(error: BaseException) -> Iterator[pa.RecordBatch]:
    yield batch(3)
    raise error


def names_in(folder: Path) -> set[str]:
    """Return the files in a folder and below it."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def assert_as_told(dataset: Dataset, manifest: Manifest) -> None:
    """Hold the files of a dataset against its manifest."""
    for file in manifest.files:
        folder = dataset.place.parent if dataset.is_file else dataset.place
        content = (folder / file.path).read_bytes()
        assert content is not None
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file.bytes, file.sha256)
