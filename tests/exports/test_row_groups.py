"""Pages of any size become row groups of the asked one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acudata.errors import AcumaticaValidationError
from acudata.exports import row_groups as module
from acudata.exports.dataset import Dataset
from acudata.exports.parquet import ParquetOptions
from acudata.exports.row_groups import row_groups
from tests.exports.stored import batch, put


def pages(*sizes: int) -> list[pa.RecordBatch]:
    """Return batches of one column with the numbers from 0 on."""
    starts = [sum(sizes[:number]) for number in range(len(sizes))]
    return [
        pa.record_batch({"n": pa.array(range(start, start + size), pa.int64())})
        for start, size in zip(starts, sizes, strict=True)
    ]


@given(sizes=st.lists(st.integers(0, 40), max_size=12), size=st.integers(1, 50))
@settings(deadline=None)
def test_all_but_the_last_have_the_size(sizes: list[int], size: int) -> None:
    found = list(row_groups(pages(*sizes), size=size))
    assert [number for table in found for number in table["n"].to_pylist()] == list(range(sum(sizes)))
    assert all(table.num_rows == size for table in found[:-1])
    assert all(0 < table.num_rows <= size for table in found[-1:])


def test_without_a_size_small_pages_are_gathered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROWS", 100)
    assert [table.num_rows for table in row_groups(pages(*[30] * 10))] == [120, 120, 60]
    monkeypatch.setattr(module, "BYTES", 8 * 60)
    assert [table.num_rows for table in row_groups(pages(*[30] * 10))] == [60] * 5


def test_the_file_has_them(tmp_path: Path) -> None:
    put(
        Dataset.at(tmp_path / "a.parquet"),
        *(batch(3, start=start) for start in range(0, 30, 3)),
        row_group_size=20,
    )
    metadata = pq.read_metadata(tmp_path / "a.parquet")
    assert [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)] == [20, 10]


@pytest.mark.parametrize("size", [0, -1, 1.5, "big"])
def test_a_size_that_makes_no_sense_is_refused(size: Any) -> None:
    with pytest.raises(AcumaticaValidationError, match="row_group_size"):
        ParquetOptions(row_group_size=size)
