"""Sorts records here, since the contract API of Acumatica ignores `$orderby`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from acudata.models.record import Record


def order_paths(orderby: Iterable[str]) -> list[tuple[tuple[str, ...], bool]]:
    """Return the path of each field to sort by, and whether it descends.

    >>> order_paths(["CustomerName", "MainContact/Email desc"])
    [(('CustomerName',), False), (('MainContact', 'Email'), True)]
    """
    words = (text.split() for text in orderby)
    return [(tuple(path.replace("/", ".").split(".")), direction == ["desc"]) for path, *direction in words]


def ordered(records: Iterable[Record], paths: Sequence[tuple[tuple[str, ...], bool]]) -> list[Record]:
    """Return the records sorted by fields; missing values come first, as in OData, and last where it descends."""
    result = list(records)
    for path, descends in reversed(paths):
        result.sort(key=lambda record: _sort_key(record, path), reverse=descends)
    return result


def _sort_key(record: Record, path: tuple[str, ...]) -> tuple[bool, Any]:
    value: Any = record
    for name in path:
        value = getattr(value, name, None)
    return (False, 0) if value is None else (True, value.casefold() if isinstance(value, str) else value)
