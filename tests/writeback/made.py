"""Plans and reports made by hand, without a server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from acudata.writeback.changes import Change, PlannedRecord
from acudata.writeback.outcomes import Outcome
from acudata.writeback.plan import Aim, WritePlan
from acudata.writeback.report import WriteReport

AIM = Aim(base_url="https://acme", tenant="U100", endpoint="Default/24.200.001", entity="Customer")


def plan_of(
    records: Sequence[PlannedRecord], *, index: Sequence[Any] | None = None, **more: Any
) -> WritePlan:
    labels = range(len(records)) if index is None else index
    return WritePlan(aim=AIM, records=tuple(records), index=tuple(labels), made_at="2024-05-01", **more)


def report_of(plan: WritePlan, *outcomes: Outcome) -> WriteReport:
    return WriteReport.of(plan, dict(enumerate(outcomes)), seconds=1.25)


def update(position: int, old: Any = "a", new: Any = "b", **more: Any) -> PlannedRecord:
    key = {"CustomerID": f"C{position}"}
    return PlannedRecord((position,), "update", key, f"id-{position}", {"Name": Change(old, new)}, **more)
