"""What tells one record from another: its id and, where the entity has some, its keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Key = tuple[str | int | None, ...]

_DIGEST = "S16"


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
    def names(self) -> list[tuple[str, str]]:
        """Return what each record is known by, "" for what it does not have."""
        return [(id_ or "", _key_name(key)) for id_, key in zip(self.ids, self.keys, strict=True)]

    @cached_property
    def digests(self) -> npt.NDArray[np.bytes_]:
        """Return both names of each record in 128 bits, side by side."""
        return _digests([name for names in self.names for name in names]).reshape(-1, 2)

    @cached_property
    def is_named(self) -> npt.NDArray[np.bool_]:
        """Return which of both names each record has."""
        import numpy as np

        flags = (bool(name) for names in self.names for name in names)
        return np.fromiter(flags, bool, 2 * len(self)).reshape(-1, 2)

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


def is_whole(key: Key) -> bool:
    """Tell whether a record has all of its keys."""
    return bool(key) and all(part is not None and str(part).strip() for part in key)


class Seen:
    """Remembers which records have come, in 16 bytes for each thing that a record is known by.

    Sorted runs are merged when they are of one size, so that adding stays cheap however many there are.
    """

    def __init__(self) -> None:
        self._runs: list[npt.NDArray[np.bytes_]] = []

    def add(self, marks: Marks) -> None:
        """Remember the records of a page."""
        import numpy as np

        self._runs.append(np.sort(marks.digests[marks.is_named]))
        while len(self._runs) > 1 and len(self._runs[-2]) < 2 * len(self._runs[-1]):
            last, before = self._runs.pop(), self._runs.pop()
            self._runs.append(np.sort(np.concatenate([before, last]), kind="stable"))

    def of(self, marks: Marks) -> npt.NDArray[np.bool_]:
        """Tell for each record whether it has come, by its id or by its keys."""
        import numpy as np

        found = np.zeros((len(marks), 2), bool)
        for run in filter(len, self._runs):
            places = np.minimum(np.searchsorted(run, marks.digests), len(run) - 1)
            found |= run[places] == marks.digests
        return np.asarray((found & marks.is_named).any(axis=1))


def _digests(names: Sequence[str]) -> npt.NDArray[np.bytes_]:
    """Return 128 bits for each text: two hashes of 64, so that no two texts of a reading will ever have the same."""
    import numpy as np

    hashes = (number for name in names for number in (hash(name), hash(name + "'")))
    return np.fromiter(hashes, np.int64, 2 * len(names)).view(_DIGEST)


def _key_name(key: Key) -> str:
    """Return keys as text, as a server compares them; an id is never like it."""
    return "\n".join(("", *(str(part).rstrip().casefold() for part in key))) if is_whole(key) else ""


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
