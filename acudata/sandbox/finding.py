"""Records found by keys, by id and by filter."""

from __future__ import annotations

import functools
import re
import uuid
from collections.abc import Iterator

from acudata.sandbox.matching import Field, Predicate, Row
from acudata.sandbox.store import Store, Table

SEPARATORS = re.compile(r"[/|]")


def find(table: Table, place: str) -> int | None:
    """Return the slot of the record at a place: keys between ``/`` or ``|``, or an id.

    `place` is the decoded rest of the path, so that a key with a slash in it cannot be told from two keys.
    """
    record_id = as_id(place)
    return table.find_id(record_id) if record_id else table.find_keys(SEPARATORS.split(place))


def as_id(text: str) -> str | None:
    """Return text that is a GUID in its usual form, and None for other text."""
    try:
        parsed = str(uuid.UUID(text))
    except ValueError:
        return None
    return parsed if parsed == text.strip().lower() else None


class Search:
    """Finds the records of a tenant that match a filter.

    What a filter looks at in a record of a source is kept, since sources never change: a client that asks for
    page after page has each record made once.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rows = functools.lru_cache(maxsize=32)(self._new_rows)

    def matches(self, table: Table, predicate: Predicate) -> Iterator[int]:
        """Yield the slots of the matching records, in the order of the keys."""
        rows = self._rows(table.entity.name, predicate.fields)
        for slot in table.slots():
            if table.is_untouched(slot):
                row = rows[slot] = rows[slot] or predicate.row(table.record(slot))
            else:
                row = predicate.row(table.record(slot))
            if predicate.test(row):
                yield slot

    def _new_rows(self, entity: str, _fields: tuple[Field, ...]) -> list[Row]:
        return [()] * len(self._store.table(entity).source)
