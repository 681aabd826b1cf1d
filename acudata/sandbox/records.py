"""The plain values that the sandbox holds: what a form of the ERP shows, before any JSON is made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

Scalar = str | int | float | bool | None
"""A value ready for JSON.

Instants and dates are ISO 8601 text with an offset, money is int or float without trailing zeros.
"""


@dataclass(slots=True)
class File:
    """Holds one attachment."""

    id: str
    name: str
    content: bytes
    comment: str | None = None


@dataclass(slots=True)
class Record:
    """Holds one record, linked entity or detail row.

    `values` maps a field of the contract to its value; a missing field or None is an empty one.
    `custom` maps view, then field, to the value of a field outside the contract.
    """

    id: str
    values: dict[str, Scalar] = field(default_factory=dict)
    linked: dict[str, Record] = field(default_factory=dict)
    details: dict[str, list[Record]] = field(default_factory=dict)
    custom: dict[str, dict[str, Scalar]] = field(default_factory=dict)
    note: str | None = ""
    files: list[File] = field(default_factory=list)

    def copy(self) -> Record:
        """Return a record that can be changed without changing this one."""
        return Record(
            self.id,
            dict(self.values),
            {name: linked.copy() for name, linked in self.linked.items()},
            {name: [row.copy() for row in rows] for name, rows in self.details.items()},
            {view: dict(values) for view, values in self.custom.items()},
            self.note,
            [replace(file) for file in self.files],
        )


class Source(Protocol):
    """Rows that exist before anybody writes, in the order of their keys, made on demand and the same each time."""

    def __len__(self) -> int:
        """Return the number of records."""
        ...

    def record(self, index: int) -> Record:
        """Make the record at a position; the caller may change what it gets."""
        ...

    def keys(self, index: int) -> tuple[str, ...]:
        """Return the key values at a position, cheaply; ascending over the positions."""
        ...

    def find_keys(self, keys: Sequence[str]) -> int | None:
        """Return the position of the record with these keys."""
        ...

    def find_id(self, record_id: str) -> int | None:
        """Return the position of the record with this id (lower-case GUID text)."""
        ...
