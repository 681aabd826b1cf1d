"""What the company owes: vendors' bills of goods and of overheads, and debit adjustments."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator

from acudata.sandbox.company import chart
from acudata.sandbox.company.calendar import MONTHS, TODAY, month_start, working_day
from acudata.sandbox.company.entries import Entry
from acudata.sandbox.company.money import share
from acudata.sandbox.company.purchases import Receipts
from acudata.sandbox.company.registers import Register, Series
from acudata.sandbox.company.vendors import TERMS

BILL, DEBIT_ADJUSTMENT = range(2)
NO_RECEIPT = -1


class Bills:
    """Holds the facts of payables, and is their book; money is in cents and never negative.

    A bill of goods knows its receipt, and one of overheads none; a debit adjustment knows the bill it lowers.
    """

    module = "AP"

    def __init__(self, receipts: Receipts) -> None:
        self.receipts = receipts
        self.vendors = receipts.purchases.vendors
        self.register = Register(Series("Bill"), Series("Debit Adj."))
        self.kind = array("b")
        self.vendor = array("i")
        self._branch = array("b")
        self.day = array("h")
        self.receipt = array("i")
        self.amount = array("q")
        self.balance = array("q")
        self.released = array("b")
        self.adjustments: dict[int, int] = {}
        self.adjusted: dict[int, int] = {}
        self.bill_of: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self.kind)

    def enter(self, kind: int, vendor: int, branch: int, day: int, receipt: int, amount: int) -> int:
        """Add a document and return the fact."""
        self.kind.append(kind)
        self.vendor.append(vendor)
        self._branch.append(branch)
        self.day.append(day)
        self.receipt.append(receipt)
        self.amount.append(amount)
        self.balance.append(amount)
        self.released.append(day < TODAY - 3 or len(self.kind) % 3 > 0)
        return self.register.enter(kind)

    def adjust(self, bill: int, day: int) -> int:
        """Lower a bill by a debit adjustment of a twentieth, and return the adjustment."""
        amount = share(self.amount[bill], 5)
        adjustment = self.enter(
            DEBIT_ADJUSTMENT, self.vendor[bill], self._branch[bill], day, NO_RECEIPT, amount
        )
        self.released[adjustment] = True
        self.balance[adjustment] -= amount
        self.balance[bill] -= amount
        self.adjustments[bill], self.adjusted[adjustment] = adjustment, bill
        return adjustment

    def posted(self) -> Iterable[int]:
        """Return the released documents."""
        return (bill for bill, released in enumerate(self.released) if released)

    def branch(self, bill: int) -> int:
        """Return the branch that a document belongs to."""
        return self._branch[bill]

    def reference(self, bill: int) -> str:
        """Return the number of a document."""
        return self.register.reference(bill)

    def partner(self, bill: int) -> tuple[str, str]:
        """Return id and name of the vendor."""
        return self.vendors[self.vendor[bill]][:2]

    def due(self, bill: int) -> int:
        """Return the day on which a bill is due; an adjustment is at once."""
        terms = TERMS[self.vendors[self.vendor[bill]].terms]
        return self.day[bill] + (terms if self.kind[bill] == BILL else 0)

    def expense(self, bill: int) -> str:
        """Return the account that a document is charged to."""
        if self.kind[bill] == DEBIT_ADJUSTMENT:
            return chart.PRICE_VARIANCE
        return (
            chart.ACCRUAL
            if self.receipt[bill] != NO_RECEIPT
            else self.vendors[self.vendor[bill]].expense_account
        )

    def entries(self, bill: int) -> list[Entry]:
        """Return what a released document posts."""
        amount = self.amount[bill] if self.kind[bill] == BILL else -self.amount[bill]
        return [Entry(self.expense(bill), amount, amount), Entry(chart.PAYABLES, -amount, -amount)]


def bill_purchases(bills: Bills, *, monthly: int) -> None:
    """Enter the vendors' bills in the order of their days, and debit adjustments for a few of them.

    Args:
        bills: where they are entered.
        monthly: what the overheads of a month cost in all, in cents.
    """
    planned = sorted([*_of_goods(bills.receipts), *_of_overheads(bills, monthly)])
    for day, _, receipt, vendor, branch, amount in planned:
        bill = bills.enter(BILL, vendor, branch, day, receipt, amount)
        if receipt != NO_RECEIPT:
            bills.bill_of[receipt] = bill
    for bill in range(len(bills)):
        day = bills.day[bill] + 4
        if bills.receipt[bill] % 30 == 3 and bills.released[bill] and day <= TODAY:
            bills.adjust(bill, day)


Planned = tuple[int, int, int, int, int, int]
"""Holds a bill that is to come: day, a number that keeps the order, receipt, vendor, branch and amount."""


def _of_goods(receipts: Receipts) -> Iterator[Planned]:
    purchases = receipts.purchases
    for receipt, order in enumerate(receipts.order):
        vendor = purchases.vendor[order]
        day = receipts.day[receipt] + purchases.vendors[vendor].bits % 8
        if day <= TODAY:
            yield day, 0, receipt, vendor, receipts.branch(receipt), purchases.cost(order)


def _of_overheads(bills: Bills, monthly: int) -> Iterator[Planned]:
    """Yield a bill of each overhead for each branch and month; the store takes a third."""
    percents = {chart.RENT: 40, chart.CARRIERS: 30, chart.UTILITIES: 18, chart.INSURANCE: 12}
    for vendor, source in enumerate(bills.vendors):
        if source.expense_account:
            yearly = share(monthly, percents[source.expense_account])
            for month in range(MONTHS):
                day = working_day(month_start(month) + source.bits % 20)
                for branch, percent in enumerate((67, 33)):
                    amount = share(yearly, percent) + source.bits // (month + 1) % 9000
                    yield day, 1, NO_RECEIPT, vendor, branch, amount
