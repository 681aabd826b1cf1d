"""Notes the newest stamp among rows on their way into files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


class NewestStamp:
    """Knows the newest value of a column among the rows that it has watched; without a column it knows nothing."""

    def __init__(self, column: str | None) -> None:
        self._column = column
        self._newest: dt.datetime | None = None

    @property
    def text(self) -> str | None:
        """Return the newest stamp in ISO form, None when there was none."""
        return None if self._newest is None else self._newest.isoformat()

    def watched(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield the batches as they are."""
        for batch in batches:
            if self._column is not None:
                self._note(batch.column(self._column))
            yield batch

    def _note(self, stamps: pa.Array) -> None:
        import pyarrow.compute as pc

        newest = pc.max(stamps).as_py()
        self._newest = max(filter(None, (self._newest, newest)), default=None)
