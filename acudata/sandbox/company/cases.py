"""What customers ask for help with."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from acudata.sandbox.company.calendar import TODAY
from acudata.sandbox.company.people import People
from acudata.sandbox.company.words import Bits

SUBJECTS = (
    "Juicer leaks", "Wrong jars delivered", "Cooler too warm", "Question about an invoice", "Label peels off",
    "Blender stopped", "Late delivery", "Training wanted",
)  # fmt: skip
PRIORITIES = ("Low", "Medium", "Medium", "High", "Critical")


class Case(NamedTuple):
    """Holds one request; `person` is who asked, and `closed` the day on which it was settled."""

    day: int
    person: int
    subject: str
    priority: str
    owner: int
    closed: int | None
    bits: int


def make_cases(
    random: Random, people: People, customers: Sequence[object], staff: int, count: int
) -> list[Case]:
    """Return cases of customers in the order of the days."""
    asking = people.at(len(customers) - 1).stop
    days = (number * TODAY // count for number in range(count))
    return [_case(Bits(random.getrandbits(96)), day, asking, staff) for day in days]


def _case(bits: Bits, day: int, persons: int, staff: int) -> Case:
    closed = day + 1 + bits.below(40)
    return Case(
        day=day,
        person=bits.below(persons),
        subject=bits.take(SUBJECTS),
        priority=bits.take(PRIORITIES),
        owner=bits.below(staff),
        closed=closed if closed <= TODAY else None,
        bits=bits.below(1 << 30),
    )
