"""How invoices come about: from shipments, from work, and from returned goods."""

from __future__ import annotations

from collections.abc import Iterator

from acudata.sandbox.company.calendar import TODAY
from acudata.sandbox.company.entries import PAR
from acudata.sandbox.company.invoices import CREDIT_MEMO, DEBIT_MEMO, SALES, WORK, Invoices
from acudata.sandbox.company.orders import RETURN, Totals


def bill_shipments(invoices: Invoices) -> None:
    """Enter the invoices of confirmed shipments, in the order of their days."""
    shipments, orders = invoices.shipments, invoices.orders
    plan = sorted(
        shipments.day[shipment] + (0, 0, 1, 2)[orders.bits[order] >> 20 & 3] << 32 | shipment
        for shipment, order in enumerate(shipments.order)
        if shipments.confirmed[shipment]
    )
    for code in plan:
        day, shipment = code >> 32, code & 0xFFFFFFFF
        if day <= TODAY:
            _bill_shipment(invoices, shipment, day)


def _bill_shipment(invoices: Invoices, shipment: int, day: int) -> None:
    shipments, orders = invoices.shipments, invoices.orders
    order = shipments.order[shipment]
    amount = 0
    for line, sold in shipments.sold(shipment):
        amount += sold.amount
        orders.billed[line] += sold.quantity
    totals = orders.price_up(order, amount, freight=not shipments.completes[shipment])
    invoices.enter(SALES, orders.customer[order], day, shipment, totals)


def bill_work(invoices: Invoices) -> None:
    """Enter the invoices of each month's work; some clients are charged a little more by a debit memo."""
    for source, work in enumerate(invoices.work):
        kind = DEBIT_MEMO if len(work) == 1 and source % 4 == 0 else WORK
        totals = Totals(sum(done.amount for done in work), 0, 0, 0)
        invoices.enter(kind, work[0].customer, work[0].day, source, totals)


def credit_returns(invoices: Invoices) -> None:
    """Enter returns of a few invoices, each an order of its own, with their credit memos."""
    orders = invoices.orders
    for day, invoice in sorted(_returns(invoices)):
        _, sold = max(invoices.lines(invoice), key=lambda line: line[1].quantity)
        if sold.quantity > 1:
            back = sold._replace(quantity=sold.quantity // 2)
            order = orders.enter(RETURN, day, invoices.customer[invoice], invoices.bits[invoice], [back])
            line = orders.first_line[order]
            orders.shipped[line] = orders.billed[line] = back.quantity
            memo = invoices.enter(CREDIT_MEMO, orders.customer[order], day, order, orders.totals(order))
            invoices.memo_of[invoice], invoices.corrected[memo] = memo, invoice


def _returns(invoices: Invoices) -> Iterator[tuple[int, int]]:
    """Yield the days of returns and the invoices that they belong to; foreign customers keep everything."""
    for invoice, kind in enumerate(invoices.kind):
        if kind == SALES and invoices.rate[invoice] == PAR and invoices.bits[invoice] >> 24 & 31 == 0:
            day = invoices.day[invoice] + 3 + (invoices.bits[invoice] >> 29 & 15)
            if day <= TODAY:
                yield day, invoice
