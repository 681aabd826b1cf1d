"""Finishes the tables of a page with what one answer alone does not hold, and looks at the whole in the end."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from acudata.finishing.attributes import Pivot
from acudata.finishing.further import Answer, Further, LookUp
from acudata.finishing.witness import Members, question_emptiness
from acudata.frames.layout import Layout
from acudata.looks.frames import span
from acudata.queries import Query
from acudata.queries.attributes import ROWS, is_attribute
from acudata.queries.places import FILE, FILES
from acudata.questions import Errors
from acudata.schema.paths import Path

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Answer", "Finishing", "Pivot", "Server", "question_emptiness"]

_log = logging.getLogger(__name__)
_FOLDERS = r"^.*[\\/]"

Added = Iterator[tuple[str, str, "pa.Array"]]


@dataclass(frozen=True, slots=True)
class Server:
    """Says how more is asked of the server than pages: records by id, and whether there are any at all.

    `age` tells for how many seconds the oldest answer has been kept. Without `has_records` an empty answer is believed.
    """

    look_up: LookUp
    age: Callable[[], float | None] = lambda: None
    has_records: Callable[[], bool] | None = None


@dataclass
class Finishing:
    """Finishes the pages of one reading.

    `pivot` makes attributes columns, page by page unless it is a late one.
    """

    query: Query
    server: Server
    errors: Errors = "coerce"
    pivot: Pivot | None = None
    _tables: Mapping[str, Layout] = field(default_factory=dict, init=False)
    _further: list[Further] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self._members = Members(self.query.entity, self.query.expanded)

    def layouts(self, tables: Mapping[str, Layout]) -> Mapping[str, Layout]:
        """Return what is to be decoded of a page so that the tables can be made."""
        self._tables = tables
        self._further = [
            Further(chunk, tables, self.server.look_up, errors=self.errors) for chunk in self.query.chunks
        ]
        decoded = {name: self._decoded(layout) for name, layout in tables.items()}
        attributes = self.query.attributes
        return {**decoded, ROWS: attributes.layout} if attributes else decoded

    def _decoded(self, layout: Layout) -> Layout:
        added = {column.name for chunk in self.query.chunks for column in chunk.columns_of(layout)}
        columns = (c for c in layout.columns if c.name not in added and not is_attribute(c))
        return replace(layout, columns=tuple(columns))

    def of(self, content: bytes, batches: Mapping[str, pa.RecordBatch]) -> Mapping[str, pa.RecordBatch]:
        """Return the batches of the tables of a page, with what came by further requests and from attributes."""
        self._members.see(content)
        added: dict[str, dict[str, pa.Array]] = {name: {} for name in self._tables}
        for source in (self._further_columns(content, batches), self._attribute_columns(batches)):
            for name, column, values in source:
                added[name][column] = values
        return {name: _assembled(batches[name], layout, added[name]) for name, layout in self._tables.items()}

    def _further_columns(self, content: bytes, batches: Mapping[str, pa.RecordBatch]) -> Added:
        # A page without records is not asked for any further.
        answers = content.further if isinstance(content, Answer) else (b"[]",) * len(self._further)
        for further, answer in zip(self._further, answers, strict=True):
            yield from further.columns(answer, batches, self._tables)

    def _attribute_columns(self, batches: Mapping[str, pa.RecordBatch]) -> Added:
        import pyarrow as pa

        if self.pivot is None or self.pivot.is_late:
            return
        rows = pa.Table.from_batches([batches[ROWS]])
        self.pivot.see(rows)
        for name, layout in self._tables.items():
            for column, values in self.pivot.columns(batches[name], layout, rows):
                yield name, column, values

    def end(self, records: int) -> None:
        """Look at the whole: so many records were answered, and there are no more.

        Raises AcumaticaServerError for an expanded member that never appeared; warns of emptiness that may be untrue.
        The log gets the age of kept answers.
        """
        self._members.end(records)
        age = self.server.age()
        if age is not None:
            _log.info("%s: from kept answers, the oldest of %s ago", self.query.entity.name, span(age))
        if not records and self.server.has_records:
            question_emptiness(self.query, self.server.has_records)

    @property
    def invalid(self) -> Counter[str]:
        """Return how many values of each column that came by further requests are not of its kind."""
        return sum((further.invalid for further in self._further), Counter())

    def facts(self) -> Mapping[str, Any]:
        """Return what a frame tells of it: what was left out, and how many rows lack what could not be read."""
        return {
            "cache_age": self.server.age(),
            "left_out": ["/".join(path) for path in self.query.left_out],
            "incomplete": sum(further.unknown for further in self._further),
            "repeated_attributes": self.pivot.repeated if self.pivot else 0,
        }


def _assembled(batch: pa.RecordBatch, layout: Layout, added: Mapping[str, pa.Array]) -> pa.RecordBatch:
    import pyarrow as pa

    values = [added[c.name] if c.name in added else batch.column(c.name) for c in layout.columns]
    if layout.rows and layout.rows[-1][-1] == FILES:
        values = [_plain(c.path, array) for c, array in zip(layout.columns, values, strict=True)]
    return pa.RecordBatch.from_arrays(values, schema=layout.schema)


def _plain(path: Path, values: pa.Array) -> pa.Array:
    """Return file names without form and key, which Acumatica puts before them as if they were folders."""
    import pyarrow.compute as pc

    is_name = path == (next(iter(FILE.fields)),)
    return pc.replace_substring_regex(values, pattern=_FOLDERS, replacement="") if is_name else values
