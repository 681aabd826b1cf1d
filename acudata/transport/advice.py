"""How an error is put into words: what became of the request, and what to try."""

from __future__ import annotations

import re

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
from acudata.transport.exchange import Reply

_VERDICTS: dict[type[AcumaticaError], str] = {
    AcumaticaAuthError: "was refused",
    AcumaticaPermissionError: "is not allowed to this user",
    AcumaticaSeatError: "got no API session: all of them are taken",
    AcumaticaRateLimitError: "was declined, since there are too many requests",
    AcumaticaNotFoundError: "found nothing",
    AcumaticaValidationError: "was refused as not valid",
    AcumaticaBusinessRuleError: "is against a rule of the ERP",
    AcumaticaConcurrencyError: "was stopped: the record is not as the request expects it",
    AcumaticaOptimizationError: "cannot be answered as a list",
    AcumaticaTimeoutError: "took the server too long",
}

_ADVICE: dict[type[AcumaticaError], list[str]] = {
    AcumaticaAuthError: [
        "the server has ended the session: make a new client, or leave retry_on_idle_logout on"
    ],
    AcumaticaPermissionError: [
        "ask an administrator for rights to the form, and make a new client after they were given"
    ],
    AcumaticaSeatError: [
        "close other clients; a session that was never signed out is free again after 10 to 20 minutes",
        "ask an administrator to look at License Monitoring (SM604000) and at the user's limit (SM201010)",
    ],
    AcumaticaRateLimitError: [
        "lower rate_limit_calls_per_second, or the number of programs that run at the same time"
    ],
    AcumaticaNotFoundError: [
        "check the keys: case and leading zeros count, and a key that holds / is only found by the record's id",
        "check endpoint_name and endpoint_version",
    ],
    AcumaticaConcurrencyError: [
        "somebody else works on the record, or did so meanwhile: read it again, look at what changed, and write anew"
    ],
    AcumaticaOptimizationError: [
        "leave these fields out with select, or do not expand them",
        "read such records one by one, by key",
    ],
}

_SIGN_IN_ADVICE = [
    "check user name, password and the tenant's login name; it was tried once and will not be tried again, "
    "since wrong passwords lock a user out",
    "check that base_url ends with the name of the instance, if it has one: https://host/AcumaticaERP",
    "sign in with a browser once: a first or expired password has to be changed there",
]
_UNAVAILABLE_ADVICE = ["try again in a minute; the site may be starting, or busy"]
_BUG_ADVICE = ["ask an administrator to look at the instance's trace, if it fails again"]
_ADDRESS_ADVICE = ["check base_url: https:// instead of http://, and the name of the instance at its end"]
_TEXT_ADVICE = {
    "The given key was not present": "names in select, expand and custom have to be those of the schema, case included",
    "unknown function": "Acumatica's contract API knows substringof, startswith and endswith; apply the rest in pandas",
    "is not a single value": "filter on fields of the record itself; rows of a detail can be filtered in pandas",
    "incompatible types": "write text in quotes, numbers, true and false without, dates as datetimeoffset'2024-12-31'",
    "Syntax error": "OData writes Status eq 'Open' and Date ge datetimeoffset'2024-12-31'; or let F write it",
    "period.* (closed|locked|inactive)": "give the document a date in an open period, or ask the accountants to open "
    "the period again (Manage Financial Periods, GL503000)",
}
"""What to try by a pattern that what the server says has in it."""


def verdict(cls: type[AcumaticaError], reply: Reply) -> str:
    """Return what became of a request, to stand after its name."""
    if cls in _VERDICTS:
        return _VERDICTS[cls]
    if 300 <= reply.status < 400:
        return f"was redirected to {reply.headers.get('Location', 'nowhere').partition('?')[0]}"
    return "got a web page instead of data" if reply.ok else f"failed at the server (HTTP {reply.status})"


def advice(cls: type[AcumaticaError], status: int, text: str, *, signing_in: bool) -> list[str]:
    """Return what to try; `text` is what the server says, of the fields too."""
    if signing_in and cls is AcumaticaAuthError:
        return _SIGN_IN_ADVICE
    if (200 <= status < 400 and cls is AcumaticaServerError) or (
        signing_in and cls is AcumaticaNotFoundError
    ):
        return _ADDRESS_ADVICE
    if status in (502, 503, 504):
        return _UNAVAILABLE_ADVICE
    if cls is AcumaticaServerError:
        return _BUG_ADVICE
    return _ADVICE.get(cls) or [
        advice for pattern, advice in _TEXT_ADVICE.items() if re.search(pattern, text, re.IGNORECASE)
    ]
