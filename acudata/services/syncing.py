"""Incremental exports of an entity: its tables brought up to what the server has."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from acudata.errors import AcumaticaValidationError
from acudata.frames.dtypes import Decimals
from acudata.questions import Question
from acudata.services.bulk import BulkReading
from acudata.services.sources import Asking, EntitySource

if TYPE_CHECKING:
    from acudata.exports.dataset import Dataset
    from acudata.exports.options import SyncOptions
    from acudata.exports.places import Place
    from acudata.exports.reports import TableReport


class Syncing(BulkReading):
    """Brings stored tables of an entity up to what the server has."""

    def sync_tables(
        self, question: Question, place: Place, *, options: SyncOptions, decimals: Decimals = "exact"
    ) -> list[TableReport]:
        """Bring every table of a question up to date, each in a folder below `place`: `SalesOrder.Details`."""
        from acudata.exports.dataset import Dataset

        source = self._source(question, decimals=decimals, is_one_table=False)
        folders = {name: self._folder(name) for name in source.tables}
        return self._sync(
            source, {name: Dataset(place / folder) for name, folder in folders.items()}, options
        )

    def sync_table(
        self, question: Question, dataset: Dataset, options: SyncOptions, decimals: Decimals
    ) -> TableReport:
        """Bring the one table of a question up to date, as a frame would have it."""
        source = self._source(question, decimals=decimals, is_one_table=True)
        [table] = source.tables
        [report] = self._sync(source, {table: dataset}, options)
        return report

    def _folder(self, table: str) -> str:
        return table if table == self.name else f"{self.name}.{table.replace('/', '.')}"

    def _sync(
        self, source: EntitySource, datasets: Mapping[str, Dataset], options: SyncOptions
    ) -> list[TableReport]:
        from acudata.exports.syncing import sync

        usage, started = self._connection.session.usage, time.monotonic()
        calls = usage.calls
        tables = sync(source, datasets, options)
        seconds, requests = time.monotonic() - started, usage.calls - calls
        return [replace(table, seconds=seconds, requests=requests) for table in tables]

    def _source(self, question: Question, *, decimals: Decimals, is_one_table: bool) -> EntitySource:
        _check(question)
        session = self._connection.session
        asking = Asking(self._query_of, self._reading_of, session.clock.now)
        where = {**self._origin(), "instance": session.config.base_url}
        return EntitySource(
            self.entity,
            question,
            asking,
            where=where,
            decimals=decimals,
            is_one_table=is_one_table,
        )


def _check(question: Question) -> None:
    """Refuse what would leave out records, or make other columns of other records."""
    if question.top is not None:
        raise AcumaticaValidationError(
            "top= and incremental= do not go together: what is left out would look deleted.",
            suggestions=["narrow the filter instead"],
        )
    if question.attributes != "rows":
        raise AcumaticaValidationError(
            "attributes='columns' and incremental= do not go together: each new attribute would be a column.",
            suggestions=["expand='Attributes' gives their rows, to be pivoted in pandas"],
        )
