"""Waiting that ends when a client is closed, and at Ctrl-C."""

from __future__ import annotations

import threading
import time

from acudata.errors import AcumaticaError

_STRETCH = 0.2
"""Seconds for which Ctrl-C may go unheard: on Windows it wakes nobody who waits for an event."""


def closed() -> AcumaticaError:
    """Return the error of a call that comes too late."""
    return AcumaticaError("The client is closed.", suggestions=["make a new AcumaticaClient"])


class Waiting:
    """Lets the threads of a session wait until their time has come, or the session is closed."""

    def __init__(self) -> None:
        self._over = threading.Event()

    def sleep(self, seconds: float) -> None:
        """Return after so many seconds.

        Raises:
            AcumaticaError: the session was closed meanwhile.
        """
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if self._over.wait(min(left, _STRETCH)):
                raise closed()

    def until(self, turn: threading.Event) -> None:
        """Return when it is somebody's turn.

        Raises:
            AcumaticaError: the session was closed before.
        """
        while not turn.wait(_STRETCH):
            if self._over.is_set():
                raise closed()

    def end(self) -> None:
        """Wake all who wait, and let nobody wait again."""
        self._over.set()
