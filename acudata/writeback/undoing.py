"""Plans the way back of what was written: old values for changed cells, no more of what was created."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from acudata.writeback.changes import Change, PlannedLine, PlannedRecord, Problem
from acudata.writeback.outcomes import Outcome

_DELETED = Problem("", "it was deleted, and nothing brings it back; create it anew")
_UNREAD = Problem("", "it was added and not read back, so that nothing tells its id; delete it in the ERP")
_DOUBTFUL = Problem("", "nobody knows whether it was written; apply() of the plan looks it up")


def undone(record: PlannedRecord, outcome: Outcome) -> Iterator[PlannedRecord]:
    """Yield what takes a record back, and an invalid record for what cannot be brought back of it."""
    if outcome.status == "unknown":
        yield _lost(record, outcome, (_DOUBTFUL,))
    elif not _is_known(outcome):
        return
    elif record.action == "delete":
        yield _lost(record, outcome, (_DELETED,))
    elif record.action == "create":
        yield PlannedRecord(record.positions, "delete", outcome.key, outcome.id)
    else:
        back = _changed(record, outcome)
        lost = tuple(_lost_lines(record, outcome))
        if back is not None:
            yield back
        if lost:  # a row of a report belongs to one record only
            stray = replace(record, positions=()) if back is not None else record
            yield replace(_lost(stray, outcome, ()), lines=lost)


def _lost(record: PlannedRecord, outcome: Outcome, problems: tuple[Problem, ...]) -> PlannedRecord:
    key = outcome.key or record.key
    return PlannedRecord(record.positions, "invalid", key, outcome.id or record.id, problems=problems)


def _lost_lines(record: PlannedRecord, outcome: Outcome) -> Iterator[PlannedLine]:
    """Yield, as invalid, the lines that were written and cannot be taken back."""
    for line in record.written_lines[: outcome.lines_written or None]:
        if line.action == "delete":
            yield replace(line, action="invalid", changes={}, conflicts={}, problems=(_DELETED,))
        elif line.action == "create" and not outcome.lines.get(f"{line.name}.id"):
            yield replace(line, action="invalid", changes={}, conflicts={}, problems=(_UNREAD,))


def _changed(record: PlannedRecord, outcome: Outcome) -> PlannedRecord | None:
    """Return what gives a record and its lines their old values, None where none is to change."""
    changes = _back(record.changes, "", outcome)
    written = record.written_lines[: outcome.lines_written or None]
    lines = tuple(back for line in written if (back := _line(line, outcome)) is not None)
    if not changes and not lines:
        return None
    return replace(record, changes=changes, lines=lines, conflicts={}, id=outcome.id)


def _is_known(outcome: Outcome) -> bool:
    """Tell whether it is known what was written, as a whole or of a document that was refused in the middle."""
    return outcome.is_settled or (outcome.lines_written > 0 and outcome.status in ("failed", "conflict"))


def _line(line: PlannedLine, outcome: Outcome) -> PlannedLine | None:
    """Return what takes a line back; one that was deleted cannot come back, one without a known id cannot be found."""
    if line.action == "delete":
        return None
    if line.action == "update":
        changes = _back(line.changes, f"{line.name}.", outcome)
        return replace(line, changes=changes, conflicts={}) if changes else None
    id_ = outcome.lines.get(f"{line.name}.id")
    key = {name: outcome.lines.get(f"{line.name}.{name}") for name in line.key}
    return replace(line, action="delete", id=id_, key=key, changes={}) if id_ else None


def _back(changes: Mapping[str, Change], prefix: str, outcome: Outcome) -> dict[str, Change]:
    return {
        name: Change(outcome.altered.get(prefix + name, change.new), change.old)
        for name, change in changes.items()
        if prefix + name not in outcome.discarded
    }
