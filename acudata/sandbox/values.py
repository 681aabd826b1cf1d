"""Values as they come in: what each kind of field takes, and how it is stored."""

from __future__ import annotations

import math
import re
import uuid
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from acudata.sandbox.records import Scalar

RANGES = {
    "Byte": (0, 255),
    "Short": (-(2**15), 2**15 - 1),
    "Int": (-(2**31), 2**31 - 1),
    "Long": (-(2**63), 2**63 - 1),
}
LARGEST = Decimal(2**96 - 1)
"""The largest decimal of .NET."""
WORDS = {"true": True, "false": False}
PADDED_FRACTION = re.compile(r"(\.\d*[1-9])0+(?=[+-]|$)")
PERIOD = re.compile(r"(\d\d)-(\d{4})")


class UnfitError(ValueError):
    """A value does not fit the kind of its field."""


def convert(value: object, kind: str) -> Scalar:
    """Return a JSON value as a field of a kind stores it.

    Numbers and booleans are taken as text too, dates in any of the forms that an instance reads.

    Raises:
        ValueError: when the value does not fit the kind; `UnfitError` or what Python itself raises.

    Example:
        >>> convert("2024/01/31", "DateTime"), convert("12.50", "Decimal")
        ('2024-01-31T00:00:00+00:00', 12.5)
    """
    if value is None:
        return None
    if isinstance(value, dict | list):
        raise UnfitError(value)
    return CONVERTERS[kind](value)


def convert_field(name: str, value: object, kind: str) -> Scalar:
    """Return a value as the field of a name stores it: as `convert`, and a period without its dash.

    Raises:
        ValueError: when the value does not fit the kind.

    Example:
        >>> convert_field("PostPeriod", "01-2024", "String"), convert_field("CustomerID", "12-3456", "String")
        ('012024', '12-3456')
    """
    converted = convert(value, kind)
    period = PERIOD.fullmatch(converted) if "Period" in name and isinstance(converted, str) else None
    return "".join(period.groups()) if period else converted


def number(value: Decimal) -> int | float:
    """Return a number without trailing zeros."""
    return int(value) if value == value.to_integral_value() else float(value)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _boolean(value: object) -> bool:
    if isinstance(value, bool):
        return value
    try:
        return WORDS[str(value).lower()]
    except KeyError:
        raise UnfitError(value) from None


def _decimal(value: object) -> int | float:
    if isinstance(value, bool):
        raise UnfitError(value)
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        raise UnfitError(value) from None
    if not exact.is_finite() or exact.adjusted() > LARGEST.adjusted() or abs(exact) > LARGEST:
        raise UnfitError(value)
    return number(exact)


def _double(value: object) -> int | float:
    if isinstance(value, bool):
        raise UnfitError(value)
    inexact = float(str(value))
    if not math.isfinite(inexact):
        raise UnfitError(value)
    return int(inexact) if inexact.is_integer() and abs(inexact) < 2**53 else inexact


def _integer(kind: str) -> Callable[[object], int]:
    lowest, highest = RANGES[kind]

    def read(value: object) -> int:
        whole = _decimal(value)
        if not (isinstance(whole, int) and lowest <= whole <= highest):
            raise UnfitError(value)
        return whole

    return read


def _instant(value: object) -> str:
    moment = datetime.fromisoformat(str(value).strip().replace("/", "-"))
    text = PADDED_FRACTION.sub(r"\1", moment.isoformat())
    return text if moment.tzinfo else f"{text}+00:00"


def _day(value: object) -> str:
    return date.fromisoformat(str(value)[:10]).isoformat()


CONVERTERS: Mapping[str, Callable[[object], Scalar]] = {
    "String": _text,
    "Boolean": _boolean,
    "Decimal": _decimal,
    "Double": _double,
    "DateTime": _instant,
    "DateOnly": _day,
    "Guid": lambda value: str(uuid.UUID(str(value))),
    **{kind: _integer(kind) for kind in RANGES},
}
"""What reads a value of each kind; ValueError tells that it does not fit."""
