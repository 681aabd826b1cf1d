"""Shipments as the form SO302000 shows them."""

from __future__ import annotations

from functools import partial

from acudata.sandbox.company.calendar import date_text, stamp_text
from acudata.sandbox.company.facts import Facts
from acudata.sandbox.company.forms.document import bill_and_ship_to
from acudata.sandbox.company.identity import guid
from acudata.sandbox.company.items import CLASSES, WAREHOUSES
from acudata.sandbox.company.money import number
from acudata.sandbox.company.progress import shipment_status
from acudata.sandbox.company.sheet import Details, Linked, Sheet, Values
from acudata.sandbox.records import Record

BOX_WEIGHT = 5_000
"""Hundredths of a pound that go into one box."""
COMMON: Values = {
    "BaseCurrencyID": "USD",
    "CreateNewShipmentForEveryOrder": False,
    "CurrencyRate": 1,
    "CurrencyViewState": False,
    "FOBPoint": "ORIGIN",
    "FreightCurrencyID": "USD",
    "GroundCollect": False,
    "Hold": False,
    "Insurance": False,
    "LocationID": "MAIN",
    "Operation": "Issue",
    "OverrideFreightPrice": False,
    "Picked": False,
    "ReciprocalRate": 1,
    "ResidentialDelivery": False,
    "SaturdayDelivery": False,
    "ShipVia": "SPEEDSHIP",
    "Type": "Shipment",
    "UnlimitedPackages": False,
    "UseCustomersAccount": False,
}
"""What the form shows alike for every shipment."""


class ShipmentForm:
    """Makes the records of shipments."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._shipments = facts.shipments
        self._orders = facts.orders

    def record(self, shipment: int) -> Record:
        """Make the record of a shipment."""
        return Sheet(
            guid("Shipment", self._shipments.register.place(shipment)),
            COMMON | self._values(shipment),
            link=partial(self._linked, shipment),
            detail=partial(self._details, shipment),
        )

    def _values(self, shipment: int) -> Values:
        shipments, order = self._shipments, self._shipments.order[shipment]
        customer = self._facts.customers[self._orders.customer[order]]
        day, weight = shipments.day[shipment], shipments.weight(shipment)
        quantity = self._quantity(shipment)
        return {
            "ControlQty": quantity,
            "CreatedDateTime": stamp_text(day, shipment * 104_729),
            "CustomerID": customer.customer_id,
            "EffectiveDate": date_text(day),
            "FreightCost": number(800 + weight // 10),
            "FreightPrice": 0
            if shipments.completes[shipment]
            else number(self._orders.totals(order).freight),
            "LastModifiedDateTime": stamp_text(day, shipment * 7919),
            "NoteID": guid("Shipment", shipments.register.place(shipment)),
            "PackageCount": self._boxes(shipment),
            "PackageWeight": number(weight),
            "ShipmentDate": date_text(day),
            "ShipmentNbr": shipments.reference(shipment),
            "ShippedQty": quantity,
            "ShippedWeight": number(weight),
            "ShippingTerms": "FREIGHT" if customer.pays_freight else "FREE",
            "Status": shipment_status(self._facts.invoices, shipment),
            "WarehouseID": WAREHOUSES[customer.warehouse].warehouse_id,
        }

    def _quantity(self, shipment: int) -> int:
        return sum(self._shipments.quantity[line] for line in self._shipments.lines(shipment))

    def _boxes(self, shipment: int) -> int:
        return 1 + self._shipments.weight(shipment) // BOX_WEIGHT

    def _linked(self, shipment: int) -> Linked:
        place = self._shipments.register.place(shipment)
        customer = self._facts.customers[self._orders.customer[self._shipments.order[shipment]]]
        members = bill_and_ship_to("Shipment", place, customer)
        settings = Record(
            guid("Shipment/ShippingSettings", place),
            {"ShipToAddressOverride": False, "ShipToContactOverride": False, "Validated": False},
            linked={name: members[name] for name in ("ShipToAddress", "ShipToContact")},
        )
        return {"ShippingSettings": settings}

    def _details(self, shipment: int) -> Details:
        lines = self._shipments.lines(shipment)
        return {
            "Details": [self._row(shipment, line, line - lines.start + 1) for line in lines],
            "Orders": [self._order(shipment)],
            "Packages": [self._package(shipment)] if self._shipments.confirmed[shipment] else [],
        }

    def _row(self, shipment: int, line: int, line_number: int) -> Record:
        orders, order_line = self._orders, self._shipments.order_line[line]
        order = self._shipments.order[shipment]
        item = orders.items[orders.item[order_line]]
        label, reference = orders.register.keys(order)
        shipped = self._shipments.quantity[line]
        values: Values = {
            "Description": item.description,
            "FreeItem": False,
            "InventoryID": item.inventory_id,
            "LineNbr": line_number,
            "LocationID": "R1S1",
            "OpenQty": orders.left(order, order_line),
            "OrderedQty": orders.quantity[order_line],
            "OrderLineNbr": order_line - orders.lines(order).start + 1,
            "OrderNbr": reference,
            "OrderType": label,
            "OriginalQty": shipped,
            "ShippedQty": shipped,
            "UOM": CLASSES[item.item_class].unit,
            "WarehouseID": WAREHOUSES[orders.warehouse(order)].warehouse_id,
        }
        split: Values = {
            **{name: values[name] for name in ("Description", "InventoryID", "LocationID", "UOM")},
            "Qty": shipped,
            "SplitLineNbr": 1,
        }
        allocation = Record(guid("Shipment/Details/Allocations", line), split)
        return Record(guid("Shipment/Details", line), values, details={"Allocations": [allocation]})

    def _order(self, shipment: int) -> Record:
        shipments, invoices = self._shipments, self._facts.invoices
        order, invoice = shipments.order[shipment], invoices.of_shipment(shipment)
        label, reference = self._orders.register.keys(order)
        values: Values = {
            "InventoryDocType": "Issue" if shipments.confirmed[shipment] else None,
            "InventoryRefNbr": self._facts.journal.number_of(shipments, shipment),
            "InvoiceNbr": None if invoice is None else invoices.reference(invoice),
            "InvoiceType": None if invoice is None else "Invoice",
            "OrderNbr": reference,
            "OrderNoteID": guid("SalesOrder", self._orders.register.place(order)),
            "OrderType": label,
            "ShipmentNbr": shipments.reference(shipment),
            "ShipmentType": "Shipment",
            "ShippedQty": self._quantity(shipment),
            "ShippedWeight": number(shipments.weight(shipment)),
        }
        return Record(guid("Shipment/Orders", shipment), values)

    def _package(self, shipment: int) -> Record:
        values: Values = {
            "BoxID": "LARGE" if self._boxes(shipment) > 1 else "SMALL",
            "Confirmed": True,
            "LineNbr": 1,
            "NoteID": guid("Shipment/Packages", shipment),
            "TrackingNbr": f"1Z{shipment * 7_368_787 % 10**12:012d}",
            "Type": "Manual",
            "UOM": "LB",
            "Weight": number(self._shipments.weight(shipment)),
        }
        return Record(guid("Shipment/Packages", shipment), values)
