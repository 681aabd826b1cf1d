"""The frames that tell what lines are to be: which of their columns are of the line, and which of its document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from acudata.errors import AcumaticaUnknownNameError
from acudata.frames.as_read import values_as_read
from acudata.frames.layout import Column
from acudata.naming import nearest
from acudata.schema import Structure
from acudata.schema.keys import line_keys
from acudata.writeback.columns import ID, Columns, is_stamp

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

LINE_ID = "line.id"
"""The column, in tables of lines, of their own ids; `id` is their document's."""
DELETE = "delete"
"""The column of a frame of lines that says which of them are to go."""


@dataclass(frozen=True, slots=True)
class LineFrame:
    """Holds a user's frame of lines in two parts with its rows: `lines`, and what it says of the `documents`.

    Both have the fields' own names; `keys` are those that tell lines apart, in the frame or not, `known` the columns of
    documents. `as_read` and `documents_as_read` are the values that the parts were read with.
    """

    member: str
    columns: Columns
    keys: tuple[str, ...]
    lines: pd.DataFrame
    known: Mapping[str, Column]
    documents: pd.DataFrame
    as_read: pa.Table | None
    documents_as_read: pa.Table | None

    @property
    def names(self) -> tuple[str, ...]:
        """Return what has to be read of the current lines."""
        return tuple(dict.fromkeys([*self.keys, *self.columns.names]))


def line_frame(
    frame: pd.DataFrame, member: str, structure: Structure, found: Mapping[str, Column]
) -> LineFrame:
    """Return the parts of a frame of lines of an array; `found` are those of its columns that are known.

    Raises AcumaticaUnknownNameError that names every column which is no field.
    """
    _refuse_unknown(frame, member, structure, found)
    of_lines = {name: _own(column) for name, column in found.items() if column.depth == 1}
    of_documents = {name: _own(column) for name, column in found.items() if not column.depth}
    line_names = {name: LINE_ID if column.name == ID else column.name for name, column in of_lines.items()}
    names = {name: column.name for name, column in of_documents.items()}
    if DELETE in frame.columns and DELETE not in structure.fields:
        line_names[DELETE] = DELETE
    table = values_as_read(frame)
    return LineFrame(
        member,
        _parts(structure, [column for column in of_lines.values() if column.name != ID]),
        line_keys(structure.name, structure.fields),
        frame[list(line_names)].set_axis(list(line_names.values()), axis="columns"),
        {column.name: column for column in of_documents.values()},
        frame[list(names)].set_axis(list(names.values()), axis="columns"),
        None if table is None else _renamed(table, {**line_names, ID: ID}),
        None if table is None else _renamed(table, {**names, ID: ID}),
    )


def _refuse_unknown(
    frame: pd.DataFrame, member: str, structure: Structure, found: Mapping[str, Column]
) -> None:
    unknown = [name for name in frame.columns if name not in found and name != DELETE]
    if unknown:
        raise AcumaticaUnknownNameError(
            f"{member} has no field {', '.join(map(repr, unknown))}; drop the column or rename it.",
            suggestions=[near for name in unknown for near in nearest(name, structure.fields, limit=1)],
        )


def _parts(structure: Structure, columns: Sequence[Column]) -> Columns:
    named = {column.name: column for column in columns}
    keys = line_keys(structure.name, named)
    values = [column for name, column in named.items() if name not in keys and not is_stamp(name)]
    stamps = (name for name, kind in structure.fields.items() if is_stamp(name) and kind == "DateTime")
    stamp = next((name for name in stamps if name.startswith("LastModified")), None)
    return Columns(tuple(named[name] for name in keys), tuple(values), has_id=False, stamp=stamp)


def _own(column: Column) -> Column:
    """Return a column under the name that its field has in its own record or row."""
    parts = list(column.path[:-1] if column.path[-1] == "value" else column.path)
    if "custom" in parts:
        at = parts.index("custom")
        del parts[at : at + 2]
    return replace(column, name=".".join(parts), depth=0)


def _renamed(table: pa.Table, names: Mapping[str, str]) -> pa.Table:
    kept = [name for name in names if name in table.schema.names]
    return table.select(kept).rename_columns([names[name] for name in kept])


def _is_stamp(name: str) -> bool:
    return name.rpartition(".")[2].startswith(("LastModified", "Created"))
