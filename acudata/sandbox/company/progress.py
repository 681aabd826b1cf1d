"""How far documents of sales have come: the labels of their states."""

from __future__ import annotations

from acudata.sandbox.company.invoices import CREDIT_MEMO, Invoices
from acudata.sandbox.company.orders import CANCELED, CREDIT_HELD, HELD, QUOTE, RETURN
from acudata.sandbox.company.shipments import Shipments

STOPPED = {CANCELED: "Canceled", HELD: "On Hold", CREDIT_HELD: "Credit Hold"}


def order_status(shipments: Shipments, order: int) -> str:
    """Return the state of an order: what stopped it, else how much of it was shipped."""
    orders = shipments.orders
    if orders.outcome[order] in STOPPED:
        return STOPPED[orders.outcome[order]]
    if orders.kind[order] == QUOTE:
        return "Open" if orders.day[order] > 640 else "Completed"
    if orders.kind[order] == RETURN:
        return "Completed"
    sent = shipments.of_order(order)
    if not sent:
        return "Open"
    if not all(shipments.confirmed[shipment] for shipment in sent):
        return "Shipping"
    is_short = any(orders.left(order, line) for line in orders.lines(order))
    return "Back Order" if is_short else "Completed"


def shipment_status(invoices: Invoices, shipment: int) -> str:
    """Return the state of a shipment."""
    if not invoices.shipments.confirmed[shipment]:
        return "Open"
    invoice = invoices.of_shipment(shipment)
    if invoice is None:
        return "Confirmed"
    return "Completed" if invoices.released[invoice] else "Invoiced"


def invoice_status(invoices: Invoices, invoice: int) -> str:
    """Return the state of a receivable: before it is released, open, or settled."""
    if invoices.released[invoice]:
        return "Open" if invoices.balance[invoice] else "Closed"
    return "On Hold" if invoices.kind[invoice] == CREDIT_MEMO or invoices.source[invoice] % 2 else "Balanced"
