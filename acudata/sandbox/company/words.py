"""Names that the company's people, places and partners are put together from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple, TypeVar

T = TypeVar("T")


def _pool(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIRST_NAMES = _pool(
    "Ana Ben Carla David Elena Frank Grace Hugo Ines Jonas Kate Liam Maria Noah Olga Paul Quinn Rosa Sam Tara "
    "Uma Victor Wendy Xavier Yara Zoë José Søren Chloé Łukasz Renée Jürgen"
)
LAST_NAMES = _pool(
    "Adams Baker Carter Diaz Evans Fischer Garcia Hughes Ito Jensen Keller Lopez Miller Nguyen Owens Peters "
    "Quist Reyes Santos Turner Ueda Vargas Walker Young Zimmermann Müller O'Neill Núñez Dvořák Åkesson "
    "D'Angelo McCarthy"
)
JOB_TITLES = ("Buyer", "Owner", "Accounts Payable", "Store Manager", "Head of Purchasing", "CFO", "Logistics")

ADJECTIVES = _pool(
    "Amber Bright Cedar Coastal Copper Crown Downtown Eagle Evergreen First Golden Granite Green Harbor "
    "Highland Hudson Ivory Juniper Lakeside Liberty Lincoln Maple Meadow Metro Midtown Northern Oak Orchard "
    "Pacific Pioneer Prairie Red River Riverside Royal Silver Southern Summit Sunrise Union Valley "
    "Western"
)
BUSINESSES = _pool(
    "Bakery Bistro Cafe Catering Coffee Deli Diner Foods Grill Grocers Grocery Hotel Inn Kitchen Market "
    "Pantry Pizzeria Provisions Restaurant School Smoothies Store Supermarket Supply Tavern Wholesale"
)
LEGAL_FORMS = ("", "", "", " Inc.", " LLC", " Co.", " & Sons", " Group")

EURO_NAMES = ("Café", "Feinkost", "Hôtel", "Konditorei", "Trattoria", "Épicerie", "Markthalle", "Bodega")
EURO_FORMS = (" GmbH", " SARL", " S.p.A.", " KG", " S.L.", " AG & Co. KG")

STREETS = _pool("Main Oak Park Elm Maple Cedar Lake Hill Pine Mill Church Spring Walnut River Market Bridge")
STREET_KINDS = ("St", "Ave", "Rd", "Blvd", "Ln", "Dr")
EURO_STREETS = ("Hauptstraße", "Rue de l'Église", "Via Roma", "Calle Mayor", "Bahnhofstraße", "Avenue Foch")


class Place(NamedTuple):
    """Holds a town, with the zone whose sales tax it is in."""

    city: str
    state: str | None
    postal_code: str
    country: str
    tax_zone: str


HOME_PLACES = (
    Place("New York", "NY", "10001", "US", "NYSTATE"),
    Place("Buffalo", "NY", "14201", "US", "NYSTATE"),
    Place("Albany", "NY", "12207", "US", "NYSTATE"),
    Place("Boston", "MA", "02108", "US", "MASTATE"),
    Place("Springfield", "MA", "01103", "US", "MASTATE"),
    Place("Newark", "NJ", "07102", "US", "NJSTATE"),
    Place("Trenton", "NJ", "08608", "US", "NJSTATE"),
    Place("Hartford", "CT", "06103", "US", "EXEMPT"),
    Place("Philadelphia", "PA", "19103", "US", "EXEMPT"),
    Place("Wilmington", "DE", "19801", "US", "EXEMPT"),
)
EURO_PLACES = (
    Place("München", None, "80331", "DE", "EXPORT"),
    Place("Köln", None, "50667", "DE", "EXPORT"),
    Place("Lyon", None, "69002", "FR", "EXPORT"),
    Place("Aix-en-Provence", None, "13100", "FR", "EXPORT"),
    Place("Milano", "MI", "20121", "IT", "EXPORT"),
    Place("A Coruña", None, "15001", "ES", "EXPORT"),
)


class Bits:
    """Takes many small choices out of one random number, always the same ones.

    >>> small = Bits(7)
    >>> small.take("abc"), small.below(10)
    ('b', 2)
    """

    __slots__ = ("_left",)

    def __init__(self, bits: int) -> None:
        self._left = bits

    def below(self, limit: int) -> int:
        """Return a whole number from 0 up to, and without, the limit."""
        self._left, choice = divmod(self._left, limit)
        return choice

    def take(self, options: Sequence[T]) -> T:
        """Return one of the options."""
        return options[self.below(len(options))]

    def chance(self, percent: int) -> bool:
        """Return True in so many cases of a hundred."""
        return self.below(100) < percent


def slug(name: str) -> str:
    """Return a name as part of a mail address or a web site.

    >>> slug("O'Brien & Söhne <GmbH>")
    'obrien-sohne-gmbh'
    """
    plain = unicodedata.normalize("NFKD", name.replace("'", "")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
