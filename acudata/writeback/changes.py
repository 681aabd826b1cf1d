"""What a plan is made of: records and lines with the cells that are to change; plain data, as JSON keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Action = Literal["create", "update", "delete", "unchanged", "conflict", "invalid"]
WRITTEN: frozenset[Action] = frozenset({"create", "update", "delete"})


@dataclass(frozen=True, slots=True)
class Address:
    """Says which record is meant: by its key columns, by its id, or both."""

    key: Mapping[str, Any]
    id: str | None = None

    @property
    def has_key(self) -> bool:
        """Tell whether the key is whole."""
        return bool(self.key) and all(value is not None for value in self.key.values())


@dataclass(frozen=True, slots=True)
class Change:
    """Holds the value that a cell has in the ERP and the one that it is to have; None is an empty one."""

    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Problem:
    """Says why a row cannot be written: the column, empty for the whole row, and what to do about it."""

    column: str
    text: str


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """Describes what becomes of one detail row: `member` is the path of its array, such as `Details`.

    `position` is the row of the lines' frame that it comes from, None for a line that is deleted without one. `key` is
    what tells lines of a document apart beside their ids, which may hold for one session only: such as `LineNbr`.
    """

    member: str
    action: Action
    id: str | None = None
    position: int | None = None
    changes: Mapping[str, Change] = field(default_factory=dict)
    key: Mapping[str, Any] = field(default_factory=dict)
    conflicts: Mapping[str, Change] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def is_written(self) -> bool:
        """Tell whether the line is to be sent with its document."""
        return self.action in WRITTEN

    @property
    def name(self) -> str:
        """Return what reports call the line: `Details[3]` comes from the fourth row of its frame."""
        return f"{self.member}[{'' if self.position is None else self.position}]"


@dataclass(frozen=True, slots=True)
class PlannedRecord:
    """Describes what becomes of one record.

    `positions` are the rows of the frame that it comes from, several where the frame has a row per line. `key` maps the
    key columns to the values that address the record, `changes` each changed column, such as `MainContact.Email`, to
    its values. `conflicts` are the cells that somebody else changed since the frame was read: as read, and as now.
    """

    positions: tuple[int, ...]
    action: Action
    key: Mapping[str, Any]
    id: str | None = None
    changes: Mapping[str, Change] = field(default_factory=dict)
    lines: tuple[PlannedLine, ...] = ()
    conflicts: Mapping[str, Change] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def address(self) -> Address:
        """Return what finds the record in the ERP."""
        return Address(self.key, self.id)

    @property
    def written_lines(self) -> tuple[PlannedLine, ...]:
        """Return the lines that are to be sent, in the order of sending."""
        return tuple(line for line in self.lines if line.is_written)

    def rows_in(self, member: str | None) -> tuple[int, ...]:
        """Return the rows that the record has in the frame of an array's lines, or of the records for None."""
        if member is None:
            return self.positions
        lines = (line for line in self.lines if line.member == member)
        return tuple(line.position for line in lines if line.position is not None)

    @property
    def is_written(self) -> bool:
        """Tell whether the record is to be sent at all."""
        return self.action in WRITTEN
