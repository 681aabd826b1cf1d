"""Looks up where records stand: before they are sent, and when nobody knows whether they arrived."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from acudata.writeback.changes import PlannedRecord
from acudata.writeback.matching import folded_key, keys_of, match
from acudata.writeback.outcomes import Outcome
from acudata.writeback.plan import WritePlan
from acudata.writeback.target import Target
from acudata.writeback.verification import same

Row = Mapping[str, Any]


class Fates:
    """Looks up the records of a plan; `claimed` are the ids of records that other rows of the plan became."""

    def __init__(self, target: Target, plan: WritePlan, *, claimed: set[str] | None = None) -> None:
        self._target = target
        self._plan = plan
        self._claimed = claimed if claimed is not None else set()

    def current(self, records: Sequence[PlannedRecord]) -> list[Row | None]:
        """Return what the ERP has of each record in the columns that change, None where there is none."""
        columns = list(dict.fromkeys(name for r in records for name in (*r.key, *r.changes)))
        table = self._target.current(columns, [record.address for record in records])
        names = list(dict.fromkeys(name for record in records for name in record.key))
        keys = keys_of((table.column(name) for name in names), table.num_rows)
        wanted = [folded_key(record.key.get(name) for name in names) for record in records]
        rows = match(wanted, [record.id for record in records], keys, table).rows
        there = table.to_pylist()
        return [None if row is None else there[row] for row in rows]

    def before(self, numbers: Sequence[int], open_fates: Mapping[int, str]) -> dict[int, Outcome]:
        """Return the outcome of the records that need not, or must not, be sent any more."""
        records = [self._plan.records[number] for number in numbers]
        outcomes = {}
        for number, record, row in zip(numbers, records, self.current(records), strict=True):
            since = open_fates.get(number)
            if row is None and record.action == "create" and since and not _is_addressed(record):
                outcome = self._among_new(record, since)
            else:
                outcome = _standing(record, row, was_sent=since is not None)
            if outcome is not None:
                outcomes[number] = outcome
        return outcomes

    def after(self, number: int, since: str) -> Outcome | None:
        """Return the outcome of a record whose answer never came, None when it did not arrive at the ERP."""
        record = self._plan.records[number]
        if record.action == "create" and not _is_addressed(record):
            return self._among_new(record, since)
        (row,) = self.current([record])
        return _standing(record, row, was_sent=True)

    def _among_new(self, record: PlannedRecord, since: str) -> Outcome | None:
        """Look for a record that the ERP numbered among those made since it was sent."""
        columns = list(dict.fromkeys([*self._plan.key_columns, *record.changes]))
        table = self._target.made_since(since, columns)
        if table is None:
            return _unknown(record, f"{self._plan.aim.entity} does not tell when records were made")
        found = [
            row for row in table.to_pylist() if row["id"] not in self._claimed and _is_as_wanted(record, row)
        ]
        if len(found) > 1:
            return _unknown(record, f"{len(found)} new records have these values")
        return _created(record, found[0]) if found else None


def _standing(record: PlannedRecord, row: Row | None, *, was_sent: bool) -> Outcome | None:
    """Return the outcome that a record's present state amounts to, None when it is still to be sent."""
    if record.action == "delete":
        done: Outcome = Outcome(
            "deleted" if was_sent else "unchanged", record.key, record.id, is_verified=True
        )
        return done if row is None else None
    if record.action == "create":
        return None if row is None else _there_already(record, row, was_sent=was_sent)
    if row is None:
        return Outcome("failed", record.key, record.id, {"": "the record is not there any more"})
    if all(same(change.old, row.get(name)) for name, change in record.changes.items()) and record.changes:
        return None
    return _moved_on(record, row, was_sent=was_sent)


def _there_already(record: PlannedRecord, row: Row, *, was_sent: bool) -> Outcome:
    if was_sent:
        return _created(record, row)
    return Outcome(
        "conflict", record.key, row["id"], {"": "somebody else created it since the plan was made"}
    )


def _moved_on(record: PlannedRecord, row: Row, *, was_sent: bool) -> Outcome | None:
    """Return the outcome of an update whose record is no longer as it was when the plan was made."""
    if was_sent or _is_as_wanted(record, row):
        return Outcome("updated" if was_sent else "unchanged", record.key, row["id"])
    others = {
        name: f"somebody else made it {row.get(name)!r} since the plan was made"
        for name, change in record.changes.items()
        if not same(change.old, row.get(name)) and not same(change.new, row.get(name))
    }
    return Outcome("conflict", record.key, row["id"], others) if others else None


def _created(record: PlannedRecord, row: Row) -> Outcome:
    key = {name: row.get(name, value) for name, value in record.key.items()}
    return Outcome("created", key, row["id"])


def _unknown(record: PlannedRecord, reason: str) -> Outcome:
    text = f"it may have arrived and may not: {reason}; look in the ERP before it is sent again"
    return Outcome("unknown", record.key, record.id, {"": text})


def _is_as_wanted(record: PlannedRecord, row: Row) -> bool:
    return all(same(change.new, row.get(name)) for name, change in record.changes.items())


def _is_addressed(record: PlannedRecord) -> bool:
    """Tell whether a record can be found again by its id or its whole key."""
    return record.id is not None or record.address.has_key
