"""Which error an unhappy answer is: by the server's exception type and text first, since a status alone misleads.

Acumatica answers 500 to a wrong password, to a missing record and to a query that it cannot optimise; a missing
seat comes as 500, 429, as a page with status 200 or as a redirect. None of it must be taken for trouble that passes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlsplit

from acudata.errors import (
    AcumaticaAuthError,
    AcumaticaBusinessRuleError,
    AcumaticaConcurrencyError,
    AcumaticaError,
    AcumaticaNotFoundError,
    AcumaticaOptimizationError,
    AcumaticaPermissionError,
    AcumaticaRateLimitError,
    AcumaticaSeatError,
    AcumaticaServerError,
    AcumaticaTimeoutError,
    AcumaticaValidationError,
)
from acudata.transport.advice import advice, verdict
from acudata.transport.bodies import Told, read
from acudata.transport.exchange import JSON, Ask, Reply

SIGN_IN = "entity/auth/login"

_SEAT_TEXTS = ("API Login Limit", "License_LoginLimitExceeded", "ResourceGovernor", "concurrent API logins")
_USERS_FORM = "SM201010"
"""Names the form where a user's API sessions are limited; in a refused sign-in it means that they are used up."""

_BY_EXCEPTION: tuple[tuple[str, type[AcumaticaError]], ...] = (
    ("NoEntitySatisfiesTheCondition", AcumaticaNotFoundError),
    ("CannotOptimizeException", AcumaticaOptimizationError),
    ("OutcomeEntityHasErrors", AcumaticaValidationError),
    ("PXSetProperty", AcumaticaValidationError),
    ("KeyNotFoundException", AcumaticaValidationError),
    ("ODataException", AcumaticaValidationError),
    ("PXUndefinedCompany", AcumaticaAuthError),
    ("PXNotLoggedIn", AcumaticaAuthError),
    ("PXNotEnoughRights", AcumaticaPermissionError),
    ("PXLockViolation", AcumaticaConcurrencyError),
)
_BY_TEXT: tuple[tuple[str, type[AcumaticaError]], ...] = (
    ("No entity satisfies the condition", AcumaticaNotFoundError),
    ("Optimization cannot be performed", AcumaticaOptimizationError),
    ("There is a BqlDelegate in view", AcumaticaOptimizationError),
    ("Invalid credentials", AcumaticaAuthError),
    ("proper company ID cannot be determined", AcumaticaAuthError),
    ("Another process has updated", AcumaticaConcurrencyError),
    ("The given key was not present in the dictionary", AcumaticaValidationError),
    ("binary operator with incompatible types", AcumaticaValidationError),
    ("is not a single value", AcumaticaValidationError),
    ("Type conversions not supported", AcumaticaValidationError),
    ("unknown function with name", AcumaticaValidationError),
    ("Could not find a property named", AcumaticaValidationError),
    ("Syntax error at position", AcumaticaValidationError),
)
_BY_STATUS: dict[int, type[AcumaticaError]] = {
    401: AcumaticaAuthError,
    403: AcumaticaPermissionError,
    404: AcumaticaNotFoundError,
    408: AcumaticaTimeoutError,
    409: AcumaticaConcurrencyError,
    412: AcumaticaConcurrencyError,
    429: AcumaticaRateLimitError,
}
_OWN_EXCEPTIONS = ("PX.Data.", "PX.Objects.")
_OPTIMIZED_FIELD = re.compile(r"([\w/]+): View \w+ has BQL delegate")


def fault(ask: Ask, reply: Reply) -> AcumaticaError | None:
    """Return the error that an answer amounts to, or None when it is what was asked for."""
    if reply.ok and not _is_page_instead_of_data(ask, reply):
        return None
    told = _told(reply)
    cls = _class_of(ask, reply, told)
    context = {
        "method": ask.method,
        "path": ask.path,
        "exception_type": told.exceptions[0] if told.exceptions else None,
        "location": reply.headers.get("Location"),
        "rows": dict(told.rows),
    }
    return cls(
        _message(ask, reply, told, cls),
        status_code=reply.status,
        suggestions=advice(cls, reply.status, told.everything, signing_in=_is_sign_in(ask)),
        field_errors=told.fields,
        context={name: fact for name, fact in context.items() if fact},
        **_extras(cls, reply, told),
    )


def _told(reply: Reply) -> Told:
    """Return what the answer tells; a redirect to an error page has the text in its address."""
    told = read(reply.content)
    query = parse_qs(urlsplit(reply.headers.get("Location", "")).query)
    return (
        told if told.text or reply.status >= 400 else replace(told, text=" ".join(query.get("message", [])))
    )


def _is_page_instead_of_data(ask: Ask, reply: Reply) -> bool:
    is_page = "html" in reply.headers.get("Content-Type", "") and bool(reply.content.strip())
    return is_page and ask.headers.get("Accept") == JSON


def _is_sign_in(ask: Ask) -> bool:
    return ask.path == SIGN_IN


def _class_of(ask: Ask, reply: Reply, told: Told) -> type[AcumaticaError]:
    if _is_about_seats(ask, reply, told):
        return AcumaticaSeatError
    if reply.status < 400:
        return AcumaticaServerError
    if reply.status in _BY_STATUS:
        return _BY_STATUS[reply.status]
    return _by_content(told) or _by_family(ask, reply.status, told)


def _is_about_seats(ask: Ask, reply: Reply, told: Told) -> bool:
    is_redirect = 300 <= reply.status < 400
    text = told.text + (unquote_plus(reply.headers.get("Location", "")) if is_redirect else "")
    needles = (*_SEAT_TEXTS, _USERS_FORM) if is_redirect or _is_sign_in(ask) else _SEAT_TEXTS
    return any(needle.lower() in text.lower() for needle in needles)


def _by_content(told: Told) -> type[AcumaticaError] | None:
    by_exception = (cls for part, cls in _BY_EXCEPTION if any(part in name for name in told.exceptions))
    by_text = (cls for part, cls in _BY_TEXT if part in told.text)
    return next(by_exception, None) or next(by_text, None)


def _by_family(ask: Ask, status: int, told: Told) -> type[AcumaticaError]:
    is_own = any(name.startswith(_OWN_EXCEPTIONS) for name in told.exceptions)
    if status >= 500 and is_own:
        return AcumaticaAuthError if _is_sign_in(ask) else AcumaticaBusinessRuleError
    if status >= 500:
        return AcumaticaServerError
    return AcumaticaBusinessRuleError if status == 422 and not told.fields else AcumaticaValidationError


def _message(ask: Ask, reply: Reply, told: Told, cls: type[AcumaticaError]) -> str:
    says = f" The server says: {told.text}" if told.text else ""
    return f"{ask} {verdict(cls, reply)}.{says}"


def _extras(cls: type[AcumaticaError], reply: Reply, told: Told) -> dict[str, Any]:
    if issubclass(cls, AcumaticaRateLimitError):
        return {"retry_after": _retry_after(reply.headers)}
    if issubclass(cls, AcumaticaOptimizationError):
        return {"fields": _OPTIMIZED_FIELD.findall(told.text)}
    return {}


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of a Retry-After header, a number or a date; None for anything else.

    A date is one of the server's clock, which the Date header tells.
    """
    text = headers.get("Retry-After", "").strip()
    if re.fullmatch("[0-9]{1,9}", text):
        return float(text)
    until, now = _date(text), _date(headers.get("Date", "")) or datetime.now(UTC)
    return None if until is None else max(0.0, (until - now).total_seconds())


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
