"""How fast: calls per second, of all threads of a client and, if asked, of all processes of a machine."""

from __future__ import annotations

import logging
import sqlite3
from pathlib import Path
from threading import Lock

from pyrate_limiter import AbstractBucket, InMemoryBucket, Rate, RateItem

from acudata.transport.ledger import Ledger
from acudata.transport.waiting import Waiting

logger = logging.getLogger("acudata.transport")


def allowance(calls_per_second: float) -> tuple[int, int]:
    """Return how many calls may start within how many milliseconds.

    >>> allowance(10), allowance(2.5), allowance(0.5)
    ((10, 1000), (2, 800), (1, 2000))
    """
    calls = max(1, int(calls_per_second))
    return calls, max(1, round(calls / calls_per_second * 1000))


class Pace:
    """Keeps the calls of all threads to a number per second; more wait for their turn, first come, first served.

    A burst is no larger than that number: after a rest so many calls start at once, 10 for 10 per second and one for 1
    or less, and at no time do more of them start within a second. The clock is one that nobody sets.

    Args:
        calls_per_second: the most that start.
        waiting: what the calls wait with.
        shared: file that counts the calls of other processes too; see `Ledger`. When it is of no use, which a warning
            tells once, this client keeps its own pace.
    """

    def __init__(self, calls_per_second: float, *, waiting: Waiting, shared: Path | None = None) -> None:
        rate = Rate(*allowance(calls_per_second))
        self._waiting = waiting
        self._own = InMemoryBucket([rate])
        self._ledger = None if shared is None else Ledger(shared, rate)
        self._turn = Lock()

    def wait(self) -> None:
        """Return when the next call may start.

        Raises:
            AcumaticaError: the session was closed meanwhile.
        """
        with self._turn:
            while milliseconds := self._short():
                self._waiting.sleep(milliseconds / 1000)

    def close(self) -> None:
        """Close the file; calls after that keep this client's own pace."""
        with self._turn:
            if self._ledger is not None:
                self._ledger.close()
                self._ledger = None

    def _short(self) -> int:
        """Enter a call; return the milliseconds after which to try again when it is too early for one."""
        if self._ledger is not None:
            try:
                return _enter(self._ledger.bucket())
            except (sqlite3.Error, OSError) as error:
                logger.warning(
                    "the pace is not shared with other processes: %s: %s", self._ledger.path, error
                )
                self._ledger = None
        return _enter(self._own)


def _enter(bucket: AbstractBucket) -> int:
    # Not the library's limiter: it takes a pause for exactly as long as it asked for, and cannot be woken.
    item = RateItem("call", bucket.now())  # type: ignore[no-untyped-call]
    if bucket.put(item):
        bucket.leak(item.timestamp)
        return 0
    return max(1, int(bucket.waiting(item)))  # type: ignore[arg-type]
