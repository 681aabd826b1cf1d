"""A parquet file appears whole or not at all, with the types of the schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from acudata.errors import AcumaticaValidationError
from acudata.exports.parquet import write_parquet

SCHEMA = pa.schema([("CustomerID", pa.string()), ("Total", pa.decimal128(38, 10)), ("LineNbr", pa.int64())])


def batch(*totals: str) -> pa.RecordBatch:
    rows = [{"CustomerID": "A", "Total": Decimal(total)} for total in totals]
    return pa.RecordBatch.from_pylist(rows, schema=SCHEMA)


def failing(error: BaseException) -> Iterator[pa.RecordBatch]:
    yield batch("1")
    raise error


def test_pages_become_row_groups_of_exact_types(tmp_path: Path) -> None:
    path = tmp_path / "customers.parquet"
    assert write_parquet([batch("0.1", "0.2"), batch(), batch("0.3")], path, schema=SCHEMA) == 3
    file = pq.ParquetFile(path)
    assert file.schema_arrow.equals(SCHEMA)
    assert file.num_row_groups == 2
    assert sum(file.read().column("Total").to_pylist()) == Decimal("0.6")


def test_no_rows_still_give_a_file_with_types(tmp_path: Path) -> None:
    path = tmp_path / "none.parquet"
    assert write_parquet([], path, schema=SCHEMA) == 0
    assert pq.read_schema(path).equals(SCHEMA)


def test_pandas_reads_nullable_dtypes_back(tmp_path: Path) -> None:
    path = tmp_path / "customers.parquet"
    write_parquet([batch("1")], path, schema=SCHEMA)
    frame = pd.read_parquet(path)
    assert [str(dtype) for dtype in frame.dtypes[["CustomerID", "LineNbr"]]] == ["string", "Int64"]


def test_the_file_tells_where_it_came_from(tmp_path: Path) -> None:
    path = tmp_path / "customers.parquet"
    write_parquet([batch("1")], path, schema=SCHEMA, facts={"entity": "Customer", "filter": None})
    assert json.loads(pq.read_schema(path).metadata[b"acudata"]) == {"entity": "Customer", "filter": None}


@pytest.mark.parametrize("error", [OSError("connection lost"), KeyboardInterrupt()])
@pytest.mark.parametrize("before", [None, b"what was there before"])
def test_a_failure_leaves_no_trace(tmp_path: Path, error: BaseException, before: bytes | None) -> None:
    path = tmp_path / "customers.parquet"
    if before is not None:
        path.write_bytes(before)
    with pytest.raises(type(error)):
        write_parquet(failing(error), path, schema=SCHEMA)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == ({path.name: before} if before else {})


def test_missing_folders_are_made(tmp_path: Path) -> None:
    write_parquet([batch("1")], tmp_path / "lake" / "today" / "customers.parquet", schema=SCHEMA)
    assert (tmp_path / "lake" / "today" / "customers.parquet").exists()


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(AcumaticaValidationError, match="name a file"):
        write_parquet([batch("1")], tmp_path, schema=SCHEMA)


def test_an_unknown_compression_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="choose one of 'zstd'"):
        write_parquet(
            failing(AssertionError("was read")), tmp_path / "x.parquet", schema=SCHEMA, compression="zip"
        )
    assert not list(tmp_path.iterdir())


def test_decimals_may_be_floats_that_pandas_calculates_with(tmp_path: Path) -> None:
    path = tmp_path / "customers.parquet"
    write_parquet([batch("0.1", "44.55")], path, schema=SCHEMA, decimals="float")
    totals = pd.read_parquet(path)["Total"]
    assert str(totals.dtype) == "Float64"
    assert totals.tolist() == [0.1, 44.55]
    with pytest.raises(ValueError, match="choose one of 'float'"):
        write_parquet([], path, schema=SCHEMA, decimals="double")  # type: ignore[arg-type]
