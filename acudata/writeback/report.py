"""A report: what became of each row of the frame that was written, aligned with its index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from acudata.writeback.changes import Change, PlannedRecord
from acudata.writeback.outcomes import Outcome, Status
from acudata.writeback.plan import WritePlan, new_id

if TYPE_CHECKING:
    import pandas as pd

STATUSES: tuple[Status, ...] = (
    "created",
    "updated",
    "deleted",
    "unchanged",
    "failed",
    "discarded",
    "conflict",
    "invalid",
    "unknown",
    "not tried",
)
_NOT_WELL = frozenset({"failed", "discarded", "conflict", "invalid", "unknown"})
_UNWRITTEN: dict[str, Status] = {"unchanged": "unchanged", "conflict": "conflict", "invalid": "invalid"}


@dataclass(frozen=True, kw_only=True)
class WriteReport:
    """Holds one outcome for each record of a plan, in its order; `seconds` is the time that applying took.

    >>> report.summary()
    {'created': 0, 'updated': 2, …}
    >>> frame.join(report.to_frame()[["status", "error"]])
    """

    plan: WritePlan
    outcomes: tuple[Outcome, ...]
    seconds: float

    @classmethod
    def of(cls, plan: WritePlan, outcomes: dict[int, Outcome], *, seconds: float) -> WriteReport:
        """Return the report of a plan of which some records, by their number, have outcomes."""
        told = (outcomes.get(number) or _untold(record) for number, record in enumerate(plan.records))
        return cls(plan=plan, outcomes=tuple(told), seconds=seconds)

    @property
    def is_complete(self) -> bool:
        """Tell whether everything that the plan shows was written as it was sent."""
        return not any(
            outcome.status in _NOT_WELL or outcome.status == "not tried" for outcome in self.outcomes
        )

    def summary(self) -> dict[str, int]:
        """Return the number of records per status."""
        counted = Counter(outcome.status for outcome in self.outcomes)
        return {status: counted[status] for status in STATUSES}

    def to_frame(self) -> pd.DataFrame:
        """Return a row per row of the frame, with its index: status, the keys that the ERP has, `id`, error, seconds.

        Columns of keys hold what the ERP assigned, so that numbers of new records can be joined back.
        """
        import pandas as pd

        keys = self.plan.key_columns
        columns = ["status", *keys, "id", "error", "seconds"]
        rows = sorted(self._rows(keys), key=lambda row: row[0])
        index = [self.plan.index[position] for position, *_ in rows]
        frame = pd.DataFrame(
            [row[1:] for row in rows], columns=columns, index=pd.Index(index, tupleize_cols=True)
        )
        return frame.astype({name: "string" for name in columns if name not in ("seconds", *keys)})

    def _rows(self, keys: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
        for record, outcome in zip(self.plan.records, self.outcomes, strict=True):
            told = (outcome.key.get(key, record.key.get(key)) for key in keys)
            row = (outcome.status, *told, outcome.id or record.id, outcome.error, outcome.seconds)
            yield from ((position, *row) for position in record.positions)

    def failed(self) -> pd.DataFrame:
        """Return the rows of `to_frame` that were not written as they were sent."""
        frame = self.to_frame()
        return frame[frame["status"].isin(sorted(_NOT_WELL))]

    def retry_frame(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of the user's frame that are not written yet, to be mended and planned anew.

        Discarded rows are not among them: the server took them and would again keep what it kept.
        """
        again = {"failed", "conflict", "invalid", "not tried"}
        positions = sorted(
            position
            for record, outcome in zip(self.plan.records, self.outcomes, strict=True)
            if outcome.status in again
            for position in record.positions
        )
        return frame.iloc[positions]

    def undo_plan(self) -> WritePlan:
        """Return the plan back to the values before: changed cells get their old values, created records go.

        A record that was deleted cannot come back by itself; neither can lines. Applying the plan shows conflicts where
        somebody changed a record since. Deletions need `apply(confirm_deletes=…)`, as always.
        """
        undone = tuple(
            back
            for record, outcome in zip(self.plan.records, self.outcomes, strict=True)
            if (back := _undone(record, outcome)) is not None
        )
        return replace(self.plan, records=undone, id=new_id())


def _untold(record: PlannedRecord) -> Outcome:
    status = _UNWRITTEN.get(record.action, "not tried")
    errors = {problem.column: problem.text for problem in record.problems}
    if record.action == "conflict":
        errors = dict.fromkeys(record.conflicts, "somebody else changed it since the frame was read")
    return Outcome(status, record.key, record.id, errors)


def _undone(record: PlannedRecord, outcome: Outcome) -> PlannedRecord | None:
    if not outcome.is_settled or record.action == "delete":
        return None
    if record.action == "create":
        return PlannedRecord(record.positions, "delete", outcome.key, outcome.id)
    back = {
        name: Change(outcome.altered.get(name, change.new), change.old)
        for name, change in record.changes.items()
        if name not in outcome.discarded
    }
    return replace(record, changes=back, conflicts={}, id=outcome.id) if back else None
