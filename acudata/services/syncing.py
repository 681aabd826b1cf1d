"""Incremental exports of an entity: its tables brought up to what the server has."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from acudata.errors import AcumaticaOptimizationError, AcumaticaValidationError
from acudata.exports.reports import folder_of
from acudata.frames.dtypes import Decimals
from acudata.questions import Question
from acudata.schema.paths import Path
from acudata.services.bulk import BulkReading
from acudata.services.sources import Asking, EntitySource, told, with_names
from acudata.unoptimised import Listing

if TYPE_CHECKING:
    from acudata.exports.dataset import Dataset
    from acudata.exports.manifest import Manifest
    from acudata.exports.options import SyncOptions
    from acudata.exports.places import Place
    from acudata.exports.reports import TableReport

_log = logging.getLogger(__name__)


class Syncing(BulkReading):
    """Brings stored tables of an entity up to what the server has."""

    def sync_tables(
        self,
        question: Question,
        place: Place,
        *,
        options: SyncOptions,
        decimals: Decimals = "exact",
        named: Collection[Path] = (),
    ) -> list[TableReport]:
        """Bring every table of a question up to date, each in a folder below `place`: `SalesOrder.Details`.

        Raises AcumaticaOptimizationError when the server cannot list one of the fields and members that are `named`.
        """
        from acudata.exports.dataset import Dataset

        def dataset(table: str) -> Dataset:
            return Dataset(place / folder_of(self.name, table))

        question = self._checked(question)

        def source(listing: Listing) -> EntitySource:
            self._refuse_without(named, listing)
            return self._source(question, listing, decimals=decimals, is_one_table=False)

        tables = self._sync(question, source, dataset, options)
        self._tell_of_others(place, {table.name for table in tables})
        return tables

    def sync_table(
        self, question: Question, dataset: Dataset, options: SyncOptions, decimals: Decimals
    ) -> TableReport:
        """Bring the one table of a question up to date, as a frame would have it."""
        question = self._checked(question)

        def source(listing: Listing) -> EntitySource:
            return self._source(question, listing, decimals=decimals, is_one_table=True)

        [report] = self._sync(question, source, lambda _: dataset, options)
        return report

    def _tell_of_others(self, place: Place, stored: Collection[str]) -> None:
        """Say which tables of an earlier export nothing brings up to date any more."""
        folders = [name for name, is_file in place.names().items() if not is_file]
        others = [name for name in folders if name.startswith(f"{self.name}.") and name not in stored]
        if others:
            _log.warning("%s: %s stay as they were: this export is without them", place, ", ".join(others))

    def _sync(
        self,
        question: Question,
        source: Callable[[Listing], EntitySource],
        dataset: Callable[[str], Dataset],
        options: SyncOptions,
    ) -> list[TableReport]:
        """Sync as the list was read the last time; where the server refuses that, see again how it can be read."""
        usage, started = self._connection.session.usage, time.monotonic()
        calls = usage.calls
        known = None if options.anew else _known(dataset(self.name).manifest, question)
        try:
            tables = _synced(source(known or self._listing(question)), dataset, options)
        except AcumaticaOptimizationError as error:
            if known is None:
                raise
            _log.info("%s is not listed as it was the last time: %s", self.name, error.message)
            tables = _synced(source(self._listing(question)), dataset, options)
        seconds, requests = time.monotonic() - started, usage.calls - calls
        return [replace(table, seconds=seconds, requests=requests) for table in tables]

    def _source(
        self, question: Question, listing: Listing, *, decimals: Decimals, is_one_table: bool
    ) -> EntitySource:
        session = self._connection.session
        asking = Asking(self._query_of, listing, self._reading_of, session.clock.now)
        where = {**self._origin(), "instance": session.config.base_url}
        return EntitySource(
            self.entity,
            question,
            asking,
            where=where,
            decimals=decimals,
            is_one_table=is_one_table,
        )

    def _refuse_without(self, named: Collection[Path], listing: Listing) -> None:
        lost = [path for path in listing.left_out if any(other[: len(path)] == path for other in named)]
        if lost:
            what = ", ".join("/".join(path) for path in lost)
            raise AcumaticaOptimizationError(
                f"{self.name} cannot be listed with {what}, which was named.",
                fields=[path[-1] for path in lost],
                suggestions=[
                    "on_unoptimised='by_key' reads every record by itself: a request for each",
                    f"on_unoptimised='narrow' exports the rest without {what}",
                ],
            )

    def _checked(self, question: Question) -> Question:
        """Return the question with what a sync needs; refuse what would leave out records, or make other columns."""
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
        return with_names(question, self.entity)


def _known(manifest: Manifest | None, question: Question) -> Listing | None:
    """Return how the server listed the same question for the last run; None if it has to be seen, or is not needed."""
    if manifest is None or question.on_unoptimised == "raise":
        return None
    facts = manifest.state.get("question") or {}
    if any(facts.get(name) != value for name, value in told(question).items()):
        return None
    left_out = tuple(tuple(path.split("/")) for path in facts.get("left_out", ()))
    listing = Listing(left_out, by_key=manifest.state.get("by_key", False))
    return listing if listing.serves(question.on_unoptimised) else None


def _synced(
    source: EntitySource, dataset: Callable[[str], Dataset], options: SyncOptions
) -> list[TableReport]:
    from acudata.exports.syncing import sync

    first, *others = sync(source, {name: dataset(name) for name in source.tables}, options)
    return [replace(first, left_out=source.left_out), *others]
