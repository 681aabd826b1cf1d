"""Which rows of frames of lines make one document, and the frame of documents that frames of lines tell of."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from acudata.writeback.columns import ID, Columns
from acudata.writeback.identity import ids_in, key_cells
from acudata.writeback.line_identity import folded_id
from acudata.writeback.matching import Key, keys_of

if TYPE_CHECKING:
    import pandas as pd


class Grouping:
    """Says which document each row belongs to, by the document's key, else by its id.

    `documents` are numbers from 0, None for a row that tells neither; rows with the same number are of one document.
    """

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}
        self._count = 0

    def of(self, frame: pd.DataFrame, columns: Columns) -> list[int | None]:
        """Return the number of the document of each row; one that was not met before gets the next number."""
        places = list(_places(frame, columns))
        for key, id_ in places:
            self._meet([mark for mark in (key, id_) if mark is not None])
        return [self._number(key, id_) for key, id_ in places]

    def _meet(self, marks: list[Hashable]) -> None:
        known = next((self._numbers[mark] for mark in reversed(marks) if mark in self._numbers), None)
        if known is None and marks:
            known, self._count = self._count, self._count + 1
        for mark in marks:
            self._numbers.setdefault(mark, known or 0)

    def _number(self, key: Key | None, id_: str | None) -> int | None:
        return self._numbers.get(id_, self._numbers.get(key)) if id_ else self._numbers.get(key)


def rows_by_document(numbers: Iterable[int | None], *, start: int = 0) -> list[list[int]]:
    """Return the rows of each document from a number on.

    >>> rows_by_document([0, 1, 0, None])
    [[0, 2], [1]]
    """
    rows: dict[int, list[int]] = {}
    for position, number in enumerate(numbers):
        if number is not None and number >= start:
            rows.setdefault(number, []).append(position)
    return [rows[number] for number in sorted(rows)]


def one_row_each(frame: pd.DataFrame, rows: Sequence[Sequence[int]]) -> pd.DataFrame:
    """Return a frame of documents: of each column the first value that a document's rows have."""
    import pandas as pd

    columns = {
        name: series.iloc[_first_present(series, rows)].reset_index(drop=True)
        for name, series in frame.items()
    }
    return pd.DataFrame(columns, index=pd.RangeIndex(len(rows)))


def _first_present(series: pd.Series, rows: Sequence[Sequence[int]]) -> list[int]:
    present = series.notna().to_numpy()
    return [next((at for at in positions if present[at]), positions[0]) for positions in rows]


def _places(frame: pd.DataFrame, columns: Columns) -> Iterator[tuple[Key | None, str | None]]:
    keys = keys_of((cells.values for cells in key_cells(frame, columns).values()), len(frame))
    ids = (folded_id(id_) for id_ in ids_in(frame, columns)) if ID in frame.columns else [None] * len(frame)
    return zip(keys, ids, strict=True)
