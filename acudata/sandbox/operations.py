"""Long operations: work that goes on after the answer, and the status that tells when it is done."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import RLock

from acudata.sandbox.envelopes import Fault, not_found, server_error
from acudata.sandbox.settings import SandboxSettings

POLL_INTERVAL = 1.0
"""Seconds between two polls of the official client; an operation that nobody polls lasts as long."""


@dataclass(slots=True)
class Operation:
    """Holds one operation of a session on a form.

    `work` changes the data and may raise a `Fault`, which the status then tells.
    """

    session: str
    screen: str
    work: Callable[[], None]
    started: float
    polls: int = 0
    failure: Fault | None = None
    done: bool = False
    id: str = field(default_factory=lambda: str(uuid.uuid4()))


class Operations:
    """Runs the long operations of an instance.

    An operation is done after as many polls and seconds as the settings say. What it does to the data is seen
    when it is done, not before.
    """

    def __init__(self, settings: SandboxSettings, clock: Callable[[], float]) -> None:
        self._settings = settings
        self._clock = clock
        self._lock = RLock()
        self._operations: dict[str, Operation] = {}

    def start(self, session: str, screen: str, work: Callable[[], None]) -> str:
        """Begin an operation and return the id of its status."""
        operation = Operation(session, screen, work, self._clock())
        with self._lock:
            self._operations[operation.id] = operation
        return operation.id

    def forget_all(self) -> None:
        """Forget every operation, as a recycle does; what it was to do is left undone."""
        with self._lock:
            self._operations.clear()

    def poll(self, session: str, operation_id: str) -> bool:
        """Tell whether an operation is done; raise the `Fault` with which it failed.

        A status belongs to its session and is forgotten once it told the end.
        """
        with self._lock:
            operation = self._operations.get(operation_id)
            if operation is None or operation.session != session:
                raise self._forgotten(operation_id)
            self._finish_if(operation, polled=operation.polls >= self._settings.operation_polls)
            operation.polls += 1
            if operation.done:
                del self._operations[operation_id]
            if operation.failure:
                raise operation.failure
            return operation.done

    def settle(self) -> None:
        """Finish what nobody polled for long enough."""
        patience = self._settings.operation_polls * POLL_INTERVAL
        with self._lock:
            for operation in self._operations.values():
                self._finish_if(operation, polled=self._clock() >= operation.started + patience)

    def refuse_while_busy(self, session: str, screen: str) -> None:
        """Refuse a request on a form where the session still has an operation running."""
        with self._lock:
            running = [one for one in self._operations.values() if not one.done]
        if self._settings.busy_form and any(
            (one.session, one.screen) == (session, screen) for one in running
        ):
            raise server_error("The previous operation has not been completed yet.")

    def _finish_if(self, operation: Operation, *, polled: bool) -> None:
        lasted = self._clock() - operation.started
        if operation.done or not polled or lasted < self._settings.operation_seconds:
            return
        operation.done = True
        try:
            operation.work()
        except Fault as fault:
            operation.failure = fault

    def _forgotten(self, operation_id: str) -> Fault:
        if self._settings.forgotten_operation == 500:
            return server_error("The operation cannot be found.")
        return not_found(f"status/{operation_id}")
