"""How vendors are paid: one check for each vendor and Friday."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from itertools import groupby

from acudata.sandbox.company import chart
from acudata.sandbox.company.bills import BILL, Bills
from acudata.sandbox.company.calendar import TODAY, next_friday
from acudata.sandbox.company.entries import Entry
from acudata.sandbox.company.registers import Register, Series


class Checks:
    """Holds the facts of checks, and is their book.

    The bills that a check pays stand together. Each is paid whole; `payment_of` maps it to the check and the
    amount.
    """

    module = "AP"

    def __init__(self, bills: Bills) -> None:
        self.bills = bills
        self.register = Register(Series("Check"))
        self.vendor = array("i")
        self.day = array("h")
        self.amount = array("q")
        self.first_bill = array("i", [0])
        self.bill = array("i")
        self.paid = array("q")
        self.payment_of: dict[int, tuple[int, int]] = {}

    def __len__(self) -> int:
        return len(self.day)

    def enter(self, day: int, bills: list[int]) -> int:
        """Add a check that pays bills of one vendor and branch, and return the fact."""
        check = self.register.enter()
        for bill in bills:
            self.bill.append(bill)
            self.paid.append(self.bills.balance[bill])
            self.payment_of[bill] = check, self.bills.balance[bill]
            self.bills.balance[bill] = 0
        self.first_bill.append(len(self.bill))
        self.vendor.append(self.bills.vendor[bills[0]])
        self.day.append(day)
        self.amount.append(sum(self.paid[self.first_bill[check] :]))
        return check

    def posted(self) -> Iterable[int]:
        """Return all checks: each is released when it is printed."""
        return range(len(self))

    def branch(self, check: int) -> int:
        """Return the branch that pays."""
        return self.bills.branch(self.bill[self.first_bill[check]])

    def reference(self, check: int) -> str:
        """Return the number of a check."""
        return self.register.reference(check)

    def partner(self, check: int) -> tuple[str, str]:
        """Return id and name of the vendor."""
        return self.bills.vendors[self.vendor[check]][:2]

    def applications(self, check: int) -> list[tuple[int, int]]:
        """Return the bills that a check pays, each with the amount."""
        places = range(self.first_bill[check], self.first_bill[check + 1])
        return [(self.bill[place], self.paid[place]) for place in places]

    def entries(self, check: int) -> list[Entry]:
        """Return what a check posts."""
        amount = self.amount[check]
        return [Entry(chart.PAYABLES, amount, amount), Entry(chart.CASH, -amount, -amount)]


def pay_vendors(checks: Checks) -> None:
    """Pay on Fridays what falls due in the week, up to today."""
    bills = checks.bills
    plan = sorted(
        (next_friday(bills.due(bill) - 3), bills.vendor[bill], bills.branch(bill), bill)
        for bill in range(len(bills))
        if bills.kind[bill] == BILL and bills.released[bill]
    )
    for (day, _, _), group in groupby(plan, key=lambda entry: entry[:3]):
        if day <= TODAY:
            checks.enter(day, [entry[3] for entry in group])
