"""A plan: what writing a frame would change, as data that can be looked at, saved, and applied later."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acudata.writeback.changes import Action, Change, PlannedRecord

if TYPE_CHECKING:
    import pandas as pd

    from acudata.writeback.applying import OnError
    from acudata.writeback.report import WriteReport
    from acudata.writeback.target import Target, Writable

ACTIONS: tuple[Action, ...] = ("create", "update", "delete", "unchanged", "conflict", "invalid")


def new_id() -> str:
    """Return an id that no other plan has."""
    return str(uuid.uuid4())


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """Says where a plan is to be carried out: instance, tenant, endpoint and entity; no secret."""

    base_url: str
    tenant: str | None
    endpoint: str
    entity: str


@dataclass(frozen=True, kw_only=True)
class WritePlan:
    """Holds what writing a frame would do, record by record and cell by cell; making it has written nothing.

    `index` are the labels of the frame's rows, which `PlannedRecord.positions` count from 0. `made_at` is when the
    current records were read, in ISO 8601 and UTC. The plan's `id` is the name of the journal that `apply` keeps;
    `target` is the service that made it, which a plan from a file does not have.
    """

    aim: Aim
    records: tuple[PlannedRecord, ...]
    index: tuple[Any, ...]
    made_at: str
    id: str = field(default_factory=new_id)
    target: Target | None = field(default=None, repr=False, compare=False)

    def summary(self) -> dict[str, int]:
        """Return the number of records per action, and of cells that would change.

        >>> plan.summary()
        {'create': 0, 'update': 2, 'delete': 0, 'unchanged': 998, 'conflict': 0, 'invalid': 1, 'cells': 3}
        """
        counted = Counter(record.action for record in self.records)
        cells = sum(1 for record in self.records if record.is_written for _ in _cells(record))
        return {**{action: counted[action] for action in ACTIONS}, "cells": cells}

    @property
    def is_empty(self) -> bool:
        """Tell whether applying the plan would write nothing."""
        return not any(record.is_written for record in self.records)

    @property
    def key_columns(self) -> tuple[str, ...]:
        """Return the columns that address the records."""
        return tuple(dict.fromkeys(name for record in self.records for name in record.key))

    def to_frame(self) -> pd.DataFrame:
        """Return a row for each cell that would change, and for each problem and conflict.

        Columns are the frame's `row` label, `action`, the keys, `line` (the detail array of a line, else missing),
        `field`, `old`, `new` and `problem`.
        """
        import pandas as pd

        keys = self.key_columns
        columns = ["row", "action", *keys, "line", "field", "old", "new", "problem"]
        return pd.DataFrame(list(self._rows(keys)), columns=columns, dtype=object)

    def _rows(self, keys: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        for record in self.records:
            head = (self._label(record.positions), record.action, *(record.key.get(key) for key in keys))
            for line, name, change, problem in _told(record):
                old, new = (change.old, change.new) if change else (None, None)
                yield (*head, line, name, old, new, problem)

    def _label(self, positions: Sequence[int]) -> Any:
        return self.index[positions[0]] if positions else None

    def apply(
        self,
        service: Writable | None = None,
        *,
        max_rows: int = 1000,
        on_error: OnError = "collect",
        concurrency: int = 1,
        verify: bool = True,
        confirm_deletes: int | None = None,
        check_tenant: bool = True,
        progress: bool | None = None,
    ) -> WriteReport:
        """Write what the plan shows, record by record, and return what became of each.

        >>> report = plan.apply()
        >>> report.summary()["failed"]
        0

        A plan from a file needs the `service` to write with, such as `client.customers`. More than `max_rows` records
        are refused, deletions unless `confirm_deletes` is their number, and everything when the session is in another
        tenant than configured (`check_tenant`). `on_error="stop"` ends with the first record that the server refuses.
        `concurrency` records are written at a time; a licence serves few at once. `verify` reads each record back and
        compares it with what was sent. `progress` shows a bar, None only to somebody who watches.

        A journal on disk makes it safe to call this again, in another process too: after a crash, a lost connection or
        Ctrl-C it goes on where it stopped, and a record that may have arrived is looked up before it is sent again.

        Raises AcumaticaValidationError, before anything is written, when the plan is for another place or does more
        than allowed, AcumaticaConcurrencyError when it is being applied elsewhere, and the session's errors (no
        connection, no seat).
        """
        from acudata.writeback.applying import apply_plan

        return apply_plan(
            self,
            service.as_target() if service is not None else self.target,
            max_rows=max_rows,
            on_error=on_error,
            concurrency=concurrency,
            verify=verify,
            confirm_deletes=confirm_deletes,
            check_tenant=check_tenant,
            progress=progress,
        )

    def save(self, path: str | Path) -> Path:
        """Write the plan to a JSON file, with no secret in it, so that somebody else can look at it and apply it."""
        from acudata.writeback.plan_file import save_plan

        return save_plan(self, Path(path).expanduser())

    @classmethod
    def load(cls, path: str | Path) -> WritePlan:
        """Return the plan that a file holds.

        Raises AcumaticaValidationError when that is no plan, or was changed since it was saved.
        """
        from acudata.writeback.plan_file import load_plan

        return load_plan(Path(path).expanduser())


def _cells(record: PlannedRecord) -> Iterator[tuple[str | None, str, Change]]:
    """Yield the changed cells of a record and of its lines."""
    yield from ((None, name, change) for name, change in record.changes.items())
    for line in record.lines:
        yield from ((line.member, name, change) for name, change in line.changes.items())


def _told(record: PlannedRecord) -> Iterator[tuple[str | None, str | None, Change | None, str | None]]:
    """Yield line, field, change and problem of everything that there is to tell of a record."""
    texts: dict[str, list[str]] = {}
    for problem in record.problems:
        texts.setdefault(problem.column, []).append(problem.text)
    changed = list(_cells(record)) if record.action != "unchanged" else []
    for line, name, change in changed:
        yield line, name, change, "; ".join(texts.get(name, [])) or None
    for name in texts.keys() - {name for _, name, _ in changed}:
        yield None, name or None, None, "; ".join(texts[name])
    for name, change in record.conflicts.items():
        yield None, name, change, "somebody else changed it since the frame was read"
