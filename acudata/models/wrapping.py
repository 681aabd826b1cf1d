"""Plain Python values as the server wants them: wrapped, and nothing that JSON cannot hold."""

from __future__ import annotations

import datetime as dt
import decimal
import math
import uuid
from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

from acudata.errors import AcumaticaValidationError

_BARE = frozenset({"id", "delete", "custom", "rowNumber", "_links", "files"})

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
    """Return the JSON object of a model or of a plain mapping."""
    return record.to_json() if isinstance(record, Sendable) else wrap(record)


def wrap(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a plain mapping with its values wrapped as the server wants them; what is wrapped stays as it is.

    >>> wrap({"CustomerID": "ABC", "Hold": {"value": False}})
    {'CustomerID': {'value': 'ABC'}, 'Hold': {'value': False}}
    """
    return {name: _wrapped(name, value) for name, value in record.items()}


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
    """Return a value as JSON has it; numpy and pandas scalars give their Python value.

    Raises AcumaticaValidationError for what no field can hold, such as NaN.
    """
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, float | decimal.Decimal):
        return _number(name, value)
    if (unwrap := getattr(value, "item", None)) is not None:
        return plain(name, unwrap())
    raise AcumaticaValidationError(f"{name} cannot be sent: {type(value).__name__} is no value of Acumatica.")


def _number(name: str, value: float | decimal.Decimal) -> float | int:
    if not math.isfinite(value):
        raise AcumaticaValidationError(
            f"{name} cannot be sent: {value} is no number.", suggestions=["send None to clear the field"]
        )
    return int(value) if value == int(value) else float(value)
