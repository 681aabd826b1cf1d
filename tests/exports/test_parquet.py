"""A parquet file appears whole or not at all, with the types of the schema."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from acudata.exports.dataset import Dataset
from acudata.exports.parquet import ParquetOptions, with_decimals
from acudata.exports.storing import store

SCHEMA = pa.schema([("CustomerID", pa.string()), ("Total", pa.decimal128(38, 10)), ("LineNbr", pa.int64())])


def batch(*totals: str) -> pa.RecordBatch:
    rows = [{"CustomerID": "A", "Total": Decimal(total)} for total in totals]
    return pa.RecordBatch.from_pylist(rows, schema=SCHEMA)


def failing(error: BaseException) -> Iterator[pa.RecordBatch]:
    yield batch("1")
    raise error


def write(batches: Iterable[pa.RecordBatch], path: Path, **options: Any) -> int:
    """Store one file, and return the number of its rows."""
    origin = {"entity": "Customer", "filter": None}
    manifest, _ = store(
        batches, Dataset.at(path), schema=SCHEMA, origin=origin, options=ParquetOptions(**options)
    )
    return manifest.rows


def test_pages_become_one_row_group_of_exact_types(tmp_path: Path) -> None:
    path = tmp_path / "customers.parquet"
    assert write([batch("0.1", "0.2"), batch(), batch("0.3")], path) == 3
    file = pq.ParquetFile(path)
    assert file.schema_arrow.equals(SCHEMA)
    assert file.num_row_groups == 1
    assert sum(file.read().column("Total").to_pylist()) == Decimal("0.6")


def test_no_rows_still_give_a_file_with_types(tmp_path: Path) -> None:
    path = tmp_path / "none.parquet"
    assert write([], path) == 0
    assert pq.read_schema(path).equals(SCHEMA)


def test_pandas_reads_nullable_dtypes_back(tmp_path: Path) -> None:
    path = tmp_path / "customers.parquet"
    write([batch("1")], path)
    frame = pd.read_parquet(path)
    assert [str(dtype) for dtype in frame.dtypes[["CustomerID", "LineNbr"]]] == ["string", "Int64"]


def test_the_file_tells_where_it_came_from(tmp_path: Path) -> None:
    path = tmp_path / "customers.parquet"
    write([batch("1")], path)
    facts = json.loads(pq.read_schema(path).metadata[b"acudata"])
    assert facts == {"entity": "Customer", "filter": None}


@pytest.mark.parametrize("error", [OSError("connection lost"), KeyboardInterrupt()])
@pytest.mark.parametrize("before", [None, b"what was there before"])
def test_a_failure_leaves_no_trace(tmp_path: Path, error: BaseException, before: bytes | None) -> None:
    path = tmp_path / "customers.parquet"
    if before is not None:
        path.write_bytes(before)
    with pytest.raises(type(error)):
        write(failing(error), path)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == ({path.name: before} if before else {})


def test_missing_folders_are_made(tmp_path: Path) -> None:
    write([batch("1")], tmp_path / "lake" / "today" / "customers.parquet")
    assert (tmp_path / "lake" / "today" / "customers.parquet").exists()


@pytest.mark.parametrize(
    ("name", "is_folder", "expected"),
    [
        ("a.parquet", False, True),
        ("a.parquet", True, False),
        ("a", False, False),
        ("file", False, True),
        ("folder.parquet", False, False),
    ],
)
def test_what_is_a_file_and_what_a_folder(
    tmp_path: Path, name: str, *, is_folder: bool, expected: bool
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder.parquet").mkdir()
    assert Dataset.at(tmp_path / name, is_folder=is_folder).is_file == expected


def test_an_unknown_compression_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="choose one of 'zstd'"):
        write(failing(AssertionError("was read")), tmp_path / "x.parquet", compression="zip")
    assert not list(tmp_path.iterdir())


def test_decimals_may_be_floats_that_pandas_calculates_with(tmp_path: Path) -> None:
    path = tmp_path / "customers.parquet"
    batches, schema = with_decimals([batch("0.1", "44.55")], SCHEMA, "float")
    store(batches, Dataset.at(path), schema=schema, origin={})
    totals = pd.read_parquet(path)["Total"]
    assert str(totals.dtype) == "Float64"
    assert totals.tolist() == [0.1, 44.55]
    with pytest.raises(ValueError, match="choose one of 'float'"):
        with_decimals([], SCHEMA, "double")  # type: ignore[arg-type]
