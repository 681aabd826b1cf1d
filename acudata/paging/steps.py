"""One request of a reading, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from acudata.paging.marks import Key, Marks

Where = tuple[int, Key | None, str]


@dataclass(frozen=True, slots=True)
class Step:
    """Says which records are asked for: `top` of those after a key, or behind the first `skip`.

    `also` is a condition beside that of the user. `left` is how many records are wanted after these, None for all. The
    answer to a `probe` is looked at here and not read.
    """

    top: int
    skip: int = 0
    after: Key | None = None
    also: str = ""
    left: int | None = None
    probe: bool = False

    @property
    def where(self) -> Where:
        """Return what makes two steps the same, however many records they ask for."""
        return self.skip, self.after, self.also

    def smaller(self, top: int) -> Step:
        """Return the step with fewer records at once."""
        return replace(self, top=top, left=None if self.left is None else self.left + self.top - top)

    def next_by_key(self, last: Key, size: int) -> Step | None:
        """Return the step that follows when this one is answered in full; None when nothing more is wanted."""
        if self.left == 0:
            return None
        top = size if self.left is None else min(size, self.left)
        return Step(top, after=last, left=None if self.left is None else self.left - top)

    def next_by_position(self, size: int) -> Step | None:
        """Return the step that follows when this one is answered in full, its last record included once more."""
        if self.left == 0:
            return None
        size = max(size, 2)
        top = size if self.left is None else min(size, self.left + 1)
        left = None if self.left is None else self.left + 1 - top
        return Step(top, self.skip + self.top - 1, also=self.also, left=left)


@dataclass(frozen=True, slots=True)
class Came:
    """Holds what came of a step: the marks of the records; `refused` when the server would not do it."""

    step: Step
    marks: Marks
    content: bytes = field(default=b"", repr=False)
    refused: bool = False

    def __len__(self) -> int:
        return len(self.marks)


def is_full(step: Step, last: Mapping[str, Any] | None) -> bool:
    """Tell whether a page looks as long as was asked for, by the number of its last record if that has one."""
    number = last.get("rowNumber") if last else None
    return number == step.top if isinstance(number, int) else True
