"""Turns a page of JSON into typed Arrow columns.

The fast way is Arrow's own JSON reader: columns are typed in C++ with the GIL released. It refuses a whole page for
one odd value (a number where text was declared, a seventh digit of a second …); such a page is read again by
`acudata.frames.tolerant`, which gives the same cells, only slower.
"""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from acudata.frames.layout import Column, Layout
from acudata.frames.tolerant import read_tolerantly

if TYPE_CHECKING:
    import pyarrow as pa

_log = logging.getLogger(__name__)
_OVERLONG_NUMBER = re.compile(rb"\d{29}")
_WALL_CLOCK = r"^(\d{4}-\d\d-\d\d)(?:([T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)\d*(?:Z|[+-]\d\d:?\d\d)?)?$"


@dataclass
class Decoder:
    """Decodes the pages of one reading and counts what could not be read as declared.

    `invalid` maps a column to the number of its values that are not of the declared kind; they became missing.
    """

    layout: Layout
    invalid: Counter[str] = field(default_factory=Counter)

    def decode(self, page: bytes) -> pa.RecordBatch:
        """Return the rows of a page, a JSON array of records, as one batch with the layout's schema."""
        import pyarrow as pa

        try:
            return _read_fast(page, self.layout)
        except (pa.ArrowInvalid, pa.ArrowTypeError) as reason:
            _log.debug("a page needs the tolerant reader: %s", reason)
        batch, invalid = read_tolerantly(page, self.layout)
        self.invalid.update(invalid)
        return batch


def _read_fast(page: bytes, layout: Layout) -> pa.RecordBatch:
    import pyarrow as pa

    if _OVERLONG_NUMBER.search(page):
        raise pa.ArrowInvalid("Arrow reads numbers of more than 38 digits wrongly, without a word")
    columns = dict(_columns(_parse(page, layout), layout))
    return pa.RecordBatch.from_arrays([columns[c.name] for c in layout.columns], schema=layout.schema)


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

    levels = [_nested_fields(layout.at_depth(depth)) for depth in range(len(layout.rows) + 1)]
    record = levels.pop()
    for member, parent in zip(reversed(layout.rows), reversed(levels), strict=True):
        parent.append(pa.field(member, pa.list_(pa.struct(record))))
        record = parent
    return pa.struct(record)


def _nested_fields(columns: Iterable[Column]) -> list[pa.Field]:
    return _fields([(column.path, _wire_type(column)) for column in columns])


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
    """Go down the chain of details; columns from above are repeated for each row below."""
    import pyarrow.compute as pc

    above: dict[str, pa.Array] = {}
    for depth, member in enumerate((*layout.rows, None)):
        above |= {column.name: _values(records, column) for column in layout.at_depth(depth)}
        if member is not None:
            rows = records.field(member)
            parents = pc.list_parent_indices(rows)
            above = {name: values.take(parents) for name, values in above.items()}
            records = pc.list_flatten(rows)
    yield from above.items()


def _values(records: pa.StructArray, column: Column) -> pa.Array:
    values = records
    for name in column.path:
        values = values.field(name)
    if column.is_business_time or column.kind == "DateOnly":
        return _wall_clock(values).cast(column.arrow_type)
    return values


def _wall_clock(values: pa.StringArray) -> pa.StringArray:
    """Cut the offset, and digits of a second beyond the sixth; text that is no time stays and fails the cast."""
    import pyarrow.compute as pc

    return pc.replace_substring_regex(values, pattern=_WALL_CLOCK, replacement=r"\1\2")
