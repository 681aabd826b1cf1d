"""Numbers of documents: each series counts from 1, in the order in which its documents are entered."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import NamedTuple

LIMIT = 10_000_000
"""More documents than any series has."""


class Series(NamedTuple):
    """Describes one way to number: the type that comes before the number in the key, and a prefix."""

    label: str | None = None
    prefix: str = ""
    digits: int = 6


class Register:
    """Numbers the documents of an entity.

    A document is a fact, known by the order of entry; its place is where its keys put it among all others.

    >>> register = Register(Series("QT"), Series("SO"))
    >>> facts = [register.enter(1), register.enter(0), register.enter(1)]
    >>> register.keys(2), register.find(("QT", "000001")), list(register.in_key_order())
    (('SO', '000002'), 1, [1, 0, 2])
    """

    def __init__(self, *series: Series) -> None:
        self.series = sorted(series, key=lambda item: (item.label or "", item.prefix))
        self._facts = [array("q") for _ in series]
        self._series = array("b")
        self._number = array("q")

    def __len__(self) -> int:
        return len(self._number)

    def enter(self, series: int = 0) -> int:
        """Give the next number of a series to a new document and return the fact."""
        fact = len(self._number)
        facts = self._facts[series]
        facts.append(fact)
        self._series.append(series)
        self._number.append(len(facts))
        return fact

    def reference(self, fact: int) -> str:
        """Return the number of a document, padded with zeros."""
        series = self.series[self._series[fact]]
        return f"{series.prefix}{self._number[fact]:0{series.digits}d}"

    def label(self, fact: int) -> str:
        """Return the type of a document."""
        return self.series[self._series[fact]].label or ""

    def keys(self, fact: int) -> tuple[str, ...]:
        """Return the key values of a document."""
        label = self.series[self._series[fact]].label
        return (self.reference(fact),) if label is None else (label, self.reference(fact))

    def place(self, fact: int) -> int:
        """Return a number that stands for the keys and grows with them."""
        return self._series[fact] * LIMIT + self._number[fact]

    def at_place(self, place: int) -> int | None:
        """Return the document with a place."""
        series, number = divmod(place, LIMIT)
        known = series < len(self.series) and 0 < number <= len(self._facts[series])
        return self._facts[series][number - 1] if known else None

    def find(self, keys: Sequence[str]) -> int | None:
        """Return the document with these keys."""
        for position, series in enumerate(self.series):
            number = keys[-1].removeprefix(series.prefix)
            if len(number) == series.digits and number.isdecimal():
                fact = self.at_place(position * LIMIT + int(number))
                if fact is not None and self.keys(fact) == tuple(keys):
                    return fact
        return None

    def in_key_order(self) -> array[int]:
        """Return all documents in the order of their keys."""
        ordered = array("q")
        for facts in self._facts:
            ordered.extend(facts)
        return ordered
