"""What `columns=` means: columns by the names that frames show, found in the schema and put into that order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from acudata.errors import AcumaticaUnknownNameError, AcumaticaValidationError
from acudata.frames.layout import Column, Layout
from acudata.naming import nearest
from acudata.queries.asked import Asked
from acudata.queries.attributes import ARRAY, ROWS, attribute_column
from acudata.queries.custom import custom_path
from acudata.queries.naming import source_of
from acudata.queries.places import Places
from acudata.queries.tables import tables_of
from acudata.schema.addresses import by_name
from acudata.schema.paths import Path

Wanted = Mapping[str, Path]
"""The path that leads from a record to the values of each column that is wanted, in the order of the frame."""


class Columns:
    """Finds columns by the names that a frame with these members expanded shows.

    Any other field goes by its path: `Details.InventoryID`; `SalesOrder.Date` is that of the document where its lines
    have a Date as well.
    """

    def __init__(self, places: Places, expand: Iterable[Path], *, has_attributes: bool) -> None:
        self._places = places
        self._has_attributes = has_attributes
        self._custom = by_name(places.entity.custom)
        self._tables = tables_of(Asked(places, expand=expand, custom="all"))
        self._shown = self._shown_names()

    def of(self, names: str | Iterable[str]) -> Wanted:
        """Return where the columns of some names come from.

        Raises AcumaticaUnknownNameError with the nearest names, AcumaticaValidationError for what is no column.
        """
        listed = names.split(",") if isinstance(names, str) else names
        cleaned = (str(name).strip().replace("/", ".") for name in listed)
        wanted = {name: self._source(name) for name in cleaned if name}
        if not wanted:
            raise AcumaticaValidationError(
                "columns= names no column.", suggestions=["leave it out to get all columns, or name one"]
            )
        return wanted

    def _shown_names(self) -> dict[str, set[Path]]:
        """Return the paths behind each name; where one array makes one frame of lines, its names go first."""
        record = self._places.entity.name
        lines = [name for name in self._tables if name != record]
        innermost = [name for name in lines if not any(other.startswith(f"{name}/") for other in lines)]
        first = innermost if len(innermost) == 1 else [record]
        shown: dict[str, set[Path]] = {}
        for group in (first, [record], lines):
            found: dict[str, set[Path]] = {}
            for column, source in (pair for name in group for pair in _sources(self._tables[name])):
                found.setdefault(column.name, set()).add(source)
            shown = found | shown
        return shown

    def _source(self, name: str) -> Path:
        if len(shown := self._shown.get(name, ())) == 1:
            return next(iter(shown))
        if shown:
            raise AcumaticaValidationError(
                f"{name} is a column of several tables.",
                suggestions=[".".join(path) for path in sorted(shown)],
            )
        if self._has_attributes and name.startswith(f"{ARRAY}."):
            return attribute_column(name.removeprefix(f"{ARRAY}.")).path
        if name in self._custom:
            return custom_path(self._custom[name])
        return self._field(name)

    def _field(self, name: str) -> Path:
        path = tuple(name.removeprefix(f"{self._places.entity.name}.").split("."))
        try:
            place = self._places.find(path)
        except AcumaticaUnknownNameError as error:
            near = nearest(name, self._shown) or error.suggestions
            raise AcumaticaUnknownNameError(
                f"{self._places.entity.name} has no column {name!r}.", suggestions=near
            ) from None
        if not place.is_field:
            raise AcumaticaValidationError(
                f"{name} is no column, but has several.",
                suggestions=[
                    f"columns=[{f'{name}.{field}'!r}, …]" for field in list(place.structure.fields)[:1]
                ]
                + [f"expand={name!r} without columns= gives all of them"],
            )
        return place.path


def selected(wanted: Wanted) -> Iterator[Path]:
    """Yield what is to be selected so that the columns come."""
    for path in wanted.values():
        if path[0] != ROWS:
            yield tuple(part for part in path if part != "custom")


def in_order(tables: Mapping[str, Layout], wanted: Wanted) -> dict[str, Layout]:
    """Return the tables with just the columns that are wanted, and the ids, which are last unless they are wanted."""
    return {name: replace(layout, columns=tuple(_ordered(layout, wanted))) for name, layout in tables.items()}


def _ordered(layout: Layout, wanted: Wanted) -> Iterator[Column]:
    sources = {source: column for column, source in _sources(layout)}
    for name, path in wanted.items():
        if path[0] == ROWS:
            yield attribute_column(path[1])
        elif path in sources:
            yield replace(sources.pop(path), name=name)
    yield from (column for column in sources.values() if column.path == ("id",))


def _sources(layout: Layout) -> Iterator[tuple[Column, Path]]:
    return ((column, source_of(column, layout.rows)) for column in layout.columns)
