"""Who paid what: payments and credit memos as rows of invoices, and invoices as rows of theirs."""

from __future__ import annotations

from collections.abc import Iterator

from acudata.sandbox.company.calendar import date_text, period_text
from acudata.sandbox.company.facts import Facts
from acudata.sandbox.company.identity import guid
from acudata.sandbox.company.money import number
from acudata.sandbox.company.payments import Application
from acudata.sandbox.company.progress import invoice_status
from acudata.sandbox.company.sheet import Values
from acudata.sandbox.records import Record, Scalar


class ApplicationForm:
    """Makes the rows that tie payments and credit memos to invoices."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._invoices = facts.invoices
        self._payments = facts.payments

    def settling(self, collection: str, invoice: int) -> list[Record]:
        """Return what settled an invoice, as rows of the form in AR301000: payments and credit memos."""
        return [
            _shown(guid(f"{collection}/ApplicationsDefault", place), values, INVOICE_ROW)
            for place, values in self._settlements(invoice)
        ]

    def settling_sales(self, invoice: int) -> list[Record]:
        """Return what settled an invoice, as rows of the form in SO303000."""
        rows = []
        for place, values in self._settlements(invoice):
            adjusted: Values = {
                "AdjustedDocReferenceNbr": self._invoices.reference(invoice),
                "AdjustingDocReferenceNbr": values["ReferenceNbr"],
                "DocumentType": self._invoices.register.label(invoice),
                "PaymentPeriod": values["PostPeriod"],
            }
            shown = _shown(guid("SalesInvoice/ApplicationsInvoice", place), values | adjusted, SALES_ROW)
            rows.append(shown)
        return rows

    def spent(self, collection: str, memo: int) -> list[Record]:
        """Return the invoice that a credit memo was applied to, as a row of its form."""
        application = self._payments.spent_memos.get(memo)
        if application is None:
            return []
        values = self._invoice(application) | {"AmountPaid": number(application.amount)}
        return [Record(guid(f"{collection}/ApplicationsCreditMemo", memo), values)]

    def history(self, payment: int) -> list[Record]:
        """Return what a payment was applied to, as rows of its form."""
        return [self._adjusted(*placed) for placed in self._payments.applications(payment)]

    def _settlements(self, invoice: int) -> Iterator[tuple[int, Values]]:
        """Yield a number of its own and the fields of everything that settled an invoice."""
        memo = self._payments.credited.get(invoice)
        if memo is not None:
            yield 2 * invoice, self._memo(memo) | {"AmountPaid": number(memo.amount)}
        for place, application in self._payments.payments_of(invoice):
            yield 2 * place + 1, self._payment(application) | {"AmountPaid": number(application.amount)}

    def _payment(self, application: Application) -> Values:
        payments, payment = self._payments, application.source
        customer = self._facts.customers[payments.customer[payment]]
        unapplied = payments.unapplied[payment]
        return {
            "Balance": number(unapplied),
            "CashDiscountTaken": 0,
            "Currency": "EUR" if customer.euro else "USD",
            "Customer": customer.customer_id,
            "DocType": payments.register.label(payment),
            "PaymentDate": date_text(payments.day[payment]),
            "PaymentRef": payment_ref(payment),
            "PostPeriod": period_text(payments.day[payment]),
            "ReferenceNbr": payments.reference(payment),
            "Status": "Open" if unapplied else "Closed",
        }

    def _memo(self, application: Application) -> Values:
        invoices, memo = self._invoices, application.source
        return {
            "Balance": number(invoices.balance[memo]),
            "CashDiscountTaken": 0,
            "Currency": "USD",
            "Customer": invoices.partner(memo)[0],
            "DocType": invoices.register.label(memo),
            "PaymentDate": date_text(invoices.day[memo]),
            "PaymentRef": None,
            "PostPeriod": period_text(invoices.day[memo]),
            "ReferenceNbr": invoices.reference(memo),
            "Status": invoice_status(invoices, memo),
        }

    def _invoice(self, application: Application) -> Values:
        invoices, invoice = self._invoices, application.invoice
        return {
            "Balance": number(invoices.balance[invoice]),
            "Customer": invoices.partner(invoice)[0],
            "DocType": invoices.register.label(invoice),
            "PostPeriod": period_text(invoices.day[invoice]),
            "ReferenceNbr": invoices.reference(invoice),
            "Status": invoice_status(invoices, invoice),
        }

    def _adjusted(self, place: int, application: Application) -> Record:
        invoices, payments = self._invoices, self._payments
        invoice, payment = application.invoice, application.source
        period = period_text(payments.day[payment])
        values: Values = {
            "AdjustedDocType": invoices.register.label(invoice),
            "AdjustedRefNbr": invoices.reference(invoice),
            "AdjustingDocType": payments.register.label(payment),
            "AdjustingRefNbr": payments.reference(payment),
            "AdjustmentNbr": 0,
            "AmountPaid": number(application.amount),
            "ApplicationPeriod": period,
            "Balance": number(invoices.balance[invoice]),
            "BalanceWriteOff": 0,
            "BatchNbr": self._facts.journal.number_of(payments, payment),
            "CashDiscountTaken": 0,
            "CurrencyID": "EUR" if self._facts.customers[payments.customer[payment]].euro else "USD",
            "Customer": invoices.partner(invoice)[0],
            "Date": date_text(invoices.day[invoice]),
            "DisplayDocType": invoices.register.label(invoice),
            "DisplayRefNbr": invoices.reference(invoice),
            "DueDate": date_text(invoices.due(invoice)),
            "PostPeriod": period,
        }
        return Record(guid("Payment/ApplicationHistory", place), values)


INVOICE_ROW = (
    "AmountPaid",
    "Balance",
    "CashDiscountTaken",
    "DocType",
    "PaymentDate",
    "ReferenceNbr",
    "Status",
)
SALES_ROW = (
    "AdjustedDocReferenceNbr",
    "AdjustingDocReferenceNbr",
    "AmountPaid",
    "Balance",
    "CashDiscountTaken",
    "Currency",
    "Customer",
    "DocType",
    "DocumentType",
    "PaymentDate",
    "PaymentPeriod",
    "PaymentRef",
    "Status",
)


def payment_ref(payment: int) -> str:
    """Return the number on the check or the transfer of a payment."""
    return f"{100_000 + payment * 7_919 % 900_000}"


def _shown(record_id: str, values: Values, names: tuple[str, ...]) -> Record:
    """Return a row with the fields that its form has."""
    picked: dict[str, Scalar] = {name: values[name] for name in names}
    return Record(record_id, picked)
