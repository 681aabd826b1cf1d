"""Stock items as the form IN202500 shows them."""

from __future__ import annotations

from functools import partial

from acudata.sandbox.company import chart
from acudata.sandbox.company.calendar import date_text, stamp_text
from acudata.sandbox.company.facts import Facts
from acudata.sandbox.company.forms.attributes import ITEM_ATTRIBUTES, attribute_rows
from acudata.sandbox.company.identity import guid
from acudata.sandbox.company.items import CLASSES, WAREHOUSES, Item
from acudata.sandbox.company.money import number
from acudata.sandbox.company.sheet import Details, Sheet, Values
from acudata.sandbox.company.words import Bits
from acudata.sandbox.records import Record, Scalar

COMMON: Values = {
    "COGSAccount": chart.COST_OF_SALES,
    "COGSSubaccount": "000000",
    "DefaultIssueLocationID": "R1S1",
    "DefaultReceiptLocationID": "R1S1",
    "DefaultWarehouseID": WAREHOUSES[0].warehouse_id,
    "DiscountAccount": chart.DISCOUNTS,
    "DiscountSubaccount": "000000",
    "ExportToExternal": False,
    "InventoryAccount": chart.INVENTORY,
    "InventorySubaccount": "000000",
    "IsAKit": False,
    "ItemType": "Finished Good",
    "LotSerialClass": "NOTTRACKED",
    "MinMarkup": 0,
    "PackagingOption": "Manual",
    "PackSeparately": False,
    "POAccrualAccount": chart.ACCRUAL,
    "POAccrualSubaccount": "000000",
    "PostingClass": "GOODS",
    "PurchasePriceVarianceAccount": chart.PRICE_VARIANCE,
    "PurchasePriceVarianceSubaccount": "000000",
    "ReasonCodeSubaccount": "000000",
    "SalesSubaccount": "000000",
    "SubjectToCommission": True,
    "TaxCategory": "TAXABLE",
    "UseOnEntry": False,
    "WeightUOM": "LB",
}
"""What the form shows alike for every stock item."""
COUNTRIES = ("US", "US", "MX", "IT", "DE", "CN", None)


class StockItemForm:
    """Makes the records of stock items."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def record(self, index: int) -> Record:
        """Make the record of a stock item."""
        item = self._facts.items[index]
        return Sheet(
            guid("StockItem", index),
            COMMON | self._values(index, item),
            detail=partial(self._details, index, item),
            custom=_custom(Bits(item.bits)),
        )

    def _values(self, index: int, item: Item) -> Values:
        item_class, cost, bits = CLASSES[item.item_class], number(item.cost), Bits(item.bits)
        modified = stamp_text(bits.below(700), item.bits * 31)
        return {
            "ABCCode": "ABC"[item.bits % 3],
            "AverageCost": cost,
            "BaseUOM": item_class.unit,
            "CountryOfOrigin": bits.take(COUNTRIES),
            "CurrentStdCost": cost,
            "DefaultPrice": number(item.prices[-1]),
            "Description": item.description,
            "DimensionWeight": number(item.weight),
            "InventoryID": item.inventory_id,
            "ItemClass": item_class.class_id,
            "ItemStatus": item.status,
            "LastCost": cost,
            "LastModified": modified,
            "LastModifiedDateTime": modified,
            "LastStdCost": cost,
            "Markup": 30,
            "MaxCost": cost,
            "MinCost": cost,
            "MSRP": number(item.prices[-1] * 11 // 10),
            "NoteID": guid("StockItem", index),
            "PriceClass": bits.take(("WHOLESALE", None)),
            "PurchaseUOM": item_class.unit,
            "SalesAccount": item_class.sales_account,
            "SalesUOM": item_class.unit,
            "TariffCode": bits.take((None, f"{84_000_000 + bits.below(99_999)}")),
            "ValuationMethod": ("Average", "FIFO", "Standard")[item.item_class % 3],
        }

    def _details(self, index: int, item: Item) -> Details:
        return {
            "Attributes": attribute_rows("StockItem", index, ITEM_ATTRIBUTES, Bits(item.bits)),
            "CrossReferences": [self._cross_reference(index, item)],
            "UOMConversions": [_conversion(index, item)],
            "VendorDetails": [self._vendor(index, item)],
            "WarehouseDetails": self._warehouses(index),
        }

    def _cross_reference(self, index: int, item: Item) -> Record:
        values: Values = {
            "AlternateID": f"07{item.bits % 10_000_000_000:010d}",
            "AlternateType": "Barcode",
            "Description": item.description,
            "UOM": CLASSES[item.item_class].unit,
        }
        return Record(guid("StockItem/CrossReferences", index), values)

    def _vendor(self, index: int, item: Item) -> Record:
        vendor = self._facts.vendors[item.vendor]
        values: Values = {
            "Active": True,
            "CurrencyID": "USD",
            "Default": True,
            "LastVendorPrice": number(item.cost),
            "LeadTimeDays": vendor.lead_days,
            "LotSize": 6,
            "Override": False,
            "PurchaseUnit": CLASSES[item.item_class].unit,
            "RecordID": index + 1,
            "VendorID": vendor.vendor_id,
            "VendorName": vendor.name,
        }
        return Record(guid("StockItem/VendorDetails", index), values)

    def _warehouses(self, index: int) -> list[Record]:
        return [self._warehouse(index, place) for place in range(len(WAREHOUSES))]

    def _warehouse(self, index: int, place: int) -> Record:
        values: Values = {
            "InventoryAccount": chart.INVENTORY,
            "InventorySubaccount": "000000",
            "IsDefault": place == 0,
            "Override": False,
            "PreferredVendor": self._facts.vendors[self._facts.items[index].vendor].vendor_id,
            "QtyOnHand": self._facts.stock.on_hand[place, index],
            "ReplenishmentSource": "Purchase",
            "Status": "Active",
            "WarehouseID": WAREHOUSES[place].warehouse_id,
        }
        return Record(guid("StockItem/WarehouseDetails", index * len(WAREHOUSES) + place), values)


def _conversion(index: int, item: Item) -> Record:
    values: Values = {
        "ConversionFactor": 12,
        "FromUOM": "DOZEN",
        "MultiplyOrDivide": "Multiply",
        "ToUOM": CLASSES[item.item_class].unit,
    }
    return Record(guid("StockItem/UOMConversions", index), values)


def _custom(bits: Bits) -> dict[str, dict[str, Scalar]]:
    values: Values = {
        "AttributeORIGIN": bits.take(("Farm", "Factory", "Workshop", None)),
        "UsrRepairItemType": bits.take(("Battery", "Screen", "Motor", None, None)),
        "UsrDutyRate": bits.take((None, 0, 2.5, 4.125)),
        "UsrHazardous": bits.take((None, True, False, False)),
        "UsrCertifiedUntil": bits.take((None, date_text(731 + bits.below(900)))),
        "UsrShelfLifeDays": bits.take((None, 30 + bits.below(700))),
    }
    return {"Item": values}
