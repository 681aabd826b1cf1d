"""What of a filter the server does, and what is left to be done with the rows that were read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from acudata.errors import AcumaticaUnknownNameError, AcumaticaValidationError
from acudata.frames.layout import Column, Layout, value_column
from acudata.notices import warn
from acudata.odata import CustomField as FilterField
from acudata.odata import Expression, Field, names, rewrite, to_v3
from acudata.odata.fitting import fitted
from acudata.odata.nodes import Node, walk
from acudata.odata.options import checked_filter
from acudata.odata.split import split
from acudata.odata.text import text
from acudata.odata.v3 import obstacles
from acudata.schema import CustomField, Endpoint, Entity
from acudata.schema.addresses import by_name
from acudata.schema.paths import Path, Place, find

Filter = Expression | str
Steps = tuple[Path, ...]

_SUFFIX = " (filter)"


class LocalFilterWarning(UserWarning):
    """Says that the server cannot do a part of a filter, so that more is read and the part is applied here.

    Python shows it once for each place in the code that asks; `df.attrs["local_filter"]` tells the part every time.
    `strict=True` raises instead, `warnings.simplefilter("ignore", acudata.LocalFilterWarning)` keeps silent.
    """


@dataclass(frozen=True, slots=True)
class Needed:
    """Says how a field of a filter is asked for, and where its values stand in a page.

    `rows` are the steps to the detail rows that have it. `select` and `expand` are what those options must name, empty
    for nothing; `custom` is the address of a field outside the contract. A field may be beyond the server's filters.
    """

    column: Column
    rows: Steps
    select: Path
    expand: Path
    custom: str = ""
    is_beyond: bool = False

    @property
    def name(self) -> str:
        """Return the field as a filter names it."""
        return self.column.name.removesuffix(_SUFFIX)


@dataclass(frozen=True, slots=True)
class Remainder:
    """Holds the part of a filter that the server cannot do, with the fields that it looks at."""

    expression: Expression
    needed: tuple[Needed, ...]

    def __str__(self) -> str:
        return str(self.expression)

    @property
    def rows(self) -> Steps:
        """Return the steps to the detail rows that the part looks at, none when it looks at records alone."""
        return max((needed.rows for needed in self.needed), key=len, default=())

    @property
    def layout(self) -> Layout:
        """Return the layout of just what the part looks at."""
        return Layout(tuple(needed.column for needed in self.needed), rows=self.rows)

    def widened(self, layout: Layout) -> Layout:
        """Return a layout of the same detail rows, or of rows below them, with what the part looks at."""
        return Layout((*layout.columns, *self.layout.columns), rows=layout.rows)

    def warn(self) -> None:
        """Show the one note that a part of the filter is applied here."""
        note = (
            f"The contract API of Acumatica cannot filter by {self}: what the rest of the filter lets through is read,"
            " and this part is applied to it here. strict=True raises instead."
        )
        warn(note, LocalFilterWarning)


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds a checked filter: the text for the server, and the remainder for the rows read."""

    text: str | None = None
    remainder: Remainder | None = None


def part_filter(
    endpoint: Endpoint,
    entity: Entity,
    filter: Filter,  # noqa: A002 - OData's own word
    *,
    strict: bool = False,
) -> Condition:
    """Return a filter in two parts, with every name and value in it checked.

    Text is passed on as it is. Of an expression, the server gets what it can do, with literals that fit the kinds of
    their fields; in it, a custom field may go by its plain name.

    Raises AcumaticaUnknownNameError for a name that the entity does not have, AcumaticaValidationError for values that
    do not fit and, when `strict`, for what the server cannot do.
    """
    filter = checked_filter(filter)  # noqa: A001
    if isinstance(filter, Expression):
        return _Parting(endpoint, entity).of(filter, strict=strict)
    for path in names(filter):
        _refuse_plain_custom(entity, path)
        place = find(endpoint, entity, path)
        _kind(place)
        if place.rows:
            raise rows_not_asked_for("/".join(path), place.rows)
    return Condition(filter)


def _refuse_plain_custom(entity: Entity, path: Path) -> None:
    """Say how a custom field is written in text, where the plain name means nothing to the server."""
    name = ".".join(path)
    field = None if path[0] in entity.structure.fields else by_name(entity.custom).get(name)
    if field is None:
        return
    written = to_v3(Expression(FilterField(field.kind, field.view, field.name)))
    raise AcumaticaUnknownNameError(
        f"{name} is a custom field, which a filter in text does not know by this name.",
        suggestions=[f"F.{name} == …", *([] if field.member else [f'"{written} eq …"'])],
    )


def column_of(field: Field | FilterField) -> str:
    """Return the name of a column that is read for a filter alone; no column of a frame is called so."""
    return text(field) + _SUFFIX


def rows_not_asked_for(field: str, rows: Steps) -> AcumaticaValidationError:
    """Return the error of a condition on detail rows in a list of something else."""
    array, dotted = "/".join(name for step in rows for name in step), field.replace("/", ".")
    return AcumaticaValidationError(
        f"{field} is a field of detail rows; the server filters records, not their rows.",
        suggestions=[f"read with expand={array!r}: the expression F.{dotted} … then filters the rows"],
    )


class _Parting:
    """Finds the fields of a filter in the schema, and parts the filter by what the server can do with them."""

    def __init__(self, endpoint: Endpoint, entity: Entity) -> None:
        self._endpoint = endpoint
        self._entity = entity
        self._custom = by_name(entity.custom)
        self._by_view = {(field.view, field.name): field for field in reversed(entity.custom)}

    def of(self, filter: Expression, *, strict: bool) -> Condition:  # noqa: A002
        whole = rewrite(filter, self._resolved)
        needed = {node: self._needed(node) for node in _fields(whole)}

        def kind_of(path: Path) -> str:
            return needed[Field(path)].column.kind

        parts = split(
            whole, is_beyond={node for node, field in needed.items() if field.is_beyond}.__contains__
        )
        written = None if parts.server is None else to_v3(parts.server, kind_of=kind_of)
        if parts.rest is None:
            return Condition(written)
        rest = Expression(fitted(parts.rest.node, kind_of))
        if strict:
            raise _refusal(rest)
        return Condition(written, _remainder(rest, [needed[node] for node in _fields(rest)]))

    def _resolved(self, field: Field) -> Node:
        """Exchange the plain name of a record's custom field for what the server calls it."""
        found = self._custom_of(field)
        return FilterField(found.kind, found.view, found.name) if found and not found.member else field

    def _custom_of(self, field: Field) -> CustomField | None:
        is_own = field.path[0] in self._entity.structure.fields
        return None if is_own else self._custom.get(".".join(field.path))

    def _needed(self, node: Field | FilterField) -> Needed:
        if isinstance(node, FilterField):
            known = self._by_view.get((node.view, node.name)) or CustomField(node.view, node.name, node.kind)
            return self._custom_needed(node, known, is_beyond=False)
        if found := self._custom_of(node):
            return self._custom_needed(node, found, is_beyond=True)
        place = find(self._endpoint, self._entity, node.path)
        column = value_column(column_of(node), _kind(place), place.rest, depth=len(place.rows))
        return Needed(column, place.rows, place.path, place.path[:-1], is_beyond=bool(place.rows))

    def _custom_needed(self, node: Field | FilterField, field: CustomField, *, is_beyond: bool) -> Needed:
        """Return how a custom field is asked for; the member that owns it, if any, has to come too."""
        member = tuple(field.member.split("/")) if field.member else ()
        place = find(self._endpoint, self._entity, member)
        path = (*place.rest, "custom", field.view, field.name)
        column = value_column(column_of(node), field.kind, path, depth=len(place.rows))
        return Needed(column, place.rows, member, member, field.address, is_beyond)


def _fields(expression: Expression) -> list[Field | FilterField]:
    found = (node for node in walk(expression.node) if isinstance(node, Field | FilterField))
    return list(dict.fromkeys(found))


def _kind(place: Place) -> str:
    if place.kind is None:
        raise AcumaticaValidationError(
            f"{'/'.join(place.path)} is a linked entity; filter on one of its fields.",
            suggestions=[f"{'/'.join(place.path)}/{name}" for name in list(place.structure.fields)[:3]],
        )
    return place.kind


def _remainder(rest: Expression, needed: Sequence[Needed]) -> Remainder:
    remainder = Remainder(rest, tuple(needed))
    for field in needed:
        if remainder.rows[: len(field.rows)] != field.rows:
            raise AcumaticaValidationError(
                f"{rest} looks at the rows of two detail arrays, which do not stand side by side.",
                suggestions=["read each array by itself and join the frames on 'id'"],
            )
    return remainder


def _refusal(rest: Expression) -> AcumaticaValidationError:
    instead = dict.fromkeys(found.instead for found in obstacles(rest.node) if found.instead)
    return AcumaticaValidationError(
        f"The contract API of Acumatica cannot filter by {rest}.",
        suggestions=[
            *instead,
            "when reading, leave out strict=True: this part is then applied to what is read",
        ],
        context={"part": str(rest)},
    )
