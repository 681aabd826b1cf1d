"""Addresses and contacts as they hang on other records."""

from __future__ import annotations

from functools import partial

from acudata.sandbox.company.identity import guid
from acudata.sandbox.company.sheet import Linked, Sheet, Values
from acudata.sandbox.company.words import Place, slug
from acudata.sandbox.records import Record


def address(owner: str, position: int, street: str, place: Place) -> Record:
    """Return the address of an owner: a collection and a position in it."""
    values: Values = {
        "AddressLine1": street,
        "City": place.city,
        "Country": place.country,
        "PostalCode": place.postal_code,
        "State": place.state,
        "Validated": False,
    }
    return Record(guid(f"{owner}/Address", position), values)


def document_contact(owner: str, position: int, business: str, attention: str) -> Record:
    """Return the short form of a contact that a document carries."""
    values: Values = {
        "Attention": attention,
        "BusinessName": business,
        "Email": mail(attention, business),
        "Phone1": phone(position),
    }
    return Record(guid(f"{owner}/DocContact", position), values)


def business_contact(
    owner: str, position: int, contact_id: int, business: str, attention: str, place: Linked
) -> Record:
    """Return a contact of a business itself, such as the one that its bills are sent to."""
    values: Values = {
        "Active": True,
        "Attention": attention,
        "CompanyName": business,
        "ContactID": contact_id,
        "DisplayName": business,
        "Email": mail(attention, business),
        "FullName": business,
        "Phone1": phone(contact_id),
        "Phone1Type": "Business 1",
        "WebSite": f"https://{slug(business)}.example",
    }
    return Sheet(guid(owner, position), values, link=partial(dict, place))


def mail(person: str, business: str) -> str:
    """Return the mail address of a person at a business."""
    return f"{slug(person).replace('-', '.')}@{slug(business)}.example"


def phone(position: int) -> str:
    """Return a telephone number out of the range kept for examples."""
    return f"+1 (212) 555-{position * 37 % 10_000:04d}"
