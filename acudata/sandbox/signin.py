"""Signing in and out: users, tenants, seats, lock-out and the cookies that carry a session.

The order of the checks at a sign-in: the tenant, the lock, the password, the seats of the licence, the sessions
of the user.
"""

from __future__ import annotations

import json
import math
import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from urllib.parse import parse_qsl, quote

from acudata.sandbox.envelopes import HTML, Fault, bad_request, exception_body, server_error, unauthorized
from acudata.sandbox.settings import SandboxSettings

SESSION_COOKIE = "ASP.NET_SessionId"
TICKET_COOKIE = ".ASPXAUTH"
WRONG_PASSWORD = "Invalid credentials. Please try again."  # noqa: S105 - a message
LOCKED = "Your account is locked out. Contact your system administrator or try again later."
UNDEFINED_TENANT = "A proper company ID cannot be determined for the request."
NO_SEAT = "API Login Limit"
TOO_MANY_LOGINS = (
    "The number of concurrent API logins for the user {user} has been reached. "
    "Change the limit on the Users (SM201010) form."
)
_SEAT_PAGE = "<html><head><title>API Login Limit</title></head><body><h1>API Login Limit</h1></body></html>"


@dataclass(frozen=True, slots=True)
class Credentials:
    """Holds what a sign-in sends; the password shows in no repr."""

    name: str = ""
    password: str = field(default="", repr=False)
    tenant: str = ""

    @classmethod
    def read(cls, body: bytes, content_type: str) -> Credentials:
        """Read a JSON or form-urlencoded body; `company` is the old name of `tenant`."""
        sent = _form(body) if "urlencoded" in content_type else _json_object(body)
        tenant = sent.get("tenant") or sent.get("company") or ""
        return cls(name=sent.get("name", ""), password=sent.get("password", ""), tenant=tenant)


@dataclass(slots=True)
class Session:
    """Holds one signed-in session; `seen` is when it was last used, in seconds of the clock."""

    user: str
    tenant: str
    seen: float
    id: str = field(default_factory=lambda: secrets.token_hex(12))
    ticket: str = field(default_factory=lambda: secrets.token_hex(160).upper(), repr=False)


class SignIn:
    """Knows the users, the tenants and who is signed in; safe to use from several threads.

    Args:
        tenants: login names of the tenants; the first is the default one.
        seats: sessions that the licence allows at a time.
        clock: returns seconds that only ever grow.
    """

    def __init__(
        self, settings: SandboxSettings, *, tenants: Sequence[str], seats: int, clock: Callable[[], float]
    ) -> None:
        self._settings = settings
        self._tenants = tuple(tenants)
        self._seats = seats
        self._clock = clock
        self._lock = Lock()
        self._sessions: dict[str, Session] = {}
        self._refused: Counter[str] = Counter()

    def sign_in(self, credentials: Credentials, cookies: Mapping[str, str]) -> Session:
        """Open a session; raise the `Fault` that an instance answers otherwise."""
        with self._lock:
            tenant = self._tenant(credentials.tenant)
            self._check_password(credentials)
            if self._settings.repeated_sign_in_keeps_seat:
                self._forget(self._live(cookies))
            self._check_seats(credentials.name)
            session = Session(user=credentials.name, tenant=tenant, seen=self._clock())
            self._sessions[session.id] = session
            return session

    def sign_out(self, cookies: Mapping[str, str]) -> None:
        """Close the session of these cookies."""
        with self._lock:
            session = self._live(cookies)
            if session is None and self._settings.logout_without_session == 401:
                raise unauthorized(self._settings.unauthorized_message)
            self._forget(session)

    def session(self, cookies: Mapping[str, str]) -> Session:
        """Return the session of these cookies as `find` does; raise a 401 if there is none."""
        session = self.find(cookies)
        if session is None:
            raise unauthorized(self._settings.unauthorized_message)
        return session

    def find(self, cookies: Mapping[str, str]) -> Session | None:
        """Return the session of these cookies, if there is one, and note that it was used."""
        with self._lock:
            session = self._live(cookies)
            if session is not None:
                session.seen = self._clock()
            return session

    def end_all(self) -> None:
        """End every session, as a recycle does."""
        with self._lock:
            self._sessions.clear()

    def occupy(self) -> Callable[[], None]:
        """Take every free seat for somebody else; return what frees them again."""
        with self._lock:
            self._drop_idle()
            free = self._seats - len(self._sessions)
            others = [Session(user="somebody else", tenant="", seen=math.inf) for _ in range(free)]
            self._sessions |= {session.id: session for session in others}
        return lambda: self._leave(others)

    def _leave(self, sessions: Sequence[Session]) -> None:
        with self._lock:
            for session in sessions:
                self._forget(session)

    @property
    def seats_taken(self) -> int:
        """Return the number of open sessions."""
        with self._lock:
            self._drop_idle()
            return len(self._sessions)

    def _tenant(self, asked: str) -> str:
        if not asked or len(self._tenants) == 1:
            return self._tenants[0]
        if asked not in self._tenants:
            raise server_error(UNDEFINED_TENANT, exception="PX.Data.PXUndefinedCompanyException")
        return asked if self._settings.landing == "named" else self._tenants[0]

    def _check_password(self, credentials: Credentials) -> None:
        name = credentials.name
        if self._refused[name] >= self._settings.lockout_after:
            raise server_error(f"Error: {LOCKED}")
        if self._settings.users.get(name) != credentials.password:
            self._refused[name] += 1
            raise server_error(f"Error: {WRONG_PASSWORD}")
        del self._refused[name]

    def _check_seats(self, user: str) -> None:
        self._drop_idle()
        if len(self._sessions) >= self._seats:
            raise _no_seat(self._settings)
        limit = self._settings.logins_per_user
        held = sum(session.user == user for session in self._sessions.values())
        if limit is not None and held >= limit:
            raise server_error(TOO_MANY_LOGINS.format(user=user))

    def _live(self, cookies: Mapping[str, str]) -> Session | None:
        self._drop_idle()
        session = self._sessions.get(cookies.get(SESSION_COOKIE, ""))
        return session if session and session.ticket == cookies.get(TICKET_COOKIE) else None

    def _drop_idle(self) -> None:
        oldest = self._clock() - self._settings.idle_timeout
        for session in [one for one in self._sessions.values() if one.seen < oldest]:
            self._forget(session)

    def _forget(self, session: Session | None) -> None:
        if session is not None:
            self._sessions.pop(session.id, None)


def _no_seat(settings: SandboxSettings) -> Fault:
    body = exception_body(NO_SEAT, exception="PX.Data.PXException")
    location = (
        f"{settings.instance_path}/Frames/Error.aspx?exceptionID=&typeID=error&message={quote(NO_SEAT)}"
    )
    forms = {
        "json": Fault(500, body),
        "text": Fault(
            429, f"The custom error module does not recognize this error. {NO_SEAT}", media_type="text/plain"
        ),
        "html": Fault(200, _SEAT_PAGE, media_type=HTML),
        "redirect": Fault(302, "", headers={"Location": location}, media_type=HTML),
    }
    return forms[settings.seat_refusal]


def _form(body: bytes) -> dict[str, str]:
    return dict(parse_qsl(body.decode(), keep_blank_values=True))


def _json_object(body: bytes) -> dict[str, str]:
    try:
        sent = json.loads(body)
    except ValueError as error:
        raise bad_request({"credentials": [str(error)]}) from error
    if not isinstance(sent, dict):
        raise bad_request({"credentials": ["The body is not an object."]})
    return {name: str(value) for name, value in sent.items() if value is not None}
