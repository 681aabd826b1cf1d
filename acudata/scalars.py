"""Single values of numpy, pandas and Arrow, told as Python's own."""

from __future__ import annotations

import decimal
import enum
from typing import Any


def unwrapped(value: Any) -> Any:
    """Return what a wrapper of one value holds: an enum member, a numpy scalar or an Arrow scalar.

    Fractions of a microsecond are dropped; any other value is returned as it is.

    >>> unwrapped(5)
    5
    """
    if isinstance(value, enum.Enum):
        return value.value
    if type(value).__name__ == "datetime64":
        return value.astype("datetime64[us]").item()
    if hasattr(value, "dtype") and getattr(value, "ndim", None) == 0:
        return value.item()
    return value.as_py() if hasattr(value, "as_py") else value


def is_missing(value: Any) -> bool:
    """Tell whether a value is one that stands for a missing one: NaN, NaT or NA.

    >>> is_missing(float("nan")), is_missing(None), is_missing(0.0)
    (True, False, False)
    """
    if isinstance(value, decimal.Decimal):
        return value.is_nan()
    kind = type(value).__name__
    return kind == "NAType" or (
        (isinstance(value, float) or kind in {"NaTType", "datetime64"}) and bool(value != value)  # noqa: PLR0124 - only these differ from themselves
    )


def python_value(value: Any) -> Any:
    """Return a value as Python's own, None for a missing one.

    >>> python_value(decimal.Decimal("NaN")) is None
    True
    """
    plain = unwrapped(value)
    return None if is_missing(plain) else plain
