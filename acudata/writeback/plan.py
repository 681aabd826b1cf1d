"""A plan: what writing a frame would change, as data that can be looked at, saved, and applied later."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acudata.writeback.changes import Action, PlannedRecord
from acudata.writeback.drawing import as_html, as_text
from acudata.writeback.look import look_at_plan

if TYPE_CHECKING:
    import pandas as pd

    from acudata.writeback.applying import OnError
    from acudata.writeback.report import WriteReport
    from acudata.writeback.target import Target, Writable

ACTIONS: tuple[Action, ...] = ("create", "update", "delete", "unchanged", "conflict", "invalid")
LINE_ACTIONS: tuple[Action, ...] = ("create", "update", "delete")


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


@dataclass(frozen=True, kw_only=True, repr=False)
class WritePlan:
    """Holds what writing a frame would do, record by record and cell by cell; making it has written nothing.

    A notebook shows it as a coloured table, `print(plan)` as text. `index` are the labels of the frame's rows, which
    `PlannedRecord.positions` count from 0, and `index_names` the names of its levels; `line_index` and
    `line_index_names` are those of the lines' frames, by detail array, which `PlannedLine.position` counts.
    `row_member` is the array that the rows are lines of, None for rows that are records. `made_at` is when the current
    records were read, in ISO 8601 and UTC. The plan's `id` is the name of the journal that `apply` keeps; `target` is
    the service that made it, which a plan from a file does not have.

    >>> print(plan)
    Plan for Customer at https://acme.acumatica.com, tenant U100: 1 update, 9 unchanged
    ~ update    row 0  CustomerID='AACUSTOMER'
        CreditLimit: 1000 -> 1500
    """

    aim: Aim
    records: tuple[PlannedRecord, ...]
    index: tuple[Any, ...]
    made_at: str
    line_index: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    id: str = field(default_factory=new_id)
    index_names: tuple[Any, ...] = ()
    line_index_names: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    row_member: str | None = None
    target: Target | None = field(default=None, compare=False)

    def __repr__(self) -> str:
        return f"<WritePlan {self.aim.entity}: {look_at_plan(self).summary}>"

    def __str__(self) -> str:
        return as_text(look_at_plan(self))

    def _repr_html_(self) -> str:
        return as_html(look_at_plan(self))

    def summary(self) -> dict[str, int]:
        """Return the number of records per action, of lines likewise where there are any, and of cells that change.

        >>> plan.summary()
        {'create': 0, 'update': 2, 'delete': 0, 'unchanged': 998, 'conflict': 0, 'invalid': 1, 'cells': 3}
        """
        counted = Counter(record.action for record in self.records)
        cells = sum(_cells(record) for record in self.records if record.is_written)
        return {**{action: counted[action] for action in ACTIONS}, **self._line_counts(), "cells": cells}

    def _line_counts(self) -> dict[str, int]:
        """Return the number of lines per action, in the records that would be written, where there are lines."""
        written = Counter(line.action for r in self.records if r.is_written for line in r.written_lines)
        return {f"line_{action}": written[action] for action in LINE_ACTIONS} if self.line_index else {}

    @property
    def is_empty(self) -> bool:
        """Tell whether applying the plan would write nothing."""
        return not any(record.is_written for record in self.records)

    @property
    def key_columns(self) -> tuple[str, ...]:
        """Return the columns that address the records."""
        return tuple(dict.fromkeys(name for record in self.records for name in record.key))

    def to_frame(self) -> pd.DataFrame:
        """Return a row for each cell that would change, and for each problem and conflict, in the frame's order.

        Columns are the frame's `row` label, `action`, the keys, `line` (such as `Details[3]`, else missing; the action
        is then the line's), `field`, `old`, `new` and `problem`. What is deleted has one row without a field.
        """
        from acudata.writeback.tables import plan_table

        return plan_table(self)

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


def _cells(record: PlannedRecord) -> int:
    """Return the number of cells that change in a record and its lines."""
    return len(record.changes) + sum(len(line.changes) for line in record.written_lines)
