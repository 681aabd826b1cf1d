"""Invoices and credit memos of sales orders as the form SO303000 shows them."""

from __future__ import annotations

from functools import partial

from acudata.sandbox.company.calendar import date_text, stamp_text
from acudata.sandbox.company.chart import BRANCHES, subaccount_of
from acudata.sandbox.company.facts import Facts
from acudata.sandbox.company.forms.applications import ApplicationForm
from acudata.sandbox.company.forms.document import bill_and_ship_to, commission_row, discount_row, tax_row
from acudata.sandbox.company.identity import guid
from acudata.sandbox.company.invoices import CREDIT_MEMO, SALES
from acudata.sandbox.company.items import CLASSES, WAREHOUSES
from acudata.sandbox.company.money import number, share
from acudata.sandbox.company.orders import OrderLine
from acudata.sandbox.company.progress import invoice_status
from acudata.sandbox.company.sheet import Details, Linked, Sheet, Values
from acudata.sandbox.records import Record

COMMON: Values = {
    "BillToAddressOverride": False,
    "BillToContactOverride": False,
    "CashDiscount": 0,
    "CreditHold": False,
    "IsTaxValid": False,
    "ShipToAddressOverride": False,
    "ShipToContactOverride": False,
    "TaxCalcMode": "Tax Settings",
    "VATExemptTotal": 0,
    "VATTaxableTotal": 0,
}
"""What the form shows alike for every document."""
ROW: Values = {
    "CalculateDiscountsOnImport": False,
    "Location": "R1S1",
    "ManualDiscount": False,
    "ManualPrice": False,
}
"""What every line shows alike."""


class SalesInvoiceForm:
    """Makes the records of invoices that bill orders, released or not."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._invoices = facts.invoices
        self._applications = ApplicationForm(facts)

    def facts(self) -> list[int]:
        """Return the documents that the form lists, in the order of their keys."""
        kinds = self._invoices.kind
        return [
            fact for fact in self._invoices.register.in_key_order() if kinds[fact] in {SALES, CREDIT_MEMO}
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
        invoices, totals = self._invoices, self._invoices.totals(invoice)
        customer, bits = invoices.customers[invoices.customer[invoice]], invoices.bits[invoice]
        modified = stamp_text(self._facts.payments.last_day(invoice), bits // 7)
        status = invoice_status(invoices, invoice)
        return {
            "Amount": number(invoices.amount[invoice]),
            "Balance": number(invoices.balance[invoice]),
            "CreatedDate": stamp_text(invoices.day[invoice], bits // 5),
            "Currency": "EUR" if customer.euro else "USD",
            "CustomerID": customer.customer_id,
            "Date": date_text(invoices.day[invoice]),
            "DetailTotal": number(totals.lines),
            "DiscountTotal": number(totals.discount),
            "DueDate": date_text(invoices.due(invoice)),
            "FreightPrice": number(totals.freight),
            "Hold": status == "On Hold",
            "LastModifiedDate": modified,
            "LastModifiedDateTime": modified,
            "PaymentTotal": number(invoices.amount[invoice] - invoices.balance[invoice]),
            "ReferenceNbr": invoices.reference(invoice),
            "Status": status,
            "TaxTotal": number(totals.tax),
            "Type": invoices.register.label(invoice),
        }

    def _linked(self, invoice: int) -> Linked:
        place = self._invoices.register.place(invoice)
        customer = self._invoices.customers[self._invoices.customer[invoice]]
        members = bill_and_ship_to("Invoice", place, customer)
        billing = Record(
            guid("Invoice/BillingSettings", place),
            {"BillToAddressOverride": False, "BillToContactOverride": False, "CustomerLocation": "MAIN"},
            linked={name: members[name] for name in ("BillToAddress", "BillToContact")},
        )
        finance = {
            "BatchNbr": self._facts.journal.number_of(self._invoices, invoice),
            "Branch": BRANCHES[self._invoices.branch(invoice)].branch_id,
            "CustomerTaxZone": customer.place.tax_zone,
        }
        for name in ("BillToAddress", "ShipToAddress"):
            members[name].values.pop("Validated")
        return members | {
            "BillingSettings": billing,
            "Commissions": self._commissions(invoice, place),
            "FinancialDetails": Record(guid("Invoice/FinancialDetails", place), dict(finance)),
        }

    def _commissions(self, invoice: int, place: int) -> Record:
        totals, seller = (
            self._invoices.totals(invoice),
            self._facts.salesperson(self._invoices.customer[invoice]),
        )
        amount = totals.lines - totals.discount
        row = commission_row("Invoice", place, seller.salesperson_id, amount, seller.percent)
        values: Values = {
            "CommissionAmount": number(share(amount, seller.percent)),
            "TotalCommissionableAmount": number(amount),
        }
        return Record(guid("Invoice/Commissions", place), values, details={"SalesPersons": [row]})

    def _details(self, invoice: int) -> Details:
        invoices, totals = self._invoices, self._invoices.totals(invoice)
        place = invoices.register.place(invoice)
        customer = invoices.customers[invoices.customer[invoice]]
        rows = enumerate(invoices.lines(invoice), 1)
        return {
            "ApplicationsCreditMemo": self._applications.spent("SalesInvoice", invoice),
            "ApplicationsInvoice": self._applications.settling_sales(invoice),
            "Details": [self._row(invoice, line_number, *line) for line_number, line in rows],
            "DiscountDetails": discount_row("Invoice", place, totals),
            "FreightDetails": self._freight(invoice),
            "TaxDetails": tax_row("Invoice", place, customer, totals),
        }

    def _row(self, invoice: int, line_number: int, order_line: int, sold: OrderLine) -> Record:
        item = self._facts.items[sold.item]
        account, branch = CLASSES[item.item_class].sales_account, self._invoices.branch(invoice)
        record_id = guid("Invoice/Details", self._invoices.line_place(invoice, line_number))
        values: Values = {
            "Account": account,
            "Amount": number(sold.amount),
            "BranchID": BRANCHES[branch].branch_id,
            "DiscountAmount": number(sold.discount),
            "DiscountPercent": sold.percent,
            "InventoryID": item.inventory_id,
            "LineNbr": line_number,
            "NoteID": record_id,
            "Qty": sold.quantity,
            "SubAccount": subaccount_of(account, branch),
            "TaxCategory": "TAXABLE",
            "TransactionDescr": item.description,
            "UnitPrice": number(sold.price),
            "UOM": CLASSES[item.item_class].unit,
            "WarehouseID": WAREHOUSES[self._invoices.customers[self._invoices.customer[invoice]].warehouse][
                0
            ],
        }
        return Record(record_id, ROW | values | self._origin(invoice, order_line))

    def _origin(self, invoice: int, order_line: int) -> Values:
        """Return what a line bills: the line of an order, its shipment, and what a return belongs to."""
        invoices, orders = self._invoices, self._facts.orders
        order = orders.of_line(order_line)
        label, reference = orders.register.keys(order)
        origin: Values = {
            "OrderLineNbr": order_line - orders.lines(order).start + 1,
            "OrderNbr": reference,
            "OrderType": label,
        }
        original = invoices.returned(order)
        if original is None:
            shipments, shipment = self._facts.shipments, invoices.source[invoice]
            origin |= {
                "InventoryDocType": "Issue",
                "InventoryRefNbr": self._facts.journal.number_of(shipments, shipment),
                "ShipmentNbr": shipments.reference(shipment),
            }
        else:
            label, reference = invoices.register.keys(original)
            origin |= {"OrigInvNbr": reference, "OrigInvType": label}
        return origin

    def _freight(self, invoice: int) -> list[Record]:
        freight = self._invoices.totals(invoice).freight
        if not freight:
            return []
        shipments, shipment = self._facts.shipments, self._invoices.source[invoice]
        values: Values = {
            "FreightAmount": number(freight),
            "LineTotal": number(self._invoices.totals(invoice).lines),
            "PremiumFreightAmount": 0,
            "ShipmentNbr": shipments.reference(shipment),
            "ShipmentType": "Shipment",
            "TotalFreightAmount": number(freight),
            "Weight": number(shipments.weight(shipment)),
        }
        return [Record(guid("Invoice/FreightDetails", invoice), values)]
