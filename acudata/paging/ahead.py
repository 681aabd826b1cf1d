"""Asks for pages before they are needed, in threads that end with the request that they make."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from threading import BoundedSemaphore, Event, Thread

from acudata.paging.steps import Step, Where

_TICK = 1.0
"""Seconds after which a wait begins anew, since some systems take Ctrl-C only between two waits."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Holds the page that a step was answered with, as it came, and the seconds that this took."""

    step: Step
    content: bytes = field(repr=False)
    seconds: float


class Ahead:
    """Makes the requests of one reading, `allowed` of them at a time at most; with 0 none before it is needed.

    Threads are daemons, one for each request: neither Ctrl-C, nor the end of the program, nor a reader that goes away
    waits for an answer that nobody wants. What was not yet asked then never is.
    """

    def __init__(self, fetch: Callable[[Step], bytes], *, allowed: int) -> None:
        self._fetch = fetch
        self._allowed = allowed
        self._slots = BoundedSemaphore(max(1, allowed))
        self._begun: dict[Where, Future[Arrival]] = {}
        self._given_up = Event()
        self._process = os.getpid()

    @property
    def may_begin(self) -> bool:
        """Tell whether one more request may be made now."""
        return len(self._begun) < self._allowed

    def has_begun(self, step: Step) -> bool:
        """Tell whether a step is under way."""
        return step.where in self._begun

    def begin(self, step: Step) -> None:
        """Ask for a page that will be needed."""
        future: Future[Arrival] = Future()
        self._begun[step.where] = future
        Thread(
            target=self._run, args=[step, future, self._given_up], name="acudata-page", daemon=True
        ).start()

    def take(self, step: Step) -> Arrival:
        """Return a page, which may be of another size when it was asked before; all others are given up if it was not.

        Raises whatever the request for it raised.
        """
        future = self._begun.pop(step.where, None)
        if future is None or self._process != os.getpid():  # a forked child has none of its parent's threads
            self.drop()
            return self._arrival(step)
        while not future.done():
            wait([future], timeout=_TICK)
        return future.result()

    def drop(self) -> None:
        """Give up what is under way."""
        self._given_up.set()
        self._given_up = Event()
        self._begun.clear()

    def _run(self, step: Step, future: Future[Arrival], given_up: Event) -> None:
        try:
            future.set_result(self._arrival(step, given_up))
        except BaseException as error:  # noqa: BLE001 - it is raised where the page is taken
            future.set_exception(error)

    def _arrival(self, step: Step, given_up: Event | None = None) -> Arrival:
        with self._slots:
            if given_up is not None and given_up.is_set():
                raise InterruptedError("nobody wants this page any more")
            started = time.monotonic()
            content = self._fetch(step)
            return Arrival(step, content, time.monotonic() - started)
