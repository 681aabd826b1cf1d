"""Picks out of each page what the local part of a filter, `skip` and `top` let through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from acudata.filters import Remainder, column_of
from acudata.frames.decode import Decoder
from acudata.frames.layout import Layout, Page, Rows

if TYPE_CHECKING:
    import pyarrow as pa

_LOOKED_AT = "$filter"
"""The name, which no table has, of the rows that the filter looks at."""


@dataclass(frozen=True, slots=True)
class Selected:
    """Holds what is left of a page: the batches of its tables, and the positions of its records."""

    batches: Mapping[str, pa.RecordBatch]
    positions: list[int]


def only(page: Page, positions: Sequence[int] | None) -> Page:
    """Return a page with the records at some positions alone; None are all."""
    if positions is None:
        return page
    tables = {name: _rows_of(rows, positions) for name, rows in page.tables.items()}
    return replace(page, tables=tables, records=len(positions))


def _rows_of(rows: Rows, positions: Sequence[int]) -> Rows:
    import pyarrow as pa
    import pyarrow.compute as pc

    kept = pc.is_in(rows.origins, value_set=pa.array(positions, pa.int64()))
    return replace(rows, batch=rows.batch.filter(kept), origins=rows.origins.filter(kept))


class Selection:
    """Applies a remainder to the pages of one reading, in their order.

    A record is selected when it, or one of the detail rows that the remainder looks at, meets the condition. Tables of
    those rows, and of rows below them, keep just the rows that do; all other tables keep every row of a selected
    record. `skip` and `top` count selected records.
    """

    def __init__(
        self, remainder: Remainder, tables: Mapping[str, Layout], *, top: int | None = None, skip: int = 0
    ) -> None:
        self._remainder = remainder
        self._tables = tables
        self._skip = skip
        self._left = top
        steps = remainder.rows
        self._widened = {
            name for name, layout in tables.items() if steps and layout.rows[: len(steps)] == steps
        }

    @property
    def layouts(self) -> dict[str, Layout]:
        """Return what is to be decoded of a page: the tables with what the filter looks at beside them."""
        widened = {
            name: self._remainder.widened(layout) if name in self._widened else layout
            for name, layout in self._tables.items()
        }
        return {**widened, _LOOKED_AT: self._remainder.layout}

    @property
    def is_complete(self) -> bool:
        """Tell whether as many records as were wanted have been selected."""
        return self._left == 0

    def of(self, page: Page) -> Selected:
        """Return what is selected of a page."""
        hits = self._hits(page.tables[_LOOKED_AT])
        batches = {name: self._kept(name, page.tables[name], hits) for name in self._tables}
        return Selected(batches, hits.to_pylist())

    def positions(self, content: bytes, among: Sequence[int] | None) -> list[int]:
        """Return which records of a page of JSON are selected, of all or of those `among` some positions."""
        return self.of(only(Decoder(self.layouts).decode(content), among)).positions

    def _hits(self, rows: Rows) -> pa.Int64Array:
        """Return the positions of the records that are selected, and count them."""
        import pyarrow.compute as pc

        found = pc.unique(rows.origins.filter(self._mask(rows.batch)))
        hits = found.slice(self._skip, self._left)
        self._skip = max(0, self._skip - len(found))
        if self._left is not None:
            self._left -= len(hits)
        return hits

    def _kept(self, name: str, rows: Rows, hits: pa.Int64Array) -> pa.RecordBatch:
        import pyarrow.compute as pc

        keep = pc.is_in(rows.origins, value_set=hits)
        if name in self._widened:
            keep = pc.and_(keep, self._mask(rows.batch))
        return rows.batch.filter(keep).select(self._tables[name].schema.names)

    def _mask(self, batch: pa.RecordBatch) -> pa.BooleanArray:
        from acudata.odata.mask import mask

        return mask(self._remainder.expression, batch, column_of=column_of)
