"""Says how the lines of documents stand in the ERP: where they are, as planned, or changed by others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from acudata.writeback.changes import PlannedLine, PlannedRecord
from acudata.writeback.line_columns import LINE_ID
from acudata.writeback.line_identity import folded_id
from acudata.writeback.matching import folded_key
from acudata.writeback.newcomers import Row
from acudata.writeback.target import Target
from acudata.writeback.verification import same

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


def _each(rows: Rows) -> Iterator[tuple[str, Row]]:
    return ((member, row) for member, listed in rows.items() for row in listed)
