"""The API seat: taken by signing in, freed by signing out, whatever happens in between."""

from __future__ import annotations

import copy
import json
import logging
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import RLock, Thread

from pydantic import SecretBytes

from acudata.config import AcumaticaConfig
from acudata.errors import AcumaticaAuthError, AcumaticaConnectionError, AcumaticaError
from acudata.transport.address import Address
from acudata.transport.cookies import Cookies
from acudata.transport.exchange import JSON, Ask, Reply
from acudata.transport.faults import SIGN_IN
from acudata.transport.waiting import closed

logger = logging.getLogger("acudata.transport")

SIGN_OUT = "entity/auth/logout"
_SIGN_OUT_SECONDS = 10.0
"""The longest that a sign-out may keep a program from ending."""

Send = Callable[[Ask, Cookies], Reply]
"""Sends a request once and raises the error that its answer amounts to."""


@dataclass(frozen=True, slots=True, eq=False)
class Ticket:
    """Stands for one session at the server; it is told from others by being itself."""

    cookies: Cookies = field(default_factory=Cookies)


class Seat:
    """Holds at most one session at the server, for all threads of a client.

    (Acumatica: a licence may have as few as two seats; one that is not signed out stays taken for 10 to 20 minutes.)
    """

    def __init__(self, config: AcumaticaConfig, send: Send) -> None:
        self._config = config
        self._send = send
        self._lock = RLock()
        self._ticket: Ticket | None = None
        self._refusal: AcumaticaAuthError | None = None
        self._is_closed = False
        self._process = os.getpid()

    @contextmanager
    def held(self) -> Iterator[Ticket]:
        """Give a ticket for one call: that of the lasting session, or one of its own that ends with the call.

        Calls with sessions of their own wait for each other, so that they never need two seats.
        """
        if self._config.persistent_login:
            yield self.ticket()
            return
        with self._lock:
            try:
                yield self.ticket()
            finally:
                self.free()

    def ticket(self) -> Ticket:
        """Return the ticket, after signing in if need be; threads that come together sign in once."""
        with self._lock:
            return self._ticket or self._sign_in(Cookies())

    def renew(self, stale: Ticket) -> Ticket:
        """Return a ticket that is not the stale one; of the threads that hold that, only the first signs in."""
        with self._lock:
            if self._ticket not in (None, stale):
                return self.ticket()
            # With its old cookies, as a browser does, the server can use the old seat again.
            return self._sign_in(stale.cookies.copy())

    def free(self) -> None:
        """Sign out if signed in; a failure is logged, never raised."""
        with self._lock:
            ticket, self._ticket = self._ticket, None
            if ticket and ticket.cookies and self._process == os.getpid():  # a forked child owns no seat
                self._sign_out(ticket)

    def close(self) -> None:
        """Sign out for good."""
        with self._lock:
            self._is_closed = True
            self.free()

    def _sign_in(self, cookies: Cookies) -> Ticket:
        if self._is_closed:
            raise closed()
        if self._refusal:
            raise copy.copy(self._refusal)
        ticket = self._ticket = Ticket(cookies)
        try:
            self._send_undisturbed(_sign_in_ask(self._config), cookies)
        except BaseException as error:
            self._note_failure(error)
            raise
        return ticket

    def _note_failure(self, error: BaseException) -> None:
        """Remember a refused user, and free the seat that an interrupted sign-in may already hold."""
        if isinstance(error, AcumaticaAuthError):
            self._refusal = copy.copy(error)
        if isinstance(error, AcumaticaError) and error.status_code is not None:
            self._ticket = None  # the server said no
        self.free()

    def _send_undisturbed(self, ask: Ask, cookies: Cookies) -> None:
        """Send in a thread, so that Ctrl-C waits for the answer: without its cookies the seat could not be freed."""
        answer: Future[Reply] = Future()

        def send() -> None:
            try:
                answer.set_result(self._send(ask, cookies))
            except BaseException as error:  # noqa: BLE001 - it is raised where the answer is awaited
                answer.set_exception(error)

        try:
            Thread(target=send, name="acudata-sign-in", daemon=True).start()
            answer.result()
        except (KeyboardInterrupt, SystemExit):
            wait([answer], timeout=ask.timeout)
            raise

    def _sign_out(self, ticket: Ticket) -> None:
        ask = _sign_out_ask(self._config)
        try:
            try:
                self._send(ask, ticket.cookies)
            except (
                AcumaticaConnectionError
            ):  # a connection that lay idle may be gone, and signing out twice is harmless
                self._send(ask, ticket.cookies)
        except AcumaticaError as error:
            is_over = error.status_code == 401
            logger.log(
                logging.DEBUG if is_over else logging.WARNING,
                "signing out failed (%s); the API seat is free again after 10 to 20 minutes at the latest",
                error.message,
            )


def _sign_in_ask(config: AcumaticaConfig) -> Ask:
    where = f"to tenant {config.tenant!r}" if config.tenant else "to the default tenant"
    return Ask(
        "POST",
        Address(config.base_url).url(SIGN_IN),
        SIGN_IN,
        headers={"Accept": JSON, "Content-Type": JSON},
        body=_credentials(config),
        timeout=config.timeout,
        what=f"Signing in {config.username!r} {where} of {config.base_url}",
    )


def _credentials(config: AcumaticaConfig) -> SecretBytes:
    names = {"tenant": config.tenant, "branch": config.branch, "locale": config.locale}
    given = {name: value for name, value in names.items() if value is not None}
    password = config.password.get_secret_value()
    return SecretBytes(json.dumps({"name": config.username, "password": password, **given}).encode())


def _sign_out_ask(config: AcumaticaConfig) -> Ask:
    return Ask(
        "POST",
        Address(config.base_url).url(SIGN_OUT),
        SIGN_OUT,
        # Without a length IIS answers 411 and the session stays open.
        headers={"Accept": JSON, "Content-Length": "0"},
        timeout=min(config.timeout, _SIGN_OUT_SECONDS),
    )
