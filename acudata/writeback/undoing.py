"""Plans the way back of what was written: old values for changed cells, no more of what was created."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from acudata.writeback.changes import Change, PlannedLine, PlannedRecord
from acudata.writeback.outcomes import Outcome


def undone(record: PlannedRecord, outcome: Outcome) -> PlannedRecord | None:
    """Return what takes a record back, None where nothing was written or nothing brings it back."""
    if not _is_known(outcome) or record.action == "delete":
        return None
    if record.action == "create":
        return PlannedRecord(record.positions, "delete", outcome.key, outcome.id)
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
