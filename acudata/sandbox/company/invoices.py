"""What customers owe: invoices of shipments and of work, credit memos and debit memos."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence

from acudata.sandbox.company import chart
from acudata.sandbox.company.calendar import TODAY, month_of
from acudata.sandbox.company.customers import TERMS
from acudata.sandbox.company.entries import PAR, Entry, booked
from acudata.sandbox.company.items import CLASSES, WAREHOUSES
from acudata.sandbox.company.money import EURO_RATES
from acudata.sandbox.company.orders import OrderLine, Totals
from acudata.sandbox.company.projects import Work
from acudata.sandbox.company.registers import Register, Series
from acudata.sandbox.company.shipments import Shipments

CREDIT_MEMO, DEBIT_MEMO, WORK, SALES = range(4)
MOST_LINES = 64
NOTHING = -1
SCATTER, MASK = 0x9E3779B97F4A7C15, (1 << 63) - 1


class Invoices:
    """Holds the facts of receivables, and is their book.

    Money is in cents of the customer's currency and never negative. `source` is what a document bills: a
    shipment, the order of a return, or a piece of work. `memo_of` maps an invoice to the credit memo of what
    was returned, and `corrected` the memo to the invoice.
    """

    module = "AR"

    def __init__(self, shipments: Shipments, work: Sequence[list[Work]]) -> None:
        self.shipments = shipments
        self.orders = shipments.orders
        self.customers = shipments.orders.customers
        self.work = work
        self.register = Register(
            Series("Credit Memo"), Series("Debit Memo"), Series("Invoice"), Series("Invoice", "INV")
        )
        self.kind = array("b")
        self.customer = array("i")
        self.day = array("h")
        self.source = array("i")
        self.bits = array("Q")
        self.released = array("b")
        self.goods = array("q")
        self.discount = array("q")
        self.freight = array("q")
        self.tax = array("q")
        self.amount = array("q")
        self.balance = array("q")
        self.rate = array("i")
        self._of_shipment = array("i", [NOTHING]) * len(shipments)
        self.memo_of_order: dict[int, int] = {}
        self.memo_of: dict[int, int] = {}
        self.corrected: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self.kind)

    def enter(self, kind: int, customer: int, day: int, source: int, totals: Totals) -> int:
        """Add a document and return the fact."""
        self.kind.append(kind)
        self.customer.append(customer)
        self.day.append(day)
        self.source.append(source)
        euro = self.customers[customer].euro
        self.released.append(euro or day < TODAY - 2 or source % 3 == 0)
        self.rate.append(EURO_RATES[month_of(day)] if euro else PAR)
        invoice = self.register.enter(kind)
        self._bind(invoice)
        self._price(totals)
        return invoice

    def order(self, invoice: int) -> int | None:
        """Return the order that a document bills."""
        kind, source = self.kind[invoice], self.source[invoice]
        if kind == SALES:
            return self.shipments.order[source]
        return source if kind == CREDIT_MEMO else None

    def of_shipment(self, shipment: int) -> int | None:
        """Return the invoice of a shipment."""
        invoice = self._of_shipment[shipment]
        return None if invoice == NOTHING else invoice

    def returned(self, order: int) -> int | None:
        """Return the invoice whose goods came back with an order."""
        memo = self.memo_of_order.get(order)
        return None if memo is None else self.corrected[memo]

    def due(self, invoice: int) -> int:
        """Return the day on which a document is due; memos are due at once."""
        terms = TERMS[self.customers[self.customer[invoice]].terms]
        return self.day[invoice] + (0 if self.kind[invoice] == CREDIT_MEMO else terms)

    def branch(self, invoice: int) -> int:
        """Return the branch that a document belongs to."""
        return WAREHOUSES[self.customers[self.customer[invoice]].warehouse].branch

    def posted(self) -> Iterable[int]:
        """Return the released documents."""
        return (invoice for invoice, released in enumerate(self.released) if released)

    def reference(self, invoice: int) -> str:
        """Return the number of a document."""
        return self.register.reference(invoice)

    def partner(self, invoice: int) -> tuple[str, str]:
        """Return id and name of the customer."""
        return self.customers[self.customer[invoice]][:2]

    def lines(self, invoice: int) -> list[tuple[int, OrderLine]]:
        """Return the lines of orders that a document bills, each with how much of it; none for work."""
        kind, source = self.kind[invoice], self.source[invoice]
        if kind == SALES:
            return self.shipments.sold(source)
        return self.orders.sold(source) if kind == CREDIT_MEMO else []

    def work_of(self, invoice: int) -> list[Work]:
        """Return the work that a document bills, none for one that bills an order."""
        return self.work[self.source[invoice]] if self.order(invoice) is None else []

    def line_place(self, invoice: int, line_number: int) -> int:
        """Return a number that stands for a line of a document."""
        return self.register.place(invoice) * MOST_LINES + line_number

    def totals(self, invoice: int) -> Totals:
        """Return the sums of a document."""
        return Totals(self.goods[invoice], self.discount[invoice], self.freight[invoice], self.tax[invoice])

    def entries(self, invoice: int) -> list[Entry]:
        """Return what a released document posts; the receivables come first."""
        totals = self.totals(invoice)
        sign = -1 if self.kind[invoice] == CREDIT_MEMO else 1
        pairs = [
            (chart.RECEIVABLES, totals.amount),
            *((account, -amount) for account, amount in self._income(invoice).items()),
            (chart.DISCOUNTS, totals.discount),
            (chart.FREIGHT_INCOME, -totals.freight),
            (chart.SALES_TAX, -totals.tax),
        ]
        return booked([(account, sign * amount) for account, amount in pairs], rate=self.rate[invoice])

    def _bind(self, invoice: int) -> None:
        """Tie a document to what it bills."""
        order, source = self.order(invoice), self.source[invoice]
        self.bits.append(source * SCATTER & MASK if order is None else self.orders.bits[order])
        if self.kind[invoice] == SALES:
            self._of_shipment[source] = invoice
        elif self.kind[invoice] == CREDIT_MEMO:
            self.memo_of_order[source] = invoice

    def _price(self, totals: Totals) -> None:
        self.goods.append(totals.lines)
        self.discount.append(totals.discount)
        self.freight.append(totals.freight)
        self.tax.append(totals.tax)
        self.amount.append(totals.amount)
        self.balance.append(totals.amount)

    def _income(self, invoice: int) -> dict[str, int]:
        if self.order(invoice) is None:
            return {chart.SERVICES: self.amount[invoice]}
        income: dict[str, int] = {}
        for _, line in self.lines(invoice):
            account = CLASSES[self.orders.items[line.item].item_class].sales_account
            income[account] = income.get(account, 0) + line.amount
        return income
