"""What an instance takes with a 200 and does not store."""

from __future__ import annotations

from collections.abc import Iterable

from acudata.sandbox.bodies import Change


def discard(change: Change, paths: Iterable[str]) -> None:
    """Take fields and members out of a change; ``Details/UnitPrice`` is a field of all its rows."""
    for path in paths:
        first, _, rest = path.partition("/")
        if rest:
            for row in change.details.get(first, ()):
                discard(row, [rest])
            if first in change.linked:
                discard(change.linked[first], [rest])
        else:
            for part in (change.values, change.linked, change.details):
                part.pop(first, None)
