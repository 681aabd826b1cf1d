"""Writes values that JSON does not know, such as decimals and dates, and reads them back as they were."""

from __future__ import annotations

import datetime as dt
import decimal
import math
from collections.abc import Callable
from typing import Any

from acudata.scalars import unwrapped

_TAGS: dict[str, tuple[type, Callable[[Any], str], Callable[[str], Any]]] = {
    "decimal": (decimal.Decimal, str, decimal.Decimal),
    "datetime": (dt.datetime, dt.datetime.isoformat, dt.datetime.fromisoformat),
    "date": (dt.date, dt.date.isoformat, dt.date.fromisoformat),
}
"""How values that JSON does not know are written and read; the first type that fits counts."""


def encoded(value: Any) -> Any:
    """Return what JSON holds for a value.

    >>> encoded(decimal.Decimal("44.50"))
    {'decimal': '44.50'}
    """
    plain = unwrapped(value)
    for tag, (cls, write, _) in _TAGS.items():
        if isinstance(plain, cls):
            return {tag: write(plain)}
    if isinstance(plain, tuple):
        return {"tuple": [encoded(part) for part in plain]}
    is_number = isinstance(plain, int) or (isinstance(plain, float) and math.isfinite(plain))
    return plain if plain is None or is_number or isinstance(plain, str) else str(plain)


def decoded(value: Any) -> Any:
    """Return the value that `encoded` wrote."""
    if not isinstance(value, dict):
        return value
    ((tag, text),) = value.items()
    if tag == "tuple":
        return tuple(decoded(part) for part in text)
    return _TAGS[tag][2](text)
