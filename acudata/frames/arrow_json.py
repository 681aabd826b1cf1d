"""Reads a page with Arrow's own JSON reader, which types columns in C++ with the GIL released.

It refuses a whole page for one value that it would not read just as `acudata.frames.tolerant` does.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from acudata.frames.layout import Column, Layout, Page, Rows

if TYPE_CHECKING:
    import pyarrow as pa

_ARRAY = re.compile(rb"\s*\[")
_ORIGIN = ""
"""The name, which no column has, of the position of the record."""
_HOUR, _SIXTY = r"(?:[01]\d|2[0-3])", r"[0-5]\d"
_WALL_CLOCK = (
    rf"^(\d{{4}}-\d\d-\d\d)(?:([T ]{_HOUR})(?:(:{_SIXTY})(?:(:{_SIXTY})(?:(\.\d{{1,6}})\d*)?)?)?"
    rf"(?:Z|[+-]{_HOUR}(?::?{_SIXTY})?)?)?$"
)
_EPOCH = dt.date(1970, 1, 1).toordinal()
_DAY = 86_400_000_000
_YEARS = (dt.date.min.toordinal() - _EPOCH) * _DAY, (dt.date.max.toordinal() - _EPOCH + 1) * _DAY - 1
"""The first and last microsecond, from the epoch, that Python has a time for."""
_WRAPPED = 10**18
"""Arrow loses bits when it brings a decimal of 28 digits or more to its scale; all that it then gives lies beyond."""


def page_type(layouts: Iterable[Layout]) -> pa.DataType:
    """Return the type of the records: just the members that a layout needs, nested as they are in the JSON."""
    record = _Member()
    for layout in layouts:
        level = record
        for depth, step in enumerate((*layout.rows, None)):
            for column in layout.at_depth(depth):
                level.at(column.path).leaf = _wire_type(column)
            if step is not None:
                level = level.at(step)
                level.is_array = True
    return record.type()


def read_quickly(page: bytes, tables: Mapping[str, Layout], records: pa.DataType) -> Page:
    """Return the tables of a page; `records` is the `page_type` of all of them, so that one pass will do.

    Raises ArrowInvalid, or another error of Arrow's, for a page that is to be read in another way.
    """
    parsed = _parse(page, records)
    return Page({name: _rows(parsed, layout) for name, layout in tables.items()}, len(parsed))


class _Member:
    """Collects what is to be read of a value, of an object, or of the rows of an array."""

    def __init__(self) -> None:
        self.leaf: pa.DataType | None = None
        self.is_array = False
        self._below: dict[str, _Member] = {}

    def at(self, path: Iterable[str]) -> _Member:
        member = self
        for name in path:
            member = member._below.setdefault(name, _Member())
        return member

    def type(self) -> pa.DataType:
        import pyarrow as pa

        if self.leaf is not None:
            return self.leaf
        below = pa.struct([(name, member.type()) for name, member in self._below.items()])
        return pa.list_(below) if self.is_array else below


def _wire_type(column: Column) -> pa.DataType:
    """Return the type to read: times without a zone come as text, because the reader would shift them to UTC."""
    import pyarrow as pa

    return pa.string() if _is_wall_clock(column) else column.arrow_type


def _is_wall_clock(column: Column) -> bool:
    return column.is_business_time or column.kind == "DateOnly"


def _parse(page: bytes, records: pa.DataType) -> pa.StructArray:
    import pyarrow as pa
    from pyarrow import json as arrow_json

    if not _ARRAY.match(page):
        raise pa.ArrowInvalid("no JSON array")
    wrapped = b'{"rows":' + page + b"}"
    table = arrow_json.read_json(
        io.BytesIO(wrapped),
        memory_pool=pa.system_memory_pool(),  # gives back what other threads free, which the default keeps
        read_options=arrow_json.ReadOptions(use_threads=False, block_size=len(wrapped) + 1),
        parse_options=arrow_json.ParseOptions(
            explicit_schema=pa.schema([("rows", pa.list_(records))]),
            newlines_in_values=True,
            unexpected_field_behavior="ignore",
        ),
    )
    if table.num_rows != 1:
        raise pa.ArrowInvalid("more than one JSON array")
    return table.column("rows").chunk(0).flatten()


def _rows(records: pa.StructArray, layout: Layout) -> Rows:
    import pyarrow as pa

    columns = dict(_columns(records, layout))
    arrays = [_checked(columns[column.name], column) for column in layout.columns]
    batch = pa.RecordBatch.from_arrays(arrays, schema=layout.schema)
    batch.validate(full=True)  # finds text that is no UTF-8
    return Rows(batch, columns[_ORIGIN])


def _columns(records: pa.StructArray, layout: Layout) -> Iterator[tuple[str, pa.Array]]:
    """Go down the chain of details; columns from above, the position of the record first, are repeated for each row."""
    import pyarrow as pa
    import pyarrow.compute as pc

    above: dict[str, pa.Array] = {_ORIGIN: pa.array(range(len(records)), pa.int64())}
    for depth, step in enumerate((*layout.rows, None)):
        above |= {column.name: _values(records, column) for column in layout.at_depth(depth)}
        if step is not None:
            rows = _follow(records, step)
            parents = pc.list_parent_indices(rows)
            above = {name: values.take(parents) for name, values in above.items()}
            records = pc.list_flatten(rows)
    yield from above.items()


def _values(records: pa.StructArray, column: Column) -> pa.Array:
    values = _follow(records, column.path)
    return _wall_clock(values, column) if _is_wall_clock(column) else values


def _follow(values: pa.Array, path: Iterable[str]) -> pa.Array:
    for name in path:
        values = values.field(name)
    return values


def _wall_clock(values: pa.StringArray, column: Column) -> pa.Array:
    """Return the times without their offsets, to the sixth digit of a second; each text is looked at once.

    Text that is no time stays as it is and fails the cast.
    """
    import pyarrow.compute as pc

    encoded = values.dictionary_encode()
    kept = r"\1" if column.kind == "DateOnly" else r"\1\2\3\4\5"
    times = pc.replace_substring_regex(encoded.dictionary, _WALL_CLOCK, kept).cast(column.arrow_type)
    return times.take(encoded.indices)


def _checked(values: pa.Array, column: Column) -> pa.Array:
    """Return the values of a column, or raise when Arrow took for one of them what the tolerant reader would not."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_floating(values.type):
        is_fine = pc.all(pc.is_finite(values), min_count=0).as_py()
    elif pa.types.is_decimal(values.type):
        is_fine = _is_within(values, -_WRAPPED, _WRAPPED)
    elif pa.types.is_temporal(values.type):
        is_fine = _is_within(_microseconds(values), *_YEARS)
    else:
        is_fine = True
    if not is_fine:
        raise pa.ArrowInvalid(f"{column.name} may hold a value that is none of its kind")
    return values


def _microseconds(times: pa.Array) -> pa.Int64Array:
    import pyarrow as pa

    return (times.cast(pa.timestamp("us")) if pa.types.is_date(times.type) else times).cast(pa.int64())


def _is_within(values: pa.Array, least: int, most: int) -> bool:
    import pyarrow.compute as pc

    extremes = pc.min_max(values).as_py()
    return extremes["min"] is None or (least <= extremes["min"] and extremes["max"] <= most)
