"""The session of a client: every call goes through here."""

from __future__ import annotations

import logging
import time
import weakref
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

from acudata.config import AcumaticaConfig
from acudata.errors import AcumaticaAuthError, AcumaticaError, AcumaticaRateLimitError
from acudata.transport.address import Address, Params
from acudata.transport.auth import SIGN_OUT, Seat, Send, Ticket
from acudata.transport.cache import HttpCache, is_status
from acudata.transport.clock import Clock
from acudata.transport.cookies import Cookies
from acudata.transport.encoding import encode
from acudata.transport.exchange import JSON, Ask, Reply
from acudata.transport.faults import fault
from acudata.transport.ledger import ledger_path
from acudata.transport.pace import Pace
from acudata.transport.retries import Retries
from acudata.transport.slots import Slots
from acudata.transport.usage import Usage
from acudata.transport.waiting import Waiting
from acudata.transport.wire import Wire

logger = logging.getLogger("acudata.transport")


class Session:
    """Sends calls to one instance, signed in as one user; shared by all threads of a client.

    Order of operations of a call:

    0. take a kept answer where `http_cache`, or the caller's `cache`, allows it (see `HttpCache`); `offline=True` ends
       here;
    1. sign in, if nobody has yet (`persistent_login=False`: always);
    2. wait for one of `max_concurrent_requests` slots, and for the pace of `rate_limit_calls_per_second`;
    3. send, and turn an unhappy answer into an error of `acudata.errors`;
    4. try again where that is safe (see `Retries`);
    5. on a 401 sign in again, once, and repeat 2 to 4 (`retry_on_idle_logout`); a 401 comes before anything is done,
       so that holds for every method;
    6. `persistent_login=False`: sign out;
    7. keep the answer, or drop what it made outdated.

    The seat is freed by `close()`, at the end of a `with` block, when the session is forgotten, and at the end of
    the program, Ctrl-C included. Not when a SIGTERM kills a program that does not turn it into an exit, as
    `signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))` does: signal handlers are the program's own.

    Args:
        config: settings of the client.
        sleep: waits for a number of seconds between two tries; None ends the wait when the session is closed.

    Example:
        >>> with Session(AcumaticaConfig.load()) as session:  # doctest: +SKIP
        ...     session.get("entity/Default/24.200.001/Customer", params={"$top": 5}).json()
    """

    def __init__(self, config: AcumaticaConfig, *, sleep: Callable[[float], None] | None = None) -> None:
        self.config = config
        self._address = Address(config.base_url)
        waiting = Waiting()
        self._pace = _pace(config, waiting)
        self._slots = Slots(config.max_concurrent_requests, waiting=waiting)
        self._retries = Retries()
        self.usage = Usage()
        self._sleep = sleep or waiting.sleep
        self._wire = Wire(verify=config.verify_ssl)
        self._seat = Seat(config, _sender(self._wire, self._slots, self._pace))
        self.cache = HttpCache(config)
        self._finalizer = weakref.finalize(
            self, _leave, waiting, self._pace, self._seat, self._wire, self.cache
        )

    def get(
        self,
        path: str,
        *,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        cache: bool | None = None,
        keep_empty: bool = False,
    ) -> Reply:
        """Return the answer to a GET.

        Args:
            path: below the instance, such as "entity/Default/24.200.001/Customer", keys percent-encoded; or a link
                that the server made.
            params: query parameters; None values are left out.
            headers: further headers; `Accept` is JSON unless given.
            timeout: seconds, instead of those of the config.
            cache: True takes a kept answer however old, False asks the server anew, None does what `http_cache` says.
            keep_empty: whether an empty list is data too, as the last page of a list is, and may be kept.

        Raises:
            AcumaticaOfflineError: the client is offline, and the answer was not kept.
            AcumaticaError: the subclass that fits what went wrong.
        """
        ask = replace(self._ask("GET", path, params, headers, timeout), cache=cache, keep_empty=keep_empty)
        if is_status(ask):
            return self._change(ask)
        kept = self.cache.find(ask) if self._finalizer.alive else None
        return kept or self._kept(ask)

    def put(
        self,
        path: str,
        *,
        params: Params | None = None,
        json: Any = None,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        changes: bool = True,
    ) -> Reply:
        """Return the answer to a PUT of a JSON value, or of bytes; the rest as in `get`.

        `changes=False` says that it only asks, as the PUT of an inquiry does, so that kept answers stay.
        """
        ask = self._ask("PUT", path, params, headers, timeout, _body(json, data))
        return self._change(ask) if changes else self._call(ask)

    def post(
        self,
        path: str,
        *,
        params: Params | None = None,
        json: Any = None,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> Reply:
        """Return the answer to a POST, which is never sent twice once it may have been executed; as `put`."""
        return self._change(self._ask("POST", path, params, headers, timeout, _body(json, data)))

    def delete(
        self, path: str, *, headers: Mapping[str, str] | None = None, timeout: float | None = None
    ) -> Reply:
        """Return the answer to a DELETE; arguments as in `get`."""
        return self._change(self._ask("DELETE", path, None, headers, timeout))

    @property
    def clock(self) -> Clock:
        """Return the clock of the server, which every answer sets."""
        return self._wire.clock

    def link(self, href: str) -> str:
        """Return the URL of a link that the server made, for the methods of this session."""
        return self._address.link(href)

    def sign_in(self) -> None:
        """Sign in now rather than with the first call; without effect offline, or when each call signs in by itself.

        Raises:
            AcumaticaAuthError: the server refuses the user; this is never tried again.
            AcumaticaSeatError: no API session is left.
        """
        if self.config.persistent_login and not self.config.offline:
            self._seat.ticket()

    def sign_out(self) -> None:
        """Free the API seat; the next call signs in again."""
        self._seat.free()

    def close(self) -> None:
        """Sign out for good and close the connections; closing twice is harmless."""
        self._finalizer()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Session({self.config.base_url!r}, username={self.config.username!r})"

    def _ask(
        self,
        method: str,
        path: str,
        params: Params | None,
        headers: Mapping[str, str] | None,
        timeout: float | None,
        body: tuple[bytes | None, str] = (None, ""),
    ) -> Ask:
        url = self._address.url(path, params)
        content, kind = body
        all_headers = {"Accept": JSON, **({"Content-Type": kind} if kind else {}), **(headers or {})}
        seconds = self.config.timeout if timeout is None else timeout
        return Ask(method, url, self._address.shown(url), all_headers, content, seconds)

    def _kept(self, ask: Ask) -> Reply:
        asked_at = self.cache.expect(ask)
        reply = self._call(ask)
        self.cache.keep(ask, reply, asked_at=asked_at)
        return reply

    def _change(self, ask: Ask) -> Reply:
        if self.config.offline:
            return self._call(ask)
        with self.cache.changing():
            return self._call(ask)

    def _call(self, ask: Ask) -> Reply:
        if self.config.offline and self._finalizer.alive:
            raise self.cache.missing(ask)
        with self._seat.held() as ticket:
            try:
                return self._tried(ask, ticket)
            except AcumaticaAuthError as error:
                if error.status_code != 401 or not self.config.retry_on_idle_logout:
                    raise
            return self._tried(ask, self._seat.renew(ticket))

    def _tried(self, ask: Ask, ticket: Ticket) -> Reply:
        attempt = 0
        while True:
            attempt += 1
            with self._slots.held():
                paced = self._paced()
                try:
                    reply = _send(self._wire, ask, ticket.cookies)
                except AcumaticaError as error:
                    error.context["attempts"] = attempt
                    pause = self._pause_after(error, ask, attempt, paced)
                    if pause is None:
                        raise
                else:
                    self.usage.note(ask, reply, paced=paced)
                    self._retries.succeeded()
                    return reply
            self._sleep(pause)

    def _paced(self) -> float:
        """Wait for the turn of a call and return the seconds that this took."""
        started = time.monotonic()
        self._pace.wait()
        return time.monotonic() - started

    def _pause_after(self, error: AcumaticaError, ask: Ask, attempt: int, paced: float) -> float | None:
        """Return the seconds until a failed call is tried again, None when it is not."""
        is_declined = isinstance(error, AcumaticaRateLimitError)
        self.usage.note(ask, None, paced=paced, declined=is_declined)
        pause = self._retries.pause(ask.method, attempt, error)
        if pause is not None:
            level, reason = (logging.WARNING, "declined, ") if is_declined else (logging.DEBUG, "")
            logger.log(level, "%s: %sagain in %.1f s", ask, reason, pause)
        return pause


def _body(json: Any, data: bytes | None) -> tuple[bytes | None, str]:
    if data is not None:
        return data, "application/octet-stream"
    return (None, "") if json is None else (encode(json), JSON)


def _send(wire: Wire, ask: Ask, cookies: Cookies) -> Reply:
    reply = wire.send(ask, cookies)
    error = fault(ask, reply)
    if error:
        raise error
    return reply


def _sender(wire: Wire, slots: Slots, pace: Pace) -> Send:
    """Return what sends for the seat; it must not hold the session, which could then never be forgotten."""

    def send(ask: Ask, cookies: Cookies) -> Reply:
        if ask.path == SIGN_OUT:  # (Acumatica: a sign-out is never queued.)
            return _send(wire, ask, cookies)
        with slots.held():
            pace.wait()
            return _send(wire, ask, cookies)

    return send


def _pace(config: AcumaticaConfig, waiting: Waiting) -> Pace:
    shared = ledger_path(config.cache_dir, config.base_url) if config.shared_pace else None
    return Pace(config.rate_limit_calls_per_second, waiting=waiting, shared=shared)


def _leave(waiting: Waiting, pace: Pace, seat: Seat, wire: Wire, cache: HttpCache) -> None:
    waiting.end()  # before the seat: a sign-in that waits for its turn holds it
    seat.close()
    wire.close()
    pace.close()
    cache.close()
