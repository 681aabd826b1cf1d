"""How many at once: calls that are under way at the same time, of all threads of a client."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock

from acudata.transport.waiting import Waiting


class Slots:
    """Lets a number of calls be under way; the others wait for their turn, first come, first served.

    (Acumatica: a licence serves a few requests at a time. Others wait in a queue, which declines more than 20.)

    >>> with Slots(2, waiting=Waiting()).held():
    ...     pass

    Args:
        number: calls that may be under way.
        waiting: what the others wait with.
    """

    def __init__(self, number: int, *, waiting: Waiting) -> None:
        self._number = number
        self._waiting = waiting
        self._open()

    def _open(self) -> None:
        self._process = os.getpid()
        self._free = self._number
        self._queue: deque[Event] = deque()
        self._lock = Lock()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold a slot for a block, which must not need another one.

        Raises:
            AcumaticaError: the session was closed before it was its turn.
        """
        if self._process != os.getpid():  # a forked child has none of its parent's threads
            self._open()
        self._take()
        try:
            yield
        finally:
            self._give()

    def _take(self) -> None:
        with self._lock:
            if self._free:
                self._free -= 1
                return
            turn = Event()
            self._queue.append(turn)
        try:
            self._waiting.until(turn)
        except BaseException:
            self._give_up(turn)
            raise

    def _give(self) -> None:
        """Hand the slot to whoever has waited longest."""
        with self._lock:
            if self._queue:
                self._queue.popleft().set()
            else:
                self._free += 1

    def _give_up(self, turn: Event) -> None:
        with self._lock:
            is_waiting = turn in self._queue
            if is_waiting:
                self._queue.remove(turn)
        if not is_waiting:
            self._give()
