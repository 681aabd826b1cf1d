"""Says how the lines of documents stand in the ERP: as planned, changed by others, arrived or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import Any

from acudata.writeback.changes import PlannedLine, PlannedRecord
from acudata.writeback.line_columns import LINE_ID
from acudata.writeback.line_identity import folded_id
from acudata.writeback.matching import folded_key
from acudata.writeback.newcomers import Row
from acudata.writeback.outcomes import Outcome
from acudata.writeback.target import Target
from acudata.writeback.verification import compared, same

Rows = Mapping[str, Sequence[Row]]
"""The lines that a document has, by detail array, in their order."""


def read_lines(target: Target, records: Sequence[PlannedRecord]) -> list[Rows]:
    """Return the lines that documents have now in the arrays of their planned lines."""
    found: list[dict[str, list[Row]]] = [{} for _ in records]
    by_id = {folded_id(record.id): rows for record, rows in zip(records, found, strict=True) if record.id}
    for member in dict.fromkeys(line.member for record in records for line in record.lines):
        lines = [line for record in records for line in record.lines if line.member == member]
        columns = dict.fromkeys(name for line in lines for name in (*line.key, *line.changes))
        addresses = [record.address for record in records if record.id]
        for row in target.lines(member, list(columns), addresses).to_pylist():
            by_id[folded_id(row["id"])].setdefault(member, []).append(row)
    return list(found)


def located(lines: Iterable[PlannedLine], rows: Rows) -> list[Row | None]:
    """Return where each line stands, None for one that is new or gone.

    Ids of another session mean nothing: where none of a document's is known, the lines' keys tell them apart.
    """
    lines = list(lines)
    by_id = {(member, folded_id(row[LINE_ID])): row for member, row in _each(rows)}
    known = {line.member for line in lines if (line.member, folded_id(line.id)) in by_id}
    return [_located(line, rows, by_id if line.member in known else {}) for line in lines]


def _located(line: PlannedLine, rows: Rows, by_id: Mapping[Any, Row]) -> Row | None:
    if line.id is None:
        return None
    if by_id:
        return by_id.get((line.member, folded_id(line.id)))
    wanted = folded_key(line.key.values())
    like = [row for row in rows.get(line.member, ()) if folded_key(row[name] for name in line.key) == wanted]
    return like[0] if len(like) == 1 and wanted is not None else None


def is_done(line: PlannedLine, row: Row | None) -> bool:
    """Tell whether a line that was there before stands as it is to be."""
    if line.action == "delete" or row is None:
        return line.action == "delete" and row is None
    return all(same(change.new, row.get(name)) for name, change in line.changes.items())


def moved(line: PlannedLine, row: Row | None) -> Iterator[tuple[str, str]]:
    """Yield what somebody else did to a line since the plan was made."""
    if line.id is None or line.action == "delete":
        return
    if row is None:
        yield line.name, "the line is not there any more"
        return
    for name, change in line.changes.items():
        now = row.get(name)
        if not same(change.old, now) and not same(change.new, now):
            yield f"{line.name}.{name}", f"somebody else made it {now!r} since the plan was made"


def arrived(lines: Sequence[PlannedLine], rows: Rows, before: Mapping[str, int]) -> bool | None:
    """Tell whether lines that were sent in one request are there, None where nobody can tell.

    `before` is how many lines each array had. A request is stored as a whole or not at all, and what it adds stands
    behind what was there; the ERP may have changed some of what was sent.
    """
    there = list(zip(lines, located(lines, rows), strict=True))
    verdicts = {_added(member, there, rows, before) for member in {line.member for line in lines}} - {""}
    if not verdicts:
        return all(is_done(line, row) for line, row in there)
    return {"all": True, "none": False}.get(verdicts.pop()) if len(verdicts) == 1 else None


def _added(
    member: str,
    there: Sequence[tuple[PlannedLine, Row | None]],
    rows: Rows,
    before: Mapping[str, int],
) -> str:
    """Return whether all, some or none of the new lines of an array are there, empty where there are no new ones."""
    mine = [(line, row) for line, row in there if line.member == member]
    new = [line for line, _ in mine if line.action == "create"]
    if not new:
        return ""
    gone = sum(line.action == "delete" and row is None for line, row in mine)
    added = rows.get(member, ())[max(before.get(member, 0) - gone, 0) :]
    if len(added) >= len(new) and all(map(resembles, new, added)):
        return "all"
    return "some" if any(resembles(line, row) for line in new for row in added) else "none"


def resembles(line: PlannedLine, row: Row) -> bool:
    """Tell whether a line in the ERP can be the one that was sent: half of its cells at least are."""
    alike = sum(same(change.new, row.get(name)) for name, change in line.changes.items())
    return 2 * alike >= len(line.changes)


def lines_verified(outcome: Outcome, record: PlannedRecord, rows: Rows) -> Outcome:
    """Return the outcome of a document, compared with its lines as they were read back; new ones get their ids."""
    discarded, altered = dict(outcome.discarded), dict(outcome.altered)
    errors, given = dict(outcome.errors), dict(outcome.lines)
    for line, row in _paired(record, rows):
        if line.action == "delete":
            discarded |= {} if row is None else {line.name: "the line"}
        elif row is None:
            errors[line.name] = "the ERP answered well, but the line cannot be read back"
        else:
            kept, other = compared(line.changes, row.get)
            discarded |= {f"{line.name}.{name}": value for name, value in kept.items()}
            altered |= {f"{line.name}.{name}": value for name, value in other.items()}
            if line.action == "create":
                given |= {f"{line.name}.{name}": row[name] for name in line.key}
                given[f"{line.name}.id"] = row[LINE_ID]
    status = "discarded" if discarded else outcome.status
    return replace(outcome, status=status, discarded=discarded, altered=altered, errors=errors, lines=given)


def _paired(record: PlannedRecord, rows: Rows) -> Iterator[tuple[PlannedLine, Row | None]]:
    """Yield each line that was sent with the one that it is; new ones stand last, in the order of sending."""
    lines = record.written_lines
    yield from (pair for pair in zip(lines, located(lines, rows), strict=True) if pair[0].id is not None)
    for member in dict.fromkeys(line.member for line in lines):
        new = [line for line in lines if line.member == member and line.id is None]
        last = rows.get(member, ())[-len(new) :] if new else ()
        for line, row in zip_longest(new, last):
            yield line, row if row is not None and resembles(line, row) else None


def _each(rows: Rows) -> Iterator[tuple[str, Row]]:
    return ((member, row) for member, listed in rows.items() for row in listed)
