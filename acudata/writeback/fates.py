"""Looks up where records stand: before they are sent, and when nobody knows whether they arrived."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from acudata.writeback.changes import PlannedRecord
from acudata.writeback.matching import folded_key, keys_of, match
from acudata.writeback.newcomers import Newcomers, Row, created, is_as_wanted
from acudata.writeback.outcomes import Outcome
from acudata.writeback.plan import WritePlan
from acudata.writeback.target import Target
from acudata.writeback.verification import same


class Fates:
    """Looks up the records of a plan; `claimed` are the ids of records that other rows of the plan became."""

    def __init__(self, target: Target, plan: WritePlan, *, claimed: set[str] | None = None) -> None:
        self._target = target
        self._records = plan.records
        self._newcomers = Newcomers(target, plan, claimed=claimed if claimed is not None else set())

    def current(self, records: Sequence[PlannedRecord]) -> list[Row | None]:
        """Return what the ERP has of each record in the columns that change, None where there is none."""
        if not records:
            return []
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
        lost = {number: since for number, since in open_fates.items() if number in numbers}
        return self._outcomes(numbers, lost)

    def after(self, numbers: Sequence[int], since: str) -> dict[int, Outcome]:
        """Return the outcome of those records, of which no answer came, that did arrive at the ERP or may have."""
        return self._outcomes(numbers, dict.fromkeys(numbers, since))

    def made(self, number: int, since: str) -> Outcome | None:
        """Return the outcome of one new record of which no answer came, None when it is not there."""
        record = self._records[number]
        if not _is_addressed(record):
            return self._newcomers.found({number: since}).get(number)
        (row,) = self.current([record])
        return None if row is None else created(record, row)

    def _outcomes(self, numbers: Sequence[int], lost: Mapping[int, str]) -> dict[int, Outcome]:
        """Return the outcomes of records; `lost` are those that were sent without an answer, and since when."""
        numbered = {
            number: since for number, since in lost.items() if not _is_addressed(self._records[number])
        }
        outcomes = self._newcomers.found(numbered)
        others = [number for number in numbers if number not in numbered]
        records = [self._records[number] for number in others]
        for number, record, row in zip(others, records, self.current(records), strict=True):
            if (outcome := _standing(record, row, was_sent=number in lost)) is not None:
                outcomes[number] = outcome
        return outcomes


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
        return created(record, row)
    return Outcome(
        "conflict", record.key, row["id"], {"": "somebody else created it since the plan was made"}
    )


def _moved_on(record: PlannedRecord, row: Row, *, was_sent: bool) -> Outcome | None:
    """Return the outcome of an update whose record is no longer as it was when the plan was made."""
    if was_sent or is_as_wanted(record, row):
        return Outcome("updated" if was_sent else "unchanged", record.key, row["id"])
    others = moved_cells(record, row)
    return Outcome("conflict", record.key, row["id"], others) if others else None


def moved_cells(record: PlannedRecord, row: Row) -> dict[str, str]:
    """Return what somebody else changed since the plan was made, of the cells that it changes."""
    return {
        name: f"somebody else made it {row.get(name)!r} since the plan was made"
        for name, change in record.changes.items()
        if not same(change.old, row.get(name)) and not same(change.new, row.get(name))
    }


def left_open(record: PlannedRecord) -> Outcome:
    """Return the outcome of a record that an earlier run may have sent, and of which nobody asked since."""
    text = "an earlier run may have written it; apply() looks it up and goes on"
    return Outcome("unknown", record.key, record.id, {"": text})


def _is_addressed(record: PlannedRecord) -> bool:
    """Tell whether a record can be found again by its id or its whole key."""
    return record.id is not None or record.address.has_key
