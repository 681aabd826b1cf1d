"""The throttle of a licence: requests that are delayed, and the few that are declined."""

from __future__ import annotations

import asyncio
import math
import time
from dataclasses import dataclass

from acudata.sandbox.calls import Call
from acudata.sandbox.envelopes import declined
from acudata.sandbox.settings import SandboxSettings

SIGN_OUT = "/entity/auth/logout"
"""The one request that never waits."""


@dataclass(frozen=True, slots=True)
class Minute:
    """Holds when a minute began with its first request, how many were let in since, and when the last of them starts.

    All times are seconds of one clock.
    """

    began: float = -math.inf
    used: int = 0
    start: float = -math.inf

    def next(self, now: float, *, allowance: int, length: float) -> Minute:
        """Return the minute with one request more, whose `start` is when that begins.

        From half of the allowance on, a request waits for the time left divided by the allowance left, behind those
        that wait already.

        >>> Minute(began=0.0, used=25, start=30.0).next(40.0, allowance=50, length=60.0).start
        40.8
        """
        at = max(now, self.start)
        began, used = self.began, self.used
        if used >= allowance:
            at = max(at, began + length)
        if at >= began + length:
            began, used = at, 0
        delay = (began + length - at) / (allowance - used) if 2 * used >= allowance else 0.0
        return Minute(began, used + 1, at + delay)


class Throttle:
    """Lets requests through as fast as a licence allows; belongs to one event loop."""

    def __init__(self, settings: SandboxSettings) -> None:
        self._settings = settings
        self._minute = Minute()
        self._waiting = 0

    async def pass_through(self, call: Call) -> None:
        """Return when a request may begin.

        Raises:
            Fault: 429 when too many wait, or when it would wait for too long; such a request does not count.
        """
        allowance = self._settings.requests_per_minute
        if allowance is None or call.path == SIGN_OUT:
            return
        if self._waiting > self._settings.queue_length:
            raise declined(self._settings.retry_after)
        now = time.monotonic()
        planned = self._minute.next(now, allowance=allowance, length=self._settings.minute)
        seconds = planned.start - now
        if seconds <= self._settings.queue_patience:
            self._minute = planned
            await self._wait(seconds)
        else:
            await self._wait(self._settings.queue_patience)
            raise declined(self._settings.retry_after)

    async def _wait(self, seconds: float) -> None:
        if seconds <= 0:
            return
        self._waiting += 1
        try:
            await asyncio.sleep(seconds)
        finally:
            self._waiting -= 1
