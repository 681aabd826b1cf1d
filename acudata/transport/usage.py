"""What a session did so far: calls, errors, bytes and time."""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from dataclasses import dataclass, field

from acudata.transport.exchange import Ask, Reply

_MINUTE = 60.0
"""Seconds of the period for which a licence allows so many requests."""


@dataclass(slots=True)
class Usage:
    """Counts the exchanges of a session, those that failed or were tried again included; all times are seconds.

    `paced` is the time that calls waited for their turn under the rate limit, `declined` the number of those that the
    server did not take (429).
    """

    calls: int = 0
    errors: int = 0
    declined: int = 0
    received: int = 0
    seconds: float = 0.0
    paced: float = 0.0
    last_call_at: float | None = None
    by_method: Counter[str] = field(default_factory=Counter)
    by_path: Counter[str] = field(default_factory=Counter)
    _recent: deque[float] = field(default_factory=deque, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def note(self, ask: Ask, reply: Reply | None, *, paced: float, declined: bool = False) -> None:
        """Count one exchange; without a reply it failed."""
        with self._lock:
            self.calls += 1
            self.declined += declined
            self._recent.append(time.monotonic())
            self._forget()
            self.paced += paced
            self.last_call_at = time.time()
            self.by_method[ask.method] += 1
            self.by_path[_place(ask.path)] += 1
            if reply is None:
                self.errors += 1
            else:
                self.received += len(reply.content)
                self.seconds += reply.elapsed

    @property
    def average_seconds(self) -> float:
        """Return the mean time of an answer, 0 before the first."""
        answered = self.calls - self.errors
        return self.seconds / answered if answered else 0.0

    @property
    def last_minute(self) -> int:
        """Return the number of exchanges that ended in the last minute."""
        with self._lock:
            self._forget()
            return len(self._recent)

    def _forget(self) -> None:
        while self._recent and self._recent[0] < time.monotonic() - _MINUTE:
            self._recent.popleft()


def _place(path: str) -> str:
    """Cut the keys of records and the query off a path: `entity/Default/24.200.001/Customer/ABC` is one place."""
    return "/".join(path.partition("?")[0].split("/")[:4])
