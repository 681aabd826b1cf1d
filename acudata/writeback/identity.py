"""Which record each row of a frame means, and what is wrong with how it says so."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from acudata.scalars import python_value
from acudata.writeback.cells import Cells, read_cells
from acudata.writeback.changes import Address, Problem
from acudata.writeback.columns import ID, Columns
from acudata.writeback.comparison import differing, positions_in
from acudata.writeback.matching import Key, Matches, aligned, doubles, keys_of, match

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Mode = Literal["upsert", "update", "insert"]


class Identities:
    """Matches the rows of a frame with the current records by their ids, else by their keys."""

    def __init__(self, frame: pd.DataFrame, columns: Columns, current: pa.Table, *, mode: Mode) -> None:
        self.keys = _key_cells(frame, columns)
        self.ids = _ids(frame, columns)
        self.row_keys = keys_of((cells.values for cells in self.keys.values()), len(frame))
        self.matches = self.match(current)
        self.now = aligned(current, self.matches.rows)
        self._mode = mode

    def match(self, table: pa.Table) -> Matches:
        """Return where in a table, which has the key columns and `id`, the record of each row stands."""
        there: list[Key | None] = keys_of((table.column(name) for name in self.keys), table.num_rows)
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
        same_key, same_id = doubles(self.row_keys), doubles([(id_,) if id_ else None for id_ in self.ids])
        for position in range(len(self.row_keys)):
            first = same_id.get(position, same_key.get(position))
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
        elif self._mode == "update":
            yield Problem("", 'there is no such record; mode="upsert" creates it')
        elif self.row_keys[position] is None and self._mode != "insert":
            yield Problem("", 'the key is empty; mode="insert" creates records that the ERP numbers')

    @cached_property
    def _renamed(self) -> dict[int, str]:
        """Return the rows that are found by their id and have another key than it, with the key column."""
        return {
            position: name
            for name, cells in self.keys.items()
            for position in positions_in(differing(cells, self.now.column(name)))
            if self.exists(position)
        }


def addresses_in(frame: pd.DataFrame, columns: Columns) -> list[Address]:
    """Return what each row says of the record that it means."""
    cells = _key_cells(frame, columns)
    names = list(cells)
    keys = (
        zip(*(each.values.to_pylist() for each in cells.values()), strict=True)
        if cells
        else [()] * len(frame)
    )
    pairs = zip(keys, _ids(frame, columns), strict=True)
    return [Address(dict(zip(names, key, strict=True)), id_) for key, id_ in pairs]


def _key_cells(frame: pd.DataFrame, columns: Columns) -> dict[str, Cells]:
    return {column.name: read_cells(frame[column.name], column) for column in columns.keys}


def _ids(frame: pd.DataFrame, columns: Columns) -> list[str | None]:
    return [_text(cell) for cell in frame[ID].array] if columns.has_id else [None] * len(frame)


def _text(cell: Any) -> str | None:
    value = python_value(cell)
    return str(value) if value not in (None, "") else None
