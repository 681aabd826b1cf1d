"""Persons who work for customers and vendors."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from itertools import accumulate

from acudata.sandbox.company import words
from acudata.sandbox.company.customers import Customer
from acudata.sandbox.company.vendors import Vendor
from acudata.sandbox.company.words import Bits

SCATTER = 0x9E3779B97F4A7C15


class People:
    """Knows the persons at customers and vendors; the first of a business is the one it names as its contact.

    A person is an index; a business is one too, the customers first and the vendors after them.
    """

    def __init__(self, customers: Sequence[Customer], vendors: Sequence[Vendor]) -> None:
        self.businesses: Sequence[Customer | Vendor] = [*customers, *vendors]
        self.customers = len(customers)
        heads = (1 + business.bits % 5 // 3 for business in self.businesses)
        self._first = array("i", accumulate(heads, initial=0))
        self._business = array("i", self._places())

    def __len__(self) -> int:
        return len(self._business)

    def at(self, business: int) -> range:
        """Return the persons at a business."""
        return range(self._first[business], self._first[business + 1])

    def business(self, person: int) -> int:
        """Return the business that a person works for."""
        return self._business[person]

    def name(self, person: int) -> tuple[str, str]:
        """Return the first and the last name of a person."""
        business = self._business[person]
        if person == self._first[business]:
            first, last = self.businesses[business].contact.split(" ", 1)
            return first, last
        bits = self.bits(person)
        return bits.take(words.FIRST_NAMES), bits.take(words.LAST_NAMES)

    def bits(self, person: int) -> Bits:
        """Return where the small print of a person is taken from."""
        return Bits((person + 1) * SCATTER % (1 << 63))

    def _places(self) -> Iterable[int]:
        return (business for business in range(len(self.businesses)) for _ in self.at(business))
