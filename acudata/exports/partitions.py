"""Parts rows by the values of some columns, and writes those values into paths as Hive does.

A value stands in a path as `Status=Open`, percent-encoded, so that no value can leave its folder; a missing one as
`__HIVE_DEFAULT_PARTITION__`, dates in ISO form, a time at midnight as its date.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import quote

from acudata.errors import AcumaticaUnknownNameError, AcumaticaValidationError
from acudata.exports.row_groups import row_groups
from acudata.naming import nearest

if TYPE_CHECKING:
    import pyarrow as pa

MISSING = "__HIVE_DEFAULT_PARTITION__"

CHUNK = 16 << 20
"""Bytes of rows that are sorted at once; while that is done, memory holds them three times."""

_ROW = "number of the row"

Partition = Mapping[str, str | None]


def check_partition_by(schema: pa.Schema, names: Sequence[str]) -> None:
    """Refuse columns that are not there, that have no text form, or that leave nothing to store."""
    for name in names:
        if name not in schema.names:
            raise AcumaticaUnknownNameError(
                f"There is no column {name!r} to partition by.", suggestions=nearest(name, schema.names)
            )
        _check_type(schema.field(name))
    if len(set(names)) != len(names) or len(names) >= len(schema):
        raise AcumaticaValidationError(
            f"partition_by={list(names)!r} makes no sense.",
            suggestions=["name each column once", "leave columns to be stored"],
        )


def _check_type(field: pa.Field) -> None:
    import pyarrow.types as pat

    kinds = (pat.is_string, pat.is_integer, pat.is_boolean, pat.is_date, pat.is_timestamp)
    if not any(is_kind(field.type) for is_kind in kinds):
        raise AcumaticaValidationError(
            f"{field.name} is of type {field.type}, which is nothing to partition by.",
            suggestions=["choose a column of texts, whole numbers, truth values, dates or times"],
        )


def folder_of(partition: Partition) -> str:
    """Return the folder of a partition.

    >>> folder_of({"Status": "On Hold/Credit", "Branch": None})
    'Status=On%20Hold%2FCredit/Branch=__HIVE_DEFAULT_PARTITION__'
    """
    return "/".join(f"{name}={_encoded(value)}" for name, value in partition.items())


def _encoded(value: str | None) -> str:
    # Windows drops a dot at the end of a name.
    return MISSING if value is None else quote(value, safe="").replace(".", "%2E")


def with_columns(batch: pa.RecordBatch, partition: Partition, schema: pa.Schema) -> pa.RecordBatch:
    """Return a batch of `schema`: its own columns, and those that stand in its path."""
    import pyarrow as pa

    def column(field: pa.Field) -> pa.Array:
        if field.name not in partition:
            return batch.column(field.name)
        value = pa.array([partition[field.name]], pa.string()).cast(field.type)[0]
        return pa.repeat(value, batch.num_rows)

    return pa.RecordBatch.from_arrays([column(field) for field in schema], schema=schema)


def parted(
    batches: Iterable[pa.RecordBatch], *, schema: pa.Schema, by: Sequence[str]
) -> Iterator[tuple[Partition, Iterator[pa.RecordBatch]]]:
    """Yield each partition with its rows, without the columns it is made by.

    Rows are sorted into a temporary file first, so that memory holds a few of them, one file is open, and each
    partition comes once, whole and in the order in which its rows came.
    """
    import pyarrow as pa

    with tempfile.TemporaryFile() as file:
        runs = _sorted_runs(batches, file, schema=schema, by=by)
        file.seek(0)
        stored = [name for name in schema.names if name not in by]
        with pa.ipc.open_file(file, options=pa.ipc.IpcReadOptions(use_threads=False)) as reader:
            for key in sorted(runs, key=_order):
                partition = dict(zip(by, key, strict=True))
                yield partition, (reader.get_batch(run).select(stored) for run in runs[key])


def _order(key: tuple[str | None, ...]) -> list[tuple[bool, str]]:
    return [(value is None, value or "") for value in key]


def _sorted_runs(
    batches: Iterable[pa.RecordBatch], file: IO[bytes], *, schema: pa.Schema, by: Sequence[str]
) -> dict[tuple[str | None, ...], list[int]]:
    """Write the rows to the file, parted in chunks, and return the numbers of the batches of each partition."""
    import pyarrow as pa

    runs: dict[tuple[str | None, ...], list[int]] = {}
    written = 0
    # Batches may be small, and threads or compression for each buffer of them would take most of the time.
    options = pa.ipc.IpcWriteOptions(use_threads=False)
    with pa.ipc.new_file(file, schema.remove_metadata(), options=options) as writer:
        for table in row_groups(batches, most=CHUNK):
            for key, rows in _parts(table, by):
                for batch in rows.to_batches():
                    writer.write_batch(batch)
                    runs.setdefault(key, []).append(written)
                    written += 1
    return runs


def _parts(table: pa.Table, by: Sequence[str]) -> Iterator[tuple[tuple[str | None, ...], pa.Table]]:
    """Yield the rows of each partition, which are neighbours after a sort that moves all columns once."""
    import pyarrow as pa

    numbered = table.select(list(by)).append_column(_ROW, pa.array(range(table.num_rows), pa.int64()))
    groups = numbered.group_by(list(by), use_threads=False).aggregate([(_ROW, "list"), (_ROW, "count")])
    rows = table.combine_chunks().take(groups.column(f"{_ROW}_list").combine_chunks().flatten())
    start = 0
    for key, count in zip(groups.select(list(by)).to_pylist(), groups.column(f"{_ROW}_count"), strict=True):
        yield tuple(_as_text(key[name]) for name in by), rows.slice(start, count.as_py())
        start += count.as_py()


def _as_text(value: Any) -> str | None:
    if isinstance(value, dt.datetime):
        at_midnight = value.time() == dt.time() and value.tzinfo is None
        return value.date().isoformat() if at_midnight else value.isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else str(value)
