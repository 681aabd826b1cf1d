"""What the clock on the wall shows, and when: the two differ where a time zone changes its clocks."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo


@dataclass(frozen=True, slots=True)
class WallClock:
    """Translates between instants (aware, UTC) and wall-clock times (naive) of a time zone.

    Without a zone it is the clock of this machine.

    >>> from zoneinfo import ZoneInfo
    >>> WallClock(ZoneInfo("Europe/Vienna")).wall(datetime(2025, 7, 1, 10, 0, tzinfo=UTC))
    datetime.datetime(2025, 7, 1, 12, 0)
    """

    zone: tzinfo | None = None

    def wall(self, instant: datetime) -> datetime:
        """Return what the clock shows at an instant."""
        return instant.astimezone(self.zone).replace(tzinfo=None, fold=0)

    def instants(self, wall: datetime) -> tuple[datetime, datetime]:
        """Return when the clock shows a time.

        Both instants are the same, except around a change: a time that comes twice has its first before its second,
        and one that is left out has them the other way round.
        """
        return self._instant(wall, 0), self._instant(wall, 1)

    def change(self, wall: datetime) -> datetime:
        """Return the instant of the change that doubles or leaves out a wall-clock time."""
        before, after = sorted(self.instants(wall))
        offset = self._offset(after)
        seconds = range(round((after - before).total_seconds()))
        passed = bisect_left(
            seconds, 1, key=lambda second: self._offset(before + timedelta(seconds=second)) == offset
        )
        return before + timedelta(seconds=passed)

    def repetition(self, instant: datetime) -> datetime | None:
        """Return when the clock goes back to show again what it shows now, or None if it does not."""
        wall = self.wall(instant)
        first, second = self.instants(wall)
        return self.change(wall) if instant == first < second else None

    def _instant(self, wall: datetime, fold: int) -> datetime:
        # By way of a timestamp, since astimezone takes a time that the machine's own zone leaves out the wrong way.
        return datetime.fromtimestamp(wall.replace(tzinfo=self.zone, fold=fold).timestamp(), UTC)

    def _offset(self, instant: datetime) -> timedelta | None:
        return instant.astimezone(self.zone).utcoffset()
