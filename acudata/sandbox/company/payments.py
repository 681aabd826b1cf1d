"""How customers pay: payments, and what of them and of credit memos is applied to which invoice."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from acudata.sandbox.company import chart
from acudata.sandbox.company.calendar import month_of
from acudata.sandbox.company.entries import PAR, Entry
from acudata.sandbox.company.invoices import Invoices
from acudata.sandbox.company.items import WAREHOUSES
from acudata.sandbox.company.money import EURO_RATES, to_dollars
from acudata.sandbox.company.registers import Register, Series

PAYMENT, PREPAYMENT = range(2)
METHODS = ("ACH", "CHECK", "CHECK", "WIRE")
NOTHING = -1


class Application(NamedTuple):
    """Holds an amount that settles an invoice, and the payment or credit memo that it comes from."""

    source: int
    invoice: int
    amount: int


class Payments:
    """Holds the facts of payments, and is their book; money is in cents of the customer's currency.

    The applications of a payment stand together; those of an invoice are chained, the latest first.
    """

    module = "AR"

    def __init__(self, invoices: Invoices) -> None:
        self.invoices = invoices
        self.register = Register(Series("Payment"), Series("Prepayment"))
        self.kind = array("b")
        self.customer = array("i")
        self.day = array("h")
        self.amount = array("q")
        self.unapplied = array("q")
        self.first_application = array("i", [0])
        self._payment = array("i")
        self._invoice = array("i")
        self._amount = array("q")
        self._relief = array("q")
        self._earlier = array("i")
        self._latest = array("i", [NOTHING]) * len(invoices)
        self._open_base: dict[int, int] = {}
        self.spent_memos: dict[int, Application] = {}
        self.credited: dict[int, Application] = {}

    def __len__(self) -> int:
        return len(self.day)

    def enter(
        self, kind: int, customer: int, day: int, settled: Sequence[tuple[int, int]], unapplied: int
    ) -> int:
        """Add a payment that settles amounts of invoices and leaves some unapplied; return the fact."""
        payment = self.register.enter(kind)
        for invoice, amount in settled:
            self._apply(payment, invoice, amount)
        self.kind.append(kind)
        self.customer.append(customer)
        self.day.append(day)
        self.amount.append(sum(amount for _, amount in settled) + unapplied)
        self.unapplied.append(unapplied)
        self.first_application.append(len(self._payment))
        return payment

    def credit(self, memo: int, invoice: int) -> None:
        """Apply the whole of a credit memo to an invoice."""
        amount = self.invoices.amount[memo]
        application = Application(memo, invoice, amount)
        self.spent_memos[memo] = self.credited[invoice] = application
        self.invoices.balance[memo] -= amount
        self.invoices.balance[invoice] -= amount

    def applications(self, payment: int) -> Iterator[tuple[int, Application]]:
        """Yield what a payment was applied to, each with a number of its own."""
        for place in range(self.first_application[payment], self.first_application[payment + 1]):
            yield place, Application(payment, self._invoice[place], self._amount[place])

    def payments_of(self, invoice: int) -> Iterator[tuple[int, Application]]:
        """Yield what payments settled of an invoice, the latest first, each with a number of its own."""
        place = self._latest[invoice]
        while place != NOTHING:
            yield place, Application(self._payment[place], invoice, self._amount[place])
            place = self._earlier[place]

    def last_day(self, invoice: int) -> int:
        """Return the day on which something last happened to an invoice."""
        days = [self.day[application.source] for _, application in self.payments_of(invoice)]
        memo = self.credited.get(invoice)
        if memo is not None:
            days.append(self.invoices.day[memo.source])
        return max(days, default=self.invoices.day[invoice])

    def posted(self) -> Iterable[int]:
        """Return all payments: each is released when it is entered."""
        return range(len(self))

    def branch(self, payment: int) -> int:
        """Return the branch that a payment came in at."""
        return WAREHOUSES[self.invoices.customers[self.customer[payment]].warehouse].branch

    def reference(self, payment: int) -> str:
        """Return the number of a payment."""
        return self.register.reference(payment)

    def partner(self, payment: int) -> tuple[str, str]:
        """Return id and name of the customer."""
        return self.invoices.customers[self.customer[payment]][:2]

    def account(self, payment: int) -> str:
        """Return the cash account that a payment came in on."""
        return chart.EURO_CASH if self._rate(payment) != PAR else chart.CASH

    def entries(self, payment: int) -> list[Entry]:
        """Return what a payment posts; a change of the rate since the invoice is a gain or a loss."""
        amount = self.amount[payment]
        if self._rate(payment) == PAR:
            return [Entry(chart.CASH, amount, amount), Entry(chart.RECEIVABLES, -amount, -amount)]
        first, end = self.first_application[payment], self.first_application[payment + 1]
        received, relief = to_dollars(amount, self._rate(payment)), sum(self._relief[first:end])
        gain = [Entry(chart.CURRENCY_GAINS, 0, relief - received)] if relief != received else []
        return [Entry(chart.EURO_CASH, amount, received), Entry(chart.RECEIVABLES, -amount, -relief), *gain]

    def _rate(self, payment: int) -> int:
        euro = self.invoices.customers[self.customer[payment]].euro
        return EURO_RATES[month_of(self.day[payment])] if euro else PAR

    def _apply(self, payment: int, invoice: int, amount: int) -> None:
        self.invoices.balance[invoice] -= amount
        self._payment.append(payment)
        self._invoice.append(invoice)
        self._amount.append(amount)
        self._relief.append(self._relieve(invoice, amount))
        self._earlier.append(self._latest[invoice])
        self._latest[invoice] = len(self._payment) - 1

    def _relieve(self, invoice: int, amount: int) -> int:
        """Return the dollars by which a payment lowers the receivables; the last one takes what is left."""
        rate = self.invoices.rate[invoice]
        if rate == PAR:
            return amount
        left = self._open_base.pop(invoice, None)
        if left is None:
            left = self.invoices.entries(invoice)[0].base
        relief = to_dollars(amount, rate) if self.invoices.balance[invoice] else left
        self._open_base[invoice] = left - relief
        return relief
