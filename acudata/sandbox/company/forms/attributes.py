"""Attributes: what a class wants to be told of its members beyond the fields of the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from acudata.sandbox.company.identity import guid
from acudata.sandbox.company.words import Bits
from acudata.sandbox.records import Record


class Attribute(NamedTuple):
    """Describes an attribute and the codes that it may have, each with the text that is shown."""

    attribute_id: str
    description: str
    codes: Mapping[str, str]
    required: bool = False


CUSTOMER_ATTRIBUTES = (
    Attribute(
        "COMPSIZE", "Size of the Company", {"S": "1-10", "M": "11-50", "L": "51 or more"}, required=True
    ),
    Attribute("INTEREST", "Interested In", {"JAM": "Jams", "JUICE": "Juicers", "COOL": "Cooling"}),
)
ITEM_ATTRIBUTES = (
    Attribute("COLOR", "Color", {"RED": "Red", "GRN": "Green", "STL": "Steel"}),
    Attribute("ENERGY", "Energy Class", {"A": "A", "B": "B", "C": "C"}),
)
ATTRIBUTE_SPACE = 16
"""More attributes than any record has."""


def attribute_rows(
    collection: str, position: int, attributes: tuple[Attribute, ...], bits: Bits
) -> list[Record]:
    """Return the attributes of the record at a position of a collection; some have no value."""
    first = position * ATTRIBUTE_SPACE
    return [_row(collection, first + place, attribute, bits) for place, attribute in enumerate(attributes)]


def _row(collection: str, place: int, attribute: Attribute, bits: Bits) -> Record:
    code = bits.take((*attribute.codes, *(() if attribute.required else (None,))))
    return Record(
        guid(f"{collection}/Attributes", place),
        {
            "AttributeID": attribute.attribute_id,
            "AttributeDescription": attribute.description,
            "IsActive": True,
            "RefNoteID": guid(collection, place // ATTRIBUTE_SPACE),
            "Required": attribute.required,
            "Value": code,
            "ValueDescription": attribute.codes[code] if code else None,
        },
    )
