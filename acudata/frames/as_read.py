"""Keeps with a frame the values that it was read with, so that a plan knows who changed what."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_NAME = "as_read"


class AsRead(str):
    """Is a token in `df.attrs` that has the Arrow table behind the frame on it.

    pandas copies attributes deeply with every operation and writes them as JSON into parquet: a token costs nothing to
    copy and is written as text. Frames made of the frame keep the table alive; a frame from a file has only the text.
    """

    __slots__ = ("table",)
    table: pa.Table

    def __new__(cls, table: pa.Table) -> Self:
        """Return a new token of a table."""
        token = super().__new__(cls, uuid.uuid4())
        token.table = table
        return token

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return str, (str(self),)


def keep_as_read(frame: pd.DataFrame, table: pa.Table) -> None:
    """Keep with a frame the table that it was made of."""
    frame.attrs[_NAME] = AsRead(table)


def values_as_read(frame: pd.DataFrame) -> pa.Table | None:
    """Return the table that a frame was made of, None where it is not known."""
    token = frame.attrs.get(_NAME)
    return token.table if isinstance(token, AsRead) else None
