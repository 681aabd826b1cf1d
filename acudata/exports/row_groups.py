"""Gathers pages into row groups: a page is what a server sends at once, a row group what a reader skips at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from acudata.errors import AcumaticaValidationError

if TYPE_CHECKING:
    import pyarrow as pa

ROWS = 100_000
BYTES = 32 << 20
"""A row group ends at whichever comes first, so that wide rows do not fill the memory."""


def check_row_group_size(size: int | None) -> None:
    """Refuse what is no number of rows."""
    if size is not None and not (isinstance(size, int) and size > 0):
        raise AcumaticaValidationError(
            f"row_group_size={size!r} makes no sense.", suggestions=["give a number of rows from 1 up"]
        )


def row_groups(
    batches: Iterable[pa.RecordBatch], *, size: int | None = None, most: int | None = None
) -> Iterator[pa.Table]:
    """Yield the rows in tables of `size` rows, the last one shorter.

    Without a size they have about `ROWS` rows, or about `most` bytes, by default `BYTES`. No rows give no table.
    """
    import pyarrow as pa

    held: list[pa.RecordBatch] = []
    rows = held_bytes = 0
    for batch in batches:
        held.append(batch)
        rows += batch.num_rows
        held_bytes += batch.nbytes
        if rows >= (size or ROWS) or (size is None and held_bytes >= (most or BYTES)):
            *whole, rest = _cut(pa.Table.from_batches(held), size)
            yield from whole
            held, rows, held_bytes = rest.to_batches(), rest.num_rows, rest.nbytes
    if rows:
        yield pa.Table.from_batches(held)


def _cut(table: pa.Table, size: int | None) -> list[pa.Table]:
    """Return pieces of the size, and what is left at the end, maybe nothing."""
    size = size or table.num_rows
    return [table.slice(start, size) for start in range(0, table.num_rows + 1, size)]
