"""What changed while a list was read: asked for once more, by the stamp of the last change."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable

from acudata.odata.literals import of_kind
from acudata.paging.order import looks_at_the_record_alone
from acudata.schema import Entity

OVERLAP = dt.timedelta(minutes=5)
"""How long before the beginning changes count: a record is stamped when its saving begins, and there when it ends."""


Now = Callable[[], dt.datetime]


class Changes:
    """Knows when a reading began, and writes the condition of what changed since then.

    `field` is stamped with each change, by the clock of the server, which `now` tells.
    """

    def __init__(self, field: str, now: Now) -> None:
        self._field = field
        self._now = now
        self._began = time.monotonic()

    def condition(self) -> str:
        """Return the condition, in the dialect of the contract API."""
        lasted = dt.timedelta(seconds=time.monotonic() - self._began)
        since = (self._now() - lasted - OVERLAP).astimezone(dt.UTC).replace(microsecond=0)
        return f"{self._field} ge {of_kind(since, 'DateTime')}"


def changes_of(entity: Entity, filter_text: str | None, now: Now) -> Changes | None:
    """Return what asks for changes; None where the entity has no stamp, or the filter looks beyond the record."""
    field = entity.watermark
    return Changes(field, now) if field and looks_at_the_record_alone(entity, filter_text) else None
