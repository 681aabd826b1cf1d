"""How often: which failures are worth another try, and when."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from acudata.errors import (
    AcumaticaConnectionError,
    AcumaticaError,
    AcumaticaRateLimitError,
    AcumaticaSeatError,
)

_UNAVAILABLE = (502, 503, 504)
_EARNED = 0.125
"""What a success gives back to the budget: an eighth of a try."""
_SPREAD = 0.5
"""The part of a pause by which it may be longer, so that those who failed together do not come back together."""


@dataclass(slots=True)
class Retries:
    """Decides whether a failed call is tried again, and after how many seconds.

    Only a call that cannot have changed anything is: a GET when the connection broke or when a proxy or the site was
    not available (502, 503, 504); a GET, PUT or DELETE that the server declined (429) or that never reached it; a POST
    never. `budget` bounds the tries of all calls of a client together; every success gives a part of one back, so that
    a server in trouble is not kept there. `chance` returns numbers from 0 to 1.
    """

    attempts: int = 4
    first_pause: float = 0.5
    longest_pause: float = 60.0
    budget: float = 10.0
    chance: Callable[[], float] = random.random
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
        return first * 2.0 ** (attempt - 1) * (1 + _SPREAD * self.chance())

    def _spend(self) -> bool:
        with self._lock:
            if self._spent + 1 > self.budget:
                return False
            self._spent += 1
            return True


def _is_repeatable(method: str, error: AcumaticaError) -> bool:
    if isinstance(error, AcumaticaSeatError) or method not in ("GET", "PUT", "DELETE"):
        return False
    if isinstance(error, AcumaticaRateLimitError) or not error.context.get("connected", True):
        return True
    return method == "GET" and (
        isinstance(error, AcumaticaConnectionError) or error.status_code in _UNAVAILABLE
    )
