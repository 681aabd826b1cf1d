"""Exports of several entities into one folder, each with its detail rows as tables of their own."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, Self, TypedDict

from acudata.errors import AcumaticaUnknownNameError, AcumaticaValidationError
from acudata.filters import Filter
from acudata.frames.dtypes import Decimals
from acudata.naming import nearest
from acudata.questions import Custom, Errors, Names, OnUnoptimised, Question
from acudata.schema.paths import Path, split_paths
from acudata.services.syncing import Syncing

if TYPE_CHECKING:
    from acudata.exports.options import SyncOptions
    from acudata.exports.places import Place
    from acudata.exports.reports import ExportReport, TableReport
    from acudata.exports.runs import Run

Children = bool | Mapping[str, Names]
OnError = Literal["collect", "stop"]


class ExportOptions(TypedDict, total=False):
    """Lists what an export can be asked beside the way of a sync; `AcumaticaClient.export` explains each."""

    children: Children
    filters: Mapping[str, Filter]
    select: Mapping[str, Names]
    custom: Custom
    strict: bool
    errors: Errors
    on_unoptimised: OnUnoptimised | None
    page_size: int | None
    progress: bool | None
    decimals: Decimals
    on_error: OnError


_OF_QUESTION = ("custom", "strict", "errors", "page_size", "progress")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lake:
    """Holds where and how entities are exported.

    `children` says which detail arrays become tables: all, none, or those named for an entity. `filters` and `select`
    are those of single entities; `question` holds what all of them are asked with. Without `on_unoptimised`, what the
    server cannot list is left out where it came along unasked, and an error where it was named.

    Raises AcumaticaValidationError for what makes no sense.
    """

    place: Place
    options: SyncOptions
    question: Question = field(default_factory=Question)
    children: Children = True
    filters: Mapping[str, Filter] = field(default_factory=dict)
    select: Mapping[str, Names] = field(default_factory=dict)
    decimals: Decimals = "exact"
    on_error: OnError = "collect"
    on_unoptimised: OnUnoptimised | None = None

    @classmethod
    def of(cls, place: Place, options: SyncOptions, chosen: ExportOptions) -> Self:
        """Return how entities are exported with the options that were chosen."""
        asked = {name: value for name, value in chosen.items() if name in _OF_QUESTION}
        others = {name: value for name, value in chosen.items() if name not in _OF_QUESTION}
        question = Question(**asked)  # type: ignore[arg-type] # the names are those of `ExportOptions`
        return cls(place=place, options=options, question=question, **others)  # type: ignore[arg-type]

    def __post_init__(self) -> None:
        if self.on_unoptimised is not None:
            Question(on_unoptimised=self.on_unoptimised)  # so that one that makes no sense is refused at once
        if self.on_error not in ("collect", "stop"):
            raise AcumaticaValidationError(
                f"on_error={self.on_error!r} is not known.", suggestions=["choose 'collect' or 'stop'"]
            )

    def fill(self, services: Sequence[Syncing]) -> ExportReport:
        """Export the entities one after another, and return a report for each table.

        Raises AcumaticaConcurrencyError while another export runs into the same folder.
        """
        from acudata.exports.reports import ExportReport
        from acudata.exports.runs import running

        self._check(services)
        with running(self.place, self._asked(services)) as run:
            return ExportReport(self._reports(services, run))

    def _reports(self, services: Sequence[Syncing], run: Run) -> Iterator[TableReport]:
        has_failed = False
        for service in services:
            is_left_out = has_failed and self.on_error == "stop"
            tables = [self._left_out(service)] if is_left_out else self._exported(service, run)
            has_failed = has_failed or not all(table.ok for table in tables)
            yield from tables

    def _exported(self, service: Syncing, run: Run) -> list[TableReport]:
        from acudata.exports.reports import TableReport

        if (stored := run.stored(service.name)) is not None:
            return stored
        started = time.monotonic()
        try:
            tables = service.sync_tables(
                self._question(service),
                self.place,
                options=self.options,
                decimals=self.decimals,
                named=self._named(service),
            )
        except Exception as error:  # noqa: BLE001 - an error of any kind is that entity's outcome
            seconds = time.monotonic() - started
            return [
                TableReport(
                    entity=service.name,
                    table=service.name,
                    path=str(self.place / service.name),
                    mode="failed",
                    seconds=seconds,
                    error=error,
                )
            ]
        run.note(service.name, tables)
        return tables

    def _left_out(self, service: Syncing) -> TableReport:
        from acudata.exports.reports import TableReport

        path = str(self.place / service.name)
        return TableReport(entity=service.name, table=service.name, path=path, mode="left out")

    def _question(self, service: Syncing) -> Question:
        return replace(
            self.question,
            filter=self.filters.get(service.name),
            select=self.select.get(service.name),
            expand=self._expand(service),
            on_unoptimised=self.on_unoptimised or "narrow",
        )

    def _named(self, service: Syncing) -> list[Path]:
        """Return what has to come, since it was named and not said what becomes of it where no list shows it."""
        if self.on_unoptimised is not None:
            return []
        children = self.children if isinstance(self.children, Mapping) else {}
        return split_paths(self.select.get(service.name)) + split_paths(children.get(service.name))

    def _expand(self, service: Syncing) -> Names | None:
        if isinstance(self.children, Mapping):
            return self.children.get(service.name)
        return list(service.entity.structure.details) if self.children else None

    def _asked(self, services: Sequence[Syncing]) -> dict[str, Any]:
        """Return what makes a run another one, as plain text."""
        of_all = ("options", "question", "children", "decimals", "on_unoptimised")
        told = {name: str(getattr(self, name)) for name in of_all}
        chosen = {"filters": self.filters, "select": self.select}
        texts = {
            name: {entity: str(value) for entity, value in given.items()} for name, given in chosen.items()
        }
        return {"entities": [service.name for service in services], **told, **texts}

    def _check(self, services: Sequence[Syncing]) -> None:
        names = [service.name for service in services]
        children = self.children if isinstance(self.children, Mapping) else {}
        for what, given in (("filters", self.filters), ("select", self.select), ("children", children)):
            for name in given:
                if name not in names:
                    raise AcumaticaUnknownNameError(
                        f"{what}= names {name!r}, which is not exported.", suggestions=nearest(name, names)
                    )
        for service in services:
            if service.entity.is_inquiry:
                raise AcumaticaValidationError(
                    f"{service.name} is an inquiry: it answers questions, and has no records to be exported.",
                    suggestions=[f"client[{service.name!r}].inquire(…).to_parquet(…)"],
                )


def entities_of(names: str | Iterable[str], known: Mapping[str, str]) -> list[str]:
    """Return the entities that are meant, each once; `known` maps entities and attributes to entities.

    Raises AcumaticaUnknownNameError, naming all that are not known, with the nearest names.
    """
    listed = [name.strip() for name in (names.split(",") if isinstance(names, str) else names)]
    unknown = [name for name in listed if name not in known]
    if unknown:
        near = dict.fromkeys(known[one] for name in unknown for one in nearest(name, known))
        raise AcumaticaUnknownNameError(
            f"There is no entity {' or '.join(map(repr, unknown))}.", suggestions=list(near)
        )
    if not listed:
        raise AcumaticaValidationError("No entity is named.", suggestions=["export(['Customer'], 'lake/')"])
    return list(dict.fromkeys(known[name] for name in listed))
