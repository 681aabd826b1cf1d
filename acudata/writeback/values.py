"""What one value of a frame means for a field of a kind, and why it does not fit; the rule that columns follow.

Values that pandas changed on the way mean what they meant: 7.0 is 7 for a whole number, 1.0 is true. What cannot be
told apart is refused: a number where the ERP has text may have lost its leading zeros.
"""

from __future__ import annotations

import datetime as dt
import decimal
import uuid
from collections.abc import Callable
from typing import Any

from acudata.schema.kinds import DECIMAL_PRECISION, DECIMAL_SCALE

INTEGERS = {
    "Int": range(-(2**31), 2**31),
    "Short": range(-(2**31), 2**31),  # (Acumatica: declared as int32, like Int.)
    "Long": range(-(2**63), 2**63),
    "Byte": range(256),
}
FLOAT_DIGITS = 15
"""Significant digits that a float keeps of any decimal; what comes after them is the float's own."""

_LARGEST = decimal.Decimal(10) ** (DECIMAL_PRECISION - DECIMAL_SCALE)
_SMALLEST = decimal.Decimal(1).scaleb(-DECIMAL_SCALE)
_EXACT = decimal.Context(prec=2 * DECIMAL_PRECISION)
MISSING_TEXTS = ("nan", "NaN", "NaT", "<NA>")
"""What `.astype(str)` makes of missing values. `None` is not among them: it is a label of the ERP, too."""
_TRUTHS = {"true": True, "false": False, "1": True, "0": False, "1.0": True, "0.0": False}


class UnfitValueError(ValueError):
    """Says why a value does not fit a field."""


class DoubtfulValueError(UnfitValueError):
    """Says why a value may not be what it was; `text` is what it would be as text."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(reason)
        self.text = text


def fitted(value: Any, kind: str, *, is_stamp: bool = False) -> Any:
    """Return what a value that is not missing means for a field of a kind.

    Raises UnfitValueError when it means nothing there, DoubtfulValueError where text is wanted for a number, and for
    one of `MISSING_TEXTS`.

    >>> fitted(7.0, "Int"), fitted(44.55, "Decimal"), fitted("TRUE", "Boolean")
    (7, Decimal('44.55'), True)
    """
    return _instant(value) if is_stamp else _RULES[kind](value)


def exact(number: float) -> decimal.Decimal:
    """Return the decimal that a float stands for: 44.55, not 44.5499999999999971578.

    >>> exact(0.1 + 0.2)
    Decimal('0.3')
    """
    return decimal.Decimal(f"{number:.{FLOAT_DIGITS}g}")


def _text(value: Any) -> str:
    if value in MISSING_TEXTS:
        raise DoubtfulValueError(
            value,
            f'{value!r} is how pandas writes a missing value as text; .astype("string") keeps it missing',
        )
    if isinstance(value, str | uuid.UUID):
        return str(value)
    if isinstance(value, int | float | decimal.Decimal) and not isinstance(value, bool):
        raise _doubtful_number(_number_text(value))
    raise UnfitValueError(f"{_shown(value)} is no text")


def _guid(value: Any) -> str:
    try:
        return str(uuid.UUID(str(value)))
    except ValueError:
        raise UnfitValueError(f"{_shown(value)} is no GUID") from None


def _doubtful_number(text: str) -> DoubtfulValueError:
    return DoubtfulValueError(
        text,
        f"the number {text} stands where the ERP has text and may have lost leading zeros; "
        'make the column text, with .astype("string")',
    )


def _number_text(value: float | decimal.Decimal) -> str:
    number = exact(value) if isinstance(value, float) else decimal.Decimal(value)
    return f"{number:f}" if number.is_finite() else str(number)


def _boolean(value: Any) -> bool:
    truth = _TRUTHS.get(str(value).strip().lower())
    if truth is None or isinstance(value, dt.date):
        raise UnfitValueError(f"{_shown(value)} is neither true nor false")
    return truth


def _integer(kind: str) -> Callable[[Any], int]:
    def integer(value: Any) -> int:
        number = _number(value)
        if number != number.to_integral_value():
            raise UnfitValueError(f"{_shown(value)} is no whole number")
        if int(number) not in INTEGERS[kind]:
            raise UnfitValueError(f"{_shown(value)} is beyond what the field holds")
        return int(number)

    return integer


def _decimal(value: Any) -> decimal.Decimal:
    number = _number(value)
    if abs(number) >= _LARGEST:
        raise UnfitValueError(f"{_shown(value)} is beyond what the field holds")
    rounded = number.quantize(_SMALLEST, context=_EXACT)
    if rounded != number and not isinstance(value, float):
        raise UnfitValueError(f"{_shown(value)} has more than {DECIMAL_SCALE} decimals")
    return rounded


def _number(value: Any) -> decimal.Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | decimal.Decimal | str):
        raise UnfitValueError(f"{_shown(value)} is no number")
    try:
        number = exact(value) if isinstance(value, float) else decimal.Decimal(_digits(value))
    except decimal.InvalidOperation:
        number = decimal.Decimal("NaN")
    if not number.is_finite() or number.adjusted() >= DECIMAL_PRECISION:
        raise UnfitValueError(
            f"{_shown(value)} is no number" if number.is_nan() else f"{_shown(value)} is too large"
        )
    return number


def _digits(value: int | decimal.Decimal | str) -> int | decimal.Decimal | str:
    """Refuse `1_000`, which Python takes for a number and nobody else does."""
    return "no number" if isinstance(value, str) and "_" in value else value


def _double(value: Any) -> float:
    return value if isinstance(value, float) else float(_number(value))


def _wall_clock(value: Any) -> dt.datetime:
    """Return business time as the clock of its own zone shows it."""
    return _time(value).replace(tzinfo=None)


def _instant(value: Any) -> dt.datetime:
    moment = _time(value)
    if moment.tzinfo is None:
        raise UnfitValueError(
            f"{_shown(value)} is an instant without a zone; make it one with .dt.tz_localize(…)"
        )
    return moment.astimezone(dt.UTC)


def _day(value: Any) -> dt.date:
    moment = _time(value)
    if moment.time() != dt.time():
        raise UnfitValueError(f"{_shown(value)} has a time of day, the field only a date")
    return moment.date()


def _time(value: Any) -> dt.datetime:
    if isinstance(value, dt.datetime):
        return dt.datetime.combine(value.date(), value.time(), value.tzinfo)
    if isinstance(value, dt.date):
        return dt.datetime.combine(value, dt.time())
    try:
        return dt.datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise UnfitValueError(
            f"{_shown(value)} is no date; write it as 2024-12-31 or make the column a date"
        ) from None


def _shown(value: Any) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"


_RULES: dict[str, Callable[[Any], Any]] = {
    "String": _text,
    "Guid": _guid,
    "Boolean": _boolean,
    **{kind: _integer(kind) for kind in INTEGERS},
    "Decimal": _decimal,
    "Double": _double,
    "DateTime": _wall_clock,
    "DateOnly": _day,
}
