"""Record ids: GUIDs that are computed from a collection and a position, and read back without a table."""

from __future__ import annotations

import re
import zlib
from functools import cache

SPACE = 1 << 48
SCATTER = 0x5DEECE66D9E1
"""An odd number: multiplying by it modulo `SPACE` scatters positions, and can be undone."""
GATHER = pow(SCATTER, -1, SPACE)

GUID = re.compile(r"([0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3})-([0-9a-f]{12})")


def guid(collection: str, position: int) -> str:
    """Return the id of the record at a position of a collection.

    >>> guid("Customer", 0), position_of("Customer", guid("Customer", 41))
    ('784fec5f-ec5f-484f-8c5f-5deece66d9e1', 41)
    """
    return f"{_family(collection)}-{(position + 1) * SCATTER % SPACE:012x}"


def position_of(collection: str, record_id: str) -> int | None:
    """Return the position that an id was computed from, or None for an id of another collection."""
    match = GUID.fullmatch(record_id)
    if match is None or match[1] != _family(collection):
        return None
    return int(match[2], 16) * GATHER % SPACE - 1


@cache
def _family(collection: str) -> str:
    digits = f"{zlib.crc32(collection.encode()):08x}"
    low, high = digits[4:], digits[1:4]
    return f"{digits}-{low}-4{high}-8{low[1:]}"
