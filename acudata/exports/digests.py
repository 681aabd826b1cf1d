"""A number for each row that is the same when all of its values are, worked out column by column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Digests = npt.NDArray[np.uint64]

_MISSING = 0x9E3779B97F4A7C15
"""What stands for a missing value, so that it differs from 0, "" and False."""


def row_digests(batch: pa.RecordBatch | pa.Table) -> Digests:
    """Return a 64-bit number per row; the order of the columns counts, their names do not.

    Two rows that differ have the same number once in 18,000,000,000,000,000,000 pairs.
    """
    import numpy as np

    digests = np.zeros(batch.num_rows, dtype=np.uint64)
    for column in batch.columns:
        digests = _mixed(_mixed(digests) ^ _numbers(_contiguous(column)))
    return _mixed(digests)


def sums(digests: Digests, groups: npt.NDArray[np.intp], count: int) -> Digests:
    """Return the sum of the digests of each group, which does not depend on the order of the rows.

    `groups` are the numbers of the groups, below `count`, to which the rows belong.
    """
    import numpy as np

    totals = np.zeros(count, dtype=np.uint64)
    np.add.at(totals, groups, digests)
    return totals


def _contiguous(column: Any) -> pa.Array:
    import pyarrow as pa

    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _numbers(column: pa.Array) -> Digests:
    """Return a number for each value: the same for equal values, `_MISSING` for none."""
    import numpy as np
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_decimal128(column.type):
        numbers = _of_decimals(column)
    elif pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        numbers = _of_texts(column)
    else:
        numbers = _of_words(column)
    missing = np.asarray(column.is_null().to_numpy(zero_copy_only=False), dtype=np.bool_)
    numbers[missing] = _MISSING
    return numbers


def _of_texts(column: pa.StringArray) -> Digests:
    import numpy as np
    from pandas.util import hash_array

    encoded = column.dictionary_encode()
    texts = encoded.dictionary.to_numpy(zero_copy_only=False).astype(object)
    hashed = np.append(hash_array(texts, categorize=False), np.uint64(0))
    places = encoded.indices.fill_null(len(texts)).to_numpy(zero_copy_only=False)
    return np.asarray(hashed[places], dtype=np.uint64)


def _of_decimals(column: pa.Decimal128Array) -> Digests:
    """Take the two halves of the 128 bits in which Arrow keeps a decimal."""
    import numpy as np

    data = column.buffers()[1]
    if data is None:
        return np.zeros(len(column), dtype=np.uint64)
    halves = np.frombuffer(data, dtype=np.uint64)[2 * column.offset : 2 * (column.offset + len(column))]
    return _mixed(halves[::2]) ^ halves[1::2]


def _of_words(column: pa.Array) -> Digests:
    """Take numbers, times and truth values for the bits in which they are kept."""
    import numpy as np
    import pyarrow as pa

    if pa.types.is_floating(column.type):
        values = column.cast(pa.float64()).fill_null(0.0).to_numpy(zero_copy_only=False)
        return np.array(values + 0.0, dtype=np.float64).view(np.uint64)  # -0.0 equals 0.0
    if pa.types.is_date32(column.type):
        column = column.cast(pa.int32())
    values = column.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False)
    return np.array(values, dtype=np.int64).view(np.uint64)


def _mixed(numbers: Digests) -> Digests:
    """Spread every bit over all others (the finalizer of SplitMix64)."""
    import numpy as np

    mixed = numbers + np.uint64(_MISSING)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
