"""Puts the attributes of a page beside its rows: one column for each, whatever array they came in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from acudata.errors import AcumaticaConcurrencyError
from acudata.finishing.further import id_name
from acudata.frames.layout import Layout
from acudata.frames.pivot import attribute_ids, attribute_values, repetitions
from acudata.queries.attributes import is_attribute, with_attributes

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass
class Pivot:
    """Makes columns of attributes.

    `learned` are all attributes that the records had a moment ago, where that had to be known before the first page;
    None where only some are wanted, or where columns are chosen when all has been read (`is_late`). `repeated` counts
    rows that name an attribute once more.
    """

    learned: Sequence[str] | None = None
    is_late: bool = False
    repeated: int = field(default=0, init=False)

    def see(self, rows: pa.Table) -> None:
        """Take the rows of a page into account.

        Raises AcumaticaConcurrencyError for an attribute that is new since the columns were chosen.
        """
        self.repeated += repetitions(rows)
        if self.learned is not None and (new := set(attribute_ids(rows)) - set(self.learned)):
            raise AcumaticaConcurrencyError(
                f"{', '.join(sorted(new))} appeared among the attributes while they were read.",
                suggestions=["read again", "name the attributes in columns=, such as 'Attributes.COLOR'"],
            )

    def columns(
        self, batch: pa.RecordBatch | pa.Table, layout: Layout, rows: pa.Table
    ) -> Iterator[tuple[str, pa.Array]]:
        """Yield the name and the values of each column of a table that is made of an attribute."""
        import pyarrow as pa

        ids = batch.column(id_name(layout, 0))
        ids = ids.combine_chunks() if isinstance(ids, pa.ChunkedArray) else ids
        for column in filter(is_attribute, layout.columns):
            yield column.name, attribute_values(ids, rows, column.path[1])

    def whole(self, table: pa.Table, layout: Layout, rows: pa.Table) -> pa.Table:
        """Return a table that was read to its end with a column for each attribute that the rows have."""
        import pyarrow as pa

        self.repeated = repetitions(rows)
        wide = with_attributes(layout, attribute_ids(rows))
        added = dict(self.columns(table, wide, rows))
        values = [added[c.name] if c.name in added else table.column(c.name) for c in wide.columns]
        return pa.Table.from_arrays(values, schema=wide.schema)
