"""What documents of sales and purchases show alike: currency, addresses, taxes and discounts."""

from __future__ import annotations

from acudata.sandbox.company.customers import TAX_RATES, Customer
from acudata.sandbox.company.entries import PAR
from acudata.sandbox.company.forms.address import address, document_contact
from acudata.sandbox.company.identity import guid
from acudata.sandbox.company.money import number, ratio, share
from acudata.sandbox.company.orders import DISCOUNT_PERCENT, Totals
from acudata.sandbox.company.sheet import Linked, Values
from acudata.sandbox.records import Record

BASE_CURRENCY = "USD"


def currency(rate: int, *, reciprocal: str = "ReciprocalRate") -> Values:
    """Return the fields of the currency, with the rate in ten-thousandths of a dollar."""
    return {
        "BaseCurrencyID": BASE_CURRENCY,
        "CurrencyID": BASE_CURRENCY if rate == PAR else "EUR",
        "CurrencyRate": ratio(rate, PAR),
        "CurrencyRateTypeID": None if rate == PAR else "SPOT",
        reciprocal: 1 if rate == PAR else round(PAR / rate, 8),
    }


def bill_and_ship_to(collection: str, place: int, customer: Customer) -> Linked:
    """Return addresses and contacts that a sales document carries, each named by its member."""
    members: Linked = {}
    for use in ("BillTo", "ShipTo"):
        owner = f"{collection}/{use}"
        members[f"{use}Address"] = address(owner, place, customer.street, customer.place)
        members[f"{use}Contact"] = document_contact(owner, place, customer.name, customer.contact)
    return members


def tax_row(collection: str, place: int, customer: Customer, totals: Totals, **more: str) -> list[Record]:
    """Return the row of the sales tax of a document, none where nothing is taxed."""
    zone = customer.place.tax_zone
    if not TAX_RATES[zone]:
        return []
    values: Values = {
        "TaxableAmount": number(totals.lines - totals.discount),
        "TaxAmount": number(totals.tax),
        "TaxID": f"{zone}TAX",
        **more,
    }
    return [Record(guid(f"{collection}/TaxDetails", place), values)]


def tax_rate(customer: Customer) -> int | float:
    """Return the sales tax of a customer in percent."""
    return ratio(TAX_RATES[customer.place.tax_zone], 1000)


def discount_row(collection: str, place: int, totals: Totals) -> list[Record]:
    """Return the row of the discount on a whole document, none without one."""
    if not totals.discount:
        return []
    values: Values = {
        "Description": "Large Orders",
        "DiscountableAmount": number(totals.lines),
        "DiscountAmount": number(totals.discount),
        "DiscountCode": "LARGE",
        "DiscountPercent": DISCOUNT_PERCENT,
        "ManualDiscount": False,
        "SequenceID": "2023",
        "SkipDiscount": False,
        "Type": "Document",
    }
    return [Record(guid(f"{collection}/DiscountDetails", place), values)]


def commission_row(collection: str, place: int, salesperson: str, amount: int, percent: int) -> Record:
    """Return the row of a salesperson's commission."""
    values: Values = {
        "CommissionableAmount": number(amount),
        "CommissionAmount": number(share(amount, percent)),
        "CommissionPercent": percent,
        "SalespersonID": salesperson,
    }
    return Record(guid(f"{collection}/SalesPersons", place), values)
