"""A source of records that are at hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from acudata.sandbox.records import Record


class Rows:
    """Serves a list of records in the order of their keys; a `Source` for small tables.

    Example:
        >>> rows = Rows([Record("7f", {"ClassID": "B"}), Record("9a", {"ClassID": "A"})], keys=["ClassID"])
        >>> rows.keys(0), rows.find_keys(["B"])
        (('A',), 1)
    """

    def __init__(self, records: Iterable[Record], *, keys: Sequence[str]) -> None:
        def keys_of(record: Record) -> tuple[str, ...]:
            return tuple(str(record.values.get(key, "")) for key in keys)

        self._records = sorted(records, key=keys_of)
        self._keys = [keys_of(record) for record in self._records]
        self._by_keys = {key: index for index, key in enumerate(self._keys)}
        self._by_id = {record.id: index for index, record in enumerate(self._records)}

    def __len__(self) -> int:
        return len(self._records)

    def record(self, index: int) -> Record:
        """Return a copy of the record at a position."""
        return self._records[index].copy()

    def keys(self, index: int) -> tuple[str, ...]:
        """Return the key values at a position."""
        return self._keys[index]

    def find_keys(self, keys: Sequence[str]) -> int | None:
        """Return the position of the record with these keys."""
        return self._by_keys.get(tuple(keys))

    def find_id(self, record_id: str) -> int | None:
        """Return the position of the record with this id."""
        return self._by_id.get(record_id)
