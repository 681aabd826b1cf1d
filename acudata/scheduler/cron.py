"""When a cron expression runs: the only place that knows croniter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from typing import Any

from acudata.errors import AcumaticaValidationError
from acudata.scheduler.wall_clock import WallClock

_HOUR = 1
_ONE_MINUTE = timedelta(minutes=1)
_RANGE_OF_ONE = re.compile(r"(?<!\w)(\w+)-\1(?!\w)(/\d+)?", re.IGNORECASE)
_DRAWN = re.compile(r"(?<!\w)r\b", re.IGNORECASE)
_SOME_DAY = datetime(2000, 1, 1)  # noqa: DTZ001 - a wall-clock time


class Cron:
    """Runs at the wall-clock times of a cron expression: minute, hour, day, month, weekday, or @daily and the like.

    Where the clocks change:

    * A time that is left out in spring runs once, at the change, together with others that are left out.
    * A time that comes twice in autumn runs once, when it comes first.
    * An expression that names no hour (`*/15 * * * *`) just goes on: it runs whenever the clock shows its minutes.
      So does `*/15 0-6 * * *` in autumn, since its minutes are an interval.

    Args:
        expression: five fields, or an alias.
        zone: whose wall clock it is; None is that of this machine.

    Raises:
        AcumaticaValidationError: the expression cannot be read, or names a date that never comes.

    Example:
        >>> from zoneinfo import ZoneInfo
        >>> daily = Cron("30 2 * * *", zone=ZoneInfo("Europe/Vienna"))
        >>> daily.next_run(datetime.fromisoformat("2025-03-30T00:00:00+01:00")).isoformat()  # 02:30 is left out
        '2025-03-30T01:00:00+00:00'
    """

    def __init__(self, expression: str, *, zone: tzinfo | None = None) -> None:
        self.expression = " ".join(expression.split())
        self._fields = _RANGE_OF_ONE.sub(r"\1", self.expression)  # croniter takes "5-5" for every value
        self._clock = WallClock(zone)
        names_hours = self._read()[_HOUR] != ["*"]
        self._comes_twice = not names_hours or self._fields.startswith("*")
        self._is_made_up_for = names_hours
        self._match_after(_SOME_DAY)

    def next_run(self, after: datetime) -> datetime:
        """Return the first instant after another at which to run."""
        return min(self._run_after(after, wall) for wall in self._places_to_look(after))

    def __str__(self) -> str:
        return self.expression

    def _read(self) -> list[list[Any]]:
        from croniter import CroniterError, croniter

        if not self._fields.startswith("@") and len(self._fields.split()) != 5:
            raise _refusal(self.expression, "it does not have five fields")
        if _DRAWN.search(self._fields):
            raise _refusal(self.expression, "R would draw another time whenever it is looked at")
        try:
            fields: list[list[Any]] = croniter.expand(self._fields)[0]
        except CroniterError as error:
            reason = "there is no such alias" if self._fields.startswith("@") else str(error).strip(".")
            raise _refusal(self.expression, reason) from error
        return fields

    def _places_to_look(self, after: datetime) -> Iterator[datetime]:
        """Yield the wall-clock times after which the next run may be."""
        yield self._clock.wall(after)
        repetition = self._clock.repetition(after)
        if repetition:
            yield self._clock.wall(repetition) - _ONE_MINUTE

    def _run_after(self, after: datetime, wall: datetime) -> datetime:
        while True:
            wall = self._match_after(wall)
            for run in self._runs(wall):
                if run > after:
                    return run

    def _runs(self, wall: datetime) -> Iterator[datetime]:
        """Yield the instants at which a wall-clock time of the expression runs."""
        first, second = self._clock.instants(wall)
        if first <= second:
            yield first
        elif self._is_made_up_for:
            yield self._clock.change(wall)
        if first < second and self._comes_twice:
            yield second

    def _match_after(self, wall: datetime) -> datetime:
        from croniter import CroniterBadDateError, croniter

        try:
            # croniter 7 runs twice when clocks go back, so it never gets to know the zone.
            match: datetime = croniter(self._fields, wall.replace(second=0, microsecond=0)).get_next(datetime)
        except CroniterBadDateError as error:
            raise _refusal(self.expression, "its date never comes") from error
        return match


def _refusal(expression: str, reason: str) -> AcumaticaValidationError:
    return AcumaticaValidationError(
        f"cron_expression={expression!r} cannot be used: {reason}.",
        suggestions=[
            "write minute, hour, day, month and weekday, such as '0 */6 * * *' for every six hours",
            "use interval_seconds for anything finer than a minute",
        ],
    )
