"""Finds the current record of each row of a frame: by its id, else by its keys."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

Key = tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class Matches:
    """Holds where the current record of each row stands in the table of current records, None where there is none.

    `ambiguous` are the rows whose key more than one record has.
    """

    rows: tuple[int | None, ...]
    ambiguous: frozenset[int]


def match(
    keys: Sequence[Key | None],
    ids: Sequence[str | None],
    current_keys: Sequence[Key | None],
    current: pa.Table,
) -> Matches:
    """Return the matches of rows given by keys and ids, either of which may be missing; an id goes before a key."""
    by_id = {_folded(id_): row for row, id_ in enumerate(current.column("id").to_pylist()) if id_ is not None}
    by_key, doubled = _unique(current_keys)
    rows: list[int | None] = []
    ambiguous = set()
    for position, (key, id_) in enumerate(zip(keys, ids, strict=True)):
        found = by_id.get(_folded(id_)) if id_ is not None else None
        if found is None and id_ is None and key is not None:
            found = by_key.get(key)
            if key in doubled:
                ambiguous.add(position)
        rows.append(found)
    return Matches(tuple(rows), frozenset(ambiguous))


def aligned(table: pa.Table, rows: Sequence[int | None]) -> pa.RecordBatch:
    """Return the table's rows in an order of others, with missing values where there is none."""
    import pyarrow as pa

    whole = table.combine_chunks()
    indices = pa.array(rows, pa.int64())
    arrays = [_one_chunk(whole.column(name)).take(indices) for name in whole.schema.names]
    return pa.RecordBatch.from_arrays(arrays, schema=whole.schema)


def keys_of(columns: Iterable[pa.Array], count: int) -> list[Key | None]:
    """Return the keys of rows as they are compared, None for one of which a part is empty."""
    parts = [column.to_pylist() for column in columns]
    return [folded_key(key) for key in zip(*parts, strict=True)] if parts else [None] * count


def folded_key(values: Iterable[Any]) -> Key | None:
    """Return a key as it is compared, None for one of which a part is empty.

    >>> folded_key(["SO", "000070  "]), folded_key(["SO", None])
    (('so', '000070'), None)
    """
    key = tuple(_folded(value) for value in values)
    return None if None in key or not key else key


def doubles(keys: Sequence[Key | None]) -> dict[int, int]:
    """Return the rows whose key another row has, each with the first other one: which of them is meant is not known."""
    first: dict[Key, int] = {}
    found = {}
    for position, key in enumerate(keys):
        if key is not None and first.setdefault(key, position) != position:
            found[position] = first[key]
            found.setdefault(first[key], position)
    return found


def _unique(keys: Sequence[Key | None]) -> tuple[dict[Key, int], set[Key]]:
    rows: dict[Key, int] = {}
    doubled = set()
    for row, key in enumerate(keys):
        if key is not None and rows.setdefault(key, row) != row:
            doubled.add(key)
    return rows, doubled


def _folded(value: Any) -> Any:
    """Return a value as it is compared: databases ignore case, and keys are padded with blanks."""
    if not isinstance(value, str):
        return value
    return value.rstrip(" ").casefold() or None


def _one_chunk(column: pa.ChunkedArray) -> pa.Array:
    import pyarrow as pa

    return column.chunk(0) if column.num_chunks else pa.array([], column.type)
