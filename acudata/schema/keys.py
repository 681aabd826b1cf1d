"""The key fields of entities, in the order of the form.

No document of Acumatica tells them: this table is what the official requests and live instances show. A record of an
entity that is missing here is still addressed by its `id`.
"""

from __future__ import annotations

from collections.abc import Collection

KEYS: dict[str, tuple[str, ...]] = {
    "Account": ("AccountCD",),
    "AccountGroup": ("AccountGroupID",),
    "Appointment": ("ServiceOrderType", "AppointmentNbr"),
    "AttributeDefinition": ("AttributeID",),
    "Bill": ("Type", "ReferenceNbr"),
    "BusinessAccount": ("BusinessAccountID",),
    "Carrier": ("CarrierID",),
    "Case": ("CaseID",),
    "CashSale": ("Type", "ReferenceNbr"),
    "ChangeOrder": ("RefNbr",),
    "ChangeOrderClass": ("ClassID",),
    "Check": ("Type", "ReferenceNbr"),
    "Contact": ("ContactID",),
    "CostCode": ("CostCodeID",),
    "Currency": ("CurrencyID",),
    "Customer": ("CustomerID",),
    "CustomerClass": ("ClassID",),
    "CustomerLocation": ("Customer", "LocationID"),
    "CustomerPriceClass": ("PriceClassID",),
    "DeductionBenefitCode": ("DeductionBenefitCodeID",),
    "DiscountCode": ("DiscountCodeID",),
    "EarningTypeCode": ("EarningTypeCodeID",),
    "Employee": ("EmployeeID",),
    "EmployeePayrollClass": ("EmployeePayrollClassID",),
    "EmployeePayrollSettings": ("EmployeeID",),
    "ExpenseClaim": ("RefNbr",),
    "ExpenseReceipt": ("ReceiptID",),
    "FOBPoint": ("FOBPointID",),
    "FinancialPeriod": ("FinancialYear",),
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
    "LotSerialClass": ("ClassID",),
    "NonStockItem": ("InventoryID",),
    "Opportunity": ("OpportunityID",),
    "PTOBank": ("PTOBankID",),
    "PayGroup": ("PayGroupID",),
    "Payment": ("Type", "ReferenceNbr"),
    "PaymentMethod": ("PaymentMethodID",),
    "PayrollBatch": ("BatchID",),
    "PayrollUnionLocal": ("PayrollUnionLocalID",),
    "PhysicalInventoryReview": ("ReferenceNbr",),
    "ProFormaInvoice": ("ReferenceNbr",),
    "Project": ("ProjectID",),
    "ProjectTask": ("ProjectID", "ProjectTaskID"),
    "ProjectTemplate": ("ProjectTemplateID",),
    "ProjectTemplateTask": ("ProjectTemplateID", "ProjectTemplateTaskID"),
    "ProjectTransaction": ("Module", "ReferenceNbr"),
    "PurchaseOrder": ("Type", "OrderNbr"),
    "PurchaseReceipt": ("Type", "ReceiptNbr"),
    "SalesInvoice": ("Type", "ReferenceNbr"),
    "SalesOrder": ("OrderType", "OrderNbr"),
    "SalesPriceWorksheet": ("ReferenceNbr",),
    "Salesperson": ("SalespersonID",),
    "ServiceOrder": ("ServiceOrderType", "ServiceOrderNbr"),
    "ShipVia": ("CarrierID",),
    "Shipment": ("ShipmentNbr",),
    "ShippingBox": ("BoxID",),
    "ShippingTerm": ("TermID",),
    "ShippingZones": ("ZoneID",),
    "StockItem": ("InventoryID",),
    "Subaccount": ("SubaccountCD",),
    "Subcontract": ("SubcontractNbr",),
    "Tax": ("TaxID",),
    "TaxCategory": ("TaxCategoryID",),
    "TaxZone": ("TaxZoneID",),
    "TemplateItems": ("TemplateItemID",),
    "TransferOrder": ("ReferenceNbr",),
    "UnionLocal": ("UnionLocalID",),
    "UnitsOfMeasure": ("UnitID",),
    "Vendor": ("VendorID",),
    "VendorClass": ("ClassID",),
    "VendorPriceWorksheet": ("ReferenceNbr",),
    "Warehouse": ("WarehouseID",),
    "WorkCalendar": ("WorkCalendarID",),
    "WorkClassCompensationCode": ("WCCCode",),
    "WorkLocation": ("WorkLocationID",),
}

LINE_KEYS: dict[str, tuple[str, ...]] = {
    "AttributeValue": ("AttributeID",),
    "InventoryItemUOMConversion": ("FromUOM", "ToUOM"),
    "StockItemWarehouseDetail": ("WarehouseID",),
}
"""The key fields of detail rows, by structure, by which a row is found without its id. (Acumatica: by these alone; a
`LineNbr` tells rows of a document apart as well, but a row sent with nothing else is a new one.)"""


def line_keys(structure: str, fields: Collection[str]) -> tuple[str, ...]:
    """Return the fields that tell the rows of a detail array apart, none where nobody knows."""
    keys = LINE_KEYS.get(structure, ("LineNbr",))
    return keys if all(key in fields for key in keys) else ()
