"""Cookies as Acumatica sets them: odd characters, twice in one answer, expired at sign-out."""

from __future__ import annotations

import pytest

from acudata.transport.cookies import Cookies

CAPTURED = [
    "ASP.NET_SessionId=abc123; path=/; HttpOnly; SameSite=Lax",
    "UserBranch=16; path=/; secure; HttpOnly",
    "Locale=Culture=en-US&TimeZone=GMTM0500G; expires=Thu, 01-Jan-2099 00:00:00 GMT; path=/",
    ".ASPXAUTH=0AFF; path=/; HttpOnly",
    "requestid=5E; path=/",
    "requeststat=+st:126+sc:~/entity/auth/login+start:638064+tg:; path=/",
    "Locale=TimeZone=GMTM0500G&Culture=en-US; path=/",
    ".ASPXAUTH=0BFF; path=/; HttpOnly",
]


def test_every_cookie_is_kept_as_it_came_and_the_last_of_two_counts() -> None:
    cookies = Cookies()
    cookies.update(CAPTURED)
    assert cookies.header.split("; ") == [
        "ASP.NET_SessionId=abc123",
        "UserBranch=16",
        "Locale=TimeZone=GMTM0500G&Culture=en-US",
        ".ASPXAUTH=0BFF",
        "requestid=5E",
        "requeststat=+st:126+sc:~/entity/auth/login+start:638064+tg:",
    ]


@pytest.mark.parametrize(
    "attributes",
    [
        "expires=Tue, 12-Oct-1999 04:00:00 GMT; path=/; HttpOnly",
        "Expires=Tue, 12 Oct 1999 04:00:00 GMT",
        "path=/; Max-Age=0",
        "max-age=-1",
    ],
)
def test_an_expired_cookie_is_forgotten(attributes: str) -> None:
    cookies = Cookies({".ASPXAUTH": "0AFF", "UserBranch": "16"})
    cookies.update([f".ASPXAUTH=; {attributes}", f"Unknown=; {attributes}"])
    assert cookies.header == "UserBranch=16"


@pytest.mark.parametrize(
    "attributes", ["", "Max-Age=60", "expires=never", "expires=Thu, 01 Jan 2099 00:00:00 GMT"]
)
def test_other_attributes_do_not_matter(attributes: str) -> None:
    cookies = Cookies()
    cookies.update([f"a=1; {attributes}", "; path=/", ""])
    assert cookies.header == "a=1"


def test_a_copy_goes_its_own_way() -> None:
    cookies = Cookies({"a": "1"})
    copy = cookies.copy()
    copy.update(["a=2"])
    assert (cookies.header, copy.header) == ("a=1", "a=2")


def test_no_value_is_shown() -> None:
    cookies = Cookies({".ASPXAUTH": "0AFF"})
    assert repr(cookies) == "Cookies(['.ASPXAUTH'])"
    assert (bool(cookies), bool(Cookies())) == (True, False)
