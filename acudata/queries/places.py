"""Finds what names lead to, and what every record has beside its contract: `id`, `note` and attached files."""

from __future__ import annotations

import contextlib

from acudata.errors import AcumaticaUnknownNameError
from acudata.frames.layout import Column
from acudata.schema import Endpoint, Entity, Structure
from acudata.schema.paths import Path, Place, find

FILES = "files"
FILE = Structure("File", {"filename": "String", "href": "String", "comment": "String"})
"""What an attached file is told by. (Acumatica: plain values, not wrapped ones; the comment since 24R2.)"""

_BESIDE = {"id": "Guid", "note": "String"}


class Places:
    """Finds the places of one entity by their paths."""

    def __init__(self, endpoint: Endpoint, entity: Entity) -> None:
        self.endpoint = endpoint
        self.entity = entity

    def find(self, path: Path) -> Place:
        """Return the place that a path leads to.

        Raises AcumaticaUnknownNameError, with the nearest names, when there is none.
        """
        if self.has(path):
            return find(self.endpoint, self.entity, path)
        *above, last = path
        if last == FILES:
            owner = self._owner(tuple(above))
            return Place(path, (*owner.rows, (*owner.rest, FILES)), (), None, FILE)
        if last in _BESIDE:
            owner = self._owner(tuple(above))
            return Place(path, owner.rows, (*owner.rest, last), _BESIDE[last], owner.structure)
        if above and above[-1] == FILES and last in FILE.fields:
            return Place(path, self.find(tuple(above)).rows, (last,), FILE.fields[last], FILE)
        return find(self.endpoint, self.entity, path)

    def has(self, path: Path) -> bool:
        """Tell whether a path leads to something of the contract."""
        with contextlib.suppress(AcumaticaUnknownNameError):
            find(self.endpoint, self.entity, path)
            return True
        return False

    def has_field(self, path: Path) -> bool:
        """Tell whether a path leads to a field of the contract."""
        return self.has(path) and find(self.endpoint, self.entity, path).is_field

    def _owner(self, path: Path) -> Place:
        """Return the record, row or linked entity of a path."""
        if not path:
            return Place((), (), (), None, self.entity.structure)
        owner = self.find(path)
        if owner.is_field:
            find(self.endpoint, self.entity, (*path, "id"))  # says that nothing is below a field
        return owner


def column_at(place: Place) -> Column:
    """Return the column of the field at a place."""
    is_bare = place.structure is FILE or place.rest[-1] == "id"
    path = place.rest if is_bare else (*place.rest, "value")
    return Column(".".join(place.rest), place.kind or "String", path, len(place.rows))


def named_in_select(place: Place) -> Path:
    """Return what `$select` must name for a place, nothing for what comes anyway.

    (Acumatica: `id` and `note` come with every record and row; `files` is named as a whole.)
    """
    if place.structure is FILE:
        return place.path[: place.path.index(FILES) + 1]
    return () if place.path[-1] in _BESIDE and place.path[-1] not in place.structure.fields else place.path
