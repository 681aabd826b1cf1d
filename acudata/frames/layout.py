"""Which columns a frame has, and where in a page of JSON each one's values stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from acudata.schema.kinds import arrow_type, is_stamp

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Column:
    """Describes one column of a frame.

    `path` leads from the record, or from the row at `depth` details below it, to the value: `("OrderTotal", "value")`,
    `("MainContact", "Email", "value")`, `("custom", "Document", "UsrRoute", "value")` or `("id",)`.
    """

    name: str
    kind: str
    path: tuple[str, ...]
    depth: int = 0

    @property
    def field(self) -> str:
        """Return the contract's name of the field, which decides whether a time is a stamp."""
        return self.path[-2] if self.path[-1] == "value" else self.path[-1]

    @property
    def arrow_type(self) -> pa.DataType:
        """Return the Arrow type of the values."""
        return arrow_type(self.field, self.kind)

    @property
    def is_business_time(self) -> bool:
        """Tell whether the values are wall-clock times that must never be shifted."""
        return self.kind == "DateTime" and not is_stamp(self.field, self.kind)


@dataclass(frozen=True, slots=True)
class Layout:
    """Describes the table that a page becomes.

    `rows` are the steps to the detail array whose rows become the rows of the table, each the path from a record or row
    to an array of it: `(("Details",), ("Allocations",))`. Without any there is one row per record.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def schema(self) -> pa.Schema:
        """Return the Arrow schema; it is the same for every page and for none."""
        import pyarrow as pa

        return pa.schema([(column.name, column.arrow_type) for column in self.columns])

    def at_depth(self, depth: int) -> Iterator[Column]:
        """Return the columns whose values stand `depth` detail arrays below the record."""
        return (column for column in self.columns if column.depth == depth)


@dataclass(frozen=True, slots=True)
class Rows:
    """Holds what a page has for one table; `origins` are the positions, from 0, of the record behind each row."""

    batch: pa.RecordBatch
    origins: pa.Int64Array


@dataclass(frozen=True, slots=True)
class Page:
    """Holds one decoded page: the rows of each table, and the number of records that the page had.

    `invalid` maps a column to its values that are not of the declared kind; they became missing. What stands in several
    tables is told once.
    """

    tables: Mapping[str, Rows]
    records: int
    invalid: Mapping[str, Sequence[Any]] = field(default_factory=dict)

    @property
    def batches(self) -> dict[str, pa.RecordBatch]:
        """Return the batch of each table."""
        return {name: rows.batch for name, rows in self.tables.items()}


def value_column(name: str, kind: str, path: Sequence[str], *, depth: int = 0) -> Column:
    """Return a column of wrapped values.

    >>> value_column("MainContact.Email", "String", ["MainContact", "Email"]).path
    ('MainContact', 'Email', 'value')
    """
    return Column(name, kind, (*path, "value"), depth)


def id_column(name: str, *, depth: int = 0) -> Column:
    """Return the column of the records' own ids, or of the rows' at a depth."""
    return Column(name, "Guid", ("id",), depth)
