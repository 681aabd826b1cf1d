"""JSON as it is sent: as the standard library writes it, and decimals with all of their digits."""

from __future__ import annotations

import decimal
import json
from typing import Any


def encode(value: Any) -> bytes:
    """Return a value as JSON. No decimal becomes a float on the way, which would round it to 15 digits or so.

    Raises ValueError for NaN and infinity, which JSON does not know, TypeError for what is no JSON value.

    >>> encode({"value": decimal.Decimal("12345678901234567.89")})
    b'{"value": 12345678901234567.89}'
    """
    return _text(value).encode()


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return (
            f"{{{', '.join(f'{json.dumps(str(name))}: {_text(member)}' for name, member in value.items())}}}"
        )
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_text, value))}]"
    if isinstance(value, decimal.Decimal):
        return _number(value)
    return json.dumps(value, allow_nan=False)


def _number(value: decimal.Decimal) -> str:
    if not value.is_finite():
        raise ValueError(f"{value} is no number of JSON")
    return f"{value:f}"
