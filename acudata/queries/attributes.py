"""Attributes as columns: where the rows of the Attributes array stand, and the columns that they become.

(Acumatica: class attributes are a detail array with AttributeID and Value; the value is text whatever it means.)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from acudata.errors import AcumaticaValidationError
from acudata.filters import Needed
from acudata.frames.layout import Column, Layout, id_column
from acudata.queries.places import Places, column_at
from acudata.schema.paths import Path

ARRAY = "Attributes"
ROWS = "$attributes"
"""The name, which no table has, of the rows that become columns; their columns' paths begin with it as well."""

_ROWS_OF: tuple[Path, ...] = ((ARRAY,),)
_FIELDS = ((ARRAY, "AttributeID"), (ARRAY, "Value"))


@dataclass(frozen=True, slots=True)
class Attributes:
    """Holds how the attributes of a record are asked for, as rows that become columns here."""

    needed: tuple[Needed, ...]

    @property
    def layout(self) -> Layout:
        """Return the layout of the rows: the record's `id`, `AttributeID` and `Value`."""
        return Layout((id_column("id"), *(field.column for field in self.needed)), rows=_ROWS_OF)


def attributes_of(places: Places) -> Attributes:
    """Return how the attributes of an entity are asked for.

    Raises AcumaticaValidationError when it has none.
    """
    if not all(map(places.has_field, _FIELDS)):
        raise AcumaticaValidationError(
            f"{places.entity.name} has no {ARRAY} that could become columns.",
            suggestions=["leave out attributes='columns'"],
        )
    columns = {path: column_at(places.find(path)) for path in _FIELDS}
    return Attributes(tuple(Needed(column, _ROWS_OF, path, (ARRAY,)) for path, column in columns.items()))


def not_both(field: str) -> AcumaticaValidationError:
    """Return the error of a condition on the rows of attributes that become columns."""
    return AcumaticaValidationError(
        f"{field} is a field of the rows that attributes='columns' makes columns of.",
        suggestions=["choose by the column: frame[frame['Attributes.COLOR'] == 'RED']"],
    )


def attribute_column(attribute: str) -> Column:
    """Return the column that an attribute becomes.

    >>> attribute_column("COLOR").name
    'Attributes.COLOR'
    """
    return Column(f"{ARRAY}.{attribute}", "String", (ROWS, attribute))


def with_attributes(layout: Layout, attributes: Iterable[str]) -> Layout:
    """Return the layout of a table with the columns of attributes, before the ids."""
    have = {column.path for column in layout.columns}
    new = [column for column in map(attribute_column, attributes) if column.path not in have]
    ids = [column for column in layout.columns if column.path == ("id",)]
    others = [column for column in layout.columns if column.path != ("id",)]
    return replace(layout, columns=(*others, *new, *ids))


def is_attribute(column: Column) -> bool:
    """Tell whether a column is made of an attribute."""
    return column.path[0] == ROWS
