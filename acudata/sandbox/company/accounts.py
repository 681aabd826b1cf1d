"""What each customer owes today, and what is on order."""

from __future__ import annotations

from array import array

from acudata.sandbox.company.invoices import CREDIT_MEMO
from acudata.sandbox.company.orders import RETURN
from acudata.sandbox.company.payments import Payments

NEVER = 1 << 14


class Accounts:
    """Holds sums of open documents by customer, in cents of the customer's currency.

    `owed` is what is left of invoices less credit memos and unapplied payments, `unreleased` what invoices
    that are not released come to, and `ordered` what is still to be shipped.
    """

    def __init__(self, payments: Payments) -> None:
        count = len(payments.invoices.customers)
        self.owed = array("q", [0]) * count
        self.unreleased = array("q", [0]) * count
        self.ordered = array("q", [0]) * count
        self._first_due = array("h", [NEVER]) * count
        self._count_invoices(payments)
        self._count_orders(payments)
        for payment, unapplied in enumerate(payments.unapplied):
            self.owed[payments.customer[payment]] -= unapplied

    def first_due(self, customer: int) -> int | None:
        """Return the earliest day on which an open invoice is or was due."""
        day = self._first_due[customer]
        return None if day == NEVER else day

    def _count_invoices(self, payments: Payments) -> None:
        invoices = payments.invoices
        for invoice, customer in enumerate(invoices.customer):
            if balance := invoices.balance[invoice]:
                sums = self.owed if invoices.released[invoice] else self.unreleased
                sums[customer] += -balance if invoices.kind[invoice] == CREDIT_MEMO else balance
                if invoices.released[invoice] and invoices.kind[invoice] != CREDIT_MEMO:
                    self._first_due[customer] = min(self._first_due[customer], invoices.due(invoice))

    def _count_orders(self, payments: Payments) -> None:
        orders = payments.invoices.orders
        for order, kind in enumerate(orders.kind):
            if kind != RETURN:
                for line in orders.lines(order):
                    left = orders.left(order, line)
                    self.ordered[orders.customer[order]] += orders.line(line, left).amount
