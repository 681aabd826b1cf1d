"""What items are sorted by and where they lie: services, item classes and warehouses."""

from __future__ import annotations

from functools import partial

from acudata.sandbox.company import chart
from acudata.sandbox.company.calendar import stamp_text
from acudata.sandbox.company.forms.attributes import ITEM_ATTRIBUTES
from acudata.sandbox.company.identity import guid
from acudata.sandbox.company.items import (
    CLASSES,
    LOCATIONS,
    SERVICE_CLASS,
    SERVICES,
    WAREHOUSES,
    ItemClass,
)
from acudata.sandbox.company.money import number
from acudata.sandbox.company.sheet import Details, Sheet, Values
from acudata.sandbox.records import Record

ALL_CLASSES = sorted((*CLASSES, SERVICE_CLASS))
STORES = sorted(WAREHOUSES)
STOCKED = {
    "DefaultWarehouseID": WAREHOUSES[0].warehouse_id,
    "ItemType": "Finished Good",
    "ValuationMethod": "Average",
}


def service(index: int) -> Record:
    """Make the record of a service, as IN202000 shows it."""
    service_id, description, price = SERVICES[index]
    values: Values = {
        "BaseUnit": SERVICE_CLASS.unit,
        "DefaultPrice": number(price),
        "Description": description,
        "ExpenseAccount": chart.SALARIES,
        "ExpenseSubaccount": "000000",
        "InventoryID": service_id,
        "IsAKit": False,
        "IsKit": False,
        "ItemClass": SERVICE_CLASS.class_id,
        "ItemStatus": "Active",
        "ItemType": "Service",
        "LastModifiedDateTime": stamp_text(-30, 7_000_003 * (index + 1)),
        "NoteID": guid("NonStockItem", index),
        "PostingClass": "SERVICES",
        "PurchaseUnit": SERVICE_CLASS.unit,
        "RequireReceipt": False,
        "RequireShipment": False,
        "SalesAccount": chart.SERVICES,
        "SalesSubaccount": "000000",
        "SalesUnit": SERVICE_CLASS.unit,
        "TaxCategory": "EXEMPT",
    }
    return Record(guid("NonStockItem", index), values)


def item_class(index: int) -> Record:
    """Make the record of an item class, as IN201000 shows it."""
    described = ALL_CLASSES[index]
    values: Values = {
        "AvailabilityCalculationRule": "DEFAULT" if described.is_stock else None,
        "BaseUOM": described.unit,
        "ClassID": described.class_id,
        "Description": described.description,
        "LastModifiedDateTime": stamp_text(-60, 5_000_011 * (index + 1)),
        "LotSerialClass": "NOTTRACKED" if described.is_stock else None,
        "PostingClass": "GOODS" if described.is_stock else "SERVICES",
        "PurchaseUOM": described.unit,
        "SalesUOM": described.unit,
        "StockItem": described.is_stock,
        "TaxCategoryID": "TAXABLE" if described.is_stock else "EXEMPT",
        **(STOCKED if described.is_stock else {"ItemType": "Service"}),
    }
    return Sheet(guid("ItemClass", index), values, detail=partial(_class_attributes, index, described))


def _class_attributes(index: int, described: ItemClass) -> Details:
    attributes = ITEM_ATTRIBUTES if described.is_stock else ()
    rows: list[Record] = []
    for place, attribute in enumerate(attributes):
        values: Values = {
            "AttributeID": attribute.attribute_id,
            "Required": attribute.required,
            "SortOrder": place + 1,
        }
        rows.append(Record(guid("ItemClass/Attributes", index * len(ITEM_ATTRIBUTES) + place), values))
    return {"Attributes": rows}


def warehouse(index: int) -> Record:
    """Make the record of a warehouse, as IN204000 shows it."""
    described = STORES[index]
    values: Values = {
        "Active": True,
        "COGSExpenseAccount": chart.COST_OF_SALES,
        "COGSExpenseSubaccount": "000000",
        "Description": described.description,
        "DropShipLocationID": "R1S1",
        "FreightChargeAccount": chart.FREIGHT_INCOME,
        "FreightChargeSubaccount": "000000",
        "InventoryAccount": chart.INVENTORY,
        "InventorySubaccount": "000000",
        "LastModifiedDateTime": stamp_text(-90, 3_000_017 * (index + 1)),
        "OverrideInventoryAccountSubaccount": False,
        "ReceivingLocationID": "RECEIVING",
        "RMALocationID": "RECEIVING",
        "SalesAccount": CLASSES[0].sales_account,
        "SalesSubaccount": "000000",
        "ShippingLocationID": "SHIPPING",
        "UseItemDefaultLocationForPicking": False,
        "WarehouseID": described.warehouse_id,
    }
    return Sheet(guid("Warehouse", index), values, detail=partial(_locations, index))


def _locations(index: int) -> Details:
    rows = []
    for place, (location, description) in enumerate(LOCATIONS):
        is_shelf = location == "R1S1"
        values: Values = {
            "Active": True,
            "AssemblyAllowed": False,
            "Description": description,
            "LocationID": location,
            "PickPriority": place + 1,
            "ReceiptsAllowed": location != "SHIPPING",
            "SalesAllowed": is_shelf,
            "TransfersAllowed": is_shelf,
        }
        rows.append(Record(guid("Warehouse/Locations", index * len(LOCATIONS) + place), values))
    return {"Locations": rows}
