"""What lists of real instances keep from those who read them: records, their order, and that anything is amiss."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from itertools import islice

from acudata.sandbox.endpoint import Entity
from acudata.sandbox.matching import Predicate
from acudata.sandbox.queries import Query
from acudata.sandbox.settings import SandboxSettings


class Lapses:
    """Applies the settings by which a list answers something else than it was asked for."""

    def __init__(self, settings: SandboxSettings) -> None:
        self._settings = settings

    def page(self, slots: Iterable[int], query: Query) -> Iterable[int]:
        """Return what a page shows of the slots of all records, which come in the order of the keys."""
        skip = query.skip if self._settings.skip == "honoured" else 0
        sizes = [size for size in (query.top, self._settings.page_limit) if size is not None]
        end = skip + min(sizes) if sizes else None
        ordered = self._ordered(slots)
        return ordered[skip:end] if isinstance(ordered, Sequence) else islice(ordered, skip, end)

    def is_silent(self, entity: Entity, condition: Predicate) -> bool:
        """Tell whether a filter gets an empty list, whatever it would match."""
        if entity.name in self._settings.key_filters and any(
            field.linked or field.name not in entity.keys for field in condition.fields
        ):
            return True
        own = entity.structure.view
        views = {(field.linked, field.view or own) for field in condition.fields}
        return entity.name in self._settings.one_view_filters and len(views) > 1

    def _ordered(self, slots: Iterable[int]) -> Iterable[int]:
        if self._settings.list_order == "keys":
            return slots
        if self._settings.list_order == "scattered":
            return sorted(slots, key=_scattered)
        shuffled = list(slots)
        random.shuffle(shuffled)
        return shuffled


def _scattered(slot: int) -> int:
    return slot * 2654435761 % 2**32  # Knuth's multiplicative hash
