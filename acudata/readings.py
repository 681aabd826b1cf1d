"""One reading of an entity: a stream of Arrow batches, and what frames and files are made of it."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from acudata.frames.decode import Decoder
from acudata.frames.layout import Layout, Page
from acudata.paging import Identity, Pages
from acudata.queries import Query
from acudata.questions import Errors
from acudata.selection import Selection, only

if TYPE_CHECKING:
    import pyarrow as pa

_log = logging.getLogger(__name__)


class Finishing(Protocol):
    """Makes of what was decoded what a reading gives, where one answer alone does not hold it."""

    @property
    def invalid(self) -> Counter[str]:
        """Return how many values of each column that was added are not of its kind."""

    def layouts(self, tables: Mapping[str, Layout]) -> Mapping[str, Layout]:
        """Return what is to be decoded so that `tables` can be made."""

    def of(self, content: bytes, batches: Mapping[str, pa.RecordBatch]) -> Mapping[str, pa.RecordBatch]:
        """Return the batches of the tables of one page; `content` is the page as it was fetched."""

    def end(self, records: int) -> None:
        """Look at the whole: so many records were answered, and there are no more."""

    def facts(self) -> Mapping[str, Any]:
        """Return what a frame tells of it."""


class Reading:
    """Reads the tables of a query page by page; everything that users get is made of this one stream.

    `origin` are the facts that a frame tells of itself beside the query: endpoint and tenant. `top` is the number of
    records wanted, where a part of the filter is applied here. `finishing` has the last word on every page. `errors`
    says what becomes of values that are not of their declared kind.
    """

    def __init__(
        self,
        query: Query,
        pages: Pages,
        *,
        tables: Mapping[str, Layout],
        origin: Mapping[str, Any],
        top: int | None = None,
        finishing: Finishing | None = None,
        errors: Errors = "coerce",
    ) -> None:
        self.query = query
        self.tables = tables
        self._pages = pages
        self._origin = origin
        self._finishing = finishing
        self._decoded = decoded = finishing.layouts(tables) if finishing else tables
        self._selection = Selection(query.remainder, decoded, top=top) if query.remainder else None
        self._identity = Identity(self._selection.layouts if self._selection else decoded, pages.keys)
        self._decoder = Decoder(self._identity.layouts, errors)
        self._records = 0
        self._invalid: Counter[str] = Counter()
        self._started = dt.datetime.now(dt.UTC)

    def __iter__(self) -> Iterator[Mapping[str, pa.RecordBatch]]:
        """Yield the batches of each page, by table; pages in which nothing is new are left out."""
        with contextlib.closing(self._pages.read(self._decoded_page)) as pages:
            for content, page in pages:
                kept = self._pages.received(self._identity.of(page))
                if page.records and kept == []:
                    continue
                yield self._batches(content, only(page, kept))
                if self._selection is not None and self._selection.is_complete:
                    break
        if self._finishing is not None:
            self._finishing.end(self._records)
        if misfits := self._misfits():
            _log.warning("%s: values that are not of their declared kind became missing: %s",
                         self.query.entity.name, misfits)  # fmt: skip

    def _decoded_page(self, content: bytes) -> tuple[bytes, Page]:
        return content, self._decoder.decode(content)

    def _batches(self, content: bytes, page: Page) -> Mapping[str, pa.RecordBatch]:
        self._records += page.records
        self._invalid.update({name: len(values) for name, values in page.invalid.items()})
        batches = page.batches if self._selection is None else self._selection.of(page).batches
        batches = {name: batches[name] for name in self._decoded}
        return batches if self._finishing is None else self._finishing.of(content, batches)

    def _misfits(self) -> dict[str, int]:
        """Return how many values of each column were not of its kind."""
        return dict(self._invalid + self._finishing.invalid if self._finishing else self._invalid)

    def batches(self, table: str) -> Iterator[pa.RecordBatch]:
        """Yield the batches of one table."""
        return (batches[table] for batches in self)

    def to_tables(self) -> dict[str, pa.Table]:
        """Return each table whole; the types are the schema's also for no rows."""
        import pyarrow as pa

        pages = list(self)
        return {
            name: pa.Table.from_batches([page[name] for page in pages], schema=layout.schema)
            for name, layout in self.tables.items()
        }

    def origin(self) -> dict[str, Any]:
        """Return what is known before anything is read: where the data come from, what was asked, and when."""
        return {
            "entity": self.query.entity.name,
            **self._origin,
            "filter": self.query.filter,
            "local_filter": None if self.query.remainder is None else str(self.query.remainder),
            "read_at": self._started.isoformat(timespec="seconds"),
            "cache_age": None,
        }

    def facts(self) -> dict[str, Any]:
        """Return what a frame tells of itself in `df.attrs`; plain values that survive `to_parquet`."""
        return {
            **self.origin(),
            **self._pages.facts(),
            "records": self._records,
            "invalid": self._misfits(),
            **(self._finishing.facts() if self._finishing else {}),
        }
