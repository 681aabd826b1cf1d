"""Plans the lines of documents: which of them are changed, added or deleted, and what that makes of their documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from acudata.writeback.cells import read_cells
from acudata.writeback.changes import Action, Change, PlannedLine, PlannedRecord, Problem
from acudata.writeback.line_columns import DELETE, LINE_ID, LineFrame
from acudata.writeback.line_identity import LineIdentities
from acudata.writeback.planning import Comparison, Intent

if TYPE_CHECKING:
    import pyarrow as pa

NO_DOCUMENT = "it says of no document that it is a line of it; fill in the key"


def planned_lines(
    frame: LineFrame, current: pa.Table, *, parents: Sequence[str | None], intent: Intent
) -> Iterator[PlannedLine]:
    """Yield what becomes of each row of a frame of lines; `parents` are the ids of their documents, if there are any.

    `current` has, of all lines of these documents in their order, the columns `frame.names`, `id` and `line.id`.
    """
    identities = LineIdentities(frame.lines, frame.columns, current, parents=parents, keys=frame.keys)
    comparison = Comparison(
        frame.lines,
        frame.columns,
        current,
        as_read=_with_ids(frame.as_read),
        intent=replace(intent, mode="upsert"),
        identities=identities,
    )
    deleted, misfits = _deleted(frame)
    for position, record in enumerate(comparison.records()):
        line = _line(frame.member, record)
        if position in misfits:
            line = replace(line, action="invalid", problems=(Problem(DELETE, misfits[position]),))
        yield _deletion(line) if position in deleted else line


def with_lines(
    record: PlannedRecord, lines: Sequence[PlannedLine], *, positions: tuple[int, ...]
) -> PlannedRecord:
    """Return what becomes of a document together with its lines: it is written as a whole or not at all."""
    actions: set[Action] = {record.action, *(line.action for line in lines)}
    action = record.action
    if "invalid" in actions:
        action = "invalid"
    elif "conflict" in actions:
        action = "conflict"
    elif action == "unchanged" and actions & {"create", "update", "delete"}:
        action = "update"
    return replace(record, action=action, lines=tuple(lines), positions=positions)


def _line(member: str, record: PlannedRecord) -> PlannedLine:
    changes = dict(record.changes)
    action = record.action
    if action == "create" and not changes:  # a document without lines has such a row
        action = "unchanged"
    elif action == "create":
        given = {name: value for name, value in record.key.items() if value is not None}
        changes = {name: Change(None, value) for name, value in given.items()} | changes
    return PlannedLine(
        member,
        action,
        record.id,
        record.positions[0],
        changes,
        record.key,
        record.conflicts,
        record.problems,
    )


def _deletion(line: PlannedLine) -> PlannedLine:
    if line.id is None and not line.problems:
        problem = Problem(DELETE, "there is no such line to delete")
        return replace(line, action="invalid", changes={}, problems=(problem,))
    return replace(line, action="invalid" if line.problems else "delete", changes={}, conflicts={})


def _deleted(frame: LineFrame) -> tuple[set[int], Mapping[int, str]]:
    """Return the rows that are to be deleted, and those whose cell says neither yes nor no."""
    from acudata.frames.layout import value_column

    if DELETE not in frame.lines.columns:
        return set(), {}
    cells = read_cells(frame.lines[DELETE], value_column(DELETE, "Boolean", (DELETE,)))
    return {at for at, value in enumerate(cells.values.to_pylist()) if value}, cells.problems


def _with_ids(table: pa.Table | None) -> pa.Table | None:
    return table if table is not None and LINE_ID in table.schema.names else None


def differing_columns(frame: LineFrame, rows: Sequence[Sequence[int]]) -> list[list[Problem]]:
    """Return, for each document, the columns in which its rows say different things of it."""
    problems: list[list[Problem]] = [[] for _ in rows]
    for name, column in frame.known.items():
        values = read_cells(frame.documents[name], column).values.to_pylist()
        for document, positions in enumerate(rows):
            told = {_plain(values[at]) for at in positions} - {None}
            if len(told) > 1:
                text = f"the rows of the document say different things: {', '.join(sorted(map(str, told)))}"
                problems[document].append(Problem(name, text))
    return problems


def _plain(value: Any) -> Any:
    return value.rstrip(" ").casefold() if isinstance(value, str) else value
