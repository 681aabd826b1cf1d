"""Asks for pages before they are needed, and has them decoded, in threads that end with the pages."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from threading import Lock, Thread
from typing import Any, TypeVar

from acudata.paging.steps import Step, Where

_T = TypeVar("_T")
_TICK = 1.0
"""Seconds after which a wait begins anew, since some systems take Ctrl-C only between two waits."""

Following = Callable[[Step, bytes], Step | None]
Size = Callable[[], int]


@dataclass(frozen=True, slots=True)
class Arrival:
    """Holds the page that a step was answered with, as it came, and the seconds that this took.

    `decoded` is what is made of it elsewhere meanwhile; None when nobody asked ahead.
    """

    step: Step
    content: bytes = field(repr=False)
    seconds: float
    decoded: Future[Any] | None = None


class Ahead:
    """Makes the requests of one reading, up to `allowed` of them before they are needed; with 0 none.

    `following` tells which step will most likely come after an answered one, `size` how many records a page is to have,
    and `decode` what is to be made of each page while others are on their way.

    The threads that ask are daemons, one for each request: neither Ctrl-C, nor the end of the program, nor a reader
    that goes away waits for an answer that nobody wants. What was not yet asked then never is. The end of the program
    does wait for those that decode, which takes no time to speak of: Arrow must not be left in the middle.
    """

    def __init__(
        self, fetch: Callable[[Step], bytes], following: Following, *, size: Size, allowed: int
    ) -> None:
        self.decode: Callable[[bytes], Any] | None = None
        self._fetch = fetch
        self._following = following
        self._size = size
        self._allowed = allowed
        self._flight = _Flight(allowed)

    def take(self, step: Step) -> Arrival:
        """Return a page, which may be of another size when it was asked before; all others are given up if it was not.

        Raises whatever the request for it raised.
        """
        if self._flight.process != os.getpid():  # a forked child has none of its parent's threads
            self._flight = _Flight(self._allowed)
        future = self._flight.pop(step)
        if future is None:
            self.drop()
            return self._arrival(step)
        return _result(future)

    def go_on_from(self, arrival: Arrival) -> None:
        """Ask for what most likely follows a page that was taken, here and whenever one more arrives."""
        self._flight.taken = arrival
        self._begin_more(self._flight)

    def drop(self) -> None:
        """Give up what is under way."""
        self._flight.give_up()
        self._flight = _Flight(self._allowed)

    def _begin_more(self, flight: _Flight) -> None:
        """Begin the steps after the last page taken, as far as they can be told, and as many as are allowed."""
        with flight.lock:
            if flight.is_given_up or flight.taken is None:
                return
            following = self._following(flight.taken.step, flight.taken.content)
            while following is not None and len(flight.begun) < self._allowed:
                if following.where not in flight.begun:
                    flight.begun[following.where] = self._begin(following, flight)
                following = self._after(following, flight.begun[following.where])

    def _after(self, step: Step, future: Future[Arrival]) -> Step | None:
        """Return what follows a step that is under way: by key only its own page tells that."""
        if step.after is None:
            return step.next_by_position(self._size())
        if not future.done() or future.exception() is not None:
            return None
        arrival = future.result()
        return self._following(arrival.step, arrival.content)

    def _begin(self, step: Step, flight: _Flight) -> Future[Arrival]:
        future: Future[Arrival] = Future()
        Thread(target=self._run, args=[step, future, flight], name="acudata-page", daemon=True).start()
        return future

    def _run(self, step: Step, future: Future[Arrival], flight: _Flight) -> None:
        try:
            future.set_result(self._arrival(step, flight))
        except BaseException as error:  # noqa: BLE001 - it is raised where the page is taken
            future.set_exception(error)
        else:
            self._begin_more(flight)

    def _arrival(self, step: Step, flight: _Flight | None = None) -> Arrival:
        if flight is not None and flight.is_given_up:
            raise InterruptedError("nobody wants this page any more")
        started = time.monotonic()
        content = self._fetch(step)
        seconds = time.monotonic() - started
        decoded = flight.decoders.submit(self.decode, content) if flight and self.decode else None
        return Arrival(step, content, seconds, decoded)


class _Flight:
    """Holds what is under way until it is given up as a whole; what then still arrives finds nobody."""

    def __init__(self, allowed: int) -> None:
        self.process = os.getpid()
        self.lock = Lock()
        self.begun: dict[Where, Future[Arrival]] = {}
        self.taken: Arrival | None = None
        self.is_given_up = False
        self.decoders = ThreadPoolExecutor(max(1, allowed), "acudata-decode")

    def pop(self, step: Step) -> Future[Arrival] | None:
        """Return the page of a step that is under way; what follows it is not told before it is there."""
        with self.lock:
            self.taken = None
            return self.begun.pop(step.where, None)

    def give_up(self) -> None:
        """Take no lock: at the end of the program a thread that is no more may have it."""
        self.is_given_up = True
        self.decoders.shutdown(wait=False, cancel_futures=True)


def decoded(arrival: Arrival, decode: Callable[[bytes], _T]) -> _T:
    """Return what `decode` makes of a page, or is making of it elsewhere."""
    if arrival.decoded is None:
        return decode(arrival.content)
    made: _T = _result(arrival.decoded)
    return made


def _result(future: Future[_T]) -> _T:
    while not future.done():
        wait([future], timeout=_TICK)
    return future.result()
