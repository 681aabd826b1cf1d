"""Purchase orders as the form PO301000 shows them, and their receipts as PO302000 does."""

from __future__ import annotations

from functools import partial

from acudata.sandbox.company import chart
from acudata.sandbox.company.calendar import TODAY, date_text, period_text, stamp_text
from acudata.sandbox.company.chart import BRANCHES
from acudata.sandbox.company.entries import PAR
from acudata.sandbox.company.facts import Facts
from acudata.sandbox.company.forms.address import address, document_contact
from acudata.sandbox.company.forms.document import currency
from acudata.sandbox.company.identity import guid
from acudata.sandbox.company.items import CLASSES, WAREHOUSES, Item
from acudata.sandbox.company.money import number
from acudata.sandbox.company.sheet import Details, Linked, Sheet, Values
from acudata.sandbox.company.words import HOME_PLACES
from acudata.sandbox.records import Record

RATE = currency(PAR, reciprocal="CurrencyReciprocalRate")


class PurchaseOrderForm:
    """Makes the records of purchase orders."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._purchases = facts.purchases

    def record(self, order: int) -> Record:
        """Make the record of a purchase order."""
        return Sheet(
            guid("PurchaseOrder", self._purchases.register.place(order)),
            RATE | self._values(order),
            link=partial(self._linked, order),
            detail=partial(self._details, order),
        )

    def _values(self, order: int) -> Values:
        purchases = self._purchases
        vendor, cost, status = (
            purchases.vendors[purchases.vendor[order]],
            purchases.cost(order),
            self._status(order),
        )
        label, reference = purchases.register.keys(order)
        return {
            "Branch": BRANCHES[purchases.branch(order)].branch_id,
            "ControlTotal": number(cost),
            "CurrencyEffectiveDate": date_text(purchases.day[order]),
            "Date": date_text(purchases.day[order]),
            "Hold": status == "On Hold",
            "IsTaxValid": False,
            "LastModifiedDateTime": stamp_text(min(TODAY, purchases.promised[order]), order * 104_729),
            "LineTotal": number(cost),
            "Location": "MAIN",
            "OrderNbr": reference,
            "OrderTotal": number(cost),
            "Owner": self._facts.staff[order % len(self._facts.staff)].employee_id,
            "PromisedOn": date_text(purchases.promised[order]),
            "Status": status,
            "TaxTotal": 0,
            "Terms": vendor.terms,
            "Type": label,
            "VendorID": vendor.vendor_id,
            "VendorRef": f"{vendor.vendor_id}-{order % 1000:03d}" if order % 3 else None,
            "VendorTaxZone": "EXEMPT",
        }

    def _status(self, order: int) -> str:
        if order in self._facts.receipts.of_order:
            receipt = self._facts.receipts.of_order[order]
            return "Closed" if receipt in self._facts.bills.bill_of else "Completed"
        return "On Hold" if order % 7 == 0 else "Open"

    def _linked(self, order: int) -> Linked:
        place, warehouse = HOME_PLACES[0], WAREHOUSES[self._purchases.warehouse[order]]
        values: Values = {
            "ShippingDestinationType": "Warehouse",
            "ShipToAddressOverride": False,
            "ShipToAddressValidated": False,
            "ShipToContactOverride": False,
            "Warehouse": warehouse.warehouse_id,
        }
        where: Linked = {
            "ShipToAddress": address("PurchaseOrder", order, "1 Harbor Way", place),
            "ShipToContact": document_contact("PurchaseOrder", order, warehouse.description, "Receiving"),
        }
        return {
            "ShippingInstructions": Record(
                guid("PurchaseOrder/ShippingInstructions", order), values, linked=where
            )
        }

    def _details(self, order: int) -> Details:
        lines = self._purchases.lines(order)
        rows = [self._row(order, line, line - lines.start + 1) for line in lines]
        return {"Details": rows}

    def _row(self, order: int, line: int, line_number: int) -> Record:
        purchases, received = self._purchases, order in self._facts.receipts.of_order
        item, quantity = purchases.items[purchases.item[line]], purchases.quantity[line]
        label, reference = purchases.register.keys(order)
        values: Values = {
            "Account": chart.ACCRUAL,
            "BranchID": BRANCHES[purchases.branch(order)].branch_id,
            "CalculateDiscountsOnImport": False,
            "Cancelled": False,
            "Completed": received,
            "CompleteOn": 100,
            "LineDescription": item.description,
            "LineNbr": line_number,
            "LineType": "Goods for IN",
            "MaxReceiptPercent": 100,
            "MinReceiptPercent": 0,
            "OrderedQty": quantity,
            "OrderNbr": reference,
            "OrderQty": quantity,
            "OrderType": label,
            "Promised": date_text(purchases.promised[order]),
            "QtyOnReceipts": quantity if received else 0,
            "ReceiptAction": "Accept but Warn",
            "ReceivedAmount": number(quantity * item.cost if received else 0),
            "Requested": date_text(purchases.promised[order]),
            "Subaccount": "000000",
            "TaxCategory": "EXEMPT",
            "WarehouseID": WAREHOUSES[purchases.warehouse[order]].warehouse_id,
        }
        return Record(guid("PurchaseOrder/Details", line), values | _goods(item, quantity))


class PurchaseReceiptForm:
    """Makes the records of purchase receipts."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._receipts = facts.receipts
        self._purchases = facts.purchases

    def record(self, receipt: int) -> Record:
        """Make the record of a receipt."""
        return Sheet(
            guid("PurchaseReceipt", self._receipts.register.place(receipt)),
            RATE | self._values(receipt),
            detail=partial(self._details, receipt),
        )

    def _values(self, receipt: int) -> Values:
        receipts, purchases, order = self._receipts, self._purchases, self._receipts.order[receipt]
        quantity = sum(purchases.quantity[line] for line in purchases.lines(order))
        is_billed, day = receipt in self._facts.bills.bill_of, receipts.day[receipt]
        label, reference = receipts.register.keys(receipt)
        return {
            "BillDate": date_text(day),
            "Branch": BRANCHES[receipts.branch(receipt)].branch_id,
            "ControlQty": quantity,
            "CreateBill": False,
            "CurrencyEffectiveDate": date_text(day),
            "Date": date_text(day),
            "Hold": False,
            "InventoryRefNbr": self._facts.journal.number_of(receipts, receipt),
            "LastModifiedDateTime": stamp_text(day, receipt * 104_729),
            "Location": "MAIN",
            "PostPeriod": period_text(day),
            "ProcessReturnWithOriginalCost": False,
            "ReceiptNbr": reference,
            "Status": "Released",
            "TotalCost": number(purchases.cost(order)),
            "TotalQty": quantity,
            "Type": label,
            "UnbilledQuantity": 0 if is_billed else quantity,
            "VendorID": receipts.partner(receipt)[0],
            "VendorRef": f"DN{receipt * 37 % 100_000:05d}",
            "Warehouse": WAREHOUSES[purchases.warehouse[order]].warehouse_id,
        }

    def _details(self, receipt: int) -> Details:
        lines = self._purchases.lines(self._receipts.order[receipt])
        return {"Details": [self._row(receipt, line, line - lines.start + 1) for line in lines]}

    def _row(self, receipt: int, line: int, line_number: int) -> Record:
        purchases, order = self._purchases, self._receipts.order[receipt]
        item, quantity = purchases.items[purchases.item[line]], purchases.quantity[line]
        label, reference = purchases.register.keys(order)
        values: Values = {
            "AccrualAccount": chart.ACCRUAL,
            "AccrualSubaccount": "000000",
            "Branch": BRANCHES[self._receipts.branch(receipt)].branch_id,
            "EditableUnitCost": True,
            "FinalINExtendedCost": number(quantity * item.cost),
            "LineNbr": line_number,
            "LineType": "Goods for IN",
            "Location": "R1S1",
            "OpenQty": 0,
            "OrderedQty": quantity,
            "POLineNbr": line_number,
            "POOrderNbr": reference,
            "POOrderType": label,
            "ReceiptQty": quantity,
            "TransactionDescription": item.description,
            "Warehouse": WAREHOUSES[purchases.warehouse[order]].warehouse_id,
        }
        split: Values = {"LineNbr": line_number, "Location": "R1S1", "Qty": quantity, "SplitLineNbr": 1}
        allocation = Record(guid("PurchaseReceipt/Details/Allocations", line), split)
        return Record(
            guid("PurchaseReceipt/Details", line),
            values | _goods(item, quantity),
            details={"Allocations": [allocation]},
        )


def _goods(item: Item, quantity: int) -> Values:
    """Return what the lines of orders and of receipts show of their goods."""
    return {
        "Description": item.description,
        "ExtendedCost": number(quantity * item.cost),
        "InventoryID": item.inventory_id,
        "UnitCost": number(item.cost),
        "UOM": CLASSES[item.item_class].unit,
    }
