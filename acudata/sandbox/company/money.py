"""Exact money: whole cents inside, numbers without trailing zeros on the wire."""

from __future__ import annotations

EURO_RATES = (
    10769, 10715, 10706, 10968, 10868, 10840, 11067, 10909, 10684, 10563, 10808, 10903,
    10905, 10795, 10872, 10728, 10812, 10759, 10844, 11012, 11106, 10904, 10630, 10479,
)  # fmt: skip
"""Ten-thousandths of a dollar for a euro, one rate for each month."""


def number(cents: int) -> int | float:
    """Return cents as the number that JSON shows.

    >>> number(49240), number(50000), number(-1)
    (492.4, 500, -0.01)
    """
    return ratio(cents, 100)


def ratio(part: int, whole: int) -> int | float:
    """Return a quotient as JSON shows it: whole where it is whole.

    >>> ratio(8875, 1000), ratio(6000, 1000)
    (8.875, 6)
    """
    return part // whole if part % whole == 0 else part / whole


def share(cents: int, percent: int) -> int:
    """Return whole percents of an amount, rounded half up.

    >>> share(1050, 5)
    53
    """
    return (cents * percent + 50) // 100


def taxed(cents: int, rate: int) -> int:
    """Return the tax on an amount; a rate of 8875 is 8.875 %."""
    return (cents * rate + 50_000) // 100_000


def to_dollars(cents: int, rate: int) -> int:
    """Return euro cents as cents of a dollar; a rate of 10769 is 1.0769 dollars for a euro."""
    return (cents * rate + 5000) // 10_000
