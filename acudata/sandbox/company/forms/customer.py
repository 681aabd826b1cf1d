"""Customers as the form AR303000 shows them."""

from __future__ import annotations

from functools import partial

from acudata.sandbox.company.calendar import date_text, stamp_text
from acudata.sandbox.company.customers import Customer
from acudata.sandbox.company.forms.address import address, mail, phone
from acudata.sandbox.company.identity import guid
from acudata.sandbox.company.money import number
from acudata.sandbox.company.sheet import Details, Linked, Sheet
from acudata.sandbox.company.words import Bits
from acudata.sandbox.records import Record, Scalar

COMMON: dict[str, Scalar] = {
    "ApplyOverdueCharges": True,
    "AutoApplyPayments": False,
    "BillingAddressOverride": False,
    "BillingContactOverride": False,
    "EnableCurrencyOverride": False,
    "EnableRateOverride": False,
    "EnableWriteOffs": True,
    "FOBPoint": "ORIGIN",
    "IsGuestCustomer": False,
    "LocationName": "Primary Location",
    "MultiCurrencyStatements": False,
    "OrderPriority": 1,
    "PrintDunningLetters": True,
    "PrintInvoices": False,
    "PrintStatements": True,
    "ResidentialDelivery": False,
    "SaturdayDelivery": False,
    "SendDunningLettersbyEmail": True,
    "SendInvoicesbyEmail": True,
    "SendStatementsbyEmail": True,
    "ShippingAddressOverride": False,
    "ShippingContactOverride": False,
    "ShippingTerms": "FREIGHT",
    "StatementCycleID": "EOM",
    "StatementType": "Open Item",
}
"""What the form shows alike for every customer."""
INDUSTRIES = ("Hotel", "Retail", "Restaurant", "School", "Wholesale")


class CustomerForm:
    """Makes the records of customers."""

    def __init__(self, customers: list[Customer]) -> None:
        self._customers = customers

    def record(self, index: int) -> Record:
        """Make the record of a customer."""
        customer = self._customers[index]
        return Sheet(
            guid("Customer", index),
            COMMON | self._values(index, customer),
            link=partial(self._linked, index, customer),
            detail=self._details,
            custom=_custom(Bits(customer.bits)),
        )

    def _values(self, index: int, customer: Customer) -> dict[str, Scalar]:
        return {
            "BAccountID": 7000 + index,
            "CustomerID": customer.customer_id,
            "CustomerName": customer.name,
            "CustomerClass": "INTL" if customer.euro else "LOCAL",
            "CreatedDateTime": stamp_text(customer.since, customer.bits),
            "CreditLimit": number(customer.credit_limit),
            "CurrencyID": "EUR" if customer.euro else "USD",
            "Email": mail(customer.contact, customer.name),
            "LastModifiedDateTime": stamp_text(customer.since + 30, customer.bits // 3),
            "NoteID": guid("Customer", index),
            "PrimaryContactID": None,
            "Status": customer.status,
            "TaxZone": customer.place.tax_zone,
            "Terms": customer.terms,
        }

    def _linked(self, index: int, customer: Customer) -> Linked:
        return {"MainContact": self._main_contact(index, customer)}

    def _main_contact(self, index: int, customer: Customer) -> Record:
        values: dict[str, Scalar] = {
            "Active": True,
            "Attention": customer.contact,
            "CompanyName": customer.name,
            "ContactID": 100_001 + index,
            "DisplayName": customer.name,
            "Email": mail(customer.contact, customer.name),
            "FullName": customer.name,
            "Phone1": phone(index),
            "Phone1Type": "Business 1",
        }
        place = address("Customer", index, customer.street, customer.place)
        return Record(guid("Customer/MainContact", index), values, linked={"Address": place})

    def _details(self) -> Details:
        return {}


def _custom(bits: Bits) -> dict[str, dict[str, Scalar]]:
    developed: dict[str, Scalar] = {
        "UsrLoyaltyTier": bits.take(("Gold", "Silver", "Bronze", None)),
        "UsrRebatePct": bits.take((None, 0, 1.5, 2.25, 3)),
        "UsrKeyAccount": bits.take((None, True, False, False)),
        "UsrLastVisit": bits.take((date_text(500 + bits.below(230)), None)),
        "UsrVisitCount": bits.take((None, 0, bits.below(40))),
    }
    return {
        "BAccount": {"AttributeINDUSTRY": bits.take((*INDUSTRIES, None))},
        "CurrentCustomer": developed,
    }
