"""What a sync asks about an entity, put as questions to its service."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from acudata.errors import AcumaticaError
from acudata.exports.sources import Page
from acudata.filters import Filter
from acudata.frames.dtypes import Decimals, decimals_as_double
from acudata.frames.layout import Layout, id_column, value_column
from acudata.odata import F, to_v3
from acudata.queries import Query
from acudata.questions import Names, Question
from acudata.readings import Reading
from acudata.schema import Entity
from acudata.unoptimised import Listing

if TYPE_CHECKING:
    import pyarrow as pa

_RECORDS = "$records"
"""The name, which no table has, of the ids, keys and stamps of the records."""
_LISTED = 10_000
"""How many records a page of keys alone has, where several are read."""
_GLANCED = 100_000
"""How many records are looked for on one page of keys; so many are 25 MB or so."""

_log = logging.getLogger(__name__)


class Read(Protocol):
    """Begins a reading; with `doubts` an empty answer is not simply believed."""

    def __call__(
        self, question: Question, query: Query, tables: Mapping[str, Layout], *, doubts: bool
    ) -> Reading:
        """Return the reading of some tables."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Holds how a service is asked: `query` checks a question, `read` begins to read tables of it.

    `listing` says how the server was seen to list what the sync is about.
    """

    query: Callable[[Question, Listing], Query]
    listing: Listing
    read: Read
    now: Callable[[], dt.datetime]


class EntitySource:
    """Asks the server about one entity, as `acudata.exports.sources.Source` describes it.

    The question names what records are known by, see `with_names`. `where` tells which instance, tenant and endpoint
    that is. With `is_one_table` the tables are the one that a frame would hold, else all that the question has.
    """

    def __init__(
        self,
        entity: Entity,
        question: Question,
        asking: Asking,
        *,
        where: Mapping[str, Any],
        decimals: Decimals = "exact",
        is_one_table: bool = False,
    ) -> None:
        self.name = entity.name
        self.keys = entity.keys
        self.stamp = entity.watermark
        self.is_filtered = question.filter is not None
        self._entity = entity
        self._asking = asking
        self._where = where
        self._decimals: Decimals = decimals
        # What cannot be listed has been seen: another refusal is an error, for whoever syncs to look again.
        self._question = replace(question, on_unoptimised="raise")
        self._query = asking.query(self._question, asking.listing)
        only = [self._query.only_table()] if is_one_table else list(self._query.tables)
        self._layouts = {name: self._query.tables[name] for name in only}

    @property
    def tables(self) -> Mapping[str, pa.Schema]:
        """Return the schemas of the tables, the records' own first."""
        from acudata.exports.parquet import with_decimals

        return {
            name: with_decimals((), layout.schema, self._decimals)[1]
            for name, layout in self._layouts.items()
        }

    @property
    def origin(self) -> Mapping[str, Any]:
        """Return where the data come from, and what is asked for."""
        return {"entity": self.name, **self._where, **self._filters, "left_out": list(self.left_out)}

    @property
    def question(self) -> Mapping[str, Any]:
        """Return what else would make the answer another, as plain text."""
        left_out = {"left_out": list(self.left_out)} if self.left_out else {}
        return {**self._filters, **told(self._question), **left_out}

    @property
    def by_key(self) -> bool:
        """Return whether each record is read by itself."""
        return self._query.by_key

    @property
    def left_out(self) -> tuple[str, ...]:
        """Return the paths of what the server cannot list."""
        return tuple("/".join(path) for path in self._query.left_out)

    def now(self) -> dt.datetime:
        """Return the time at the server."""
        return self._asking.now()

    def pages(self, *, since: dt.datetime | None = None) -> Iterator[Page]:
        """Yield what the filter lets through, if it changed since a moment."""
        question, query = self._question, self._query
        if since is not None:
            question = replace(question, filter=self._changed(question.filter, since))
            query = replace(query, params={**query.params, "$filter": self._sent(question.filter)})
        for batches in self._reading(question, query, self._layouts):
            yield Page(batches[_RECORDS], {name: self._converted(batches[name]) for name in self._layouts})

    def records(self, *, since: dt.datetime | None = None, filtered: bool = True) -> Iterator[pa.RecordBatch]:
        """Yield ids, keys and stamps alone, of what the filter lets through or of all records."""
        condition = self._changed(self._question.filter if filtered else None, since)
        return self._names(self._narrow(condition))

    def glance(self, *, expected: int) -> pa.RecordBatch | None:
        """Return ids, keys and stamps of what the filter lets through, if all of them seem to be on one page.

        The page is large enough for some more than are expected, whatever size others have, since keys are little; None
        is also for a server that fails at it.
        """
        if expected > _GLANCED:
            return None
        size = max(_LISTED, expected + expected // 8)
        try:
            with closing(self._names(replace(self._narrow(self._question.filter), page_size=size))) as pages:
                page = next(pages)
        except AcumaticaError as error:
            _log.info("%s: a page of %d keys failed: %s", self.name, size, error.message)
            return None
        return page if page.num_rows < size else None

    def finds(self, stamp: dt.datetime) -> bool:
        """Tell whether the server finds a record when asked for those changed since a moment."""
        question = replace(self._narrow(self._changed(None, stamp.replace(microsecond=0))), top=1)
        return any(page.num_rows for page in self._names(question))

    @property
    def _filters(self) -> Mapping[str, Any]:
        remainder = self._query.remainder
        return {"filter": self._query.filter, "local_filter": None if remainder is None else str(remainder)}

    def _converted(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        import pyarrow as pa

        if self._decimals == "exact":
            return batch
        converted = decimals_as_double(pa.Table.from_batches([batch])).combine_chunks()
        columns = [
            column.chunk(0) if column.num_chunks else pa.nulls(0, column.type) for column in converted.columns
        ]
        return pa.RecordBatch.from_arrays(columns, schema=converted.schema)

    def _names(self, question: Question) -> Generator[pa.RecordBatch, None, None]:
        for batches in self._reading(question, self._named(question), {}):
            yield batches[_RECORDS]

    def _reading(self, question: Question, query: Query, layouts: Mapping[str, Layout]) -> Reading:
        """Return a reading; that the server finds records by their stamp, and when, has been seen."""
        fields = self._entity.structure.fields
        named = dict.fromkeys([*self.keys, *([self.stamp] if self.stamp else [])])
        columns = [value_column(name, fields[name], (name,)) for name in named]
        records = Layout((*columns, id_column("id")))
        doubts = question.filter is self._question.filter
        return self._asking.read(question, query, {_RECORDS: records, **layouts}, doubts=doubts)

    def _sent(self, condition: Filter | None) -> str:
        """Return what of a condition goes to the server; the rest of it is that of the question itself."""
        return self._named(self._narrow(condition)).params["$filter"]

    def _named(self, question: Question) -> Query:
        return self._asking.query(question, Listing())

    def _narrow(self, condition: Filter | None) -> Question:
        """Return the question for the names of records alone; a filter on lines needs the lines."""
        remainder = self._query.remainder
        of_lines = condition is not None and remainder is not None and bool(remainder.rows)
        named = [*self.keys, *([self.stamp] if self.stamp else [])] or list(self._entity.structure.fields)[:1]
        return Question(
            filter=condition,
            select=named,
            expand=self._question.expand if of_lines else None,
            custom=None,
            page_size=self._question.page_size or _LISTED,
            strict=self._question.strict,
            cache=self._question.cache,
            progress=False,
        )

    def _changed(self, condition: Filter | None, since: dt.datetime | None) -> Filter | None:
        """Return a filter for what changed since a moment, which is written with its offset to be the same anywhere."""
        if since is None or self.stamp is None:
            return condition
        changed = F[self.stamp] >= since
        if condition is None:
            return changed
        return f"({condition}) and {to_v3(changed)}" if isinstance(condition, str) else condition & changed


def with_names(question: Question, entity: Entity) -> Question:
    """Let a narrowed question bring what a sync knows records by: their keys and their stamp."""
    needed = [*entity.keys, *([entity.watermark] if entity.watermark else [])]
    columns, select = _listed(question.columns), _listed(question.select)
    is_blank = isinstance(question.filter, str) and not question.filter.strip()
    return replace(
        question,
        filter=None if is_blank else question.filter,
        columns=None if columns is None else list(dict.fromkeys([*columns, *needed])),
        select=None if select is None else list(dict.fromkeys([*select, *needed])),
        expand=_plain(question.expand),
        custom=_plain(question.custom),
        cache=False if question.cache is None else question.cache,
    )


def told(question: Question) -> dict[str, Any]:
    """Return which columns and rows a question asks for, as plain text."""
    return {name: _plain(getattr(question, name)) for name in ("columns", "select", "expand", "custom")}


def _listed(names: Names | None) -> list[str] | None:
    if names is None:
        return None
    listed = names.split(",") if isinstance(names, str) else names
    return [name.strip() for name in listed if name.strip()] or None


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str | bool) else list(value)
