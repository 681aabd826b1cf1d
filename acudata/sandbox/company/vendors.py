"""Who supplies: vendors of goods, and those of rent, power, freight and insurance."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from acudata.sandbox.company import chart, words
from acudata.sandbox.company.words import Bits, Place

TERMS = {"30D": 30, "45D": 45, "60D": 60}
"""Payment terms and their days."""


class Vendor(NamedTuple):
    """Holds what is known of a vendor; `expense_account` is empty for vendors of goods."""

    vendor_id: str
    name: str
    status: str
    place: Place
    street: str
    contact: str
    terms: str
    lead_days: int
    expense_account: str
    bits: int


OVERHEADS = (
    ("CITYPOWER", "City Power & Light", chart.UTILITIES),
    ("LANDLORD", "Harbor Estates", chart.RENT),
    ("SPEEDSHIP", "Speedship Carriers <Express>", chart.CARRIERS),
    ("TRUSTMUTUAL", "Trust Mutual Insurance", chart.INSURANCE),
)


def make_vendors(random: Random, goods: int) -> list[Vendor]:
    """Return the vendors in the order of their ids: so many of goods, then those of overheads."""
    plain = [(f"{number:06d}", None, "") for number in range(1, goods + 1)]
    return [_vendor(Bits(random.getrandbits(128)), *entry) for entry in [*plain, *OVERHEADS]]


def _vendor(bits: Bits, vendor_id: str, name: str | None, account: str) -> Vendor:
    return Vendor(
        vendor_id=vendor_id,
        name=name
        or f"{bits.take(words.LAST_NAMES)} {bits.take(('Farms', 'Industries', 'Trading', 'Works'))}",
        status="Active",
        place=bits.take(words.HOME_PLACES),
        street=f"{1 + bits.below(998)} {bits.take(words.STREETS)} {bits.take(words.STREET_KINDS)}",
        contact=f"{bits.take(words.FIRST_NAMES)} {bits.take(words.LAST_NAMES)}",
        terms="30D" if account else bits.take(tuple(TERMS)),
        lead_days=8 + bits.below(20),
        expense_account=account,
        bits=bits.below(1 << 40),
    )
