"""When customers pay: early, late, in parts, too much, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from acudata.sandbox.company.calendar import TODAY, next_friday
from acudata.sandbox.company.entries import PAR
from acudata.sandbox.company.invoices import CREDIT_MEMO, Invoices
from acudata.sandbox.company.money import share
from acudata.sandbox.company.orders import CREDIT_HELD
from acudata.sandbox.company.payments import PAYMENT, PREPAYMENT, Payments

WHOLE, FIRST_HALF, SECOND_HALF = range(3)
INVOICE_BITS, CUSTOMER_BITS = 24, 20


def collect(payments: Payments) -> None:
    """Enter what was paid by today, in the order of the days; a customer pays what is due on a day at once.

    A credit memo is applied to its invoice if that was not yet paid.
    """
    invoices = payments.invoices
    plan = sorted(code for invoice in range(len(invoices)) for code in _plan(invoices, invoice))
    paid_on = {_invoice(code): _day(code) for code in reversed(plan)}
    for invoice, memo in invoices.memo_of.items():
        if invoices.released[memo] and paid_on.get(invoice, TODAY + 1) > invoices.day[memo]:
            payments.credit(memo, invoice)
    for _, codes in groupby(plan, key=lambda code: code >> INVOICE_BITS + 2):
        _pay(payments, list(codes))


def pay_ahead(payments: Payments) -> None:
    """Enter prepayments of customers at home whose orders are on credit hold."""
    orders = payments.invoices.orders
    for order, outcome in enumerate(orders.outcome):
        if outcome == CREDIT_HELD and not orders.customers[orders.customer[order]].euro:
            amount = share(orders.totals(order).amount, 20)
            payments.enter(PREPAYMENT, orders.customer[order], orders.day[order], [], amount)


def _plan(invoices: Invoices, invoice: int) -> Iterator[int]:
    """Yield the payments of an invoice as numbers that sort by day: day, customer, invoice and part."""
    bits = invoices.bits[invoice]
    never = bits >> 34 & 63 == 0 and invoices.rate[invoice] == PAR
    if invoices.kind[invoice] == CREDIT_MEMO or not invoices.released[invoice] or never:
        return
    day = _pay_day(invoices, invoice)
    if invoices.rate[invoice] != PAR or bits >> 40 & 31:
        parts = [(day, WHOLE)]
    else:
        parts = [(day, FIRST_HALF), (day + 28, SECOND_HALF)]
    for day, part in parts:
        if day <= TODAY:
            customer = day << CUSTOMER_BITS | invoices.customer[invoice]
            yield (customer << INVOICE_BITS | invoice) << 2 | part


def _pay_day(invoices: Invoices, invoice: int) -> int:
    """Return the day of the first payment: a Friday near the due day, in euro soon and never after today."""
    bits = invoices.bits[invoice] >> 46
    if invoices.rate[invoice] != PAR:
        return min(TODAY, invoices.day[invoice] + bits % 11)
    lateness = invoices.customers[invoices.customer[invoice]].lateness
    return next_friday(max(invoices.day[invoice] + 1, invoices.due(invoice) + lateness + bits % 9 - 4))


def _pay(payments: Payments, codes: list[int]) -> None:
    invoices = payments.invoices
    settled = [(_invoice(code), _amount(invoices, _invoice(code), code & 3)) for code in codes]
    first, customer = settled[0][0], invoices.customer[settled[0][0]]
    generous = invoices.rate[first] == PAR and invoices.bits[first] >> 50 & 127 == 0
    extra = (5 + (invoices.bits[first] & 255)) * 100 if generous else 0
    payments.enter(PAYMENT, customer, _day(codes[0]), settled, extra)


def _amount(invoices: Invoices, invoice: int, part: int) -> int:
    balance = invoices.balance[invoice]
    return balance // 2 if part == FIRST_HALF else balance


def _invoice(code: int) -> int:
    return code >> 2 & (1 << INVOICE_BITS) - 1


def _day(code: int) -> int:
    return code >> CUSTOMER_BITS + INVOICE_BITS + 2
