"""Sources: the company's records in the order of their keys, made when they are read."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence

from acudata.sandbox.company.identity import position_of
from acudata.sandbox.company.registers import Register
from acudata.sandbox.records import Record

Make = Callable[[int], Record]
"""Makes the record of a fact."""


class Catalog:
    """Lists records whose keys are texts of their own; the facts stand in the order of the keys."""

    def __init__(self, collection: str, keys: Sequence[tuple[str, ...]], make: Make) -> None:
        self._collection = collection
        self._keys = keys
        self.record = make

    def __len__(self) -> int:
        return len(self._keys)

    def keys(self, index: int) -> tuple[str, ...]:
        """Return the keys at a position."""
        return self._keys[index]

    def find_keys(self, keys: Sequence[str]) -> int | None:
        """Return the position of the record with these keys."""
        wanted = tuple(keys)
        index = bisect_left(self._keys, wanted)
        return index if index < len(self._keys) and self._keys[index] == wanted else None

    def find_id(self, record_id: str) -> int | None:
        """Return the position of the record with this id."""
        index = position_of(self._collection, record_id)
        return index if index is not None and 0 <= index < len(self._keys) else None


class Documents:
    """Lists numbered documents, all of a register or some.

    Records of two entities that show the same document share its collection, and so its id.
    """

    def __init__(self, collection: str, register: Register, facts: Sequence[int], make: Make) -> None:
        self._collection = collection
        self._register = register
        self._facts = facts
        self._make = make

    def __len__(self) -> int:
        return len(self._facts)

    def record(self, index: int) -> Record:
        """Make the record at a position."""
        return self._make(self._facts[index])

    def keys(self, index: int) -> tuple[str, ...]:
        """Return the keys at a position."""
        return self._register.keys(self._facts[index])

    def find_keys(self, keys: Sequence[str]) -> int | None:
        """Return the position of the document with these keys."""
        return self._position(self._register.find(keys)) if keys else None

    def find_id(self, record_id: str) -> int | None:
        """Return the position of the document with this id."""
        place = position_of(self._collection, record_id)
        return None if place is None else self._position(self._register.at_place(place))

    def _position(self, fact: int | None) -> int | None:
        if fact is None:
            return None
        index = bisect_left(self._facts, self._register.place(fact), key=self._register.place)
        return index if index < len(self._facts) and self._facts[index] == fact else None
