"""Compares what was sent with what the ERP has: taken, taken in another form, or discarded without a word."""

from __future__ import annotations

import datetime as dt
import decimal
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from acudata.writeback.changes import Change

_ROUNDING = decimal.Decimal("0.01")


def compared(
    changes: Mapping[str, Change], there: Callable[[str], Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the columns that kept another value than was sent: discarded ones, and those taken in another form.

    `there` gives the value that a column has now. A column that still has its old value was discarded. (Acumatica:
    a field that is derived, not editable or without rights keeps its value, and the answer is 200.)
    """
    discarded: dict[str, Any] = {}
    altered: dict[str, Any] = {}
    for column, change in changes.items():
        now = there(column)
        if not same(change.new, now):
            (discarded if same(change.old, now) else altered)[column] = now
    return discarded, altered


def same(one: Any, other: Any) -> bool:
    """Tell whether two values are the same in the ERP: blanks at the end and trailing zeros do not count.

    >>> same("C01", "C01   "), same(decimal.Decimal("5.0"), 5), same("", None)
    (True, True, True)
    """
    return bool(_reduced(one) == _reduced(other))


def is_form_of(sent: Any, now: Any) -> bool:
    """Tell whether a value can be what the ERP made of one that was sent: in capitals, cut, rounded, without a time.

    >>> is_form_of("c01", "C01"), is_form_of(1.239, decimal.Decimal("1.24")), is_form_of("C01", "C02")
    (True, True, False)
    """
    one, other = _reduced(sent), _reduced(now)
    if one == other or one is None or other is None:
        return bool(one == other)
    if isinstance(one, str) and isinstance(other, str):
        return one.strip().casefold().startswith(other.strip().casefold())
    if isinstance(one, dt.datetime) and isinstance(other, dt.datetime):
        return one.date() == other.date()
    numbers = isinstance(one, int | decimal.Decimal) and isinstance(other, int | decimal.Decimal)
    return numbers and bool(abs(one - other) < _ROUNDING)


def _reduced(value: Any) -> Any:
    if isinstance(value, str):
        return value.rstrip(" ") or None
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, float):
        return decimal.Decimal(repr(value))
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return dt.datetime.combine(value, dt.time())
    return value
