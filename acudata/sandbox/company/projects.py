"""Work that is billed by the hour: projects, their tasks and what was done in each month."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from acudata.sandbox.company.calendar import MONTHS, TODAY, month_start
from acudata.sandbox.company.customers import Customer
from acudata.sandbox.company.items import SERVICES
from acudata.sandbox.company.words import Bits

TASKS = (("01", "Plan", 0), ("02", "Install", 1), ("03", "Hand Over", 3))
"""Tasks of a project: id, name and the service that is billed on them."""
SUBJECTS = ("Cold Room", "Juice Bar", "New Kitchen", "Shop Fitting", "Store Opening")


class Project(NamedTuple):
    """Holds what is known of a project; `customer` is an index, months count from the company's first."""

    project_id: str
    description: str
    customer: int
    first_month: int
    last_month: int
    manager: int
    bits: int

    @property
    def status(self) -> str:
        """Return the label of the state that the project is in today."""
        return "Completed" if self.last_month < MONTHS - 1 else "Active"


class Work(NamedTuple):
    """Holds hours of a service done for a customer on a task of a project."""

    customer: int
    day: int
    service: int
    hours: int
    project: int
    task: int

    @property
    def amount(self) -> int:
        """Return what the hours cost the customer, in cents."""
        return self.hours * SERVICES[self.service][2]


def make_projects(random: Random, customers: Sequence[Customer], count: int, staff: int) -> list[Project]:
    """Return projects for customers at home, in the order of their ids."""
    clients = [place for place, customer in enumerate(customers) if _may_be_client(customer)]
    return [_project(Bits(random.getrandbits(96)), number, clients, staff) for number in range(1, count + 1)]


def _may_be_client(customer: Customer) -> bool:
    return customer.status == "Active" and not customer.euro and customer.since <= 0


def _project(bits: Bits, number: int, clients: list[int], staff: int) -> Project:
    first = bits.below(MONTHS - 3)
    return Project(
        project_id=f"PR{number:06d}",
        description=f"{bits.take(SUBJECTS)} {number}",
        customer=bits.take(clients),
        first_month=first,
        last_month=first + 2 + bits.below(9),
        manager=bits.below(staff),
        bits=bits.below(1 << 30),
    )


def work_done(projects: Sequence[Project]) -> list[list[Work]]:
    """Return the work that was billed together, in the order of the days: each project once a month."""
    months = [(month, place) for place, project in enumerate(projects) for month in _billed_months(project)]
    return [_month_of_work(projects[place], place, month) for month, place in sorted(months)]


def _billed_months(project: Project) -> range:
    return range(project.first_month, min(project.last_month, MONTHS - 2) + 1)


def _month_of_work(project: Project, place: int, month: int) -> list[Work]:
    day = min(TODAY, month_start(month + 1) - 1)
    elapsed = month - project.first_month
    first = min(elapsed, len(TASKS) - 1)
    bits = Bits(project.bits // (elapsed + 1))
    return [
        Work(project.customer, day, TASKS[task][2], 4 + bits.below(30), place, task)
        for task in range(first, min(first + 2, len(TASKS)))
    ]
