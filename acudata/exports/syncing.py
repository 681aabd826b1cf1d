"""Brings the stored tables of an entity up to what the server has, by asking for as little as will do.

Order of operations of a sync:

1. take the lock of every table, and see what each of them holds;
2. read everything, if nothing is stored yet, or if it is the answer to another question;
3. else ask for what changed since the last run, less an overlap, if the entity has a stamp that the server filters by;
4. else read everything and compare it with what is stored, row by row;
5. find out which records are gone: by a list of all keys (`deletes="keys"`), or from 4;
6. write the tables of detail rows, then that of the records with the new watermark: a run that dies in between is
   repeated from the old one, and finds done what it did.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING

from acudata.exports.names import Names
from acudata.exports.options import SyncOptions
from acudata.exports.reports import Mode, TableReport
from acudata.exports.sources import Page, Source
from acudata.exports.synced import SyncedTable
from acudata.exports.watermarks import Mark, first_moment

if TYPE_CHECKING:
    import pyarrow as pa

    from acudata.exports.dataset import Dataset
    from acudata.exports.names import Mask

_log = logging.getLogger(__name__)


def sync(source: Source, datasets: Mapping[str, Dataset], options: SyncOptions) -> list[TableReport]:
    """Bring the datasets, one for each table of the source, up to what the server has, and tell what was done.

    Raises AcumaticaConcurrencyError when somebody else is writing one of them, AcumaticaValidationError when one holds
    the data of another tenant or entity.
    """
    with ExitStack() as stack:
        tables = [
            SyncedTable(
                name,
                datasets[name],
                stack.enter_context(datasets[name].change()),
                source=source,
                options=options,
            )
            for name in source.tables
        ]
        return Sync(source, tables, options).run()


class Sync:
    """Reads from one source into its tables, of which the first holds the watermark."""

    def __init__(self, source: Source, tables: list[SyncedTable], options: SyncOptions) -> None:
        self._source = source
        self._tables = tables
        self._options = options
        self._main = tables[0]
        self._started = source.now()
        self._newest: dt.datetime | None = None
        self._reason = _reason(tables)
        self._mode: Mode = "full"
        self._has_answer = False
        self._came: list[Names] = []

    def run(self) -> list[TableReport]:
        """Read, store and report."""
        try:
            self._read()
            self._store()
            return [table.report(self._mode, self._reason) for table in self._tables]
        finally:
            for table in self._tables:
                table.close()

    def _read(self) -> None:
        if self._reason is not None:
            self._begin("full")
            self._take(self._source.pages())
        elif self._since is None:
            self._compare()
        else:
            self._begin("changes")
            self._take_changes(self._since)

    @property
    def _since(self) -> dt.datetime | None:
        """Return the moment from which on to ask, None if only comparing tells what changed."""
        watermark = Mark.stored(self._main.before)
        if watermark is None or self._source.stamp is None or self._options.compares:
            return None
        return first_moment(watermark, self._options.overlap)

    def _begin(self, mode: Mode) -> None:
        self._mode = mode
        self._came = []
        for table in self._tables:
            table.begin(anew=mode == "full")

    def _compare(self) -> None:
        self._begin("comparison")
        self._take(self._source.pages())
        self._let_go([~table.merging.seen & ~table.merging.known.deleted for table in self._tables])

    def _take_changes(self, since: dt.datetime) -> None:
        """Take what changed; records that left the filter are among all that changed, and not among those that came."""
        listed = self._listed() if self._options.deletes else None
        touched = None
        if self._source.is_filtered and listed is None:
            touched = self._names(self._source.records(since=since, filtered=False))
        if touched is None or len(touched.ids):
            self._take(self._source.pages(since=since))
        if touched is not None:
            self._remove(touched)
        if listed is not None:
            self._compare_keys(listed, since)

    def _listed(self) -> Names:
        """Return the names of all records; a single page is believed to hold them if it lacks none that is stored."""
        page = self._source.glance(expected=len(self._main.merging.known))
        if page is not None:
            names = self._names([page])
            if not any(table.merging.known.missing_in(names).any() for table in self._tables):
                return names
        return self._names(self._source.records())

    def _compare_keys(self, listed: Names, since: dt.datetime) -> None:
        """Find the records that are gone; some may have come without a later stamp, as from a restored backup."""
        if self._main.name == self._source.name and self._main.lacks(listed, self._came):
            self._reason = "the server lists records that no change told of"
            self._compare()
            return
        self._let_go(
            [table.merging.known.missing_in(listed) & ~table.merging.seen for table in self._tables], since
        )

    def _let_go(self, lost: list[Mask], since: dt.datetime | None = None) -> None:
        """Take lost records of each table for deleted, except for those that are there and only left the filter.

        Most of these changed since a moment; but some forms change a record without a stamp, so all others are looked
        for as well.
        """
        for moment in dict.fromkeys((since, None)) if self._source.is_filtered else ():
            if any(records.any() for records in lost):
                there = self._names(self._source.records(since=moment, filtered=False))
                lost = [
                    table.without(there, among=records)
                    for table, records in zip(self._tables, lost, strict=True)
                ]
        for table, records in zip(self._tables, lost, strict=True):
            table.delete(records)

    def _remove(self, touched: Names) -> None:
        for table in self._tables:
            table.merging.remove(table.merging.known.among(touched) & ~table.merging.seen)

    def _take(self, pages: Iterable[Page]) -> None:
        for page in pages:
            names = Names.of(page.records, self._source.keys)
            self._has_answer |= page.records.num_rows > 0
            if self._options.deletes and self._mode == "changes":
                self._came.append(names)
            self._note_stamps(page.records)
            changed = self._main.take(names, page.tables[self._main.name])
            for table in self._tables[1:]:
                table.take(names, page.tables[table.name], changed=changed)

    def _note_stamps(self, records: pa.RecordBatch) -> None:
        import pyarrow.compute as pc

        if self._source.stamp is not None and records.num_rows:
            newest = pc.max(records.column(self._source.stamp)).as_py()
            self._newest = max(filter(None, (self._newest, newest)), default=None)

    def _names(self, batches: Iterable[pa.RecordBatch]) -> Names:
        return Names.joined(
            [Names.of(batch, self._source.keys) for batch in batches], keyed=bool(self._source.keys)
        )

    def _store(self) -> None:
        finds = self._finds_by_stamp()
        for table in reversed(self._tables[1:]):
            table.store(deleted_at=self._started)
        self._main.store(deleted_at=self._started, mark=Mark(self._started, finds, self._has_answer))

    def _finds_by_stamp(self) -> bool:
        """Tell whether the server can be asked for changes, which one request shows: the newest record must be found.

        That also shows that it takes the moment for the same one, whatever the time zone of its user.
        """
        if self._mode != "full" and Mark.stored(self._main.before) is not None:
            return True
        if self._newest is None:
            return False
        finds = self._source.finds(self._newest)
        if not finds:
            _log.warning(
                "%s: the server finds no record by %s, not even the newest; each run compares all records",
                self._source.name,
                self._source.stamp,
            )
        return finds


def _reason(tables: list[SyncedTable]) -> str | None:
    """Return why everything has to be read, and tell of it where something was stored before."""
    reasons = {table: reason for table in tables if (reason := table.reason_to_read_all())}
    for table, reason in reasons.items():
        table.tell_drift()
        if table.before is not None:
            _log.warning("%s is read whole: %s", table.name, reason)
    return next(iter(reasons.values()), None)
