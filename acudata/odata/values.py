"""Reduces the values people compare with (numpy and pandas scalars included) to Python's own types."""

from __future__ import annotations

import datetime as dt
import decimal
import math
import uuid
from collections.abc import Callable, Iterable
from typing import Any

from acudata.errors import AcumaticaValidationError
from acudata.odata.nodes import Literal, Scalar
from acudata.scalars import is_missing, unwrapped

_EXACT: dict[type, Callable[[Any], Scalar]] = {
    bool: bool,
    str: str.__str__,
    int: int,
    float: float,
    decimal.Decimal: decimal.Decimal,
    dt.datetime: lambda moment: dt.datetime.combine(moment.date(), moment.timetz()),
    dt.date: lambda day: dt.date(day.year, day.month, day.day),
    uuid.UUID: lambda guid: guid,
}
"""How a value of a class, or of a subclass of it, becomes exactly that class; the first match counts."""


def literal(value: object) -> Literal:
    """Return the node of a value.

    Numpy, pandas and Arrow scalars become what they stand for; fractions of a microsecond are dropped.

    Raises:
        AcumaticaValidationError: the value is missing (NaN, NaT, NA) or infinite, and so would match nothing.
        TypeError: the value is no single value of a kind that Acumatica has.

    >>> literal(12.5)
    Literal(value=12.5)

    """
    if _matches_nothing(value):
        raise AcumaticaValidationError(
            f"{value!r} is no value to compare with: no record equals it.",
            suggestions=["use .is_null() or .is_not_null() to look for empty fields"],
        )
    return Literal(_plain(value))


def literals(values: Iterable[object]) -> tuple[Literal, ...]:
    """Return the nodes of several values, each once, in their order."""
    nodes = [literal(value) for value in values]
    return tuple({(type(node.value), node.value): node for node in nodes}.values())


def _matches_nothing(value: Any) -> bool:
    if isinstance(value, float):
        return not math.isfinite(value)
    if isinstance(value, decimal.Decimal):
        return not value.is_finite()
    return is_missing(value)


def _plain(value: Any) -> Scalar:
    if value is None:
        return None
    for cls, exact in _EXACT.items():
        if isinstance(value, cls):
            return exact(value)
    python = unwrapped(value)
    if type(python) is type(value):
        raise TypeError(_refusal(value))
    return literal(python).value


def _refusal(value: object) -> str:
    kind = type(value).__name__
    if isinstance(value, Iterable) and not isinstance(value, bytes | bytearray):
        return f"A {kind} is no single value to compare with; write .isin([...]) to match any of several."
    return f"A {kind} cannot be compared with a field; give text, a number, a date, a bool, a UUID or None."
