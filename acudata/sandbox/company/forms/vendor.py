"""Vendors as the form AP303000 shows them."""

from __future__ import annotations

from functools import partial

from acudata.sandbox.company import chart
from acudata.sandbox.company.calendar import stamp_text
from acudata.sandbox.company.chart import BRANCHES
from acudata.sandbox.company.facts import Facts
from acudata.sandbox.company.forms.address import address, business_contact
from acudata.sandbox.company.forms.contact import ContactForm
from acudata.sandbox.company.identity import guid
from acudata.sandbox.company.sheet import Details, Linked, Sheet, Values
from acudata.sandbox.company.vendors import Vendor
from acudata.sandbox.records import Record

FIRST_CONTACT = 150_001
COMMON: Values = {
    "APAccount": chart.PAYABLES,
    "APSubaccount": "000000",
    "CashAccount": chart.CASH,
    "CurrencyID": "USD",
    "EnableCurrencyOverride": False,
    "EnableRateOverride": False,
    "F1099Vendor": False,
    "FATCA": False,
    "ForeignEntity": False,
    "LandedCostVendor": False,
    "LocationName": "Primary Location",
    "MaxReceipt": 100,
    "MinReceipt": 0,
    "PaymentBy": "Due Date",
    "PaymentLeadTimedays": 0,
    "PaymentMethod": "CHECK",
    "PaySeparately": False,
    "PrintOrders": True,
    "ReceiptAction": "Accept but Warn",
    "ReceivingBranch": BRANCHES[0].branch_id,
    "RemittanceAddressOverride": False,
    "RemittanceContactOverride": False,
    "SendOrdersbyEmail": True,
    "ShippingAddressOverride": False,
    "ShippingContactOverride": False,
    "ShippingTerms": "FREE",
    "TaxCalculationMode": "Tax Settings",
    "TaxZone": "EXEMPT",
    "ThresholdReceipt": 100,
    "VendorIsLaborUnion": False,
    "VendorIsTaxAgency": False,
}
"""What the form shows alike for every vendor."""


class VendorForm:
    """Makes the records of vendors."""

    def __init__(self, facts: Facts, contacts: ContactForm) -> None:
        self._vendors = facts.vendors
        self._first_business = len(facts.customers)
        self._contacts = contacts

    def record(self, index: int) -> Record:
        """Make the record of a vendor."""
        return Sheet(
            guid("Vendor", index),
            COMMON | _values(self._vendors[index]),
            link=partial(self._linked, index),
            detail=partial(self._details, index),
        )

    def _linked(self, index: int) -> Linked:
        return {
            "MainContact": self._own_contact("Main", index),
            "PrimaryContact": self._contacts.first_at(self._first_business + index),
            "RemittanceContact": self._own_contact("Remittance", index),
            "ShippingContact": self._own_contact("Shipping", index),
        }

    def _own_contact(self, use: str, index: int) -> Record:
        vendor, owner = self._vendors[index], f"Vendor/{use}Contact"
        place = {"Address": address(owner, index, vendor.street, vendor.place)}
        return business_contact(owner, index, FIRST_CONTACT + index, vendor.name, vendor.contact, place)

    def _details(self, index: int) -> Details:
        return {"Contacts": self._contacts.rows("Vendor", self._first_business + index)}


def _values(vendor: Vendor) -> Values:
    since = -40 - vendor.bits % 900
    return {
        "CreatedDateTime": stamp_text(since, vendor.bits),
        "LastModifiedDateTime": stamp_text(since + 30 + vendor.bits % 600, vendor.bits // 3),
        "LeadTimedays": vendor.lead_days,
        "LegalName": vendor.name,
        "Status": vendor.status,
        "Terms": vendor.terms,
        "VendorClass": "OVERHEAD" if vendor.expense_account else "PRODUCT",
        "VendorID": vendor.vendor_id,
        "VendorName": vendor.name,
    }
