"""What became of each line, beside its document, aligned with the frame of lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from acudata.writeback.changes import PlannedLine, PlannedRecord
from acudata.writeback.line_statuses import is_about, line_status
from acudata.writeback.outcomes import Outcome
from acudata.writeback.tables import index_of, table_of

if TYPE_CHECKING:
    import pandas as pd

    from acudata.writeback.report import WriteReport


def line_table(report: WriteReport, member: str) -> pd.DataFrame:
    """Return a row for each row of a frame of lines, with its index; `WriteReport.to_frame` explains the columns."""
    plan = report.plan
    keys = plan.key_columns
    own = tuple(
        dict.fromkeys(name for record in plan.records for line in _of(record, member) for name in line.key)
    )
    rows = dict(sorted(_rows(report, member, keys, own)))
    ids = f"{member.rpartition('.')[2]}.id"
    names = [f"{member}.{name}" if name in keys else name for name in own]
    columns = ["status", *keys, "id", *names, ids, "error", "document"]
    frame = table_of(rows.values(), columns, texts=("status", "id", ids, "error", "document"), keys=keys)
    labels = [plan.line_index[member][position] for position in rows]
    return frame.set_axis(index_of(labels, plan.line_index_names.get(member, ())), axis="index")


def _rows(
    report: WriteReport, member: str, keys: Sequence[str], own: Sequence[str]
) -> Iterator[tuple[int, tuple[Any, ...]]]:
    for record, outcome in zip(report.plan.records, report.outcomes, strict=True):
        document = [*(outcome.key.get(key, record.key.get(key)) for key in keys), outcome.id or record.id]
        sent = {line.name for line in record.written_lines[: outcome.lines_written]}
        whole = _of_no_line(record, outcome)
        for line in _of(record, member):
            if line.position is None:
                continue
            status = line_status(line, outcome, is_sent=line.name in sent)
            told = [outcome.lines.get(f"{line.name}.{name}", line.key.get(name)) for name in own]
            id_ = outcome.lines.get(f"{line.name}.id", line.id)
            row = (status, *document, *told, id_, _error(line, outcome, whole), outcome.status)
            yield line.position, row


def _of(record: PlannedRecord, member: str) -> Iterator[PlannedLine]:
    return (line for line in record.lines if line.member == member)


def _of_no_line(record: PlannedRecord, outcome: Outcome) -> dict[str, str]:
    """Return the errors of a document of which nobody can tell which line they are of, or that are of none."""
    names = {line.name for line in record.lines} if outcome.errors else set()
    return {name: text for name, text in outcome.errors.items() if f"{name.partition(']')[0]}]" not in names}


def _error(line: PlannedLine, outcome: Outcome, whole: Mapping[str, str]) -> str | None:
    """Return what went wrong with a line, and with its document as a whole, in one line."""
    whole = whole if line.is_written else {}
    own = {_field(line, name): text for name, text in outcome.errors.items() if is_about(line, name)}
    kept = {_field(line, name): value for name, value in outcome.discarded.items() if is_about(line, name)}
    return Outcome(outcome.status, errors={**whole, **own}, discarded=kept).error


def _field(line: PlannedLine, name: str) -> str:
    """Return the field of a line that a name such as `Details[3].OrderQty` means, the whole name without one."""
    return name.removeprefix(f"{line.name}.")
