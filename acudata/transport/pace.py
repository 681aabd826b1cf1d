"""How fast and how often: calls per second, and which failures are worth another try."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock

from pyrate_limiter import InMemoryBucket, Limiter, Rate, SingleBucketFactory

from acudata.errors import (
    AcumaticaConnectionError,
    AcumaticaError,
    AcumaticaRateLimitError,
    AcumaticaSeatError,
)

_UNAVAILABLE = (502, 503, 504)
_EARNED = 0.125
"""What a success gives back to the budget: an eighth of a try."""


def allowance(calls_per_second: float) -> tuple[int, int]:
    """Return how many calls may start within how many milliseconds.

    >>> allowance(10), allowance(2.5), allowance(0.5)
    ((10, 1000), (2, 800), (1, 2000))
    """
    calls = max(1, int(calls_per_second))
    return calls, max(1, round(calls / calls_per_second * 1000))


class Pace:
    """Keeps the calls of all threads to a number per second; more wait for their turn."""

    def __init__(self, calls_per_second: float) -> None:
        self._bucket = InMemoryBucket([Rate(*allowance(calls_per_second))])
        # The library would empty its bucket in a thread of its own; `wait` does it on the way.
        self._limiter = Limiter(SingleBucketFactory(self._bucket, schedule_leak=False), buffer_ms=1)
        self._lock = Lock()

    def wait(self) -> None:
        """Return when the next call may start."""
        with self._lock:
            self._limiter.try_acquire("acumatica")
            self._bucket.leak(self._bucket.now())  # type: ignore[no-untyped-call]


@dataclass(slots=True)
class Retries:
    """Decides whether a failed call is tried again, and after how many seconds.

    Only a call that cannot have changed anything is: a GET when the connection broke, when a proxy or the site was
    not available (502, 503, 504) or when the server declined it (429); a PUT or DELETE when the server was never
    reached; a POST never. `budget` bounds the tries of all calls of a client together; every success gives a part
    of one back, so that a server in trouble is not kept there.
    """

    attempts: int = 4
    first_pause: float = 0.5
    longest_pause: float = 60.0
    budget: float = 10.0
    _spent: float = field(default=0.0, init=False)
    _lock: Lock = field(default_factory=Lock, init=False, repr=False)

    def pause(self, method: str, attempt: int, error: AcumaticaError) -> float | None:
        """Return the seconds to wait before the next try, or None when there is to be none."""
        if attempt >= self.attempts or not _is_repeatable(method, error):
            return None
        seconds = self._seconds(attempt, error)
        return seconds if seconds <= self.longest_pause and self._spend() else None

    def succeeded(self) -> None:
        """Note that a call succeeded."""
        with self._lock:
            self._spent = max(0.0, self._spent - _EARNED)

    def _seconds(self, attempt: int, error: AcumaticaError) -> float:
        if isinstance(error, AcumaticaRateLimitError) and error.retry_after is not None:
            return error.retry_after
        # (Acumatica: a declined request means that more than 20 wait already, so that takes longer.)
        first = self.first_pause * (4 if isinstance(error, AcumaticaRateLimitError) else 1)
        return first * 2.0 ** (attempt - 1)

    def _spend(self) -> bool:
        with self._lock:
            if self._spent + 1 > self.budget:
                return False
            self._spent += 1
            return True


def _is_repeatable(method: str, error: AcumaticaError) -> bool:
    if isinstance(error, AcumaticaSeatError) or method not in ("GET", "PUT", "DELETE"):
        return False
    if not error.context.get("connected", True):
        return True
    passes = isinstance(error, AcumaticaConnectionError | AcumaticaRateLimitError)
    return method == "GET" and (passes or error.status_code in _UNAVAILABLE)
