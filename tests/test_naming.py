"""The attributes of a client: what a reader of English would type, unique over a real endpoint."""

from __future__ import annotations

import keyword

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acudata.naming import (
    attribute_aliases,
    attribute_index,
    nearest,
    plural_attribute,
    singular_attribute,
)

NAMES = """
Account AccountDetailsForPeriodInquiry AccountGroup AccountSummaryInquiry Activity AmazonStore
Appointment AttributeDefinition BigCommerceStores Bill Budget BusinessAccount Carrier Case CashSale
CashTransaction ChangeOrder ChangeOrderClass Check CompaniesStructure CompanyFinancialPeriod Contact
ContractUsage CostCode Currency Customer CustomerClass CustomerLocation CustomerPaymentMethod
CustomerPriceClass DeductionBenefitCode Discount DiscountCode EarningTypeCode Email EmailProcessing
Employee EmployeePayrollClass EmployeePayrollSettings Event ExpenseClaim ExpenseReceipt
ExternalCommitment FOBPoint FinancialPeriod FinancialYear InventoryAdjustment InventoryAllocationInquiry
InventoryIssue InventoryQuantityAvailable InventoryReceipt InventorySummaryInquiry Invoice ItemClass
ItemSalesCategory ItemWarehouse JournalTransaction KitAssembly KitSpecification LaborCostRate Lead Ledger
LotSerialClass NonStockItem Opportunity PTOBank PayGroup PayPeriod Payment PaymentMethod PayrollBatch
PayrollUnionLocal PayrollWCCCode PhysicalInventoryCount PhysicalInventoryReview ProFormaInvoice Project
ProjectBudget ProjectTask ProjectTemplate ProjectTemplateTask ProjectTransaction PurchaseOrder
PurchaseReceipt SalesInvoice SalesOrder SalesPriceWorksheet SalesPricesInquiry Salesperson ServiceOrder
ShipVia Shipment ShippingBox ShippingTerm ShippingZones ShopifyStore StockItem
StorageDetailsByLocationInquiry StorageDetailsInquiry Subaccount Subcontract Task Tax TaxCategory
TaxReportingSettings TaxZone TemplateItems TimeEntry TransferOrder UnionLocal UnitsOfMeasure Vendor
VendorClass VendorPriceWorksheet VendorPricesInquiry Warehouse WorkCalendar WorkClassCompensationCode
WorkLocation
"""
DEFAULT_ENTITIES = NAMES.split()


@pytest.mark.parametrize(
    ("entity", "plural", "singular"),
    [
        ("SalesOrder", "sales_orders", "sales_order"),
        ("StockItem", "stock_items", "stock_item"),
        ("NonStockItem", "non_stock_items", "non_stock_item"),
        ("ItemClass", "item_classes", "item_class"),
        ("Tax", "taxes", "tax"),
        ("TaxCategory", "tax_categories", "tax_category"),
        ("KitAssembly", "kit_assemblies", "kit_assembly"),
        ("Currency", "currencies", "currency"),
        ("Check", "checks", "check"),
        ("Case", "cases", "case"),
        ("ShippingBox", "shipping_boxes", "shipping_box"),
        ("PayrollBatch", "payroll_batches", "payroll_batch"),
        ("FinancialPeriod", "financial_periods", "financial_period"),
        ("Salesperson", "salespeople", "salesperson"),
        ("FOBPoint", "fob_points", "fob_point"),
        ("PTOBank", "pto_banks", "pto_bank"),
        ("PayrollWCCCode", "payroll_wcc_codes", "payroll_wcc_code"),
        ("ProFormaInvoice", "pro_forma_invoices", "pro_forma_invoice"),
        ("ShipVia", "ship_vias", "ship_via"),
        ("UnitsOfMeasure", "units_of_measure", "unit_of_measure"),
        ("BillOfMaterial", "bills_of_material", "bill_of_material"),
        ("TemplateItems", "template_items", "template_item"),
        ("BigCommerceStores", "big_commerce_stores", "big_commerce_store"),
        ("EmployeePayrollSettings", "employee_payroll_settings", "employee_payroll_setting"),
        ("CompaniesStructure", "companies_structures", "companies_structure"),
        ("EmailProcessing", "email_processing", "email_processing"),
        ("InventoryQuantityAvailable", "inventory_quantity_available", "inventory_quantity_available"),
        ("AccountSummaryInquiry", "account_summary_inquiries", "account_summary_inquiry"),
        ("CostOfGoodsInquiry", "cost_of_goods_inquiries", "cost_of_goods_inquiry"),
    ],
)
def test_an_attribute_is_what_a_reader_of_english_types(entity: str, plural: str, singular: str) -> None:
    assert (plural_attribute(entity), singular_attribute(entity)) == (plural, singular)
    assert attribute_aliases(entity)[0] == plural
    assert singular in attribute_aliases(entity)


def test_both_plurals_of_a_person_are_found() -> None:
    assert attribute_aliases("Salesperson") == ("salespeople", "salesperson", "salespersons")


def test_the_name_as_the_erp_writes_it_is_found_in_snake_case_too() -> None:
    assert "units_of_measure" in attribute_aliases("UnitsOfMeasure")
    assert "template_items" in attribute_aliases("TemplateItems")


def test_every_entity_of_a_real_endpoint_has_attributes_of_its_own() -> None:
    assert len(DEFAULT_ENTITIES) == 119
    aliases = [alias for entity in DEFAULT_ENTITIES for alias in attribute_aliases(entity)]
    assert len(aliases) == len(set(aliases))
    assert all(alias.isidentifier() and not keyword.iskeyword(alias) for alias in aliases)


def test_the_index_prefers_a_canonical_name_and_the_first_entity() -> None:
    index = attribute_index(["TemplateItems", "TemplateItem", "Orders", "Order"])
    assert (index["template_items"], index["template_item"]) == ("TemplateItems", "TemplateItems")
    assert (index["orders"], index["order"]) == ("Orders", "Orders")
    assert attribute_index(["Settings", "Setting_"])["settings"] == "Settings"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("CustomerNam", ["CustomerName", "CustomerID"]),
        ("customername", ["CustomerName", "CustomerID"]),
        ("customer_name", ["CustomerName", "CustomerID"]),
        ("Name", ["LegalName", "CustomerName"]),
        ("Xyzzy", []),
        ("", []),
    ],
)
def test_the_nearest_names(name: str, expected: list[str]) -> None:
    assert nearest(name, ["CustomerID", "CustomerName", "LegalName", "Balance"]) == expected


def test_at_most_as_many_names_as_asked() -> None:
    assert len(nearest("Order", DEFAULT_ENTITIES)) == 3
    assert len(nearest("Order", DEFAULT_ENTITIES, limit=1)) == 1


@given(st.sampled_from(DEFAULT_ENTITIES), st.data())
@settings(max_examples=50, deadline=None)
def test_one_missing_letter_still_finds_the_entity(entity: str, data: st.DataObject) -> None:
    position = data.draw(st.integers(1, len(entity) - 1))
    misspelt = entity[:position] + entity[position + 1 :]
    assert entity in nearest(misspelt, DEFAULT_ENTITIES)
