"""Turns a page of JSON into typed Arrow columns.

The fast way is Arrow's own JSON reader: columns are typed in C++ with the GIL released. It refuses a whole page for
one odd value (a number where text was declared, a seventh digit of a second …); such a page is read again by
`acudata.frames.tolerant`, which gives the same cells, only slower.
"""

from __future__ import annotations

import decimal
import io
import logging
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from acudata.frames.layout import Column, Layout, Rows
from acudata.frames.tolerant import read_tolerantly

if TYPE_CHECKING:
    import pyarrow as pa

_log = logging.getLogger(__name__)
_ARRAY = re.compile(rb"\s*\[")
_ORIGIN = ""
"""The name, which no column has, of the position of the record."""
_SUSPICIOUS = decimal.Decimal(10) ** 18
_WALL_CLOCK = r"^(\d{4}-\d\d-\d\d)(?:([T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)\d*(?:Z|[+-]\d\d:?\d\d)?)?$"


@dataclass(frozen=True, slots=True)
class Page:
    """Holds one decoded page: the rows of each table, and the number of records that the page had."""

    tables: Mapping[str, Rows]
    records: int

    @property
    def batches(self) -> dict[str, pa.RecordBatch]:
        """Return the batch of each table."""
        return {name: rows.batch for name, rows in self.tables.items()}


@dataclass(slots=True)
class Decoder:
    """Decodes the pages of one reading and counts what could not be read as declared.

    `invalid` maps a column to the number of its values that are not of the declared kind; they became missing.
    """

    tables: Mapping[str, Layout]
    invalid: Counter[str] = field(default_factory=Counter)

    def decode(self, page: bytes) -> Page:
        """Return the tables of a page, which is a JSON array of records.

        Raises AcumaticaServerError when it is not.
        """
        tables = {name: self._read(page, layout) for name, layout in self.tables.items()}
        return Page(tables, max((rows.records for rows in tables.values()), default=0))

    def _read(self, page: bytes, layout: Layout) -> Rows:
        import pyarrow as pa

        try:
            return _read_fast(page, layout)
        except (pa.ArrowInvalid, pa.ArrowTypeError) as reason:
            _log.debug("a page needs the tolerant reader: %s", reason)
        rows, invalid = read_tolerantly(page, layout)
        self.invalid.update(invalid)
        return rows


def _read_fast(page: bytes, layout: Layout) -> Rows:
    import pyarrow as pa

    if not _ARRAY.match(page):
        raise pa.ArrowInvalid("no JSON array")
    records = _parse(page, layout)
    columns = dict(_columns(records, layout))
    batch = pa.RecordBatch.from_arrays([columns[c.name] for c in layout.columns], schema=layout.schema)
    _refuse_wrapped_decimals(batch, layout)
    return Rows(batch, columns[_ORIGIN], len(records))


def _refuse_wrapped_decimals(batch: pa.RecordBatch, layout: Layout) -> None:
    """Refuse a page with huge decimals: Arrow lets a number beyond 38 digits wrap around to some other huge one."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for column in layout.columns:
        if column.kind == "Decimal":
            extremes = pc.min_max(batch.column(column.name)).as_py().values()
            if any(value is not None and abs(value) >= _SUSPICIOUS for value in extremes):
                raise pa.ArrowInvalid(f"{column.name} may hold a number of more digits than Arrow keeps")


def _parse(page: bytes, layout: Layout) -> pa.StructArray:
    import pyarrow as pa
    from pyarrow import json as arrow_json

    wrapped = b'{"rows":' + page + b"}"
    table = arrow_json.read_json(
        io.BytesIO(wrapped),
        read_options=arrow_json.ReadOptions(use_threads=False, block_size=len(wrapped) + 1),
        parse_options=arrow_json.ParseOptions(
            explicit_schema=pa.schema([("rows", pa.list_(_record_type(layout)))]),
            newlines_in_values=True,
            unexpected_field_behavior="ignore",
        ),
    )
    return table.column("rows").combine_chunks().flatten()


def _record_type(layout: Layout) -> pa.DataType:
    """Return the type of a record: just the members that the layout needs, nested as they are in the JSON."""
    import pyarrow as pa

    below = None
    for depth in range(len(layout.rows), -1, -1):
        leaves = [(column.path, _wire_type(column)) for column in layout.at_depth(depth)]
        if below is not None:
            leaves.append((layout.rows[depth], pa.list_(below)))
        below = pa.struct(_fields(leaves))
    return below


def _fields(leaves: Sequence[tuple[tuple[str, ...], pa.DataType]]) -> list[pa.Field]:
    import pyarrow as pa

    below: dict[str, list[tuple[tuple[str, ...], pa.DataType]]] = {}
    for (first, *rest), leaf in leaves:
        below.setdefault(first, []).append((tuple(rest), leaf))
    return [
        pa.field(name, children[0][1] if not children[0][0] else pa.struct(_fields(children)))
        for name, children in below.items()
    ]


def _wire_type(column: Column) -> pa.DataType:
    """Return the type to read: times without a zone come as text, because the reader would shift them to UTC."""
    import pyarrow as pa

    return pa.string() if column.is_business_time or column.kind == "DateOnly" else column.arrow_type


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
    if column.is_business_time or column.kind == "DateOnly":
        return _wall_clock(values).cast(column.arrow_type)
    return values


def _follow(values: pa.Array, path: tuple[str, ...]) -> pa.Array:
    for name in path:
        values = values.field(name)
    return values


def _wall_clock(values: pa.StringArray) -> pa.StringArray:
    """Cut the offset, and digits of a second beyond the sixth; text that is no time stays and fails the cast."""
    import pyarrow.compute as pc

    return pc.replace_substring_regex(values, pattern=_WALL_CLOCK, replacement=r"\1\2")
