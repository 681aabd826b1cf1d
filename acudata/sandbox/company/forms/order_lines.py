"""Lines of sales orders, and the shipments that their goods left with."""

from __future__ import annotations

from acudata.sandbox.company.calendar import date_text, stamp_text
from acudata.sandbox.company.chart import BRANCHES
from acudata.sandbox.company.facts import Facts
from acudata.sandbox.company.identity import guid
from acudata.sandbox.company.items import CLASSES, WAREHOUSES
from acudata.sandbox.company.money import number, ratio
from acudata.sandbox.company.orders import RETURN
from acudata.sandbox.company.progress import shipment_status
from acudata.sandbox.company.sheet import Sheet, Values
from acudata.sandbox.company.words import Bits
from acudata.sandbox.records import Record, Scalar

COMMON: Values = {
    "AutoCreateIssue": False,
    "CalculateDiscountsOnImport": False,
    "Commissionable": True,
    "FreeItem": False,
    "LineType": "Goods for Inventory",
    "ManualDiscount": False,
    "ManualPrice": False,
    "MarkForPO": False,
    "OvershipThreshold": 100,
    "ShippingRule": "Back Order Allowed",
    "UndershipThreshold": 100,
}
"""What every line shows alike."""


class OrderLineForm:
    """Makes the rows of sales orders."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._orders = facts.orders
        self._shipments = facts.shipments
        self._invoices = facts.invoices

    def rows(self, order: int) -> list[Record]:
        """Return the lines of an order."""
        lines = self._orders.lines(order)
        return [self._row(order, line, line - lines.start + 1) for line in lines]

    def shipments(self, order: int) -> list[Record]:
        """Return the shipments of an order."""
        return [self._shipment(order, shipment) for shipment in self._shipments.of_order(order)]

    def _row(self, order: int, line: int, line_number: int) -> Record:
        bits = Bits(self._orders.bits[order] ^ line * 0x5DEECE66D)
        return Sheet(
            guid("SalesOrder/Details", line),
            COMMON | self._values(order, line, line_number) | self._amounts(order, line),
            detail=lambda: {
                "Allocations": [self._allocation(order, line, line_number)],
            },
            custom=_custom(bits, self._orders.day[order]),
        )

    def _values(self, order: int, line: int, line_number: int) -> Values:
        orders, item = self._orders, self._facts.items[self._orders.item[line]]
        warehouse = WAREHOUSES[orders.warehouse(order)]
        day = orders.day[order]
        return self._returned(order) | {
            "Account": CLASSES[item.item_class].sales_account,
            "Branch": BRANCHES[warehouse.branch].branch_id,
            "Completed": orders.left(order, line) == 0,
            "InventoryID": item.inventory_id,
            "LastModifiedDate": stamp_text(day, orders.bits[order] + line_number),
            "LineDescription": item.description,
            "LineNbr": line_number,
            "NoteID": guid("SalesOrder/Details", line),
            "Operation": "Receipt" if orders.kind[order] == RETURN else "Issue",
            "RequestedOn": date_text(day + 2 + orders.bits[order] % 5),
            "SalespersonID": self._facts.salesperson(orders.customer[order]).salesperson_id,
            "SchedOrderDate": date_text(day),
            "ShipOn": date_text(day + 1),
            "TaxCategory": "TAXABLE",
            "UOM": CLASSES[item.item_class].unit,
            "WarehouseID": warehouse.warehouse_id,
        }

    def _returned(self, order: int) -> Values:
        """Return the invoice that a return belongs to, nothing for other orders."""
        invoice = self._invoices.returned(order)
        if invoice is None:
            return {}
        label, reference = self._invoices.register.keys(invoice)
        return {"InvoiceNbr": reference, "InvoiceType": label, "ReasonCode": "RETURN"}

    def _amounts(self, order: int, line: int) -> Values:
        orders = self._orders
        sold, unbilled = orders.line(line), orders.unbilled(order, line)
        cost = self._facts.items[sold.item].cost
        return {
            "Amount": number(sold.amount),
            "AverageCost": number(cost),
            "DiscountAmount": number(sold.discount),
            "DiscountCode": "SPRING" if sold.percent else None,
            "DiscountedUnitPrice": ratio(sold.price * (100 - sold.percent), 10_000),
            "DiscountPercent": sold.percent,
            "ExtendedPrice": number(sold.quantity * sold.price),
            "OpenQty": orders.left(order, line),
            "OrderQty": sold.quantity,
            "QtyOnShipments": orders.shipped[line],
            "UnbilledAmount": number(unbilled.amount),
            "UnitCost": number(cost),
            "UnitPrice": number(sold.price),
        }

    def _allocation(self, order: int, line: int, line_number: int) -> Record:
        orders, item = self._orders, self._facts.items[self._orders.item[line]]
        label, reference = orders.register.keys(order)
        values: Values = {
            "Allocated": False,
            "AllocWarehouseID": WAREHOUSES[orders.warehouse(order)].warehouse_id,
            "Completed": orders.left(order, line) == 0,
            "InventoryID": item.inventory_id,
            "LineNbr": line_number,
            "OrderNbr": reference,
            "OrderType": label,
            "Qty": orders.quantity[line],
            "QtyOnShipments": orders.shipped[line],
            "QtyReceived": 0,
            "ShipOn": date_text(orders.day[order] + 1),
            "SplitLineNbr": 1,
            "UOM": CLASSES[item.item_class].unit,
        }
        return Record(guid("SalesOrder/Details/Allocations", line), values)

    def _shipment(self, order: int, shipment: int) -> Record:
        shipments, invoices = self._shipments, self._invoices
        invoice = invoices.of_shipment(shipment)
        day = shipments.day[shipment]
        values: Values = {
            "InventoryDocType": "Issue" if shipments.confirmed[shipment] else None,
            "InventoryRefNbr": self._facts.journal.number_of(shipments, shipment),
            "InvoiceNbr": None if invoice is None else invoices.reference(invoice),
            "InvoiceType": None if invoice is None else "Invoice",
            "LastModifiedDateTime": stamp_text(day, shipment * 7919),
            "OrderNoteID": guid("SalesOrder", self._orders.register.place(order)),
            "ShipmentDate": date_text(day),
            "ShipmentNbr": shipments.reference(shipment),
            "ShipmentType": "Shipment",
            "ShippedQty": sum(shipments.quantity[line] for line in shipments.lines(shipment)),
            "ShippedWeight": number(shipments.weight(shipment)),
            "ShippingNoteID": guid("Shipment", shipments.register.place(shipment)),
            "Status": shipment_status(invoices, shipment),
        }
        return Record(guid("SalesOrder/Shipments", shipment), values)


def _custom(bits: Bits, day: int) -> dict[str, dict[str, Scalar]]:
    values: Values = {
        "AttributeCOLOR": bits.take(("Red", "Green", "Steel", None)),
        "UsrPickZone": bits.take(("A1", "B2", "C3", None, None)),
        "UsrScrapPct": bits.take((None, 0, 0.5, 1.25)),
        "UsrRushed": bits.take((None, True, False)),
        "UsrPromisedOn": bits.take((None, date_text(day + 3))),
        "UsrLabelCount": bits.take((None, bits.below(12))),
    }
    return {"Transactions": values}
