"""Turns planned changes into the nested values of the model that is put, and finds them again in an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from acudata.models import Record
from acudata.writeback.changes import Change, PlannedLine, PlannedRecord


def values_of(record: PlannedRecord) -> dict[str, Any]:
    """Return what is sent for a record: its id or key, and only what changes.

    >>> values_of(PlannedRecord((0,), "update", {"CustomerID": "C1"}, "id-1", {"MainContact.Email": Change("a", "b")}))
    {'id': 'id-1', 'MainContact': {'Email': 'b'}}
    """
    values: dict[str, Any] = {"id": record.id} if record.id else dict(_given(record.key))
    _set_all(values, record.changes)
    for line in record.written_lines:
        _rows(values, line.member).append(_line(line))
    return values


def cell(record: Record | Mapping[str, Any] | None, column: str) -> Any:
    """Return the value that a record has in a column such as `MainContact.Email`; None where there is none."""
    value: Any = record
    for name in column.split("."):
        if value is None:
            return None
        value = value[name]
    return value


def _given(key: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in key.items() if value is not None}


def _set_all(values: dict[str, Any], changes: Mapping[str, Change]) -> None:
    for column, change in changes.items():
        *members, field = column.split(".")
        place = values
        for member in members:
            place = place.setdefault(member, {})
        place[field] = change.new


def _rows(values: dict[str, Any], member: str) -> list[dict[str, Any]]:
    """Return the rows of a detail array in the values; one in a linked entity is written `Contact.Activities`."""
    *owners, array = member.split(".")
    for owner in owners:
        values = values.setdefault(owner, {})
    rows: list[dict[str, Any]] = values.setdefault(array, [])
    return rows


def _line(line: PlannedLine) -> dict[str, Any]:
    row: dict[str, Any] = {"id": line.id} if line.id else {}
    if line.action == "delete":
        return {**row, "delete": True}
    _set_all(row, line.changes)
    return row
