"""What time it is at the server, by the dates of its answers."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime

logger = logging.getLogger("acudata.transport")


class Clock:
    """Follows the clock of the server, on which the stamps of its records are made.

    The computer's own clock tells only how much time has passed since an answer; where it stands does not matter. The
    time told is never ahead of the server's: a `Date` has whole seconds, and the answer needed some time to arrive.

    >>> clock = Clock(elapsed=iter([100.0, 160.5]).__next__)
    >>> clock.note({"Date": "Sun, 31 Dec 2023 23:59:00 GMT"})
    >>> clock.now().isoformat()
    '2024-01-01T00:00:00.500000+00:00'
    """

    def __init__(self, *, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._elapsed = elapsed
        self._noted: tuple[dt.datetime, float] | None = None

    def note(self, headers: Mapping[str, str]) -> None:
        """Take the time from the headers of an answer that just came; without a readable `Date` nothing changes."""
        try:
            told = parsedate_to_datetime(headers["Date"])
        except (KeyError, ValueError, TypeError):
            return
        self._noted = (told.replace(tzinfo=told.tzinfo or dt.UTC).astimezone(dt.UTC), self._elapsed())

    def now(self) -> dt.datetime:
        """Return the time at the server, in UTC; that of this computer when no answer ever told one."""
        if self._noted is None:
            logger.warning(
                "no answer of the server tells the time; the clock of this computer is taken instead"
            )
            return dt.datetime.now(dt.UTC)
        told, at = self._noted
        return told + dt.timedelta(seconds=self._elapsed() - at)
