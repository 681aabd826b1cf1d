"""What the server refused, in words: the column or line that is to blame, what is wrong with it, and what to try."""

from __future__ import annotations

import re
from typing import Any, Literal

from acudata.errors import AcumaticaConcurrencyError, AcumaticaError
from acudata.writeback.changes import PlannedRecord
from acudata.writeback.outcomes import Outcome

_ROW = re.compile(r"((.+?)\[(\d+)\])\.?(.*)")


def failed(record: PlannedRecord, error: AcumaticaError) -> Outcome:
    """Return the outcome of a record that the server refused."""
    status: Literal["conflict", "failed"] = (
        "conflict" if isinstance(error, AcumaticaConcurrencyError) else "failed"
    )
    return Outcome(status, record.key, record.id, errors_of(record, error))


def errors_of(record: PlannedRecord, error: AcumaticaError) -> dict[str, str]:
    """Return the server's text per column, and for "", the whole record, its message and what to try.

    >>> errors_of(record, error)
    {'Details line 2 (row 14 of the frame), Project': "'X1' cannot be found in the system."}
    """
    errors = {_place(path, record, error): "; ".join(texts) for path, texts in error.field_errors.items()}
    whole = [] if errors else [error.message]
    whole += [f"try: {suggestion}" for suggestion in error.suggestions]
    return {**errors, "": "; ".join(whole)} if whole else errors


def _place(path: str, record: PlannedRecord, error: AcumaticaError) -> str:
    """Return a path of the server, such as `Details[1].Project`, as one reads it; lines are counted from 1."""
    found = _ROW.fullmatch(path)
    if found is None:
        return path.replace("/", ".")
    row, member, position, field = found.groups()
    id_ = _row_ids(error).get(row)
    line = next((line for line in record.lines if line.id is not None and line.id == id_), None)
    told = f" (row {line.position} of the frame)" if line is not None and line.position is not None else ""
    return f"{member} line {int(position) + 1}{told}{', ' if field else ''}{field}"


def _row_ids(error: AcumaticaError) -> dict[str, Any]:
    rows: dict[str, Any] = error.context.get("rows", {})
    return rows
