"""Custom fields that are too many for one request: what the further requests of a page ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from acudata.frames.layout import Column, Layout, id_column
from acudata.queries.custom import custom_path
from acudata.queries.naming import Steps, source_of
from acudata.queries.places import Places
from acudata.schema import CustomField
from acudata.schema.paths import Path


@dataclass(frozen=True, slots=True)
class Chunk:
    """Holds the custom fields that one further request of a page asks for, and the options of that request."""

    fields: tuple[CustomField, ...]
    params: Mapping[str, str]

    def columns_of(self, layout: Layout) -> Iterator[Column]:
        """Yield the columns of a table that this request gives."""
        sources = set(map(custom_path, self.fields))
        return (column for column in layout.columns if source_of(column, layout.rows) in sources)

    def layouts(self, tables: Mapping[str, Layout]) -> dict[Steps, Layout]:
        """Return what is to be decoded of the answer: an id and the custom fields, for each kind of row."""
        found: dict[Steps, dict[str, Column]] = {}
        for layout in tables.values():
            for column in self.columns_of(layout):
                rows = layout.rows[: column.depth]
                found.setdefault(rows, {})[joined_as(column)] = column
        return {rows: _layout(rows, columns) for rows, columns in found.items()}


def joined_as(column: Column) -> str:
    """Return the name of a column in the answer to a further request; frames may call it otherwise."""
    return "/".join(column.path)


def chunk_of(places: Places, fields: Sequence[CustomField]) -> Chunk:
    """Return the narrowest request that brings custom fields."""
    entity = places.entity
    members = [tuple(name.split("/")) for name in dict.fromkeys(field.member for field in fields) if name]
    steps = dict.fromkeys(member[: end + 1] for member in members for end in range(len(member)))
    own = [(key,) for key in entity.keys] or _first_field(places, ())
    select = (*own, *(path for member in members for path in _first_field(places, member) or [member]))
    options = {"$select": select, "$expand": tuple(steps)}
    params = {option: ",".join(map("/".join, paths)) for option, paths in options.items() if paths}
    return Chunk(tuple(fields), params | {"$custom": ",".join(field.address for field in fields)})


def _first_field(places: Places, member: Path) -> list[Path]:
    structure = places.find(member).structure if member else places.entity.structure
    return [(*member, name) for name in list(structure.fields)[:1]]


def _layout(rows: Steps, columns: Mapping[str, Column]) -> Layout:
    named = (Column(name, column.kind, column.path, column.depth) for name, column in columns.items())
    return Layout((id_column("id", depth=len(rows)), *named), rows=rows)
