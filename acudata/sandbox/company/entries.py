"""Postings: signed amounts on accounts, in the currency of the document and in dollars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from acudata.sandbox.company.money import to_dollars

PAR = 10_000
"""The rate of dollars to dollars."""


class Entry(NamedTuple):
    """Holds one line of a batch: debits are positive, credits negative; `base` is in cents of a dollar."""

    account: str
    amount: int
    base: int


def booked(pairs: Sequence[tuple[str, int]], *, rate: int = PAR) -> list[Entry]:
    """Return a batch over (account, amount) pairs that sum to zero; the first takes the rounding of the rate."""
    if rate == PAR:
        return [Entry(account, amount, amount) for account, amount in pairs if amount]
    rest = [Entry(account, amount, to_dollars(amount, rate)) for account, amount in pairs[1:] if amount]
    account, amount = pairs[0]
    return [Entry(account, amount, -sum(entry.base for entry in rest)), *rest]
