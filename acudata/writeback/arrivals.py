"""Tells which lines came to a document since it was begun, and whether those that were sent are among them.

Before a document is sent, the journal keeps a mark of each line that it has: its id, and its key, such as `LineNbr`,
because ids may hold for one session only. What has another mark came since, in the order of sending. Where that and
what was sent do not go together, somebody else added or deleted lines at the same time, or the ERP made something else
of them: then nobody can tell, and nothing is sent again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from acudata.writeback.changes import PlannedLine
from acudata.writeback.line_columns import LINE_ID
from acudata.writeback.line_fates import Rows, is_done, located
from acudata.writeback.line_identity import folded_id
from acudata.writeback.matching import Key, folded_key
from acudata.writeback.newcomers import Row
from acudata.writeback.verification import is_form_of, same

Mark = tuple[str | None, Key | None]
"""Is the id of a line and its key."""
Known = Mapping[str, tuple[Mark, ...]]
"""Marks of the lines that a document had when it was begun, by detail array."""


def marks(lines: Iterable[PlannedLine], rows: Rows) -> dict[str, tuple[Mark, ...]]:
    """Return the marks of the lines that a document has in the arrays of its planned lines."""
    keys = {line.member: tuple(line.key) for line in lines}
    return {member: tuple(_mark(row, keys[member]) for row in listed) for member, listed in rows.items()}


def without(known: Iterable[Mark], deleted: Iterable[PlannedLine]) -> tuple[Mark, ...]:
    """Return marks but for those of lines that were deleted: the ERP may give their keys to others."""
    keys = {folded_key(line.key.values()) for line in deleted} - {None}
    return tuple(mark for mark in known if mark[1] not in keys)


def counts(done: Iterable[PlannedLine], known: Known) -> dict[str, int]:
    """Return how many lines each array has after some of the planned ones were sent."""
    added = {member: len(listed) for member, listed in known.items()}
    for line in done:
        added[line.member] = added.get(line.member, 0) + _growth(line)
    return added


def arrived(
    done: Sequence[PlannedLine], piece: Sequence[PlannedLine], rows: Rows, known: Known
) -> bool | None:
    """Tell whether the lines of a piece are there, None where nobody can tell; those `done` were sent before.

    A piece is stored as a whole or not at all, so its new lines tell of the others. They are believed when exactly as
    many lines came as were sent and each has half of the cells, or more, as they were sent. A piece without new lines
    has not arrived until all of it stands as it was sent: to send it twice changes nothing.
    """
    members = {line.member for line in piece if line.action == "create"}
    if not members:
        return all(is_done(line, row) for line, row in zip(piece, located(piece, rows), strict=True))
    verdicts = {
        _verdict(_of(done, member), _of(piece, member), rows.get(member, ()), known.get(member, ()))
        for member in members
    }
    return verdicts.pop() if len(verdicts) == 1 else None


def identified(
    new: Sequence[PlannedLine], rows: Sequence[Row], known: Sequence[Mark]
) -> list[tuple[PlannedLine, Row | None]]:
    """Return each new line of an array with the one that it became, None where nobody can tell."""
    came = _came(new, rows, known)
    came = rows[-len(new) :] if came is None else came
    if len(came) == len(new):
        return [(line, row if resembles(line, row) else None) for line, row in zip(new, came, strict=True)]
    return list(zip(new, _in_order(new, came), strict=True))


def not_new(lines: Sequence[PlannedLine], rows: Sequence[Row], known: Sequence[Mark]) -> list[Row]:
    """Return the lines of an array that did not come since."""
    came = {row[LINE_ID] for row in _came(lines, rows, known) or ()}
    return [row for row in rows if row[LINE_ID] not in came]


def resembles(line: PlannedLine, row: Row) -> bool:
    """Tell whether a line in the ERP can be the one that was sent: half of its cells at least are."""
    alike = sum(is_form_of(change.new, row.get(name)) for name, change in line.changes.items())
    return 2 * alike >= len(line.changes)


def _verdict(
    done: Sequence[PlannedLine], piece: Sequence[PlannedLine], rows: Sequence[Row], known: Sequence[Mark]
) -> bool | None:
    new = _new(piece)
    came = _came(piece, rows, without(known, (line for line in done if line.action == "delete")))
    if came is None:
        return _by_count(done, piece, rows, known)
    more = came[len(_new(done)) :]
    if len(came) == len(_new(done)):
        return False
    return True if len(more) == len(new) and all(map(resembles, new, more)) else None


def _by_count(
    done: Sequence[PlannedLine], piece: Sequence[PlannedLine], rows: Sequence[Row], known: Sequence[Mark]
) -> bool | None:
    """Tell by numbers alone whether a piece is there, where all lines have other ids than before and no keys."""
    new = _new(piece)
    before = len(known) + sum(map(_growth, done))
    after = before + sum(map(_growth, piece))
    last = rows[-len(new) :]
    if len(rows) == before != after and not all(map(_is_as_sent, new, last)):
        return False
    return True if len(rows) == after != before and all(map(resembles, new, last)) else None


def _came(lines: Sequence[PlannedLine], rows: Sequence[Row], known: Sequence[Mark]) -> Sequence[Row] | None:
    """Return the lines that came since, None where marks are ids of another session, which tell nothing."""
    marked = [(row, _mark(row, tuple(lines[0].key))) for row in rows]
    ids = {id_ for id_, _ in known}
    if any(id_ in ids for _, (id_, _) in marked):
        return [row for row, (id_, _) in marked if id_ not in ids]
    keys = {key for _, key in known}
    return None if None in keys else [row for row, (_, key) in marked if key not in keys]


def _in_order(new: Sequence[PlannedLine], came: Sequence[Row]) -> list[Row | None]:
    """Return the lines that are exactly as they were sent, among others that somebody else added."""
    found: list[Row | None] = []
    start = 0
    for line in new:
        at = next((at for at in range(start, len(came)) if _is_as_sent(line, came[at])), None)
        found.append(None if at is None else came[at])
        start = start if at is None else at + 1
    return found


def _is_as_sent(line: PlannedLine, row: Row) -> bool:
    return all(same(change.new, row.get(name)) for name, change in line.changes.items())


def _mark(row: Row, names: Sequence[str]) -> Mark:
    return folded_id(row[LINE_ID]), folded_key(row.get(name) for name in names)


def _growth(line: PlannedLine) -> int:
    return {"create": 1, "delete": -1}.get(line.action, 0)


def _new(lines: Iterable[PlannedLine]) -> list[PlannedLine]:
    return [line for line in lines if line.action == "create"]


def _of(lines: Iterable[PlannedLine], member: str) -> list[PlannedLine]:
    return [line for line in lines if line.member == member]
