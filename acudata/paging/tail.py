"""The last record of a page, read without the rest: it tells how long the page is, and where the next one begins."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_BEGINNING = b'{"id"'
_TRIES = 200
_BLANKS = 20
"""Bytes within which the last record ends."""


def is_empty(page: bytes) -> bool:
    """Tell whether a page has no records."""
    return not page[-_BLANKS:].rstrip(b"] \r\n\t").endswith(b"}")


def last_record(page: bytes) -> Mapping[str, Any] | None:
    """Return the last record of a page, None where it is not easily found.

    A record begins as its detail rows do, so the last beginning after which nothing but the end of the page follows is
    that of the record. Within a text a quote is escaped, so that no text looks like a beginning.

    >>> last_record(b'[{"id":"a"},{"id":"b","Details":[{"id":"c"}]}]')
    {'id': 'b', 'Details': [{'id': 'c'}]}
    """
    end = page.rfind(b"]")
    at = end
    for _ in range(_TRIES):
        at = page.rfind(_BEGINNING, 0, max(at, 0))
        if at < 0:
            return None
        try:
            record: dict[str, Any] = json.loads(page[at:end])
        except ValueError:
            continue
        return record
    return None
