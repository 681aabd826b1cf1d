"""Rows are parted by values, and those values come back from the names of folders."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as pads
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acudata.errors import AcumaticaUnknownNameError, AcumaticaValidationError
from acudata.exports import changes
from acudata.exports.dataset import Dataset
from acudata.exports.parquet import Written, write_file
from acudata.exports.partitions import check_partition_by, folder_of, parted, with_columns
from tests.exports.stored import SCHEMA, batch, numbers, put

MISSING = "__HIVE_DEFAULT_PARTITION__"


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    return Dataset.at(tmp_path / "orders")


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (pa.string(), "Open", "Open"),
        (pa.string(), "On Hold/Credit 50%", "On%20Hold%2FCredit%2050%25"),
        (pa.string(), "..", "%2E%2E"),
        (pa.string(), "", ""),
        (pa.string(), "Zürich", "Z%C3%BCrich"),
        (pa.string(), None, MISSING),
        (pa.int64(), 42, "42"),
        (pa.bool_(), True, "true"),
        (pa.date32(), dt.date(2024, 3, 1), "2024-03-01"),
        (pa.timestamp("us"), dt.datetime(2024, 3, 1), "2024-03-01"),
        (pa.timestamp("us"), dt.datetime(2024, 3, 1, 10, 30), "2024-03-01T10%3A30%3A00"),
        (
            pa.timestamp("us", tz="UTC"),
            dt.datetime(2024, 3, 1, tzinfo=dt.UTC),
            "2024-03-01T00%3A00%3A00%2B00%3A00",
        ),
    ],
)
def test_a_value_is_the_name_of_a_folder(kind: pa.DataType, value: Any, expected: str) -> None:
    schema = pa.schema([("Of", kind), ("Row", pa.int64())])
    rows = pa.RecordBatch.from_pylist([{"Of": value, "Row": 1}], schema=schema)
    ((partition, found),) = [(part, list(rows)) for part, rows in parted([rows], schema=schema, by=["Of"])]
    assert folder_of(partition) == f"Of={expected}"
    assert with_columns(found[0], partition, schema).equals(rows)


VALUES = {
    pa.string(): st.text(max_size=8) | st.sampled_from(["a", "A", MISSING + "x", "null"]),
    pa.int64(): st.integers(-(2**63), 2**63 - 1),
    pa.bool_(): st.booleans(),
    pa.date32(): st.dates(),
    pa.timestamp("us"): st.datetimes(),
    pa.timestamp("us", tz="UTC"): st.datetimes(timezones=st.just(dt.UTC)),
}


@given(data=st.data(), kind=st.sampled_from(list(VALUES)), size=st.integers(1, 9))
@settings(max_examples=100, deadline=None)
def test_every_row_comes_back_once(data: st.DataObject, kind: pa.DataType, size: int) -> None:
    values = data.draw(st.lists(VALUES[kind] | st.none(), max_size=30))
    schema = pa.schema([("Of", kind), ("Row", pa.int64())])
    table = pa.table([pa.array(values, kind), pa.array(range(len(values)), pa.int64())], schema=schema)
    found = [
        (folder_of(partition), with_columns(rows, partition, schema))
        for partition, batches in parted(table.to_batches(size), schema=schema, by=["Of"])
        for rows in batches
    ]
    assert pa.Table.from_batches([rows for _, rows in found], schema=schema).sort_by("Row").equals(table)
    assert len({folder for folder, _ in found}) == len(set(values))


def test_rows_keep_their_order_and_each_partition_comes_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("acudata.exports.row_groups.ROWS", 4)
    batches = [batch(5), batch(5, start=5), batch(5, start=10)]
    found = {
        partition["Status"]: [number for rows in part for number in rows["LineNbr"].to_pylist()]
        for partition, part in parted(batches, schema=SCHEMA, by=["Status"])
    }
    assert found == {"On Hold": [1, 4, 7, 10, 13], "Open": [0, 3, 6, 9, 12], None: [2, 5, 8, 11, 14]}


def test_a_table_of_partitions_is_read_with_its_own_types(dataset: Dataset) -> None:
    put(dataset, batch(20), by=("Status", "Date", "Hold"))
    assert dataset.read().schema == SCHEMA
    assert dataset.read(["Date"]).schema == pa.schema([SCHEMA.field("Date")])
    table = dataset.read().sort_by("LineNbr")
    assert table.equals(pa.Table.from_batches([batch(20)]))


def test_other_readers_find_the_values_in_the_names(dataset: Dataset) -> None:
    put(dataset, batch(20), by=("Status", "ShipOn"))
    by = pa.schema([SCHEMA.field("Status"), SCHEMA.field("ShipOn")])
    found = pads.dataset(dataset.place.path, partitioning=pads.partitioning(by, flavor="hive")).to_table()
    assert found.select(SCHEMA.names).sort_by("LineNbr").equals(pa.Table.from_batches([batch(20)]))


def test_pandas_makes_categories_of_the_values_in_names(dataset: Dataset) -> None:
    put(dataset, *(batch(2, start=start) for start in (0, 3)), by=("Status",))
    frame = pd.read_parquet(dataset.place.path)
    assert list(frame["Status"].cat.categories) == ["On Hold", "Open"]
    assert list(frame[["OrderNbr", "LineNbr"]].dtypes.astype(str)) == ["string", "Int64"]


def test_no_rows_are_one_file_that_gives_way_to_the_first(dataset: Dataset) -> None:
    put(dataset, by=("Status",))
    assert list(pd.read_parquet(dataset.place.path).columns) == SCHEMA.names
    with dataset.change() as change:
        change.drop_all()
        assert len(change.add([], schema=SCHEMA, partition_by=["Status"])) == 1
        change.add([batch(3)], schema=SCHEMA, partition_by=["Status"])
        assert change.add([batch(0)], schema=SCHEMA, partition_by=["Status"]) == []
        change.commit(origin={})
    assert numbers(dataset.read()) == [0, 1, 2]
    assert not (Path(dataset.place.path) / "part-0.parquet").exists()


def test_partitions_that_are_gone_leave_no_folder(dataset: Dataset) -> None:
    put(dataset, batch(9), by=("Status", "Hold"))
    put(dataset, batch(1), by=("Status", "Hold"))
    folders = {path.name for path in Path(dataset.place.path).rglob("*") if path.is_dir()}
    assert folders == {"Status=Open", "Hold=true"}


def test_row_groups_are_whole_in_each_partition(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("acudata.exports.row_groups.ROWS", 10)
    put(dataset, *(batch(7, start=start) for start in range(0, 63, 7)), by=("Status",), row_group_size=8)
    for file in Path(dataset.place.path).rglob("*.parquet"):
        metadata = pq.ParquetFile(file).metadata
        assert [metadata.row_group(group).num_rows for group in range(metadata.num_row_groups)] == [8, 8, 5]


def test_many_partitions_need_one_open_file(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[int] = []

    def counting(*arguments: Any, **options: Any) -> Written:
        opened.append(1)
        written = write_file(*arguments, **options)
        opened.append(-1)
        return written

    monkeypatch.setattr(changes, "write_file", counting)
    put(dataset, batch(100), by=("OrderNbr",))
    assert opened == [1, -1] * 100


@pytest.mark.parametrize(
    ("by", "error", "expected"),
    [
        (["Statuss"], AcumaticaUnknownNameError, "did you mean: Status"),
        (["Total"], AcumaticaValidationError, r"Total is of type decimal128\(38, 10\)"),
        (["Status", "Status"], AcumaticaValidationError, "name each column once"),
        (SCHEMA.names, AcumaticaValidationError, "is of type|leave columns"),
    ],
)
def test_what_cannot_be_parted_is_refused(by: list[str], error: type[Exception], expected: str) -> None:
    with pytest.raises(error, match=expected):
        check_partition_by(SCHEMA, by)
