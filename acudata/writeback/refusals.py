"""What the server refused, in words: the column or line that is to blame, what is wrong with it, and what to try."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from acudata.errors import AcumaticaConcurrencyError, AcumaticaError
from acudata.writeback.changes import PlannedLine, PlannedRecord
from acudata.writeback.outcomes import Outcome

_ROW = re.compile(r"((.+?)\[(\d+)\])\.?(.*)")
_NONE: Mapping[str, int] = {}


def failed(record: PlannedRecord, error: AcumaticaError, *, before: Mapping[str, int] = _NONE) -> Outcome:
    """Return the outcome of a record that the server refused; `errors_of` explains the arguments."""
    status: Literal["conflict", "failed"] = (
        "conflict" if isinstance(error, AcumaticaConcurrencyError) else "failed"
    )
    return Outcome(status, record.key, record.id, errors_of(record, error, before=before))


def errors_of(
    record: PlannedRecord, error: AcumaticaError, *, before: Mapping[str, int] = _NONE
) -> dict[str, str]:
    """Return the server's text per column, and for "", the whole record, its message and what to try.

    `Details[14].Project` is of row 14 of the frame of lines, `Details line 2, Project` of the second line in the answer
    where nobody can tell which row that is. The record's lines are those of the request, `before` is how many lines
    each array had.

    >>> errors_of(record, error)
    {'Details[14].Project': "'X1' cannot be found in the system."}
    """
    errors = {
        _place(path, texts, record, error, before): "; ".join(texts)
        for path, texts in error.field_errors.items()
    }
    whole = [] if errors else [error.message]
    whole += [f"try: {suggestion}" for suggestion in error.suggestions]
    return {**errors, "": "; ".join(whole)} if whole else errors


def _place(
    path: str, texts: Sequence[str], record: PlannedRecord, error: AcumaticaError, before: Mapping[str, int]
) -> str:
    """Return a path of the server, such as `Details[1].Project`, as reports name it."""
    found = _ROW.fullmatch(path)
    if found is None:
        return path.replace("/", ".")
    row, member, position, field = found.groups()
    id_ = _row_ids(error).get(row)
    lines = [line for line in record.lines if line.member == member.replace("/", ".")]
    line = next((line for line in lines if line.id is not None and line.id == id_), None)
    line = line or _new_line(lines, int(position), field, texts, before.get(member, 0))
    if line is None or line.position is None:
        return f"{member} line {int(position) + 1}{', ' if field else ''}{field}"
    return f"{line.name}.{field}".rstrip(".")


def _new_line(
    lines: Sequence[PlannedLine], position: int, field: str, texts: Sequence[str], before: int
) -> PlannedLine | None:
    """Return the new line that the answer means, None where it can be several.

    An answer has the lines of the request, or all of the document with the new ones behind. Where each would mean
    another line, the refused value, if the text names it, decides.
    """
    added = [line for line in lines if line.id is None]
    there = [*lines[position : position + 1], *(added[position - before :][:1] if position >= before else [])]
    meant = {line.position: line for line in there if line.id is None}
    if len(meant) > 1:
        named = {at: line for at, line in meant.items() if _is_named(line, field, texts)}
        meant = named or meant
    return next(iter(meant.values())) if len(meant) == 1 else None


def _is_named(line: PlannedLine, field: str, texts: Sequence[str]) -> bool:
    change = line.changes.get(field)
    return change is not None and any(f"'{change.new}'" in text for text in texts)


def _row_ids(error: AcumaticaError) -> dict[str, Any]:
    rows: dict[str, Any] = error.context.get("rows", {})
    return rows
