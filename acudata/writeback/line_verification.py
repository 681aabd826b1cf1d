"""Compares the lines of documents, as they were read back, with what was sent; new ones get their ids."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from acudata.writeback.arrivals import Known, identified, not_new, without
from acudata.writeback.changes import PlannedLine, PlannedRecord
from acudata.writeback.line_columns import LINE_ID
from acudata.writeback.line_fates import Rows, located
from acudata.writeback.newcomers import Row
from acudata.writeback.outcomes import Outcome
from acudata.writeback.verification import compared


def lines_verified(outcome: Outcome, record: PlannedRecord, rows: Rows, known: Known) -> Outcome:
    """Return the outcome of a document, with what became of its written lines; `known` are those that it had before."""
    discarded, altered = dict(outcome.discarded), dict(outcome.altered)
    errors, given = dict(outcome.errors), dict(outcome.lines)
    for line, row in _paired(record, rows, known):
        if line.action == "delete":
            discarded |= {} if row is None else {line.name: "the line"}
        elif row is None:
            errors[line.name] = "the ERP answered well, but the line cannot be found among those read back"
        else:
            kept, other = compared(line.changes, row.get)
            discarded |= {f"{line.name}.{name}": value for name, value in kept.items()}
            altered |= {f"{line.name}.{name}": value for name, value in other.items()}
            if line.action == "create":
                given |= {f"{line.name}.{name}": row[name] for name in line.key}
                given[f"{line.name}.id"] = row[LINE_ID]
    status = "discarded" if discarded and outcome.is_settled else outcome.status
    return replace(outcome, status=status, discarded=discarded, altered=altered, errors=errors, lines=given)


def _paired(record: PlannedRecord, rows: Rows, known: Known) -> Iterator[tuple[PlannedLine, Row | None]]:
    """Yield each line that was sent with the one that it is."""
    for member in dict.fromkeys(line.member for line in record.written_lines):
        listed, marks = rows.get(member, ()), known.get(member, ())
        lines = [line for line in record.written_lines if line.member == member]
        old = [line for line in lines if line.action != "create"]
        new = [line for line in lines if line.action == "create"]
        gone = (line for line in old if line.action == "delete")
        found = identified(new, listed, without(marks, gone)) if new else []
        taken = {row[LINE_ID] for _, row in found if row is not None}
        left = [row for row in not_new(lines, listed, marks) if row[LINE_ID] not in taken]
        yield from zip(old, located(old, {member: left}), strict=True)
        yield from found
