"""What `select`, `expand` and `custom` mean together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from acudata.errors import AcumaticaValidationError
from acudata.frames.layout import Column
from acudata.queries.custom import chosen, custom_column, custom_path, listed
from acudata.queries.naming import Steps, source_of
from acudata.queries.places import Places
from acudata.questions import Custom
from acudata.schema import CustomField
from acudata.schema.addresses import by_name
from acudata.schema.paths import Path, Place, split_paths


class Asked:
    """Holds what is asked for: the places that are selected, the members that are expanded, and the custom fields.

    `is_narrowed` tells whether anything is selected; without, everything at hand comes. `without` are the paths of
    what is left out all the same, members with all that is below them.
    """

    def __init__(
        self,
        places: Places,
        *,
        select: Iterable[Path] = (),
        expand: Iterable[Path] = (),
        custom: Custom = "auto",
        without: Collection[Path] = (),
    ) -> None:
        self._places = places
        self._without = without
        select, custom = list(select), custom if isinstance(custom, str | bool | None) else list(custom)
        named, found = self._parted(select)
        self.is_narrowed = bool(select)
        self.is_chosen = self.is_narrowed or custom != "auto"
        owners = split_paths(field.member for field in (*named, *listed(places.entity, custom)))
        self.expanded = list(self._expansions([places.find(path) for path in (*expand, *owners)], found))
        self.selected = [place for place in found if not self.is_left_out(place.path)]
        more = [] if self.is_narrowed and custom == "auto" else chosen(places.entity, custom, self.expanded)
        self.custom = [
            field for field in dict.fromkeys((*named, *more)) if not self.is_left_out(custom_path(field))
        ]

    def _parted(self, select: Iterable[Path]) -> tuple[list[CustomField], list[Place]]:
        """Return the custom fields among what is selected, and the places; fields of the contract go first."""
        known = by_name(self._places.entity.custom)
        paths = dict.fromkeys(select)
        named = {path: known[".".join(path)] for path in paths if self._is_custom(path, known)}
        return list(named.values()), [self._places.find(path) for path in paths if path not in named]

    def _is_custom(self, path: Path, known: Collection[str]) -> bool:
        return ".".join(path) in known and not self._places.has_field(path)

    def _expansions(self, members: Iterable[Place], selected: Iterable[Place]) -> Iterator[Path]:
        """Yield each member to expand after its parents, those that `select` implies included."""
        for place in members:
            if place.is_field:
                raise AcumaticaValidationError(
                    f"{'/'.join(place.path)} is a field; only linked entities and detail arrays expand.",
                    suggestions=[f"select={'/'.join(place.path)!r}"],
                )
        paths = [place.path[:-1] if place.is_field else place.path for place in (*members, *selected)]
        steps = (path[: end + 1] for path in paths for end in range(len(path)))
        yield from (path for path in dict.fromkeys(steps) if not self.is_left_out(path))

    def is_left_out(self, path: Path) -> bool:
        """Tell whether a path is one of those left out, or below one."""
        return any(path[: len(left)] == left for left in self._without)

    def is_whole(self, member: Path) -> bool:
        """Tell whether nothing of a member is left out."""
        return not any(left[: len(member)] == member for left in self._without)

    @property
    def places(self) -> Places:
        """Return what finds the places of the entity."""
        return self._places

    def chains(self) -> list[Steps]:
        """Return the steps to each detail array that is expanded."""
        places = (self._places.find(path) for path in self.expanded)
        return [place.rows for place in places if place.rows and not place.rest]

    def has_rows(self, rows: Steps) -> bool:
        """Tell whether detail rows are expanded."""
        return any(chain[: len(rows)] == rows for chain in self.chains())

    def keeps(self, column: Column, rows: Steps) -> bool:
        """Tell whether a column is not left out."""
        return not self.is_left_out(source_of(column, rows))

    def custom_columns(self, rows: Steps) -> Iterator[Column]:
        """Yield the columns of the custom fields that stand in certain detail rows, or in the record itself."""
        for field in self.custom:
            owner = self._places.find(tuple(field.member.split("/"))) if field.member else None
            if (owner.rows if owner else ()) == rows:
                yield custom_column(self._places, field)
