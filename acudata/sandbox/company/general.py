"""What the accountants enter by hand: capital, wages, depreciation, fees and the sales tax of a month."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from acudata.sandbox.company import chart
from acudata.sandbox.company.calendar import MONTHS, TODAY, month_of, month_start, working_day
from acudata.sandbox.company.chart import BRANCHES
from acudata.sandbox.company.entries import Entry, booked
from acudata.sandbox.company.invoices import CREDIT_MEMO, Invoices

POSTED, UNPOSTED, BALANCED, HELD = range(4)
STATUSES = ("Posted", "Unposted", "Balanced", "On Hold")
USEFUL_LIFE = 84
"""Months over which equipment is written off."""


class Voucher(NamedTuple):
    """Holds a journal entry: signed amounts in cents on accounts, debits positive."""

    day: int
    branch: int
    description: str
    pairs: tuple[tuple[str, int], ...]
    status: int = POSTED


class Vouchers:
    """Holds the facts of journal entries, and is their book."""

    module = "GL"

    def __init__(self, vouchers: Sequence[Voucher]) -> None:
        self.vouchers = sorted(vouchers)
        self.day = array("h", (voucher.day for voucher in self.vouchers))

    def __len__(self) -> int:
        return len(self.vouchers)

    def posted(self) -> Iterable[int]:
        """Return all entries: those that wait to be posted have a batch too."""
        return range(len(self))

    def reference(self, voucher: int) -> str:
        """Return the number of an entry's paper, in the order of the days."""
        return f"V{voucher + 1:05d}"

    def partner(self, voucher: int) -> tuple[str, str]:
        """Return nobody, and what the entry is for."""
        return "", self.vouchers[voucher].description

    def branch(self, voucher: int) -> int:
        """Return the branch of an entry."""
        return self.vouchers[voucher].branch

    def entries(self, voucher: int) -> list[Entry]:
        """Return the lines of an entry."""
        return booked(self.vouchers[voucher].pairs)


def write_vouchers(invoices: Invoices, scale: int) -> Vouchers:
    """Return the journal entries of two years; a few of the last days are not posted yet."""
    return Vouchers([*_founding(scale), *_monthly(scale), *_remittances(invoices), *_drafts(scale)])


def _founding(scale: int) -> Iterator[Voucher]:
    for branch in range(len(BRANCHES)):
        capital = ((chart.CASH, 90_000_000 * scale), (chart.STOCK_CAPITAL, -90_000_000 * scale))
        yield Voucher(0, branch, "Capital paid in", capital)
        equipment = ((chart.EQUIPMENT, 16_800_000 * scale), (chart.CASH, -16_800_000 * scale))
        yield Voucher(1, branch, "Racks, trucks and tills", equipment)


def _monthly(scale: int) -> Iterator[Voucher]:
    for month in range(MONTHS):
        last = month_start(month + 1) - 1
        for branch in range(len(BRANCHES)):
            wages = (1_450_000 + 61_300 * (month % 5)) * scale // (branch + 1)
            worn = 16_800_000 * scale // USEFUL_LIFE
            fees = 4_595 + 17 * month
            yield Voucher(last, branch, "Wages", ((chart.SALARIES, wages), (chart.CASH, -wages)))
            yield Voucher(last, branch, "Wear", ((chart.DEPRECIATION, worn), (chart.DEPRECIATED, -worn)))
            yield Voucher(last, branch, "Fees of the bank", ((chart.BANK_FEES, fees), (chart.CASH, -fees)))


def _remittances(invoices: Invoices) -> Iterator[Voucher]:
    """Yield the payments of sales tax, each on the 20th of the month after."""
    collected: Counter[tuple[int, int]] = Counter()
    for invoice, tax in enumerate(invoices.tax):
        if tax and invoices.released[invoice]:
            sign = -1 if invoices.kind[invoice] == CREDIT_MEMO else 1
            collected[month_of(invoices.day[invoice]), invoices.branch(invoice)] += sign * tax
    for (month, branch), tax in sorted(collected.items()):
        day = working_day(month_start(month + 1) + 19)
        if day <= TODAY:
            yield Voucher(day, branch, "Sales tax of the month", ((chart.SALES_TAX, tax), (chart.CASH, -tax)))


def _drafts(scale: int) -> Iterator[Voucher]:
    accrued = 125_000 * scale
    pairs = ((chart.UTILITIES, accrued), (chart.ACCRUAL, -accrued))
    for branch in range(len(BRANCHES)):
        for status in (UNPOSTED, BALANCED, HELD):
            yield Voucher(TODAY - status, branch, "Accrued power", pairs, status)
