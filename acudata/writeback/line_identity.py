"""Which line of its document each row of a frame of lines is.

Ids of lines may hold for one session only. (Acumatica: those of rows without a key of their own do.) So they are
believed where the document still has one of them; where it has none, the lines' keys tell, such as `LineNbr`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from acudata.writeback.cells import read_cells
from acudata.writeback.changes import Problem
from acudata.writeback.columns import ID, Columns
from acudata.writeback.comparison import differing, positions_in
from acudata.writeback.identity import id_text
from acudata.writeback.line_columns import LINE_ID
from acudata.writeback.matching import Key, Matches, aligned, doubles, keys_of

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Place = tuple[str | None, Key | None]
"""Is the id of a document and the key of one of its lines."""
GONE = "no line of the document has this id any more; read the frame anew"


class LineIdentities:
    """Matches the rows of a frame of lines with the current lines.

    `parents` are the ids of their documents, `keys` the fields that tell lines apart, which the current lines have in
    any case.
    """

    def __init__(
        self,
        frame: pd.DataFrame,
        columns: Columns,
        current: pa.Table,
        *,
        parents: Sequence[str | None],
        keys: Sequence[str] = (),
    ) -> None:
        self._told = tuple(keys)
        self._keys = {column.name: read_cells(frame[column.name], column) for column in columns.keys}
        self._ids = lines_ids(frame)
        self._parents = [folded_id(parent) for parent in parents]
        self._own = keys_of((cells.values for cells in self._keys.values()), len(frame))
        self._there = current
        self.rows = tuple(self._rows())
        self.now = aligned(current, self.rows)

    def _rows(self) -> Iterator[int | None]:
        documents = _folded(self._there.column(ID))
        ids = _folded(self._there.column(LINE_ID))
        by_id = {place: row for row, place in enumerate(zip(documents, ids, strict=True))}
        own = keys_of((self._there.column(name) for name in self._keys), self._there.num_rows)
        by_key, doubled = _unique(zip(documents, own, strict=True))
        self._ambiguous = {
            at for at, place in enumerate(zip(self._parents, self._own, strict=True)) if place in doubled
        }
        places = list(zip(self._parents, self._ids, strict=True))
        known = {parent for parent, id_ in places if (parent, id_) in by_id}
        for place, key in zip(places, self._own, strict=True):
            parent, id_ = place
            is_by_id = id_ is not None and parent in known
            yield by_id.get(place) if is_by_id else by_key.get((parent, key))

    def match(self, table: pa.Table) -> Matches:
        """Return where in another reading, which has the ids that the frame has, each row's line stands."""
        ids = _folded(table.column(LINE_ID)) if LINE_ID in table.schema.names else []
        by_id = {id_: row for row, id_ in enumerate(ids)}
        rows = (by_id.get(id_) if id_ is not None else None for id_ in self._ids)
        return Matches(tuple(rows), frozenset())

    def exists(self, position: int) -> bool:
        """Tell whether there is a line for a row."""
        return self.rows[position] is not None

    def key(self, position: int) -> dict[str, Any]:
        """Return what tells a line apart beside its id."""
        if self.exists(position):
            return {name: self.now.column(name)[position].as_py() for name in self._told}
        own = {name: cells.values[position].as_py() for name, cells in self._keys.items()}
        return {**dict.fromkeys(self._told), **own}

    def id(self, position: int) -> str | None:
        """Return the id that a line has now."""
        id_: str | None = self.now.column(LINE_ID)[position].as_py()
        return id_

    def problems(self) -> Iterator[tuple[int, Problem]]:
        """Yield the rows that mean no line, one that another row means, or one under another key."""
        same = doubles([None if row is None else (row,) for row in self.rows])
        for position, row in enumerate(self.rows):
            if position in same:
                yield position, Problem("", f"row {same[position]} of the frame means the same line")
            elif row is None and self._ids[position] is not None:
                yield position, Problem(LINE_ID, GONE)
            elif row is None and position in self._ambiguous:
                yield (
                    position,
                    Problem("", "more than one line of the document has this key; only its id tells which"),
                )
        for name, cells in self._keys.items():
            for position in positions_in(differing(cells, self.now.column(name))):
                if self.exists(position):
                    yield position, Problem(name, "the key of a line cannot be changed")
            yield from ((position, Problem(name, text)) for position, text in cells.problems.items())


def lines_ids(frame: pd.DataFrame) -> list[str | None]:
    """Return the ids of lines that the rows of a frame have."""
    if LINE_ID not in frame.columns:
        return [None] * len(frame)
    return [folded_id(id_text(cell)) for cell in frame[LINE_ID].array]


def folded_id(id_: str | None) -> str | None:
    """Return an id as it is compared."""
    return None if id_ is None else id_.strip().lower()


def _folded(ids: pa.ChunkedArray) -> list[str | None]:
    return [folded_id(id_) for id_ in ids.to_pylist()]


def _unique(places: Iterable[Place]) -> tuple[dict[Place, int], set[Place]]:
    """Return where each key of a document stands that only one of its lines has, and the keys that several have."""
    found: dict[Place, int] = {}
    doubled: set[Place] = set()
    for row, place in enumerate(places):
        if place[1] is not None and found.setdefault(place, row) != row:
            doubled.add(place)
    return {place: row for place, row in found.items() if place not in doubled}, doubled
