"""A value as the text of a literal: by its own type, or by the kind of the field it is compared with."""

from __future__ import annotations

import datetime as dt
import decimal
import uuid
from collections.abc import Callable
from typing import Any

from acudata.odata.nodes import Scalar


class MisfitError(ValueError):
    """Says that a value is not of a kind; its text tells what to give instead."""


_FURTHEST = dt.timedelta(hours=14)


def bare(value: Scalar) -> str:
    """Return the literal of a value by its Python type.

    >>> bare("O'Brien"), bare(True), bare(None), bare(dt.date(2024, 12, 31))
    ("'O''Brien'", 'true', 'null', "datetimeoffset'2024-12-31'")
    """
    for cls, write in _WRITERS.items():
        if isinstance(value, cls):
            return write(value)
    return "null"


def of_kind(value: Scalar, kind: str | None) -> str:
    """Return the literal of a value that is compared with a field of a kind.

    Raises:
        MisfitError: the value cannot be of that kind.

    >>> of_kind("2024-01-01", "DateTime"), of_kind("2024-01-01", "String"), of_kind(7, "String")
    ("datetimeoffset'2024-01-01'", "'2024-01-01'", "'7'")

    """
    fitting = as_kind(value, kind)
    return f"date'{fitting}'" if kind == "DateOnly" and fitting is not None else bare(fitting)


def as_kind(value: Scalar, kind: str | None) -> Scalar:
    """Return a value as the kind of field that it is compared with; as it is where the kind is not known.

    Text that reads as the kind is taken as such: `"2024-01-01"` for a DateTime, `"12.50"` for a Decimal.

    Raises:
        MisfitError: the value cannot be of that kind.

    >>> as_kind("2024-01-01", "DateTime"), as_kind(7, "String"), as_kind("true", "Boolean")
    (datetime.date(2024, 1, 1), '7', True)

    """
    if value is None or kind not in _READERS:
        return value
    return _READERS[kind](value)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _number(value: float | decimal.Decimal) -> str:
    return format(decimal.Decimal(str(value)), "f")


def moment_text(value: dt.datetime) -> str:
    """Return a moment in ISO 8601, with a fraction only where there is one."""
    offset = value.utcoffset()
    if offset is not None and (offset % dt.timedelta(minutes=1) or abs(offset) > _FURTHEST):
        value = value.astimezone(dt.UTC)
    digits = (
        "microseconds" if value.microsecond % 1000 else "milliseconds" if value.microsecond else "seconds"
    )
    return value.isoformat(timespec=digits)


_WRITERS: dict[type, Callable[[Any], str]] = {
    str: _quoted,
    bool: lambda value: "true" if value else "false",
    int: str,
    float: _number,
    decimal.Decimal: _number,
    dt.datetime: lambda value: f"datetimeoffset'{moment_text(value)}'",
    dt.date: lambda value: f"datetimeoffset'{value.isoformat()}'",
    uuid.UUID: lambda value: f"guid'{value}'",
}


def _as_string(value: Scalar) -> str:
    if isinstance(value, bool | dt.date):
        raise MisfitError("give text, as the field shows it")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _number(value) if isinstance(value, float | decimal.Decimal) else str(value)


def _as_number(value: Scalar) -> int | float | decimal.Decimal:
    if isinstance(value, str):
        value = _parsed_number(value)
    if isinstance(value, bool) or not isinstance(value, int | float | decimal.Decimal):
        raise MisfitError("give a number")
    return int(value) if value == int(value) else value


def _parsed_number(text: str) -> decimal.Decimal:
    try:
        number = decimal.Decimal(text)
    except decimal.InvalidOperation:
        raise MisfitError("give a number") from None
    if not number.is_finite():
        raise MisfitError("give a number")
    return number


def _as_boolean(value: Scalar) -> bool:
    text = str(value).lower()
    if not isinstance(value, bool | str) or text not in {"true", "false"}:
        raise MisfitError("give True or False")
    return text == "true"


def _as_moment(value: Scalar) -> dt.date:
    moment = _parsed_moment(value) if isinstance(value, str) else value
    if not isinstance(moment, dt.date):
        raise MisfitError("give a datetime, a date, or text such as '2024-12-31' or '2024-12-31T08:30:00Z'")
    return moment


def _as_day(value: Scalar) -> dt.date:
    day = _parsed_moment(value) if isinstance(value, str) else value
    if not isinstance(day, dt.date):
        raise MisfitError("give a date, or text such as '2024-12-31'")
    if not isinstance(day, dt.datetime):
        return day
    if day.timetz() != dt.time():
        raise MisfitError("the field is a day: give a date without a time of day")
    return day.date()


def _parsed_moment(text: str) -> dt.date | None:
    for parse in (dt.date.fromisoformat, dt.datetime.fromisoformat):
        try:
            return parse(text)
        except ValueError:
            continue
    return None


def _as_guid(value: Scalar) -> uuid.UUID:
    try:
        return value if isinstance(value, uuid.UUID) else uuid.UUID(str(value))
    except ValueError:
        raise MisfitError("give a UUID, or its text") from None


_READERS: dict[str, Callable[[Scalar], Scalar]] = {
    "String": _as_string,
    "Boolean": _as_boolean,
    "Guid": _as_guid,
    "DateTime": _as_moment,
    "DateOnly": _as_day,
    **dict.fromkeys(("Int", "Short", "Long", "Byte", "Decimal", "Double"), _as_number),
}
