"""Who buys: customers, where they are, what they agreed on and how they pay."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random
from typing import NamedTuple

from acudata.sandbox.company import words
from acudata.sandbox.company.words import Bits, Place

TERMS = {"15D": 15, "30D": 30, "45D": 45, "60D": 60}
"""Payment terms and their days."""
TAX_RATES = {"NYSTATE": 8875, "MASTATE": 6250, "NJSTATE": 6625, "EXEMPT": 0, "EXPORT": 0}
"""Sales tax of a zone, in thousandths of a percent."""
STATUSES = ("Active",) * 20 + ("Credit Hold", "On Hold", "Inactive", "One-Time")
BUYING = ("Active", "Credit Hold", "One-Time")

PECULIAR = (
    ("#1 DINER", "#1 Diner", "HOME"),
    ("A&B DELI", "A & B Deli <Downtown>", "HOME"),
    ("CAFE ZOE", 'Café "Zoë"', "EURO"),
    ("HANDELS 50%", "Handels + Söhne 50% GmbH", "EURO"),
    ("L'EPICERIE", "L'Épicerie d'Aix", "EURO"),
    ("O'BRIEN", "O'Brien & Söhne <GmbH>", "EURO"),
    ("SMITH JONES", "Smith, Jones; and Daughters", "HOME"),
    ("SUSHI", "寿司 Sushi Bar\u00a0東京", "HOME"),
    ("TAB", "Tab\tand \\ Backslash Supply", "HOME"),
    ("ŁÓDŹ", "Łódź Imports", "HOME"),
)
"""Customers whose keys and names ask for care: quotes, signs of URLs and markup, letters beyond ASCII."""


class Customer(NamedTuple):
    """Holds what is known of a customer; `lateness` is how many days past due the invoices are usually paid."""

    customer_id: str
    name: str
    status: str
    euro: bool
    place: Place
    street: str
    contact: str
    terms: str
    lateness: int
    warehouse: int
    salesperson: int
    pays_freight: bool
    since: int
    credit_limit: int
    bits: int


def make_customers(random: Random, count: int) -> list[Customer]:
    """Return customers in the order of their ids."""
    peculiar = PECULIAR[: max(1, count // 20)]
    plain = ((f"C{number:09d}", None, None) for number in range(1, count - len(peculiar) + 1))
    entries: Iterable[tuple[str, str | None, str | None]] = sorted([*peculiar, *plain])
    return [_customer(Bits(random.getrandbits(160)), *entry) for entry in entries]


def _customer(bits: Bits, customer_id: str, name: str | None, region: str | None) -> Customer:
    euro = region == "EURO" if region else bits.chance(4)
    return Customer(
        customer_id=customer_id,
        name=name or _name(bits, euro=euro),
        status="Active" if name else bits.take(STATUSES),
        euro=euro,
        place=bits.take(words.EURO_PLACES if euro else words.HOME_PLACES),
        street=_street(bits, euro=euro),
        contact=f"{bits.take(words.FIRST_NAMES)} {bits.take(words.LAST_NAMES)}",
        terms="15D" if euro else bits.take(("30D", "30D", "30D", "15D", "45D", "60D")),
        lateness=-5 if euro else bits.take((-6, -3, -1, 0, 2, 4, 7, 12, 20, 35, 60, 95)),
        warehouse=bits.take((0, 0, 0, 1, 1, 2)),
        salesperson=bits.below(997),
        pays_freight=bits.chance(60),
        since=bits.below(600) if bits.chance(15) else -30 - bits.below(1500),
        credit_limit=bits.take((5, 10, 15, 25, 40, 60, 100)) * 100_000,
        bits=bits.below(1 << 40),
    )


def _name(bits: Bits, *, euro: bool) -> str:
    if euro:
        return f"{bits.take(words.EURO_NAMES)} {bits.take(words.LAST_NAMES)}{bits.take(words.EURO_FORMS)}"
    first = bits.take(words.LAST_NAMES) + "'s" if bits.chance(20) else bits.take(words.ADJECTIVES)
    return f"{first} {bits.take(words.BUSINESSES)}{bits.take(words.LEGAL_FORMS)}"


def _street(bits: Bits, *, euro: bool) -> str:
    house = 1 + bits.below(998)
    if euro:
        return f"{bits.take(words.EURO_STREETS)} {house}"
    return f"{house} {bits.take(words.STREETS)} {bits.take(words.STREET_KINDS)}"
