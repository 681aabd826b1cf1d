"""The records of one tenant: rows that were always there, and what was written over them."""

from __future__ import annotations

import functools
import threading
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from acudata.sandbox.endpoint import Endpoint, Entity
from acudata.sandbox.matching import Field, Predicate, Row
from acudata.sandbox.records import Record, Scalar, Source
from acudata.sandbox.rows import Rows

Inquire = Callable[[str, Mapping[str, Scalar]], list[Record]]
NUMERIC = frozenset({"Int", "Short", "Long", "Byte"})


class Table:
    """Holds the records of one entity in the order of their keys.

    A record is known by its slot, a number that stays the same while the record lives: its position in the
    source, or a number behind the last one for a record that was added. Records are made by the source when
    they are asked for; only what was written is kept.
    """

    def __init__(self, entity: Entity, source: Source, lock: threading.RLock) -> None:
        self.entity = entity
        self.source = source
        self._lock = lock
        self._order: list[int] | range = range(len(source))
        self._next = len(source)
        self._written: dict[int, Record] = {}
        self._removed: set[int] = set()
        self._by_keys: dict[tuple[str, ...], int] = {}
        self._by_id: dict[str, int] = {}
        self._rows = functools.lru_cache(maxsize=8)(self._new_rows)
        self._numeric = [entity.structure.fields.get(key) in NUMERIC for key in entity.keys]

    def __len__(self) -> int:
        return len(self._order)

    def slots(self, *, skip: int = 0, top: int | None = None) -> Sequence[int]:
        """Return the slots of a page, in the order of the keys."""
        with self._lock:
            return self._order[skip : None if top is None else skip + top]

    def is_untouched(self, slot: int) -> bool:
        """Tell whether the record is still as its source makes it."""
        return slot < len(self.source) and slot not in self._written

    def record(self, slot: int) -> Record:
        """Return the record in a slot, to be read only."""
        return self._written.get(slot) or self.source.record(slot)

    def keys(self, slot: int) -> tuple[str, ...]:
        """Return the key values of a slot."""
        written = self._written.get(slot)
        return self.source.keys(slot) if written is None else self.keys_of(written)

    def keys_of(self, record: Record) -> tuple[str, ...]:
        """Return the key values that a record carries, as text."""
        values = (record.values.get(key) for key in self.entity.keys)
        return trimmed("" if value is None else str(value) for value in values)

    def find_keys(self, keys: Sequence[str]) -> int | None:
        """Return the slot of the record with these keys; padding does not count."""
        wanted = trimmed(keys)
        slot = self._by_keys.get(wanted)
        return slot if slot is not None else self._untouched(self.source.find_keys(wanted))

    def find_id(self, record_id: str) -> int | None:
        """Return the slot of the record with this id."""
        wanted = record_id.lower()
        slot = self._by_id.get(wanted)
        return slot if slot is not None else self._untouched(self.source.find_id(wanted))

    def matches(self, predicate: Predicate) -> Iterator[int]:
        """Yield the slots of the records that a filter lets through, in the order of the keys.

        What the filter looks at in a record of the source is kept, since sources never change: a client that
        asks for page after page has each record made once.
        """
        rows = self._rows(predicate.fields)
        for slot in self.slots():
            if self.is_untouched(slot):
                row = rows[slot] = rows[slot] or predicate.row(self.record(slot))
            else:
                row = predicate.row(self.record(slot))
            if predicate.test(row):
                yield slot

    def last_before(self, keys: Sequence[str]) -> tuple[str, ...] | None:
        """Return the keys of the last record that stands before a place in the order."""
        with self._lock:
            place = self._place(tuple(keys))
            return self.keys(self._order[place - 1]) if place else None

    def insert(self, record: Record) -> int:
        """Add a record at its place in the order and return its slot."""
        with self._lock:
            slot, self._next = self._next, self._next + 1
            self._put(slot, record)
            return slot

    def replace(self, slot: int, record: Record) -> None:
        """Put a record in place of the one in the slot, at the place of its keys."""
        with self._lock:
            if self.keys_of(record) == self.keys(slot):
                self._keep(slot, record)
            else:
                self.delete(slot)
                self._put(slot, record)

    def delete(self, slot: int) -> None:
        """Remove the record in a slot."""
        with self._lock:
            order = self._listed()
            del order[order.index(slot, self._place(self.keys(slot)))]
            self._forget(slot)

    @contextmanager
    def change(self, slot: int) -> Iterator[Record]:
        """Give a copy of a record to change, and keep it when nothing is raised."""
        with self._lock:
            record = self.record(slot).copy()
            yield record
            self.replace(slot, record)

    def _new_rows(self, _fields: tuple[Field, ...]) -> list[Row]:
        return [()] * len(self.source)

    def _put(self, slot: int, record: Record) -> None:
        place = self._place(self.keys_of(record))
        self._listed().insert(place, slot)
        self._removed.discard(slot)
        self._keep(slot, record)

    def _keep(self, slot: int, record: Record) -> None:
        self._written[slot] = record
        self._by_keys[self.keys_of(record)] = slot
        self._by_id[record.id.lower()] = slot

    def _forget(self, slot: int) -> None:
        # The record itself stays for a reader that was given its slot a moment ago.
        record = self.record(slot)
        self._by_keys.pop(self.keys_of(record), None)
        self._by_id.pop(record.id.lower(), None)
        self._removed.add(slot)

    def _untouched(self, slot: int | None) -> int | None:
        return None if slot in self._removed or slot in self._written else slot

    def _listed(self) -> list[int]:
        if isinstance(self._order, range):
            self._order = list(self._order)
        return self._order

    def _place(self, keys: tuple[str, ...]) -> int:
        return bisect_left(self._order, self._rank(keys), key=lambda slot: self._rank(self.keys(slot)))

    def _rank(self, keys: Sequence[str]) -> tuple[tuple[int, str], ...]:
        pairs = zip(keys, self._numeric, strict=False)
        return tuple((int(key), "") if numeric and key.isdecimal() else (0, key) for key, numeric in pairs)


class Store:
    """Holds the tables of one tenant, one per entity of its newest endpoint; those without a source begin empty.

    `lock` is held by whoever reads before it writes, so that writes happen one after another. `inquire` returns
    the rows that answer an inquiry with these filter fields.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        sources: Mapping[str, Source],
        *,
        inquire: Inquire = lambda _name, _filters: [],
    ) -> None:
        self.endpoint = endpoint
        self.lock = threading.RLock()
        self.inquire = inquire
        self.tables = {
            name: Table(entity, sources[name] if name in sources else Rows([], keys=entity.keys), self.lock)
            for name, entity in endpoint.entities.items()
        }

    def table(self, entity: str) -> Table:
        """Return the records of an entity."""
        return self.tables[entity]


def trimmed(keys: Iterator[str] | Sequence[str]) -> tuple[str, ...]:
    """Return keys without the padding that a server gives and takes."""
    return tuple(key.strip() for key in keys)
