"""Which tables an answer becomes, and the columns of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from acudata.frames.layout import Column, Layout, id_column, value_column
from acudata.queries.asked import Asked
from acudata.queries.naming import Steps, uniquely_named
from acudata.queries.places import FILES, column_at
from acudata.schema.paths import Place


def tables_of(asked: Asked) -> Mapping[str, Layout]:
    """Return the layout of the records' table, under the entity's name, and of each detail array's, under its path.

    The keys come first where nothing is selected, and in every detail array's table; ids come last.
    """
    name = asked.places.entity.name
    tables = {name: Layout(tuple(_finished(asked, _record_columns(asked), ())))}
    for rows in asked.chains():
        path = "/".join(part for step in rows for part in step)
        tables[path] = Layout(tuple(_finished(asked, _line_columns(asked, rows), rows)), rows=rows)
    return tables


def _finished(asked: Asked, columns: Iterator[Column], rows: Steps) -> Iterator[Column]:
    return uniquely_named((column for column in columns if asked.keeps(column, rows)), rows)


def _record_columns(asked: Asked) -> Iterator[Column]:
    if asked.is_narrowed:
        yield from _selected_columns(asked, ())
    else:
        yield from _keys(asked)
        yield from _all_columns(asked, ())
    yield from asked.custom_columns(())
    yield id_column("id")


def _line_columns(asked: Asked, chain: Steps) -> Iterator[Column]:
    yield from _keys(asked)
    yield from _selected_columns(asked, ())
    if not asked.is_narrowed:
        yield from _linked_columns(asked, ())
    if asked.is_chosen:
        yield from asked.custom_columns(())
    for depth in range(1, len(chain) + 1):
        yield from _row_columns(asked, chain[:depth])
    yield id_column("id")
    yield from (id_column("id", depth=depth) for depth in range(1, len(chain) + 1))


def _row_columns(asked: Asked, rows: Steps) -> Iterator[Column]:
    """Yield what is selected of detail rows; all of them where nothing is."""
    selected, own = list(_selected_columns(asked, rows)), list(asked.custom_columns(rows))
    is_selected = bool(selected) or (asked.is_narrowed and bool(own))
    yield from (*(selected if is_selected else _all_columns(asked, rows)), *own)


def _keys(asked: Asked) -> Iterator[Column]:
    entity = asked.places.entity
    return (value_column(key, entity.structure.fields[key], (key,)) for key in entity.keys)


def _selected_columns(asked: Asked, rows: Steps) -> Iterator[Column]:
    for place in asked.selected:
        if place.rows != rows or place.rest == ("id",):
            continue
        if place.is_field:
            yield column_at(place)
        elif place.rest:
            yield from _columns_of(place)


def _all_columns(asked: Asked, rows: Steps) -> Iterator[Column]:
    """Yield the fields of a level, then those of the linked entities that are expanded in it."""
    path = tuple(part for step in rows for part in step)
    structure = asked.places.find(path).structure if path else asked.places.entity.structure
    yield from _columns_of(Place(path, rows, (), None, structure))
    yield from _linked_columns(asked, rows)


def _linked_columns(asked: Asked, rows: Steps) -> Iterator[Column]:
    for place in map(asked.places.find, asked.expanded):
        if place.rows == rows and place.rest:
            yield from _columns_of(place)


def _columns_of(place: Place) -> Iterator[Column]:
    """Yield the fields of a member, not what is linked below it."""
    for name, kind in place.structure.fields.items():
        yield column_at(Place((*place.path, name), place.rows, (*place.rest, name), kind, place.structure))


def is_of_files(layout: Layout) -> bool:
    """Tell whether the rows of a table are attached files."""
    return bool(layout.rows) and layout.rows[-1][-1] == FILES
