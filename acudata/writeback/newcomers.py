"""Finds records that the ERP numbered, and of which no answer came, among those that were made since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from acudata.writeback.changes import PlannedRecord
from acudata.writeback.outcomes import Outcome
from acudata.writeback.plan import WritePlan
from acudata.writeback.target import Target
from acudata.writeback.verification import is_form_of, same

Row = Mapping[str, Any]


class Newcomers:
    """Finds each new record for one row at most; `claimed` are the ids of those that were found or answered.

    Rows of equal values are as good as each other: which of them became which record does not matter.
    """

    def __init__(self, target: Target, plan: WritePlan, *, claimed: set[str]) -> None:
        self._target = target
        self._plan = plan
        self._claimed = claimed

    def found(self, sent: Mapping[int, str]) -> dict[int, Outcome]:
        """Return the outcomes of those records that arrived, or of which nobody can tell; `sent` says since when."""
        if not sent:
            return {}
        records = {number: self._plan.records[number] for number in sent}
        rows = self._made_since(min(sent.values()), records)
        if rows is None:
            reason = f"{self._plan.aim.entity} does not tell when records were made"
            return {number: _unknown(record, reason) for number, record in records.items()}
        told = {number: self._outcome(record, rows, records) for number, record in records.items()}
        left = [row for row in rows if row["id"] not in self._claimed]
        told = {number: outcome or _doubt(records[number], left) for number, outcome in told.items()}
        return {number: outcome for number, outcome in told.items() if outcome is not None}

    def _made_since(self, moment: str, records: Mapping[int, PlannedRecord]) -> list[Row] | None:
        changed = (name for record in records.values() for name in record.changes)
        table = self._target.made_since(moment, list(dict.fromkeys([*self._plan.key_columns, *changed])))
        return None if table is None else table.to_pylist()

    def _outcome(
        self, record: PlannedRecord, rows: Sequence[Row], records: Mapping[int, PlannedRecord]
    ) -> Outcome | None:
        left = [row for row in rows if row["id"] not in self._claimed and is_as_wanted(record, row)]
        if not left:
            return None
        rivals = [other for other in records.values() if any(is_as_wanted(other, row) for row in left)]
        twins = [other for other in rivals if other.changes == record.changes]
        if len(left) > len(twins) or len(twins) < len(rivals):
            return _unknown(record, f"{len(left)} new records have these values")
        self._claimed.add(left[0]["id"])
        return created(record, left[0])


def created(record: PlannedRecord, row: Row) -> Outcome:
    """Return the outcome of a record that was made, with the key that the ERP gave."""
    return Outcome("created", {name: row.get(name, value) for name, value in record.key.items()}, row["id"])


def is_as_wanted(record: PlannedRecord, row: Row) -> bool:
    """Tell whether a row of the ERP has all values that a record is to have."""
    return all(same(change.new, row.get(name)) for name, change in record.changes.items())


def _doubt(record: PlannedRecord, rows: Sequence[Row]) -> Outcome | None:
    """Return the outcome of a record that the ERP may have taken in another form, None where none can be it."""
    like = sum(_can_be(record, row) for row in rows)
    return _unknown(record, f"{like} new records are almost as it was sent") if like else None


def _can_be(record: PlannedRecord, row: Row) -> bool:
    """Tell whether a row has what was sent in some form, but for cells that the ERP did not take."""
    cells = [(change.new, row.get(name)) for name, change in record.changes.items()]
    taken = [(new, now) for new, now in cells if now is not None]
    return bool(taken) and all(is_form_of(new, now) for new, now in taken)


def _unknown(record: PlannedRecord, reason: str) -> Outcome:
    text = f"it may have arrived and may not: {reason}; look in the ERP before it is sent again"
    return Outcome("unknown", record.key, record.id, {"": text})
