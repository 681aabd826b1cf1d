"""When a task runs: at an interval or by a cron expression."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Protocol

from acudata.errors import AcumaticaValidationError
from acudata.scheduler.limits import checked_number

_SHORTEST_INTERVAL, _LONGEST_INTERVAL = 0.001, 1_000_000_000


class Schedule(Protocol):
    """Tells when to run; its text tells people."""

    def next_run(self, after: datetime) -> datetime:
        """Return the first instant after another at which to run."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Runs every so many seconds.

    >>> print(Interval(300))
    every 300 s
    """

    seconds: float

    def next_run(self, after: datetime) -> datetime:
        """Return the instant one interval later."""
        return after + timedelta(seconds=self.seconds)

    def __str__(self) -> str:
        return f"every {self.seconds:g} s"


def make_schedule(
    interval_seconds: float | None, cron_expression: str | None, zone: tzinfo | None
) -> Schedule:
    """Return the schedule that one of the first two arguments describes.

    Raises:
        AcumaticaValidationError: both or none are given, or what is given makes no sense.
        TypeError: it is of the wrong type.
    """
    if cron_expression is not None and interval_seconds is None:
        return _cron(cron_expression, zone)
    if interval_seconds is not None and cron_expression is None:
        seconds = checked_number("interval_seconds", interval_seconds, _SHORTEST_INTERVAL, _LONGEST_INTERVAL)
        return Interval(float(seconds))
    raise AcumaticaValidationError(
        "A task needs either interval_seconds or cron_expression"
        + (", not both." if interval_seconds is not None else "."),
        suggestions=["interval_seconds=300", "cron_expression='0 */6 * * *'"],
    )


def _cron(expression: str, zone: tzinfo | None) -> Schedule:
    from acudata.scheduler.cron import Cron

    if not isinstance(expression, str):
        raise TypeError(f"cron_expression is text such as '0 */6 * * *', not {expression!r}.")
    return Cron(expression, zone=zone)
