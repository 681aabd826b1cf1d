"""Which record each row of a frame means, and what is wrong with how it says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Protocol

from acudata.scalars import python_value
from acudata.writeback.cells import Cells, read_cells, without
from acudata.writeback.changes import Address, Problem
from acudata.writeback.columns import ID, Columns
from acudata.writeback.comparison import differing, positions_in
from acudata.writeback.matching import Key, Matches, aligned, doubles, folded_key, keys_of, match

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Mode = Literal["upsert", "update", "insert"]

Purpose = Mode | Literal["delete"]

NEW = "<NEW>"
"""What a key says of a record that the ERP is to number, as its forms show it."""


class Identifying(Protocol):
    """Says which of the current records or lines each row of a frame is; `now` has them in the order of the rows."""

    now: pa.RecordBatch

    def match(self, table: pa.Table) -> Matches:
        """Return where in another reading each row's record stands."""

    def exists(self, position: int) -> bool:
        """Tell whether there is a record for a row."""

    def key(self, position: int) -> dict[str, Any]:
        """Return the key of a row."""

    def id(self, position: int) -> str | None:
        """Return the id that a row has in the ERP."""

    def problems(self) -> Iterator[tuple[int, Problem]]:
        """Yield the rows that do not say well what they are."""


class Identities:
    """Matches the rows of a frame with the current records by their ids, else by their keys."""

    def __init__(self, frame: pd.DataFrame, columns: Columns, current: pa.Table, *, mode: Purpose) -> None:
        told = key_cells(frame, columns)
        self.keys = {name: _without_new(cells) for name, cells in told.items()}
        self.ids = ids_in(frame, columns)
        self.row_keys = keys_of((cells.values for cells in self.keys.values()), len(frame))
        self._to_number = {at for cells in told.values() for at in positions_in(_is_new(cells))}
        self.matches = self.match(current)
        self.now = aligned(current, self.matches.rows)
        self._mode = mode

    def match(self, table: pa.Table) -> Matches:
        """Return where in a table, which has `id`, the record of each row stands; without its keys, ids tell."""
        has_keys = self.keys.keys() <= set(table.schema.names)
        names = self.keys if has_keys else ()
        there: list[Key | None] = keys_of((table.column(name) for name in names), table.num_rows)
        return match(self.row_keys, self.ids, there, table)

    def exists(self, position: int) -> bool:
        """Tell whether there is a record for a row."""
        return self.matches.rows[position] is not None

    def key(self, position: int) -> dict[str, Any]:
        """Return a row's key as the ERP has it, or as the frame has it for a record that is not there."""
        if self.exists(position):
            return {name: self.now.column(name)[position].as_py() for name in self.keys}
        return {name: cells.values[position].as_py() for name, cells in self.keys.items()}

    def id(self, position: int) -> str | None:
        """Return the id that the record of a row has in the ERP."""
        id_: str | None = self.now.column(ID)[position].as_py()
        return id_

    def problems(self) -> Iterator[tuple[int, Problem]]:
        """Yield the rows that do not say which record they mean, or mean one that the mode does not allow."""
        there = doubles([None if row is None else (row,) for row in self.matches.rows])
        same = {**there, **doubles(self.row_keys), **doubles([folded_key([id_]) for id_ in self.ids])}
        for position in range(len(self.row_keys)):
            first = same.get(position)
            if position in self.matches.ambiguous:
                yield (
                    position,
                    Problem("", "more than one record has this key; name further columns in key=[…]"),
                )
            elif first is not None:
                yield position, Problem("", f"row {first} of the frame means the same record")
            else:
                told = (
                    self._about_presence(position) if self.exists(position) else self._about_absence(position)
                )
                yield from ((position, problem) for problem in told)

    def _about_presence(self, position: int) -> Iterator[Problem]:
        if self._mode == "insert":
            yield Problem("", 'the record exists already; mode="upsert" changes it')
        elif position in self._renamed:
            text = "a key cannot be changed by writing; the ERP has an action for it"
            yield Problem(self._renamed[position], text)

    def _about_absence(self, position: int) -> Iterator[Problem]:
        unfit = [(name, {**cells.doubts, **cells.problems}) for name, cells in self.keys.items()]
        told = [Problem(name, texts[position]) for name, texts in unfit if position in texts]
        if told:
            yield from told
        elif self.ids[position] is not None:
            yield Problem(ID, "no record has this id any more")
        elif self._mode == "delete":
            yield Problem("", "there is no such record to delete")
        elif self._mode == "update":
            yield Problem("", 'there is no such record; mode="upsert" creates it')
        elif self.row_keys[position] is None and self._mode != "insert" and position not in self._to_number:
            text = f'the key is empty; {NEW} in it, or mode="insert", creates records that the ERP numbers'
            yield Problem("", text)

    @cached_property
    def _renamed(self) -> dict[int, str]:
        """Return the rows that are found by their id and have another key than it, with the key column."""
        return {
            position: name
            for name, cells in self.keys.items()
            for position in positions_in(differing(cells, self.now.column(name)))
            if self.exists(position) and not self._is_same(cells, name, position)
        }

    def _is_same(self, cells: Cells, name: str, position: int) -> bool:
        """Tell whether a key is the same but for its case and padding."""
        there = self.now.column(name)[position].as_py()
        return folded_key([cells.values[position].as_py()]) == folded_key([there])


def addresses_in(frame: pd.DataFrame, columns: Columns) -> list[Address]:
    """Return what each row says of the record that it means."""
    cells = {name: _without_new(each) for name, each in key_cells(frame, columns).items()}
    names = list(cells)
    keys = (
        zip(*(each.values.to_pylist() for each in cells.values()), strict=True)
        if cells
        else [()] * len(frame)
    )
    pairs = zip(keys, ids_in(frame, columns), strict=True)
    return [Address(dict(zip(names, key, strict=True)), id_) for key, id_ in pairs]


def key_cells(frame: pd.DataFrame, columns: Columns) -> dict[str, Cells]:
    """Return the key columns of a frame."""
    return {column.name: read_cells(frame[column.name], column) for column in columns.keys}


def ids_in(frame: pd.DataFrame, columns: Columns) -> list[str | None]:
    """Return the ids of records that the rows of a frame have."""
    return [id_text(cell) for cell in frame[ID].array] if columns.has_id else [None] * len(frame)


def _is_new(cells: Cells) -> pa.BooleanArray:
    """Tell which keys say that the ERP is to number the record: `<NEW>`, and whatever stands behind it."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if cells.column.kind != "String":
        return pa.array([False] * len(cells.values), pa.bool_())
    return pc.fill_null(pc.starts_with(cells.values, NEW), False)  # noqa: FBT003 - Arrow's own signature


def _without_new(cells: Cells) -> Cells:
    return replace(cells, values=without(cells.values, _is_new(cells)))


def id_text(cell: Any) -> str | None:
    """Return an id as text, None for a missing one."""
    value = python_value(cell)
    return str(value) if value not in (None, "") else None
