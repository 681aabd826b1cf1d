"""Customers as the form AR303000 shows them."""

from __future__ import annotations

from functools import partial

from acudata.sandbox.company.calendar import date_text, stamp_text
from acudata.sandbox.company.chart import BRANCHES
from acudata.sandbox.company.customers import Customer
from acudata.sandbox.company.facts import Facts
from acudata.sandbox.company.forms.address import address, business_contact, mail
from acudata.sandbox.company.forms.attributes import CUSTOMER_ATTRIBUTES, attribute_rows
from acudata.sandbox.company.forms.contact import ContactForm
from acudata.sandbox.company.identity import guid
from acudata.sandbox.company.items import WAREHOUSES
from acudata.sandbox.company.money import number
from acudata.sandbox.company.sheet import Details, Linked, Sheet, Values
from acudata.sandbox.company.words import Bits
from acudata.sandbox.records import Record, Scalar

FIRST_ACCOUNT = 7_000
FIRST_CONTACT = 100_001
COMMON: Values = {
    "ApplyOverdueCharges": True,
    "AutoApplyPayments": False,
    "BillingAddressOverride": False,
    "BillingContactOverride": False,
    "EnableCurrencyOverride": False,
    "EnableRateOverride": False,
    "EnableWriteOffs": True,
    "FOBPoint": "ORIGIN",
    "IsGuestCustomer": False,
    "LeadTimedays": 2,
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
    "ShippingRule": "Back Order Allowed",
    "ShipVia": "SPEEDSHIP",
    "StatementCycleID": "EOM",
    "StatementType": "Open Item",
    "WriteOffLimit": 10,
}
"""What the form shows alike for every customer."""
INDUSTRIES = ("Hotel", "Retail", "Restaurant", "School", "Wholesale")


class CustomerForm:
    """Makes the records of customers."""

    def __init__(self, facts: Facts, contacts: ContactForm) -> None:
        self._facts = facts
        self._contacts = contacts

    def record(self, index: int) -> Record:
        """Make the record of a customer."""
        customer = self._facts.customers[index]
        return Sheet(
            guid("Customer", index),
            COMMON | self._values(index, customer),
            link=partial(self._linked, index),
            detail=partial(self._details, index),
            custom=_custom(Bits(customer.bits)),
            note="Pays late; ask for the head of the house." if customer.lateness > 50 else "",
        )

    def _values(self, index: int, customer: Customer) -> Values:
        return {
            "BAccountID": FIRST_ACCOUNT + index,
            "CreatedDateTime": stamp_text(customer.since, customer.bits),
            "CreditLimit": number(customer.credit_limit),
            "CurrencyID": "EUR" if customer.euro else "USD",
            "CurrencyRateType": "SPOT" if customer.euro else None,
            "CustomerClass": "INTL" if customer.euro else "LOCAL",
            "CustomerID": customer.customer_id,
            "CustomerName": customer.name,
            "Email": mail(customer.contact, customer.name),
            "LastModifiedDateTime": stamp_text(customer.since + 1 + customer.bits % 97, customer.bits // 3),
            "NoteID": guid("Customer", index),
            "PriceClassID": "WHOLESALE" if customer.warehouse != 1 else None,
            "PrimaryContactID": self._contacts.id_at(index),
            "ShippingBranch": BRANCHES[WAREHOUSES[customer.warehouse].branch].branch_id,
            "ShippingTerms": "FREIGHT" if customer.pays_freight else "FREE",
            "Status": customer.status,
            "TaxZone": customer.place.tax_zone,
            "Terms": customer.terms,
            "WarehouseID": WAREHOUSES[customer.warehouse].warehouse_id,
        }

    def _linked(self, index: int) -> Linked:
        return {
            "BillingContact": self._own_contact("Billing", index),
            "CreditVerificationRules": self._credit(index),
            "MainContact": self._own_contact("Main", index),
            "PrimaryContact": self._contacts.first_at(index),
            "ShippingContact": self._own_contact("Shipping", index),
        }

    def _own_contact(self, use: str, index: int) -> Record:
        customer = self._facts.customers[index]
        owner = f"Customer/{use}Contact"
        place = address(owner, index, customer.street, customer.place)
        return business_contact(
            owner, index, FIRST_CONTACT + index, customer.name, customer.contact, {"Address": place}
        )

    def _credit(self, index: int) -> Record:
        accounts, limit = self._facts.accounts, self._facts.customers[index].credit_limit
        first_due = accounts.first_due(index)
        values: Values = {
            "CreditDaysPastDue": 30,
            "CreditLimit": number(limit),
            "CreditVerification": "Limit",
            "FirstDueDate": None if first_due is None else date_text(first_due),
            "OpenOrdersBalance": number(accounts.ordered[index]),
            "RemainingCreditLimit": number(limit - accounts.owed[index] - accounts.unreleased[index]),
            "UnreleasedBalance": number(accounts.unreleased[index]),
        }
        return Record(guid("Customer/CreditVerificationRules", index), values)

    def _details(self, index: int) -> Details:
        bits = Bits(self._facts.customers[index].bits)
        return {
            "Attributes": attribute_rows("Customer", index, CUSTOMER_ATTRIBUTES, bits),
            "Contacts": self._contacts.rows("Customer", index),
            "Salespersons": [self._salesperson(index)],
        }

    def _salesperson(self, index: int) -> Record:
        seller = self._facts.salesperson(index)
        values: Values = {
            "Commission": seller.percent,
            "Default": True,
            "LocationID": "MAIN",
            "LocationName": "Primary Location",
            "Name": self._facts.staff[seller.employee].name,
            "SalespersonID": seller.salesperson_id,
        }
        return Record(guid("Customer/Salespersons", index), values)


def _custom(bits: Bits) -> dict[str, dict[str, Scalar]]:
    developed: Values = {
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
