"""Where in a decoded page the marks of its records stand."""

from __future__ import annotations

from collections.abc import Mapping

from acudata.frames.layout import Layout, Page, id_column, value_column
from acudata.paging.marks import Marks

_MARKS = "$marks"
"""The name, which no table has, of the records that are read for their marks alone."""


class Identity:
    """Finds ids and keys among the tables of a reading, or has them decoded beside these.

    `fields` are the key fields with their kinds. `layouts` are the tables to decode.
    """

    def __init__(self, tables: Mapping[str, Layout], fields: Mapping[str, str]) -> None:
        keys = [value_column(name, kind, (name,)) for name, kind in fields.items()]
        own = Layout((id_column("id"), *keys))
        self._wanted = [column.path for column in own.columns]
        found = next((name for name, layout in tables.items() if self._is_in(layout)), None)
        self.layouts = dict(tables) if found else {**tables, _MARKS: own}
        self._table = found or _MARKS
        names = {column.path: column.name for column in self.layouts[self._table].columns}
        self._names = [names[path] for path in self._wanted]

    def of(self, page: Page) -> Marks:
        """Return the marks of the records of a page."""
        batch = page.tables[self._table].batch
        ids, *keys = (batch.column(name).to_pylist() for name in self._names)
        return Marks(ids, list(zip(*keys, strict=True)) if keys else [()] * len(ids))

    def _is_in(self, layout: Layout) -> bool:
        return not layout.rows and {column.path for column in layout.columns}.issuperset(self._wanted)
