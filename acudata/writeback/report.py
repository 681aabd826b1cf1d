"""A report: what became of each row of the frame that was written, aligned with its index."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from acudata.errors import AcumaticaError, AcumaticaUnknownNameError, AcumaticaValidationError
from acudata.naming import nearest
from acudata.writeback.changes import PlannedRecord
from acudata.writeback.drawing import as_html, as_text
from acudata.writeback.line_statuses import line_counts
from acudata.writeback.look import look_at_report
from acudata.writeback.outcomes import UNWRITTEN, Outcome, Status
from acudata.writeback.plan import WritePlan, new_id
from acudata.writeback.undoing import undone

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
_NOT_DONE = _NOT_WELL | {"not tried"}
_TO_RETRY = frozenset({"failed", "conflict", "invalid", "not tried"})


@dataclass(frozen=True, kw_only=True, repr=False)
class WriteReport:
    """Holds one outcome for each record of a plan, in its order; `seconds` is the time that applying took.

    A notebook shows it as a table, `print(report)` as text, what failed first. `told_before` is how many of the
    outcomes the journal told, because an earlier `apply` of the plan had written these records: they were not sent
    again, whatever the ERP has by now. `applied_before` is when the last of them was sent, in ISO 8601 by the server's
    clock, None where the journal told none.

    >>> report.summary()
    {'created': 0, 'updated': 2, …}
    >>> frame.join(report.to_frame()[["status", "error"]])
    """

    plan: WritePlan
    outcomes: tuple[Outcome, ...]
    seconds: float
    told_before: int = 0
    applied_before: str | None = None

    def __repr__(self) -> str:
        before = f"; {self.told_before:,} of them told by the journal" if self.told_before else ""
        return f"<WriteReport {self.plan.aim.entity}: {look_at_report(self).summary}{before}>"

    def __str__(self) -> str:
        return as_text(look_at_report(self))

    def _repr_html_(self) -> str:
        return as_html(look_at_report(self))

    @classmethod
    def of(cls, plan: WritePlan, outcomes: dict[int, Outcome], *, seconds: float) -> WriteReport:
        """Return the report of a plan of which some records, by their number, have outcomes."""
        told = (outcomes.get(number) or _untold(record) for number, record in enumerate(plan.records))
        return cls(plan=plan, outcomes=tuple(told), seconds=seconds)

    @property
    def is_complete(self) -> bool:
        """Tell whether everything that the plan shows was written as it was sent."""
        return not any(outcome.status in _NOT_DONE for outcome in self.outcomes)

    def raise_for_failure(self) -> None:
        """Raise what a scheduled script or notebook is to stop at, unless everything was written as it was sent.

        The error's `context["report"]` is this report.
        """
        if self.is_complete:
            return
        counted = Counter(outcome.status for outcome in self.outcomes if outcome.status in _NOT_DONE)
        told = ", ".join(f"{number:,} {status}" for status, number in counted.most_common())
        first = next(
            (outcome.error for outcome in self.outcomes if outcome.status in _NOT_DONE and outcome.error),
            None,
        )
        raise AcumaticaError(
            f"{counted.total():,} of {len(self.outcomes):,} records are not written as they were sent: {told}."
            + (f" The first: {first}" if first else ""),
            context={"report": self},
        )

    def summary(self) -> dict[str, int]:
        """Return the number of records per status, and of lines written where there are any.

        >>> report.summary()
        {'created': 0, 'updated': 1, …, 'line_created': 2, 'line_updated': 1, 'line_deleted': 0}
        """
        counted = Counter(outcome.status for outcome in self.outcomes)
        return {**{status: counted[status] for status in STATUSES}, **line_counts(self)}

    def to_frame(self, part: str | None = None) -> pd.DataFrame:
        """Return a row per row of the frame, with its index: status, the keys that the ERP has, `id`, error, seconds.

        `part` names one of several frames, such as "Details"; without it, the rows are those of the records' frame, or
        of a frame of lines that was planned alone. Rows of lines have their own `status`, error, keys such as `LineNbr`
        and id (`Details.id`), and in `document` the status of the record that they belong to.

        >>> lines.join(report.to_frame("Details")[["status", "error"]])

        Columns of keys hold what the ERP assigned, so that numbers of new records can be joined back. Where labels of
        the frame's index occur twice, take columns by their position: `frame["Nbr"] = report.to_frame()["Nbr"].array`.
        `error` is the server's text per column, missing where all is well.

        Raises AcumaticaUnknownNameError for a part that was not planned.
        """
        from acudata.writeback.line_tables import line_table
        from acudata.writeback.tables import report_table

        member = self._member(part)
        return report_table(self) if member is None else line_table(self, member)

    def _member(self, part: str | None) -> str | None:
        """Return the detail array that a part is of, None for the records."""
        if part is None:
            return self.plan.row_member
        if part == self.plan.aim.entity:
            return None
        if part in self.plan.line_index:
            return part
        known = [self.plan.aim.entity, *self.plan.line_index]
        raise AcumaticaUnknownNameError(
            f"The plan has no frame {part!r}; it has {', '.join(known)}.",
            suggestions=nearest(part, known, limit=3),
        )

    def failed(self, part: str | None = None) -> pd.DataFrame:
        """Return the rows of `to_frame` that were not written as they were sent."""
        frame = self.to_frame(part)
        return frame[frame["status"].isin(sorted(_NOT_WELL))]

    def retry_frame(self, frame: pd.DataFrame, part: str | None = None) -> pd.DataFrame:
        """Return the rows of the user's frame that are not written yet, to be mended and planned anew.

        `part` names the frame as in `to_frame`. A record is tried again with all its lines; one of which some lines are
        written already is not, so that none is doubled: `plan.apply()` goes on with the others.

        Rows come by their position, so `frame` is the one that was planned, in its order. Discarded rows are not among
        them: the server took them and would again keep what it kept; neither are those of unknown fate, which
        `plan.apply()` looks up.

        Raises AcumaticaValidationError for a frame of another length.
        """
        member = self._member(part)
        index = self.plan.index if member is None else self.plan.line_index[member]
        if len(frame) != len(index):
            raise AcumaticaValidationError(
                f"The frame has {len(frame):,} rows, the one that was planned {len(index):,}.",
                suggestions=["give the frame that plan() was given"],
            )
        again = (
            record
            for record, outcome in zip(self.plan.records, self.outcomes, strict=True)
            if outcome.status in _TO_RETRY and not outcome.lines_written
        )
        return frame.iloc[sorted(at for record in again for at in record.rows_in(member))]

    def undo_plan(self) -> WritePlan:
        """Return the plan back to the values before: changed cells get their old values, created records go.

        What was deleted cannot come back, record or line: it stands in the plan as invalid. Lines that were added are
        deleted, if they were read back (`verify`). A document refused in the middle is taken back as far as it was
        written. Applying the plan shows conflicts where somebody changed a record since. Deletions need
        `apply(confirm_deletes=…)`, as always.
        """
        records = tuple(
            back
            for record, outcome in zip(self.plan.records, self.outcomes, strict=True)
            for back in undone(record, outcome)
        )
        return replace(self.plan, records=records, id=new_id())


def _untold(record: PlannedRecord) -> Outcome:
    status = UNWRITTEN.get(record.action, "not tried")
    errors = {problem.column: problem.text for problem in record.problems}
    conflicts = list(record.conflicts)
    for line in record.lines:
        errors |= {f"{line.name}.{problem.column}".rstrip("."): problem.text for problem in line.problems}
        conflicts += [f"{line.name}.{name}" for name in line.conflicts]
    if record.action == "conflict":
        errors = dict.fromkeys(conflicts, "somebody else changed it since the frame was read")
    return Outcome(status, record.key, record.id, errors)
