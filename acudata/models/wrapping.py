"""Plain Python values as the server wants them: wrapped, and nothing that JSON cannot hold."""

from __future__ import annotations

import datetime as dt
import decimal
import math
import uuid
from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

from acudata.errors import AcumaticaValidationError
from acudata.scalars import python_value

_BARE = frozenset({"id", "delete", "custom", "rowNumber", "_links", "files"})

_SERVERS = frozenset({"custom", "rowNumber", "_links", "files"})

# bool before int, which it is as well
_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "Boolean"),
    (int, "Int"),
    (float, "Decimal"),
    (decimal.Decimal, "Decimal"),
    (dt.date, "DateTime"),
    (uuid.UUID, "Guid"),
)


@runtime_checkable
class Sendable(Protocol):
    """Is whatever knows its own JSON: the models."""

    def to_json(self) -> dict[str, Any]:
        """Return the wrapped values."""
        ...


def body_of(record: Sendable | Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON object of a model or of a plain mapping.

    Raises AcumaticaValidationError for anything else, a list of records included.
    """
    if isinstance(record, Sendable):
        return record.to_json()
    if not isinstance(record, Mapping):
        raise AcumaticaValidationError(
            f"A {type(record).__name__} is no record.",
            suggestions=["give one model or one mapping of values"],
        )
    return wrap(record)


def wrap(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a plain mapping with its values wrapped as the server wants them; what is wrapped stays as it is.

    >>> wrap({"CustomerID": "ABC", "Hold": {"value": False}})
    {'CustomerID': {'value': 'ABC'}, 'Hold': {'value': False}}
    """
    return {name: _wrapped(name, value) for name, value in record.items()}


def unwrap(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a mapping as models take it: no wrappers, custom fields by their names, nothing that is the server's.

    >>> unwrap({"CustomerID": {"value": "ABC"}, "custom": {"BAccount": {"UsrTier": {"value": "Gold"}}}})
    {'CustomerID': 'ABC', 'UsrTier': 'Gold'}
    """
    plain_values = {
        name: _unwrapped(value) for name, value in record.items() if name not in _SERVERS and value != {}
    }
    for fields in record.get("custom", {}).values():
        plain_values |= {name: _unwrapped(value) for name, value in fields.items()}
    return plain_values


def _unwrapped(value: Any) -> Any:
    if isinstance(value, Mapping):
        return value["value"] if "value" in value else unwrap(value)
    return [_unwrapped(row) for row in value] if isinstance(value, list | tuple) else value


def without_missing(value: Any) -> Any:
    """Return a mapping without what pandas calls missing (NaN, NaT, NA), at any level; None, which clears, stays.

    >>> without_missing({"CreditLimit": float("nan"), "Email": None, "Details": [{"OrderQty": float("nan")}]})
    {'Email': None, 'Details': [{}]}
    """
    if isinstance(value, list | tuple):
        return [without_missing(row) for row in value]
    if not isinstance(value, Mapping):
        return value
    return {
        name: without_missing(member)
        for name, member in value.items()
        if member is None or python_value(member) is not None
    }


def custom_block(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values by `View.Field` as the server takes custom fields; the type of each follows from its value.

    >>> custom_block({"FilterPreview.Reason": "Resolved"})
    {'FilterPreview': {'Reason': {'type': 'CustomStringField', 'value': 'Resolved'}}}
    """
    block: dict[str, Any] = {}
    for address, value in values.items():
        view, _, name = address.partition(".")
        if not name:
            raise AcumaticaValidationError(f"{address!r} is no address.", suggestions=[f"View.{address}"])
        kind = next((kind for python, kind in _KINDS if isinstance(value, python)), "String")
        block.setdefault(view, {})[name] = {"type": f"Custom{kind}Field", "value": plain(address, value)}
    return block


def _wrapped(name: str, value: Any) -> Any:
    if name in _BARE:
        return value
    if isinstance(value, list | tuple):
        return [body_of(row) for row in value]
    if isinstance(value, Sendable):
        return value.to_json()
    if isinstance(value, Mapping):
        return value if not value or "value" in value else wrap(value)
    return {"value": plain(name, value)}


def plain(name: str, value: Any) -> Any:
    """Return a value as JSON has it; numpy and pandas scalars give their Python value, a missing one (NaN, NA) None.

    A decimal is a float, which any JSON writer knows, unless it has more digits than a float keeps.

    Raises AcumaticaValidationError for what no field can hold, such as infinity.
    """
    value = python_value(value)
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, dt.datetime):
        return dt.datetime.combine(
            value.date(), value.timetz()
        ).isoformat()  # without the nanoseconds of pandas
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, float | decimal.Decimal):
        return _number(name, value)
    raise AcumaticaValidationError(f"{name} cannot be sent: {type(value).__name__} is no value of Acumatica.")


def _number(name: str, value: float | decimal.Decimal) -> float | int | decimal.Decimal:
    if not math.isfinite(value):
        raise AcumaticaValidationError(
            f"{name} cannot be sent: {value} is no number.", suggestions=["send None to clear the field"]
        )
    if value == int(value):
        return int(value)
    is_lossless = isinstance(value, float) or decimal.Decimal(repr(float(value))) == value
    return float(value) if is_lossless else value
