"""Balances of accounts: what every period began with, what was posted, and what it ended with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from acudata.sandbox.company.calendar import MONTHS, month_of
from acudata.sandbox.company.chart import BY_CODE, RETAINED
from acudata.sandbox.company.entries import Entry
from acudata.sandbox.company.general import POSTED, STATUSES
from acudata.sandbox.company.journal import Journal

YEAR = 12

Key = tuple[int, int, str]
"""A month, a branch and an account."""
Account = tuple[str, int]
"""An account and a branch."""
Money = tuple[int, int]
"""An amount in cents of a dollar, and in cents of the account's currency."""


class Movement(NamedTuple):
    """Holds what one account of one branch did in a period, in cents; debits are positive.

    `begins` and `currency_begins` are the balance before it, in dollars and in the currency of the account.
    """

    account: str
    branch: int
    begins: int
    debit: int
    credit: int
    currency_begins: int
    currency_debit: int
    currency_credit: int

    @classmethod
    def of(cls, account: str, branch: int, begins: Mapping[Account, Money], moved: Turnover) -> Movement:
        """Return the movement of an account that began with a balance and turned over so much."""
        base, currency = begins.get((account, branch), (0, 0))
        credit, debit = moved.credit, moved.debit
        return cls(
            account, branch, base, debit, credit, currency, moved.currency_debit, moved.currency_credit
        )

    @property
    def ends(self) -> int:
        """Return the balance after the period."""
        return self.begins + self.debit - self.credit

    @property
    def currency_ends(self) -> int:
        """Return the balance after the period in the currency of the account."""
        return self.currency_begins + self.currency_debit - self.currency_credit


class Balances:
    """Holds the movements of all periods.

    Accounts of results start every year at zero; what they came to is carried to the retained earnings.
    """

    def __init__(self, journal: Journal) -> None:
        turnovers: defaultdict[Key, Turnover] = defaultdict(Turnover)
        for batch in range(len(journal)):
            if journal.status(batch) == STATUSES[POSTED]:
                book, fact = journal.source(batch)
                month, branch = month_of(book.day[fact]), book.branch(fact)
                for entry in book.entries(fact):
                    turnovers[month, branch, entry.account].add(entry)
        self._movements = list(_movements(turnovers))

    def of_month(self, month: int) -> Sequence[Movement]:
        """Return the movements of a month, those of an account together; none for a month without books."""
        return self._movements[month] if 0 <= month < MONTHS else ()


class Turnover:
    """Adds up the debits and credits of one account, branch and month."""

    __slots__ = ("credit", "currency_credit", "currency_debit", "debit")

    def __init__(self) -> None:
        self.debit = self.credit = self.currency_debit = self.currency_credit = 0

    def add(self, entry: Entry) -> None:
        """Add an entry to the side that it belongs to."""
        amount = entry.amount if BY_CODE[entry.account].currency == "EUR" else entry.base
        if entry.base > 0:
            self.debit += entry.base
            self.currency_debit += amount
        else:
            self.credit -= entry.base
            self.currency_credit -= amount


def _movements(turnovers: Mapping[Key, Turnover]) -> Iterator[list[Movement]]:
    """Yield the movements of each month, carrying what a month ends with to the next."""
    idle = Turnover()
    begins: Mapping[Account, Money] = {}
    for month in range(MONTHS):
        moved = {(account, branch) for when, branch, account in turnovers if when == month}
        movements = [
            Movement.of(account, branch, begins, turnovers.get((month, branch, account), idle))
            for account, branch in sorted(moved | begins.keys())
        ]
        yield movements
        begins = _carried(movements, new_year=(month + 1) % YEAR == 0)


def _carried(movements: Sequence[Movement], *, new_year: bool) -> dict[Account, Money]:
    """Return what the accounts begin the next month with."""
    begins: defaultdict[Account, Money] = defaultdict(lambda: (0, 0))
    for movement in movements:
        is_closed = new_year and BY_CODE[movement.account].is_result
        account = (RETAINED if is_closed else movement.account), movement.branch
        base, currency = begins[account]
        begins[account] = base + movement.ends, currency + movement.currency_ends
    return begins
