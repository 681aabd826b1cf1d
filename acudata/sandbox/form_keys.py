"""The key fields of forms, which no endpoint document tells."""

from __future__ import annotations

from collections.abc import Mapping

ENTITY_KEYS: Mapping[str, tuple[str, ...]] = {
    "Account": ("AccountCD",),
    "Appointment": ("ServiceOrderType", "AppointmentNbr"),
    "Bill": ("Type", "ReferenceNbr"),
    "BillOfMaterial": ("BOMID", "Revision"),
    "BusinessAccount": ("BusinessAccountID",),
    "Case": ("CaseID",),
    "CashSale": ("Type", "ReferenceNbr"),
    "Check": ("Type", "ReferenceNbr"),
    "CompanyFinancialPeriod": ("Company", "FinancialYear"),
    "Contact": ("ContactID",),
    "Customer": ("CustomerID",),
    "CustomerClass": ("ClassID",),
    "CustomerLocation": ("Customer", "LocationID"),
    "Discount": ("DiscountCode", "Sequence"),
    "Employee": ("EmployeeID",),
    "EmployeePayrollSettings": ("EmployeeID",),
    "ExpenseReceipt": ("ReceiptID",),
    "InventoryAdjustment": ("ReferenceNbr",),
    "InventoryIssue": ("ReferenceNbr",),
    "InventoryReceipt": ("ReferenceNbr",),
    "Invoice": ("Type", "ReferenceNbr"),
    "ItemClass": ("ClassID",),
    "ItemSalesCategory": ("CategoryID",),
    "ItemWarehouse": ("InventoryID", "WarehouseID"),
    "JournalTransaction": ("Module", "BatchNbr"),
    "KitAssembly": ("Type", "ReferenceNbr"),
    "KitSpecification": ("KitInventoryID", "RevisionID"),
    "Lead": ("LeadID",),
    "Ledger": ("LedgerID",),
    "NonStockItem": ("InventoryID",),
    "Opportunity": ("OpportunityID",),
    "PayPeriod": ("PayGroup", "Year"),
    "Payment": ("Type", "ReferenceNbr"),
    "PaymentMethod": ("PaymentMethodID",),
    "ProFormaInvoice": ("RefNbr",),
    "Project": ("ProjectID",),
    "ProjectTask": ("ProjectID", "ProjectTaskID"),
    "ProjectTemplateTask": ("ProjectTemplateID", "ProjectTemplateTaskID"),
    "PurchaseOrder": ("Type", "OrderNbr"),
    "PurchaseReceipt": ("Type", "ReceiptNbr"),
    "SalesInvoice": ("Type", "ReferenceNbr"),
    "SalesOrder": ("OrderType", "OrderNbr"),
    "ServiceOrder": ("ServiceOrderType", "ServiceOrderNbr"),
    "Shipment": ("ShipmentNbr",),
    "StockItem": ("InventoryID",),
    "Subaccount": ("SubaccountCD",),
    "Subcontract": ("SubcontractNbr",),
    "TaxCategory": ("TaxCategoryID",),
    "TemplateItems": ("InventoryID",),
    "TransferOrder": ("ReferenceNbr",),
    "UnitsOfMeasure": ("UnitID",),
    "Vendor": ("VendorID",),
    "VendorClass": ("ClassID",),
    "Warehouse": ("WarehouseID",),
}
"""Keys in the order of the form, as instances and their documentation show them."""

ROW_KEYS: Mapping[str, tuple[str, ...]] = {
    "AttributeValue": ("AttributeID",),
    "InventoryItemUOMConversion": ("FromUOM", "ToUOM"),
    "StockItemWarehouseDetail": ("WarehouseID",),
}
"""Keys by which a row of a detail is recognised when it comes without its id."""

ENDINGS = ("CD", "ID", "Nbr", "Code")


def guess_keys(entity: str, fields: Mapping[str, str]) -> tuple[str, ...]:
    """Return the keys of an entity: the known ones if its fields have them, otherwise the likeliest field.

    >>> guess_keys("PayGroup", {"Description": "String", "PayGroupID": "String", "RoleID": "String"})
    ('PayGroupID',)
    """
    known = ENTITY_KEYS.get(entity, ())
    if known and all(key in fields for key in known):
        return known
    texts = [name for name, kind in fields.items() if kind == "String"]
    likely = [f"{entity}{ending}" for ending in ENDINGS] + ["ReferenceNbr", "RefNbr"]
    candidates = [name for name in likely if name in texts]
    candidates += [name for ending in ENDINGS for name in texts if name.endswith(ending)]
    return tuple((candidates or texts)[:1])
