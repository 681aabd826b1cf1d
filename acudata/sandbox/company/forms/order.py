"""Sales orders as the form SO301000 shows them."""

from __future__ import annotations

from functools import partial

from acudata.sandbox.company.calendar import date_text, month_of, period_text, stamp_text
from acudata.sandbox.company.chart import BRANCHES
from acudata.sandbox.company.customers import TERMS, Customer
from acudata.sandbox.company.entries import PAR
from acudata.sandbox.company.facts import Facts
from acudata.sandbox.company.forms.document import (
    bill_and_ship_to,
    commission_row,
    currency,
    discount_row,
    tax_rate,
    tax_row,
)
from acudata.sandbox.company.forms.order_lines import OrderLineForm
from acudata.sandbox.company.identity import guid
from acudata.sandbox.company.items import WAREHOUSES
from acudata.sandbox.company.money import EURO_RATES, number
from acudata.sandbox.company.orders import CREDIT_HELD, HELD
from acudata.sandbox.company.progress import order_status
from acudata.sandbox.company.sheet import Details, Linked, Sheet, Values
from acudata.sandbox.company.words import Bits
from acudata.sandbox.records import Record, Scalar

COMMON: Values = {
    "Approved": True,
    "BillToAddressOverride": False,
    "BillToAddressValidated": False,
    "BillToContactOverride": False,
    "ControlTotal": 0,
    "DisableAutomaticDiscountUpdate": False,
    "DisableAutomaticTaxCalculation": False,
    "IsTaxValid": False,
    "LocationID": "MAIN",
    "ShipToAddressOverride": False,
    "ShipToAddressValidated": False,
    "ShipToContactOverride": False,
    "ShipVia": "SPEEDSHIP",
    "TaxCalcMode": "Tax Settings",
    "VATExemptTotal": 0,
    "VATTaxableTotal": 0,
    "WillCall": False,
}
"""What the form shows alike for every order."""
REMARKS = (
    "",
    "",
    "",
    "",
    "Deliver to the back door",
    "Für die Filiale <Nord>",
    "Rush; call before 8 o'clock",
)


class SalesOrderForm:
    """Makes the records of sales orders."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._orders = facts.orders
        self._lines = OrderLineForm(facts)

    def record(self, order: int) -> Record:
        """Make the record of an order."""
        place = self._orders.register.place(order)
        return Sheet(
            guid("SalesOrder", place),
            COMMON | self._values(order),
            link=partial(self._linked, order),
            detail=partial(self._details, order),
            custom=_custom(Bits(self._orders.bits[order]), self._orders.day[order]),
        )

    def _customer(self, order: int) -> Customer:
        return self._facts.customers[self._orders.customer[order]]

    def _values(self, order: int) -> Values:
        orders, day, bits = self._orders, self._orders.day[order], self._orders.bits[order]
        customer, totals = self._customer(order), orders.totals(order)
        rate = EURO_RATES[month_of(day)] if customer.euro else PAR
        return currency(rate) | {
            "Branch": BRANCHES[WAREHOUSES[customer.warehouse].branch].branch_id,
            "CreatedDate": stamp_text(day, bits),
            "CreditHold": orders.outcome[order] == CREDIT_HELD,
            "CustomerID": customer.customer_id,
            "CustomerOrder": f"PO-{bits % 90_000 + 10_000}" if bits >> 32 & 3 else None,
            "Date": date_text(day),
            "Description": REMARKS[bits >> 35 & 7] if bits >> 35 & 7 < len(REMARKS) else None,
            "EffectiveDate": date_text(day),
            "Hold": orders.outcome[order] == HELD,
            "LastModified": stamp_text(self._last_day(order), bits // 3),
            "NoteID": guid("SalesOrder", orders.register.place(order)),
            "OrderedQty": sum(orders.quantity[line] for line in orders.lines(order)),
            "OrderNbr": orders.register.reference(order),
            "OrderTotal": number(totals.amount),
            "OrderType": orders.register.label(order),
            "PaymentMethod": ("ACH", "CHECK", "CHECK", "WIRE")[bits >> 40 & 3],
            "PreferredWarehouseID": WAREHOUSES[customer.warehouse].warehouse_id,
            "RequestedOn": date_text(day + 2 + bits % 5),
            "Status": order_status(self._facts.shipments, order),
            "TaxTotal": number(totals.tax),
        }

    def _last_day(self, order: int) -> int:
        """Return the day on which something last happened to an order."""
        shipments = self._facts.shipments.of_order(order)
        return max(
            [self._orders.day[order], *(self._facts.shipments.day[shipment] for shipment in shipments)]
        )

    def _linked(self, order: int) -> Linked:
        place = self._orders.register.place(order)
        return bill_and_ship_to("SalesOrder", place, self._customer(order)) | {
            "Commissions": self._commissions(order),
            "FinancialSettings": self._finance(order),
            "ShippingSettings": self._shipping(order),
            "Totals": self._totals(order),
        }

    def _commissions(self, order: int) -> Record:
        place, totals = self._orders.register.place(order), self._orders.totals(order)
        seller = self._facts.salesperson(self._orders.customer[order])
        amount = totals.lines - totals.discount
        row = commission_row("SalesOrder", place, seller.salesperson_id, amount, seller.percent)
        return Record(
            guid("SalesOrder/Commissions", place),
            {"DefaultSalesperson": seller.salesperson_id},
            details={"SalesPersons": [row]},
        )

    def _finance(self, order: int) -> Record:
        customer, day = self._customer(order), self._orders.day[order]
        values: Values = {
            "BillSeparately": False,
            "Branch": BRANCHES[WAREHOUSES[customer.warehouse].branch].branch_id,
            "CustomerTaxZone": customer.place.tax_zone,
            "DueDate": date_text(day + TERMS[customer.terms]),
            "InvoiceDate": date_text(day),
            "OverrideTaxZone": False,
            "PostPeriod": period_text(day),
            "Terms": customer.terms,
        }
        return Record(guid("SalesOrder/FinancialSettings", self._orders.register.place(order)), values)

    def _shipping(self, order: int) -> Record:
        customer, totals = self._customer(order), self._orders.totals(order)
        values: Values = {
            "Canceled": False,
            "FOBPoint": "ORIGIN",
            "FreightPrice": number(totals.freight),
            "GroundCollect": False,
            "Insurance": False,
            "OrderWeight": number(self._weight(order)),
            "PreferredWarehouseID": WAREHOUSES[customer.warehouse].warehouse_id,
            "Priority": 1,
            "ResidentialDelivery": False,
            "SaturdayDelivery": False,
            "ScheduledShipmentDate": date_text(self._orders.day[order] + 1),
            "ShippingRule": "Back Order Allowed",
            "ShippingTerms": "FREIGHT" if customer.pays_freight else "FREE",
            "ShipSeparately": False,
            "ShipVia": "SPEEDSHIP",
            "UseCustomersAccount": False,
        }
        return Record(guid("SalesOrder/ShippingSettings", self._orders.register.place(order)), values)

    def _totals(self, order: int) -> Record:
        orders, totals = self._orders, self._orders.totals(order)
        unbilled = [orders.unbilled(order, line) for line in orders.lines(order)]
        values: Values = {
            "DiscountTotal": number(totals.discount),
            "Freight": number(totals.freight),
            "LineTotalAmount": number(totals.lines),
            "MiscTotalAmount": 0,
            "OrderWeight": number(self._weight(order)),
            "OverrideFreightAmount": False,
            "PremiumFreight": 0,
            "TaxTotal": number(totals.tax),
            "UnbilledAmount": number(sum(line.amount for line in unbilled)),
            "UnbilledQty": sum(line.quantity for line in unbilled),
        }
        return Record(guid("SalesOrder/Totals", orders.register.place(order)), values)

    def _weight(self, order: int) -> int:
        orders = self._orders
        return sum(
            orders.quantity[line] * orders.items[orders.item[line]].weight for line in orders.lines(order)
        )

    def _details(self, order: int) -> Details:
        orders = self._orders
        place, customer, totals = orders.register.place(order), self._customer(order), orders.totals(order)
        label, reference = orders.register.keys(order)
        taxes = tax_row("SalesOrder", place, customer, totals, OrderNbr=reference, OrderType=label)
        for row in taxes:
            row.values |= {
                "CustomerTaxZone": customer.place.tax_zone,
                "LineNbr": 1,
                "TaxRate": tax_rate(customer),
            }
        return {
            "Details": self._lines.rows(order),
            "DiscountDetails": discount_row("SalesOrder", place, totals),
            "Shipments": self._lines.shipments(order),
            "TaxDetails": taxes,
        }


def _custom(bits: Bits, day: int) -> dict[str, dict[str, Scalar]]:
    values: Values = {
        "AttributePRODUCT": bits.take(("HW", "SW", "SERVICE", None)),
        "AttributeCHANNEL": bits.take(("Web", "Phone", "Fair", None)),
        "UsrExpectedMargin": bits.take((None, 12.5, 20, 33.333333)),
        "UsrGiftOrder": bits.take((None, True, False, False)),
        "UsrConfirmedOn": bits.take((None, stamp_text(day + 1, day * 7919))),
        "UsrPriorityScore": bits.take((None, 1 + bits.below(100))),
    }
    return {"Document": values}
