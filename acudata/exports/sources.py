"""What a sync asks of the server; who answers is of no interest here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Page:
    """Holds a page of the server: the ids, keys and stamps of its records, and the rows of each table."""

    records: pa.RecordBatch
    tables: Mapping[str, pa.RecordBatch]


class Source(Protocol):
    """Is what can be asked of the server about one entity.

    `tables` maps the tables that come, the records' own first if it does, to their schemas. `keys` are the key fields,
    `stamp` the field that tells when a record changed. `origin` tells where the data come from, `question` holds plain
    facts by which the answer would be another: the filter, what is selected.
    """

    name: str
    keys: tuple[str, ...]
    stamp: str | None
    is_filtered: bool

    @property
    def by_key(self) -> bool:
        """Return whether the server lists no such records, so that each is read by itself."""
        ...

    @property
    def tables(self) -> Mapping[str, pa.Schema]:
        """Return the schema of each table."""
        ...

    @property
    def origin(self) -> Mapping[str, Any]:
        """Return where the data come from."""
        ...

    @property
    def question(self) -> Mapping[str, Any]:
        """Return what else would make the answer another."""
        ...

    def now(self) -> dt.datetime:
        """Return the time at the server."""
        ...

    def pages(self, *, since: dt.datetime | None = None) -> Iterator[Page]:
        """Yield what the filter lets through, if it changed since a moment."""
        ...

    def records(self, *, since: dt.datetime | None = None, filtered: bool = True) -> Iterator[pa.RecordBatch]:
        """Yield ids, keys and stamps alone, of what the filter lets through or of all records."""
        ...

    def glance(self, *, expected: int) -> pa.RecordBatch | None:
        """Return ids, keys and stamps of what the filter lets through, if all of them seem to be on one page."""
        ...

    def finds(self, stamp: dt.datetime) -> bool:
        """Tell whether the server finds a record when asked for those changed since a moment."""
        ...
