"""What became of each line: it shares the fate of its document, as far as that was written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from acudata.writeback.changes import PlannedLine
from acudata.writeback.outcomes import UNWRITTEN, WRITTEN, Outcome, Status

if TYPE_CHECKING:
    from acudata.writeback.report import WriteReport


def line_counts(report: WriteReport) -> dict[str, int]:
    """Return the number of lines that were written, by status, where the plan has frames of lines."""
    if not report.plan.line_index:
        return {}
    counted = Counter(_statuses(report))
    return {f"line_{status}": counted[status] for status in WRITTEN.values()}


def _statuses(report: WriteReport) -> Iterator[Status]:
    for record, outcome in zip(report.plan.records, report.outcomes, strict=True):
        written = record.written_lines if record.is_written else ()
        for number, line in enumerate(written):
            yield line_status(line, outcome, is_sent=number < outcome.lines_written)


def line_status(line: PlannedLine, outcome: Outcome, *, is_sent: bool) -> Status:
    """Return what became of a line; `is_sent` tells that it was written before its document was refused."""
    if line.action in UNWRITTEN:
        return UNWRITTEN[line.action]
    if any(is_about(line, name) for name in outcome.discarded):
        return "discarded"
    return WRITTEN[line.action] if outcome.is_settled or is_sent else outcome.status


def is_about(line: PlannedLine, name: str) -> bool:
    """Tell whether a name such as `Details[3].OrderQty` is of a line or one of its fields."""
    return name == line.name or name.startswith(f"{line.name}.")
