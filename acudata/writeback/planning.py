"""Compares the rows of a frame with the current records, cell by cell; nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from acudata.frames.layout import Column, value_column
from acudata.writeback.cells import Cells, read_cells
from acudata.writeback.changes import Action, Change, PlannedRecord, Problem
from acudata.writeback.columns import ID, Columns
from acudata.writeback.comparison import differing, new_value, old_value, positions_in, unequal
from acudata.writeback.identity import Identifying, Identities, Mode
from acudata.writeback.matching import aligned

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

OnConflict = Literal["show", "overwrite"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """Holds what the user wants of a plan; `Service.plan` explains each part."""

    mode: Mode = "upsert"
    clear_nulls: bool = False
    on_conflict: OnConflict = "show"


class Comparison:
    """Compares the rows of a frame with the current records, and with what they were when the frame was read.

    `current` and `as_read` have the columns of `columns.names` and `id`; `as_read`, which may have fewer, is None
    where nobody knows. With it, only what the user touched is a change, and what somebody else touched is a conflict.
    `identities` say which of the current records each row is, by id or key unless given.
    """

    def __init__(
        self,
        frame: pd.DataFrame,
        columns: Columns,
        current: pa.Table,
        *,
        as_read: pa.Table | None = None,
        intent: Intent,
        identities: Identifying | None = None,
    ) -> None:
        self._frame = frame
        self._columns = columns
        self._intent = intent
        self._count = len(frame)
        self._cells = {column.name: read_cells(frame[column.name], column) for column in columns.values}
        self._identities = identities or Identities(frame, columns, current, mode=intent.mode)
        self._now = self._identities.now
        then = as_read if as_read is not None else _own_stamps(frame, columns)
        self._then = None if then is None else aligned(then, self._identities.match(then).rows)

    def records(self) -> Iterator[PlannedRecord]:
        """Yield what becomes of each row, in the order of the frame."""
        for position in range(self._count):
            changes = self._changes[position]
            conflicts = self._conflicts[position] if changes else {}
            problems = tuple(self._problems[position])
            changes = {**self._refused(position, problems), **changes}
            yield PlannedRecord(
                (position,),
                "invalid" if problems else self._action(position, changes, conflicts),
                self._identities.key(position),
                self._identities.id(position),
                changes,
                conflicts=conflicts,
                problems=problems,
            )

    def _refused(self, position: int, problems: Iterable[Problem]) -> dict[str, Change]:
        """Return the cells that cannot be written: what the ERP has, and what the frame says, as text."""
        names = [problem.column for problem in problems if problem.column in self._cells]
        return {
            name: Change(old_value(self._now.column(name)[position]), str(self._frame[name].array[position]))
            for name in names
        }

    def _action(
        self, position: int, changes: Mapping[str, Change], conflicts: Mapping[str, Change]
    ) -> Action:
        if not self._identities.exists(position):
            return "create"
        if not changes:
            return "unchanged"
        return "conflict" if conflicts and self._intent.on_conflict == "show" else "update"

    @cached_property
    def _changes(self) -> list[dict[str, Change]]:
        """Return the changed cells of each row; columns are compared as a whole."""
        changes: list[dict[str, Change]] = [{} for _ in range(self._count)]
        for name, cells in self._cells.items():
            now = self._now.column(name)
            for position in positions_in(self._to_change(cells)):
                changes[position][name] = Change(old_value(now[position]), new_value(cells, position))
        return changes

    def _to_change(self, cells: Cells) -> pa.BooleanArray:
        """Tell which cells are to become other than they are, by the user's own doing where that is known."""
        import pyarrow.compute as pc

        name = cells.column.name
        wanted = self._wanted(cells, self._now.column(name))
        if self._then is None or name not in self._then.schema.names:
            return wanted
        is_known = pc.is_valid(self._then.column(ID))
        touched = self._wanted(cells, self._then.column(name))
        return pc.and_(wanted, pc.or_(touched, pc.invert(is_known)))

    def _wanted(self, cells: Cells, there: pa.Array) -> pa.BooleanArray:
        """Tell which cells are to be other than what is there; missing ones only where they are to clear."""
        import pyarrow.compute as pc

        differs = differing(cells, there)
        if not self._intent.clear_nulls:
            return differs
        return pc.or_(differs, pc.and_(pc.is_null(cells.values), pc.is_valid(there)))

    @cached_property
    def _conflicts(self) -> list[dict[str, Change]]:
        """Return what somebody else changed in each record since the frame was read."""
        import pyarrow.compute as pc

        conflicts: list[dict[str, Change]] = [{} for _ in range(self._count)]
        if self._then is None:
            return conflicts
        both = pc.and_(pc.is_valid(self._then.column(ID)), pc.is_valid(self._now.column(ID)))
        for column in self._watched():
            then, now = self._then.column(column.name), self._now.column(column.name)
            for position in positions_in(pc.and_(both, unequal(column, then, now))):
                conflicts[position][column.name] = Change(old_value(then[position]), old_value(now[position]))
        return conflicts

    def _watched(self) -> Iterator[Column]:
        """Yield the columns of which both readings know the values, the stamp of the last change among them."""
        stamp = self._columns.stamp
        stamps = (value_column(stamp, "DateTime", (stamp,)),) if stamp else ()
        known = self._then.schema.names if self._then is not None else []
        yield from (column for column in (*self._columns.values, *stamps) if column.name in known)

    @cached_property
    def _problems(self) -> list[list[Problem]]:
        problems: list[list[Problem]] = [[] for _ in range(self._count)]
        for position, problem in self._identities.problems():
            problems[position].append(problem)
        for name, cells in self._cells.items():
            doubts = {at: text for at, text in cells.doubts.items() if name in self._changes[at]}
            for position, text in {**doubts, **cells.problems}.items():
                problems[position].append(Problem(name, text))
        return problems


def _own_stamps(frame: pd.DataFrame, columns: Columns) -> pa.Table | None:
    """Return what a frame itself tells of when its records were changed last, None where it does not."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not columns.has_id or columns.stamp not in frame.columns:
        return None
    stamp = value_column(str(columns.stamp), "DateTime", (str(columns.stamp),))
    told = frame.assign(**{stamp.name: _in_utc(frame[stamp.name])})
    parts = (stamp, *columns.keys, value_column(ID, "String", (ID,)))
    table = pa.table({column.name: read_cells(told[column.name], column).values for column in parts})
    return table.filter(pc.is_valid(table.column(stamp.name)))


def _in_utc(stamps: pd.Series[Any]) -> pd.Series[Any]:
    """Return instants with the zone that they lost on the way: Excel takes none."""
    import pandas as pd

    return stamps.dt.tz_localize("UTC") if pd.api.types.is_datetime64_dtype(stamps) else stamps
