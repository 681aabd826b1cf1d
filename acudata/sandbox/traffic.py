"""What arrives at a sandbox, and what a test lets happen to it on the way."""

from __future__ import annotations

import fnmatch
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock

from acudata.sandbox.calls import Answer, Call
from acudata.sandbox.envelopes import Fault

Before = Callable[[Call], Answer | None]
After = Callable[[Call, Answer], Answer | None]
REMEMBERED = 10_000
"""Arrivals that are kept; older ones are forgotten."""


class Cut(Exception):  # noqa: N818 - not an error of the sandbox
    """Ends a connection without an answer."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Holds when a request arrived, in seconds of `time.monotonic`, and what it asked for."""

    at: float
    method: str
    path: str
    query: Mapping[str, str]


@dataclass(slots=True)
class Hook:
    """Holds something that happens to the requests of a method (of any for "") whose path fits a pattern.

    `number` picks one of them, counted from 1 since the hook was set; None picks all.
    """

    act: Callable[..., Answer | None]
    path: str
    method: str
    number: int | None
    is_after: bool
    _count: int = field(default=0, init=False)

    def picks(self, call: Call) -> bool:
        """Tell whether the hook is meant for a request, and count the request if it fits."""
        if self.method not in ("", call.method) or not fnmatch.fnmatchcase(call.path, self.path):
            return False
        self._count += 1
        return self.number in (None, self._count)

    def run(self, *seen: Call | Answer) -> Answer | None:
        """Return what the hook answers in place of the instance, a `Fault` that it raises included."""
        try:
            return self.act(*seen)
        except Fault as fault:
            return Answer.of(fault)


class Traffic:
    """Knows the requests that arrived, and the hooks set upon them; safe to use from several threads."""

    def __init__(self) -> None:
        self.arrivals: deque[Arrival] = deque(maxlen=REMEMBERED)
        self._hooks: list[Hook] = []
        self._lock = Lock()

    def arrived(self, call: Call) -> None:
        """Note that a request arrived."""
        self.arrivals.append(Arrival(time.monotonic(), call.method, call.path, call.query))

    def set(self, hook: Hook) -> Callable[[], None]:
        """Let a hook act from now on; return what takes it away again."""
        with self._lock:
            self._hooks.append(hook)
        return lambda: self._take_away(hook)

    def _take_away(self, hook: Hook) -> None:
        with self._lock:
            self._hooks = [one for one in self._hooks if one is not hook]

    def pass_on(self, call: Call, handler: Callable[[Call], Answer]) -> Answer:
        """Return the answer to a request, with the hooks around it that are meant for it.

        Raises:
            Cut: a hook cuts the connection.
        """
        with self._lock:
            hooks = [hook for hook in self._hooks if hook.picks(call)]
        before = (hook.run(call) for hook in hooks if not hook.is_after)
        answer = next((given for given in before if given), None) or handler(call)
        for hook in hooks:
            answer = (hook.run(call, answer) if hook.is_after else None) or answer
        return answer
