"""Payments as the form AR302000 shows them."""

from __future__ import annotations

from functools import partial

from acudata.sandbox.company.calendar import date_text, stamp_text
from acudata.sandbox.company.chart import BRANCHES
from acudata.sandbox.company.facts import Facts
from acudata.sandbox.company.forms.applications import ApplicationForm, payment_ref
from acudata.sandbox.company.identity import guid
from acudata.sandbox.company.money import number
from acudata.sandbox.company.payments import METHODS
from acudata.sandbox.company.sheet import Details, Sheet, Values
from acudata.sandbox.records import Record

COMMON: Values = {
    "AppliedToOrders": 0,
    "CustomerLocationID": "MAIN",
    "Hold": False,
    "IsCCPayment": False,
    "IsNewCard": False,
    "SaveCard": False,
}
"""What the form shows alike for every payment."""


class PaymentForm:
    """Makes the records of payments.

    Credit memos, which a real instance lists here too, are left to the forms of invoices.
    """

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._payments = facts.payments
        self._applications = ApplicationForm(facts)

    def record(self, payment: int) -> Record:
        """Make the record of a payment."""
        return Sheet(
            guid("Payment", self._payments.register.place(payment)),
            COMMON | self._values(payment),
            detail=partial(self._details, payment),
        )

    def _values(self, payment: int) -> Values:
        payments, day = self._payments, self._payments.day[payment]
        customer = self._facts.customers[payments.customer[payment]]
        unapplied = payments.unapplied[payment]
        branch = BRANCHES[payments.branch(payment)].branch_id
        return {
            "ApplicationDate": date_text(day),
            "AppliedToDocuments": number(payments.amount[payment] - unapplied),
            "AvailableBalance": number(unapplied),
            "Branch": branch,
            "BranchID": branch,
            "CashAccount": payments.account(payment),
            "CurrencyID": "EUR" if customer.euro else "USD",
            "CustomerID": customer.customer_id,
            "Description": None if payment % 4 else f"Payment of {customer.name}",
            "LastModifiedDateTime": stamp_text(day, payment * 104_729),
            "NoteID": guid("Payment", payments.register.place(payment)),
            "PaymentAmount": number(payments.amount[payment]),
            "PaymentMethod": "WIRE" if customer.euro else METHODS[payment % len(METHODS)],
            "PaymentRef": payment_ref(payment),
            "ReferenceNbr": payments.reference(payment),
            "Status": "Open" if unapplied else "Closed",
            "Type": payments.register.label(payment),
        }

    def _details(self, payment: int) -> Details:
        return {"ApplicationHistory": self._applications.history(payment)}
