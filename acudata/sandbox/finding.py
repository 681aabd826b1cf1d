"""Records found by what stands in a path: keys or an id."""

from __future__ import annotations

import re
import uuid

from acudata.sandbox.store import Table

SEPARATORS = re.compile(r"[/|]")


def find(table: Table, place: str) -> int | None:
    """Return the slot of the record at a place: keys between ``/`` or ``|``, or an id.

    `place` is the decoded rest of the path, so that a key with a slash in it cannot be told from two keys.
    """
    record_id = as_id(place)
    return table.find_id(record_id) if record_id else table.find_keys(SEPARATORS.split(place))


def as_id(text: str) -> str | None:
    """Return text that is a GUID in its usual form, and None for other text."""
    try:
        parsed = str(uuid.UUID(text))
    except ValueError:
        return None
    return parsed if parsed == text.strip().lower() else None
