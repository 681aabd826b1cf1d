"""Receivables as the form AR301000 shows them: what was entered there, and every released document of sales."""

from __future__ import annotations

from functools import partial

from acudata.sandbox.company import chart
from acudata.sandbox.company.calendar import date_text, period_text, stamp_text
from acudata.sandbox.company.chart import BRANCHES, subaccount_of
from acudata.sandbox.company.facts import Facts
from acudata.sandbox.company.forms.applications import ApplicationForm
from acudata.sandbox.company.forms.document import bill_and_ship_to, discount_row, tax_rate, tax_row
from acudata.sandbox.company.identity import guid
from acudata.sandbox.company.items import CLASSES, SERVICE_CLASS, SERVICES, Item
from acudata.sandbox.company.money import number
from acudata.sandbox.company.orders import OrderLine
from acudata.sandbox.company.progress import invoice_status
from acudata.sandbox.company.projects import TASKS, Work
from acudata.sandbox.company.sheet import Details, Linked, Sheet, Values
from acudata.sandbox.records import Record

COMMON: Values = {
    "BillingPrinted": False,
    "BillToContactOverride": False,
    "IsTaxValid": False,
    "LinkARAccount": chart.RECEIVABLES,
    "LocationID": "MAIN",
    "ShipToContactOverride": False,
}
"""What the form shows alike for every document."""


class InvoiceForm:
    """Makes the records of receivables; those of sales are the same documents that SO303000 shows."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._invoices = facts.invoices
        self._applications = ApplicationForm(facts)

    def facts(self) -> list[int]:
        """Return the documents that the form lists, in the order of their keys."""
        invoices = self._invoices
        return [
            fact
            for fact in invoices.register.in_key_order()
            if invoices.released[fact] or invoices.order(fact) is None
        ]

    def record(self, invoice: int) -> Record:
        """Make the record of a document."""
        return Sheet(
            guid("Invoice", self._invoices.register.place(invoice)),
            COMMON | self._values(invoice),
            link=partial(self._linked, invoice),
            detail=partial(self._details, invoice),
        )

    def _values(self, invoice: int) -> Values:
        invoices, bits = self._invoices, self._invoices.bits[invoice]
        customer = invoices.customers[invoices.customer[invoice]]
        status = invoice_status(invoices, invoice)
        return {
            "Amount": number(invoices.amount[invoice]),
            "Balance": number(invoices.balance[invoice]),
            "CreatedDateTime": stamp_text(invoices.day[invoice], bits // 5),
            "Customer": customer.customer_id,
            "Date": date_text(invoices.day[invoice]),
            "Description": customer.name if invoices.order(invoice) is None else None,
            "DueDate": date_text(invoices.due(invoice)),
            "Hold": status == "On Hold",
            "LastModifiedDateTime": stamp_text(self._facts.payments.last_day(invoice), bits // 7),
            "LinkBranch": BRANCHES[invoices.branch(invoice)].branch_id,
            "PostPeriod": period_text(invoices.day[invoice]),
            "Project": self._project(invoice),
            "ReferenceNbr": invoices.reference(invoice),
            "Status": status,
            "TaxTotal": number(invoices.tax[invoice]),
            "Terms": customer.terms,
            "Type": invoices.register.label(invoice),
        }

    def _project(self, invoice: int) -> str | None:
        work = self._invoices.work_of(invoice)
        return self._facts.projects[work[0].project].project_id if work else None

    def _linked(self, invoice: int) -> Linked:
        place = self._invoices.register.place(invoice)
        customer = self._invoices.customers[self._invoices.customer[invoice]]
        members = bill_and_ship_to("Invoice", place, customer)
        return {name: members[name] for name in ("BillToContact", "ShipToContact")}

    def _details(self, invoice: int) -> Details:
        invoices, totals = self._invoices, self._invoices.totals(invoice)
        place = invoices.register.place(invoice)
        customer = invoices.customers[invoices.customer[invoice]]
        taxes = tax_row("Invoice", place, customer, totals) if totals.tax else []
        for row in taxes:
            row.values["TaxRate"] = tax_rate(customer)
        return {
            "ApplicationsCreditMemo": self._applications.spent("Invoice", invoice),
            "ApplicationsDefault": self._applications.settling("Invoice", invoice),
            "Details": self._rows(invoice),
            "DiscountDetails": discount_row("Invoice", place, totals),
            "TaxDetails": taxes,
        }

    def _rows(self, invoice: int) -> list[Record]:
        sold = [_goods(self._facts.items[line.item], line) for _, line in self._invoices.lines(invoice)]
        done = [_service(work) for work in self._invoices.work_of(invoice)]
        return [self._row(invoice, number, values) for number, values in enumerate([*sold, *done], 1)]

    def _row(self, invoice: int, line_number: int, values: Values) -> Record:
        branch = self._invoices.branch(invoice)
        common: Values = {
            "Branch": BRANCHES[branch].branch_id,
            "CalculateDiscountsOnImport": False,
            "LastModifiedDateTime": stamp_text(
                self._invoices.day[invoice], self._invoices.bits[invoice] // 5
            ),
            "LineNbr": line_number,
            "Subaccount": subaccount_of(str(values["Account"]), branch),
        }
        return Record(
            guid("Invoice/Details", self._invoices.line_place(invoice, line_number)), common | values
        )


def _goods(item: Item, sold: OrderLine) -> Values:
    item_class = CLASSES[item.item_class]
    return {
        "Account": item_class.sales_account,
        "Amount": number(sold.amount),
        "DiscountAmount": number(sold.discount),
        "ExtendedPrice": number(sold.quantity * sold.price),
        "InventoryID": item.inventory_id,
        "Qty": sold.quantity,
        "TaxCategory": "TAXABLE",
        "TransactionDescription": item.description,
        "UnitPrice": number(sold.price),
        "UOM": item_class.unit,
    }


def _service(work: Work) -> Values:
    service_id, description, price = SERVICES[work.service]
    return {
        "Account": SERVICE_CLASS.sales_account,
        "Amount": number(work.amount),
        "DiscountAmount": 0,
        "ExtendedPrice": number(work.amount),
        "InventoryID": service_id,
        "ProjectTask": TASKS[work.task][0],
        "Qty": work.hours,
        "TaxCategory": "EXEMPT",
        "TransactionDescription": description,
        "UnitPrice": number(price),
        "UOM": SERVICE_CLASS.unit,
    }
