"""Exact numbers in Arrow: arithmetic on decimals that loses no digit of money.

Arrow gives the product of two decimals as many digits as their types could need, and has no type for more than 76.
Types are therefore kept as narrow as the numbers are.
"""

from __future__ import annotations

import decimal
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

PLACES = 20
"""Digits after the point that are kept; fields of Acumatica have ten at most."""
WIDEST = pa.decimal256(76, PLACES)
"""The type in which any two exact numbers can be compared."""

_FURTHEST = decimal.Decimal(10) ** 55
_CONTEXT = decimal.Context(prec=100, rounding=decimal.ROUND_05UP)
_ROUNDINGS: dict[str, Callable[[Any], Any]] = {
    "round": lambda numbers: pc.round(numbers, 0, round_mode="half_towards_infinity"),
    "floor": pc.floor,
    "ceiling": pc.ceil,
}


def number(value: float | decimal.Decimal) -> pa.Scalar:
    """Return a number as an exact scalar that compares as the number itself does.

    A number larger than any that a field holds becomes the largest; digits beyond the last that is kept only leave
    their trace, so that such a number equals none of a field.
    """
    exact = max(-_FURTHEST, min(_FURTHEST, decimal.Decimal(str(value))))
    if _places(exact) > PLACES:
        exact = exact.quantize(decimal.Decimal(1).scaleb(-PLACES), context=_CONTEXT)
    plain = decimal.Decimal(format(exact, "f"))
    scale = _places(plain)
    return pa.scalar(plain, pa.decimal256(len(plain.as_tuple().digits) + 1 + scale, scale))


def calculate(operator: str, left: Any, right: Any) -> Any:
    """Return what `add`, `sub`, `mul`, `div` or `mod` makes of two numbers.

    The result is missing where a number is, or where the divisor is zero. `div` is exact division also of integers;
    the result of `mod` has the sign of the dividend.
    """
    if pa.types.is_floating(left.type) or pa.types.is_floating(right.type):
        return _OPERATIONS[operator](as_double(left), as_double(right))
    return narrow(_OPERATIONS[operator](narrow(left), narrow(right)))


def rounded(function: str, numbers: Any) -> Any:
    """Return numbers rounded by `round` (halves away from zero), `floor` or `ceiling`."""
    is_floating = pa.types.is_floating(numbers.type)
    return _ROUNDINGS[function](numbers if is_floating else narrow(numbers))


def as_double(numbers: Any) -> Any:
    """Return numbers as the doubles nearest to them."""
    if pa.types.is_decimal(numbers.type):
        numbers = numbers.cast(pa.string())  # Arrow's own cast misses the last digit of some
    return numbers.cast(pa.float64(), safe=False)


def narrow(numbers: Any, places: int = PLACES) -> Any:
    """Return exact numbers, rounded to so many places, in the narrowest type that has room for one more digit."""
    if pa.types.is_integer(numbers.type):
        numbers = numbers.cast(pa.decimal256(19, 0))
    if isinstance(numbers, pa.Scalar):
        return numbers
    scale = min(numbers.type.scale, places)
    if scale < numbers.type.scale:
        numbers = pc.round(numbers, scale)
    largest = pc.max(pc.abs(numbers)).as_py() or 0
    return numbers.cast(pa.decimal256(len(str(int(largest))) + 1 + scale, scale))


def _places(exact: decimal.Decimal) -> int:
    return max(0, -int(exact.as_tuple().exponent))


def _quotient(left: Any, right: Any) -> Any:
    """Divide with so many places that rounding the result to those that are kept is exact."""
    is_zero = pc.equal(right, pa.scalar(0, right.type))
    divisor = pc.if_else(is_zero, pa.scalar(None, right.type), right)
    if pa.types.is_decimal(left.type):
        left = left.cast(pa.decimal256(left.type.precision - left.type.scale + PLACES, PLACES))
    return pc.divide(left, divisor)


def _remainder(left: Any, right: Any) -> Any:
    times = pc.trunc(_quotient(left, right))
    return pc.subtract(
        left, pc.multiply(narrow(times, 0) if pa.types.is_decimal(times.type) else times, right)
    )


_OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "add": pc.add,
    "sub": pc.subtract,
    "mul": pc.multiply,
    "div": _quotient,
    "mod": _remainder,
}
