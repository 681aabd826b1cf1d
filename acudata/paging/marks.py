"""What tells one record from another: its id and, where the entity has some, its keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Key = tuple[str | int | None, ...]


@dataclass(frozen=True)
class Marks:
    """Holds id and keys of each record of a page, in its order; a record without an id has None there.

    Both are needed: an id lasts when a key is changed, but that of a record without a note is made up for each session.
    """

    ids: Sequence[str | None]
    keys: Sequence[Key]

    def __len__(self) -> int:
        return len(self.ids)

    def last(self) -> Marks:
        """Return the marks of the last record alone."""
        return Marks(self.ids[-1:], self.keys[-1:])

    @cached_property
    def folded(self) -> list[Key | None]:
        """Return the keys as a server compares them, without case and trailing blanks; None where one is missing."""
        return [_folded(key) for key in self.keys]

    @cached_property
    def names(self) -> list[tuple[str | None, Key | None]]:
        """Return what each record is known by."""
        return list(zip(self.ids, self.folded, strict=True))

    @cached_property
    def digests(self) -> npt.NDArray[np.int64]:
        """Return both names of each record in 64 bits, side by side.

        Among ten million texts, two have the same with a chance of one in a hundred thousand.
        """
        import numpy as np

        return np.stack([_array(hash, self.ids, np.int64), _array(hash, self.folded, np.int64)], axis=1)

    @cached_property
    def is_named(self) -> npt.NDArray[np.bool_]:
        """Return which of both names each record has."""
        import numpy as np

        return np.stack([_array(bool, self.ids, np.bool_), _array(bool, self.folded, np.bool_)], axis=1)

    @property
    def tell_apart(self) -> bool:
        """Tell whether every record has an id or keys."""
        return bool(self.is_named.any(axis=1).all())

    def begin_as(self, others: Marks) -> bool:
        """Tell whether the first record is the same."""
        return self.names[:1] == others.names[:1]


def marks_of(records: Iterable[Any], keys: Sequence[str]) -> Marks:
    """Return the marks of records as JSON has them."""
    known = [record if isinstance(record, Mapping) else {} for record in records]
    return Marks([_text(r.get("id")) for r in known], [key_of(r, keys) for r in known])


def key_of(record: Mapping[str, Any], names: Sequence[str]) -> Key:
    """Return the keys of a record as JSON has it; what is missing is None."""
    wrapped = (record.get(name) for name in names)
    return tuple(one.get("value") if isinstance(one, Mapping) else None for one in wrapped)


class Seen:
    """Remembers which records have come, in 8 bytes for each thing that a record is known by.

    Sorted runs are merged when they are of one size, so that adding stays cheap however many there are.
    """

    def __init__(self) -> None:
        self._runs: list[npt.NDArray[np.int64]] = []

    def add(self, marks: Marks) -> None:
        """Remember the records of a page."""
        import numpy as np

        self._runs.append(np.sort(marks.digests[marks.is_named]))
        while len(self._runs) > 1 and len(self._runs[-2]) < 2 * len(self._runs[-1]):
            last, before = self._runs.pop(), self._runs.pop()
            self._runs.append(np.sort(np.concatenate([before, last]), kind="stable"))

    def of(self, marks: Marks, *, by_key: bool = True) -> npt.NDArray[np.bool_]:
        """Tell for each record whether it has come, by its id or by its keys, or by its id alone."""
        import numpy as np

        found = np.zeros((len(marks), 2), bool)
        for run in filter(len, self._runs):
            places = np.minimum(np.searchsorted(run, marks.digests), len(run) - 1)
            found |= run[places] == marks.digests
        return np.asarray((found & marks.is_named)[:, : 1 + by_key].any(axis=1))


def is_whole(key: Key) -> bool:
    """Tell whether a record has all of its keys."""
    return _folded(key) is not None


def _folded(key: Key) -> Key | None:
    folded = tuple([part.rstrip().casefold() if isinstance(part, str) else part for part in key])
    return None if not key or None in folded or "" in folded else folded


def _array(make: Callable[[Any], Any], values: Sequence[Any], dtype: type[Any]) -> npt.NDArray[Any]:
    import numpy as np

    return np.fromiter(map(make, values), dtype, len(values))


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
