"""Checks what a user asks of an entity against its schema, before any request, and says what to send and expect."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from acudata.errors import AcumaticaUnknownNameError, AcumaticaValidationError
from acudata.filters import Condition, Filter, Needed, Remainder, Steps, part_filter, rows_not_asked_for
from acudata.frames.layout import Column, Layout, id_column, value_column
from acudata.naming import nearest
from acudata.schema import CustomField, Endpoint, Entity
from acudata.schema.addresses import by_name
from acudata.schema.paths import Path, Place, find, split_paths

Names = str | Iterable[str]
Custom = str | Iterable[str] | bool | None


@dataclass(frozen=True, slots=True)
class Query:
    """Holds one checked question: what is sent, and the tables that the answer becomes.

    `params` are the query options as they go to the server. `tables` maps the entity's name, and the path of each
    expanded detail array, to the layout of its table. `remainder` is what of the filter is left to be done here.
    """

    entity: Entity
    params: Mapping[str, str]
    tables: Mapping[str, Layout]
    remainder: Remainder | None = None

    @property
    def filter(self) -> str | None:
        """Return the filter as sent."""
        return self.params.get("$filter")

    def only_table(self) -> str:
        """Return the name of the table that the one frame becomes: of the lines where a detail array is expanded.

        Raises AcumaticaValidationError when several arrays are, since their rows do not belong side by side.
        """
        lines = [name for name in self.tables if name != self.entity.name]
        innermost = [name for name in lines if not any(other.startswith(f"{name}/") for other in lines)]
        if len(innermost) > 1:
            raise AcumaticaValidationError(
                f"One frame cannot hold the rows of {' and '.join(innermost)}.",
                suggestions=[f"to_frames(expand={innermost}) gives a frame for each, to be joined on 'id'"],
            )
        return innermost[0] if innermost else self.entity.name


def make_query(
    endpoint: Endpoint,
    entity: Entity,
    *,
    filter: Filter | None = None,  # noqa: A002 - OData's own word
    select: Names | None = None,
    expand: Names | None = None,
    custom: Custom = "auto",
    strict: bool = False,
) -> Query:
    """Return the checked query.

    Raises AcumaticaUnknownNameError for a field or member that the entity does not have, AcumaticaValidationError when
    `strict` and the server cannot do a part of the filter.
    """
    question = _Question(endpoint, entity, split_paths(select), split_paths(expand), custom)
    condition = _parted(question, filter, strict=strict)
    needed = condition.remainder.needed if condition.remainder else ()
    options = {
        "$filter": condition.text or "",
        "$select": ",".join(question.selected_names(needed)),
        "$expand": ",".join(question.expanded_names(needed)),
        "$custom": ",".join(question.custom_addresses(needed)),
    }
    params = {name: text for name, text in options.items() if text}
    return Query(entity, params, dict(question.tables()), condition.remainder)


def _parted(question: _Question, filter: Filter | None, *, strict: bool) -> Condition:  # noqa: A002
    """Return the filter in two parts; the detail rows that it looks at must be asked for."""
    if filter is None:
        return Condition()
    condition = part_filter(question.endpoint, question.entity, filter, strict=strict)
    for field in condition.remainder.needed if condition.remainder else ():
        if field.rows and not question.has_rows(field.rows):
            raise rows_not_asked_for(field.name, field.rows)
    return condition


class _Question:
    """Works out what select, expand and custom mean together."""

    def __init__(
        self, endpoint: Endpoint, entity: Entity, select: list[Path], expand: list[Path], custom: Custom
    ) -> None:
        self.endpoint = endpoint
        self.entity = entity
        custom = custom if custom is None or isinstance(custom, str | bool) else list(custom)
        known = by_name(entity.custom)
        named = [known[".".join(path)] for path in select if ".".join(path) in known and not self._has(path)]
        self.places = [self._find(path) for path in select if ".".join(path) not in known or self._has(path)]
        self.is_narrowed = bool(select)
        self.is_chosen = self.is_narrowed or custom != "auto"
        owners = split_paths(field.member for field in (*named, *self._listed(custom)))
        self.expanded = list(self._expansions([self._find(path) for path in (*expand, *owners)]))
        self.custom = named if self.is_narrowed and custom == "auto" else [*named, *self._custom(custom)]

    def _has(self, path: Path) -> bool:
        """Tell whether the contract has it: its fields go before custom fields that are called the same."""
        with contextlib.suppress(AcumaticaUnknownNameError):
            return find(self.endpoint, self.entity, path).is_field
        return False

    def _find(self, path: Path) -> Place:
        if path == ("id",):
            return Place(path, (), path, "Guid", self.entity.structure)
        return find(self.endpoint, self.entity, path)

    def _expansions(self, places: list[Place]) -> Iterator[Path]:
        """Yield each member to expand after its parents, those that `select` implies included."""
        for place in places:
            if place.is_field:
                raise AcumaticaValidationError(
                    f"{'/'.join(place.path)} is a field; only linked entities and detail arrays expand.",
                    suggestions=[f"select={'/'.join(place.path)!r}"],
                )
        members = [place.path[:-1] if place.is_field else place.path for place in (*places, *self.places)]
        steps = (path[: end + 1] for path in members for end in range(len(path)))
        yield from dict.fromkeys(steps)

    def _custom(self, custom: Custom) -> list[CustomField]:
        if custom is None or custom is False:
            return []
        reachable = [
            f for f in self.entity.custom if not f.member or tuple(f.member.split("/")) in self.expanded
        ]
        if custom == "auto":
            return [field for field in reachable if field.is_tenants_own]
        return reachable if custom is True or custom == "all" else self._listed(custom)

    def _listed(self, custom: Custom) -> list[CustomField]:
        """Return the custom fields that are asked for by name."""
        if custom is None or isinstance(custom, bool) or custom in ("auto", "all"):
            return []
        known = by_name(self.entity.custom)
        names = custom.split(",") if isinstance(custom, str) else custom
        return [_custom_named(self.entity, known, name.strip()) for name in names]

    def has_rows(self, rows: Steps) -> bool:
        """Tell whether detail rows are expanded."""
        return any(chain[: len(rows)] == rows for chain in self._chains())

    def selected_names(self, needed: Iterable[Needed]) -> Iterator[str]:
        """Yield what `$select` must name: an expanded member vanishes from the answer unless it is named too.

        Everything is answered where nothing is selected; otherwise what a filter needs is named beside the rest.
        """
        if not self.is_narrowed:
            return
        paths = [place.path for place in self.places if place.path != ("id",)]
        keys = [(key,) for key in self.entity.keys] if self._chains() or not paths else []
        named = dict.fromkeys([*keys, *paths])
        unnamed = [
            member for member in self.expanded if not any(path[: len(member)] == member for path in named)
        ]
        names = [*named, *unnamed]
        extra = (field.select for field in needed if field.select)
        names += [path for path in dict.fromkeys(extra) if not any(_overlap(path, name) for name in names)]
        yield from map("/".join, names)

    def expanded_names(self, needed: Iterable[Needed]) -> Iterator[str]:
        """Yield what `$expand` must name, each member after its parents."""
        extra = (field.expand[: end + 1] for field in needed for end in range(len(field.expand)))
        yield from map("/".join, dict.fromkeys([*self.expanded, *extra]))

    def custom_addresses(self, needed: Iterable[Needed]) -> Iterator[str]:
        """Yield what `$custom` must name."""
        extra = (field.custom for field in needed if field.custom)
        yield from dict.fromkeys([*(field.address for field in self.custom), *extra])

    def tables(self) -> Iterator[tuple[str, Layout]]:
        """Yield the name and layout of the records' table and of each detail array's."""
        yield self.entity.name, Layout(tuple(_with_unique_names(self._record_columns(), ())))
        for chain in self._chains():
            name = "/".join(part for step in chain for part in step)
            yield name, Layout(tuple(_with_unique_names(self._line_columns(chain), chain)), rows=chain)

    def _chains(self) -> list[Steps]:
        """Return the steps to each detail array that is expanded."""
        places = (self._find(path) for path in self.expanded)
        return [place.rows for place in places if place.rows and not place.rest]

    def _record_columns(self) -> Iterator[Column]:
        if self.is_narrowed:
            yield from self._selected_columns(())
        else:
            yield from self._keys()
            yield from self._all_columns(())
        yield from self._custom_columns(())
        yield id_column("id")

    def _line_columns(self, chain: Steps) -> Iterator[Column]:
        yield from self._keys()
        yield from self._selected_columns(())
        if not self.is_narrowed:
            yield from self._linked_columns(())
        if self.is_chosen:
            yield from self._custom_columns(())
        for depth in range(1, len(chain) + 1):
            selected, own = (
                list(self._selected_columns(chain[:depth])),
                list(self._custom_columns(chain[:depth])),
            )
            if not selected and not (self.is_narrowed and own):
                selected = list(self._all_columns(chain[:depth]))
            yield from (*selected, *own)
        yield id_column("id")
        yield from (id_column("id", depth=depth) for depth in range(1, len(chain) + 1))

    def _keys(self) -> Iterator[Column]:
        fields = self.entity.structure.fields
        return (value_column(key, fields[key], (key,)) for key in self.entity.keys)

    def _selected_columns(self, rows: Steps) -> Iterator[Column]:
        for place in self.places:
            if place.rows != rows or place.path == ("id",):
                continue
            if place.kind is not None:
                yield value_column(".".join(place.rest), place.kind, place.rest, depth=len(rows))
            elif place.rest:
                yield from _columns_of(place)

    def _all_columns(self, rows: Steps) -> Iterator[Column]:
        """Yield the fields of a level, then those of the linked entities that are expanded in it."""
        level = self._find(tuple(part for step in rows for part in step)) if rows else None
        structure = level.structure if level else self.entity.structure
        yield from (
            value_column(name, kind, (name,), depth=len(rows)) for name, kind in structure.fields.items()
        )
        yield from self._linked_columns(rows)

    def _linked_columns(self, rows: Steps) -> Iterator[Column]:
        for place in (self._find(path) for path in self.expanded):
            if place.rows == rows and place.rest:
                yield from _columns_of(place)

    def _custom_columns(self, rows: Steps) -> Iterator[Column]:
        for field in self.custom:
            place = self._find(tuple(field.member.split("/"))) if field.member else None
            if (place.rows if place else ()) == rows:
                path = (*(place.rest if place else ()), "custom", field.view, field.name)
                name = ".".join((*(place.rest if place else ()), field.name))
                yield value_column(name, field.kind, path, depth=len(rows))


def _overlap(path: Path, other: Path) -> bool:
    """Tell whether naming one of two paths brings something of the other."""
    shorter = min(len(path), len(other))
    return path[:shorter] == other[:shorter]


def _columns_of(place: Place) -> Iterator[Column]:
    for name, kind in place.structure.fields.items():
        path = (*place.rest, name)
        yield value_column(".".join(path), kind, path, depth=len(place.rows))


def _with_unique_names(columns: Iterable[Column], rows: Steps) -> Iterator[Column]:
    """Drop a column that comes again, and prefix one whose name a column from elsewhere already has."""
    seen: dict[str, Column] = {}
    for column in columns:
        name = column.name
        if (first := seen.get(name)) is not None:
            if first.path == column.path and first.depth == column.depth:
                continue
            name = f"{_origin(column, rows)}.{name}"
        seen[name] = column
        yield Column(name, column.kind, column.path, column.depth)


def _origin(column: Column, rows: Steps) -> str:
    """Return the view of a custom field, or the detail array that a column comes from."""
    if "custom" in column.path:
        return column.path[-3]
    return rows[column.depth - 1][-1] if column.depth else column.path[0]


def _custom_named(entity: Entity, known: Mapping[str, CustomField], name: str) -> CustomField:
    try:
        return known[name.replace("/", ".")]
    except KeyError:
        raise AcumaticaUnknownNameError(
            f"{entity.name} has no custom field {name!r}.", suggestions=nearest(name, known)
        ) from None
