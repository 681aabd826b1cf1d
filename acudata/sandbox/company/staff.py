"""Who works here: employees, and the salespersons among them."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from acudata.sandbox.company import words
from acudata.sandbox.company.words import Bits

DEPARTMENTS = ("SALES", "SALES", "WAREHOUSE", "FINANCE", "PURCHASING", "IT")


class Employee(NamedTuple):
    """Holds what is known of an employee."""

    employee_id: str
    first_name: str
    last_name: str
    department: str
    branch: int
    since: int
    bits: int

    @property
    def name(self) -> str:
        """Return the name as it is shown."""
        return f"{self.first_name} {self.last_name}"


class Salesperson(NamedTuple):
    """Describes a salesperson and the percentage that a sale earns."""

    salesperson_id: str
    employee: int
    percent: int


def make_staff(random: Random, count: int) -> list[Employee]:
    """Return employees in the order of their ids."""
    return [_employee(Bits(random.getrandbits(96)), number) for number in range(1, count + 1)]


def make_salespersons(staff: list[Employee]) -> list[Salesperson]:
    """Return the salespersons: the employees of the sales department."""
    sellers = [place for place, employee in enumerate(staff) if employee.department == "SALES"]
    return [
        Salesperson(f"SP{number:04d}", employee, 2 + number % 4) for number, employee in enumerate(sellers, 1)
    ]


def _employee(bits: Bits, number: int) -> Employee:
    return Employee(
        employee_id=f"EP{number:08d}",
        first_name=bits.take(words.FIRST_NAMES),
        last_name=bits.take(words.LAST_NAMES),
        department=DEPARTMENTS[number % len(DEPARTMENTS)],
        branch=bits.below(2),
        since=-100 - bits.below(3000),
        bits=bits.below(1 << 40),
    )
