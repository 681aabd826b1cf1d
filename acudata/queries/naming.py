"""What the columns of a table are called: each by a name of its own, the plain one where it is free."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import replace

from acudata.frames.layout import Column
from acudata.schema.paths import Path

Steps = tuple[Path, ...]


def source_of(column: Column, rows: Steps) -> Path:
    """Return the path from the record to a column's values; rows of arrays count as one step each.

    >>> source_of(Column("Qty", "Decimal", ("Qty", "value"), depth=1), (("Details",),))
    ('Details', 'Qty')
    """
    above = tuple(part for step in rows[: column.depth] for part in step)
    return above + (column.path[:-1] if column.path[-1] == "value" else column.path)


def uniquely_named(columns: Iterable[Column], rows: Steps) -> Iterator[Column]:
    """Drop a column that comes again, and prefix the name of one whose name another already has."""
    sources: set[Path] = set()
    taken: set[str] = set()
    for column in columns:
        source = source_of(column, rows)
        if source in sources:
            continue
        name = next(name for name in _names(column, rows) if name not in taken)
        sources.add(source)
        taken.add(name)
        yield replace(column, name=name)


def _names(column: Column, rows: Steps) -> Iterator[str]:
    """Yield the names that a column may have, the shortest first."""
    full = ".".join(part for part in source_of(column, rows) if part != "custom")
    yield column.name
    yield f"{_origin(column, rows)}.{column.name}"
    yield full
    yield from (f"{full} ({number})" for number in itertools.count(2))


def _origin(column: Column, rows: Steps) -> str:
    """Return the view of a custom field, or the detail array that a column comes from."""
    if "custom" in column.path:
        return column.path[-3]
    return rows[column.depth - 1][-1] if column.depth else column.path[0]
