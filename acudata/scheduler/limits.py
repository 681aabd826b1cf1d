"""Numbers that make sense."""

from __future__ import annotations

from numbers import Real

from acudata.errors import AcumaticaValidationError


def checked_number(name: str, number: float, least: float, most: float) -> float:
    """Return a number that an argument of that name was given.

    >>> checked_number("retry_delay", 60, 0, 3600)
    60

    Raises:
        AcumaticaValidationError: it is not within the limits.
        TypeError: it is no number.
    """
    if not isinstance(number, Real) or isinstance(number, bool):
        raise TypeError(f"{name} is a number, not {number!r}.")
    if not least <= number <= most:  # so written, NaN is refused too
        raise AcumaticaValidationError(
            f"{name}={number} makes no sense.", suggestions=[f"a number from {least:,} to {most:,}"]
        )
    return number
