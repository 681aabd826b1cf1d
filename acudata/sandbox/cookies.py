"""The cookies of an instance, as they were captured: their names, odd values and repetitions."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import quote

from acudata.sandbox.settings import SandboxSettings
from acudata.sandbox.signin import SESSION_COOKIE, TICKET_COOKIE, Session

BRANCH = "16"
_EPOCH = datetime(1, 1, 1, tzinfo=UTC)


def read_cookies(header: str) -> dict[str, str]:
    """Return the cookies of a Cookie header; a value may hold ``=`` and ``&``, as that of Locale does."""
    pairs = (part.strip().partition("=") for part in header.split(";"))
    return {name: value for name, _, value in reversed(list(pairs)) if name}


def signed_in(session: Session, settings: SandboxSettings) -> list[str]:
    """Return the Set-Cookie headers of a sign-in; an instance sends the first four twice."""
    expires = _http_date(datetime.now(UTC) + timedelta(days=3))
    four = [
        f"{SESSION_COOKIE}={session.id}; path=/; HttpOnly; SameSite=Lax",
        f"UserBranch={BRANCH}; path=/",
        f"Locale=Culture={settings.culture}&TimeZone={settings.time_zone}; expires={expires}; path=/",
        f"{TICKET_COOKIE}={session.ticket}; path=/; HttpOnly",
    ]
    return [*four, *four, *_request("/entity/auth/login")]


def signed_out(settings: SandboxSettings) -> list[str]:
    """Return the Set-Cookie headers of a sign-out, which let the cookies of the session expire."""
    year_ago = _http_date(datetime.now(UTC) - timedelta(days=365))
    return [
        f"{TICKET_COOKIE}=; expires=Tue, 12 Oct 1999 04:00:00 GMT; path=/; HttpOnly",
        f"{SESSION_COOKIE}=; expires={year_ago}; path=/; HttpOnly; SameSite=Lax",
        *answered("/entity/auth/logout", settings),
    ]


def answered(path: str, settings: SandboxSettings) -> list[str]:
    """Return the Set-Cookie headers of any other answer; `path` is that of the request below the instance."""
    locale = f"Locale=TimeZone={settings.time_zone}&Culture={settings.culture}; path=/"
    return [locale, f"UserBranch={BRANCH}; path=/", *_request(path)]


def _request(path: str) -> list[str]:
    ticks = (datetime.now(UTC) - _EPOCH) // timedelta(microseconds=1) * 10
    return [
        f"requestid={secrets.token_hex(16).upper()}; path=/",
        f"requeststat=+st:12+sc:~{quote(path)}+start:{ticks}+tg:; path=/",
    ]


def _http_date(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)
