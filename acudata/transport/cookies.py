"""The cookies of one session at the server."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from email.utils import mktime_tz, parsedate_tz
from threading import Lock


class Cookies:
    """Keeps the cookies of one session; answers change them, requests carry them; safe between threads.

    (Acumatica: values hold `=`, `&`, `+`, `:` and `~`, and one answer may set a cookie twice; the last one counts.)

    >>> cookies = Cookies()
    >>> cookies.update(["Locale=Culture=en-US&TimeZone=GMTM0500G; path=/", "UserBranch=16; path=/; HttpOnly"])
    >>> cookies.header
    'Locale=Culture=en-US&TimeZone=GMTM0500G; UserBranch=16'
    """

    def __init__(self, cookies: Mapping[str, str] | None = None) -> None:
        self._values = dict(cookies or {})
        self._lock = Lock()

    @property
    def header(self) -> str:
        """Return the value of the Cookie header."""
        with self._lock:
            return "; ".join(f"{name}={value}" for name, value in self._values.items())

    def update(self, lines: Iterable[str]) -> None:
        """Take over the Set-Cookie lines of an answer; an expired one is forgotten."""
        with self._lock:
            for line in lines:
                pair, _, attributes = line.partition(";")
                name, _, value = (part.strip() for part in pair.partition("="))
                if _is_expired(attributes):
                    self._values.pop(name, None)
                elif name:
                    self._values[name] = value

    def copy(self) -> Cookies:
        """Return cookies of their own with the same values."""
        with self._lock:
            return Cookies(self._values)

    def __bool__(self) -> bool:
        return bool(self._values)

    def __repr__(self) -> str:
        return f"Cookies({sorted(self._values)})"


def _is_expired(attributes: str) -> bool:
    given = dict(_attribute(text) for text in attributes.split(";"))
    if given.get("max-age"):
        return not given["max-age"].isdigit() or int(given["max-age"]) == 0
    expires = parsedate_tz(given.get("expires", ""))
    return expires is not None and mktime_tz(expires) <= time.time()


def _attribute(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip().lower(), value.strip()
