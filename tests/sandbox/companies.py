"""Companies to look at, with their records as plain values; money as exact decimals."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property

from acudata.sandbox.company import Company
from acudata.sandbox.records import Record, Scalar

CREDITS = {"Credit Memo", "Debit Adj."}
"""Types of documents that lower what is owed; their amounts are positive all the same."""


@dataclass(frozen=True, eq=False)
class Books:
    """Holds one company; every record is made once."""

    scale: int
    seed: int

    @cached_property
    def company(self) -> Company:
        return Company(self.scale, self.seed)

    @cache  # noqa: B019 - a few companies live as long as the run
    def records(self, entity: str) -> list[Record]:
        source = self.company.sources[entity]
        return [source.record(position) for position in range(len(source))]

    def released(self, entity: str) -> list[Record]:
        return [record for record in self.records(entity) if record.values["Status"] in {"Open", "Closed"}]

    def summary(self, period: str) -> list[Record]:
        return self.company.inquire("AccountSummaryInquiry", {"Ledger": "ACTUAL", "Period": period})

    def balance(self, account: str, period: str = "122024") -> Decimal:
        """Return what an account ends a period with, over all branches."""
        rows = [row for row in self.summary(period) if row.values["Account"] == account]
        return total(rows, "EndingBalance")


PERIODS = [f"{month:02d}{year}" for year in (2023, 2024) for month in range(1, 13)]


def exact(value: Scalar) -> Decimal:
    """Return a number of a record as the decimal that its JSON shows."""
    return Decimal(str(value or 0))


def total(rows: Iterable[Record], field: str) -> Decimal:
    return sum((exact(row.values[field]) for row in rows), Decimal(0))


def signed(record: Record, field: str) -> Decimal:
    """Return an amount of a document, negative for those that lower what is owed."""
    amount = exact(record.values[field])
    return -amount if record.values["Type"] in CREDITS else amount


def text(record: Record, *fields: str) -> tuple[str, ...]:
    return tuple(str(record.values[field]) for field in fields)


def by_keys(records: Iterable[Record], *fields: str) -> Mapping[tuple[str, ...], Record]:
    return {text(record, *fields): record for record in records}


def sums(rows: Iterable[tuple[tuple[str, ...], Decimal]]) -> dict[tuple[str, ...], Decimal]:
    """Return the sum of the amounts of each key."""
    found: defaultdict[tuple[str, ...], Decimal] = defaultdict(Decimal)
    for key, amount in rows:
        found[key] += amount
    return dict(found)


def count(rows: Iterable[Record], field: str) -> Counter[Scalar]:
    return Counter(row.values[field] for row in rows)
