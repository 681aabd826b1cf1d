"""Joins the answers of further requests of a page to it: custom fields that are too many for one request."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from acudata.frames.decode import Decoder
from acudata.frames.layout import Column, Layout
from acudata.queries.chunks import Chunk, joined_as
from acudata.queries.naming import Steps
from acudata.questions import Errors

if TYPE_CHECKING:
    import pyarrow as pa

LookUp = Callable[[Sequence[str], Chunk], bytes]
"""Gets the ids of records and says what a further request would have told of them; those that are gone are left out."""

_log = logging.getLogger(__name__)


class Answer(bytes):
    """Is the JSON of a page as it came, with the answers to the further requests that it took.

    It is bytes like any other page, so that what asks for pages, counts and compares them need not know of it.
    """

    further: tuple[bytes, ...]

    def __new__(cls, page: bytes, further: Sequence[bytes]) -> Answer:
        """Return a page with the answers that complete it."""
        answer = super().__new__(cls, page)
        answer.further = tuple(further)
        return answer


class Further:
    """Adds the columns of one further request to the tables of each page, by the ids of records and rows.

    Rows can move while requests follow one another, so that the answers do not hold the same records: whatever is
    missing in one is looked up by its id. `unknown` counts the rows of records that were gone even then, `invalid` the
    values of each column that are not of its kind.
    """

    def __init__(
        self, chunk: Chunk, tables: Mapping[str, Layout], look_up: LookUp, *, errors: Errors = "coerce"
    ) -> None:
        self._chunk = chunk
        self._layouts = chunk.layouts(tables)
        columns = (column for layout in tables.values() for column in chunk.columns_of(layout))
        self._shown = {joined_as(column): column.name for column in columns}
        self._decoder = Decoder({str(rows): layout for rows, layout in self._layouts.items()}, errors)
        self._look_up = look_up
        self.unknown = 0
        self.invalid: Counter[str] = Counter()

    def columns(
        self, content: bytes, batches: Mapping[str, pa.RecordBatch], tables: Mapping[str, Layout]
    ) -> Iterator[tuple[str, str, pa.Array]]:
        """Yield the name of a table, that of a column, and its values in the order of the table's rows."""
        if not self._layouts:
            return
        found = self._decoded(content)
        missing = {
            record
            for name, batch in batches.items()
            for rows in self._rows_of(tables[name])
            for record in _records_without(batch, tables[name], rows, found[rows])
        }
        if missing:
            _log.debug("%d records are looked up by id: they moved between two requests", len(missing))
            found = _together(found, self._decoded(self._look_up(sorted(missing), self._chunk)))
        for name, batch in batches.items():
            for rows in self._rows_of(tables[name]):
                self.unknown += len(_records_without(batch, tables[name], rows, found[rows]))
            for column in self._chunk.columns_of(tables[name]):
                rows = tables[name].rows[: column.depth]
                yield name, column.name, _joined(batch, tables[name], column, found[rows])

    def _rows_of(self, layout: Layout) -> set[Steps]:
        return {layout.rows[: column.depth] for column in self._chunk.columns_of(layout)}

    def _decoded(self, content: bytes) -> dict[Steps, pa.RecordBatch]:
        page = self._decoder.decode(content)
        self.invalid.update({self._shown[name]: len(values) for name, values in page.invalid.items()})
        return {rows: page.batches[str(rows)] for rows in self._layouts}


def id_name(layout: Layout, depth: int) -> str:
    """Return the name of the column that holds the ids of the records, or of the rows at a depth."""
    return next(column.name for column in layout.columns if column.path == ("id",) and column.depth == depth)


def _joined(batch: pa.RecordBatch, layout: Layout, column: Column, found: pa.RecordBatch) -> pa.Array:
    import pyarrow.compute as pc

    ids = batch.column(id_name(layout, column.depth))
    return found.column(joined_as(column)).take(
        pc.index_in(ids, value_set=found.column("id"), skip_nulls=True)
    )


def _records_without(batch: pa.RecordBatch, layout: Layout, rows: Steps, found: pa.RecordBatch) -> list[str]:
    """Return the ids of the records behind rows that an answer does not tell of, one for each row."""
    import pyarrow.compute as pc

    ids = batch.column(id_name(layout, len(rows)))
    lacking = pc.and_(ids.is_valid(), pc.invert(pc.is_in(ids, value_set=found.column("id"))))
    records: list[str] = batch.column(id_name(layout, 0)).filter(lacking).to_pylist()
    return records


def _together(
    found: Mapping[Steps, pa.RecordBatch], more: Mapping[Steps, pa.RecordBatch]
) -> dict[Steps, pa.RecordBatch]:
    import pyarrow as pa

    return {
        rows: pa.RecordBatch.from_arrays(
            [pa.concat_arrays(both) for both in zip(batch.columns, more[rows].columns, strict=True)],
            schema=batch.schema,
        )
        for rows, batch in found.items()
    }
