"""The functions of OData over Arrow columns; what is missing stays missing.

Searching ignores case, as the server's searching does. Functions that make new text keep it as it is; comparing the
result ignores case again.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from acudata.odata.decimals import rounded


def folded(text: Any) -> Any:
    """Return text in the case in which it is searched and compared."""
    return pc.utf8_lower(text)


def naive(times: Any) -> Any:
    """Return dates as midnights, instants as their wall clock in UTC, and business times as they are."""
    return times.cast(pa.timestamp("us"))


def _search(search: Callable[..., Any], text: Any, needle: str) -> Any:
    return search(folded(text), pattern=folded(pa.scalar(needle)).as_py())


def _concat(text: Any, other: Any) -> Any:
    return pc.binary_join_element_wise(text, pa.scalar(other) if isinstance(other, str) else other, "")


def _index_of(text: Any, needle: str) -> Any:
    """Count the characters before the needle: Arrow's own search counts bytes."""
    if not needle:
        return pc.multiply(pc.utf8_length(text), 0)
    pattern = folded(pa.scalar(needle)).as_py()
    before = pc.list_element(pc.split_pattern(folded(text), pattern=pattern, max_splits=1), 0)
    return pc.if_else(_search(pc.match_substring, text, needle), pc.utf8_length(before), -1)


def _replace(text: Any, old: str, new: str) -> Any:
    return pc.replace_substring(text, pattern=old, replacement=new)


def _substring(text: Any, start: int, length: int | None = None) -> Any:
    return pc.utf8_slice_codeunits(text, start, None if length is None else start + length)


def _part(read: Callable[[Any], Any], times: Any) -> Any:
    return read(naive(times))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "contains": partial(_search, pc.match_substring),
    "startswith": partial(_search, pc.starts_with),
    "endswith": partial(_search, pc.ends_with),
    "tolower": pc.utf8_lower,
    "toupper": pc.utf8_upper,
    "trim": pc.utf8_trim_whitespace,
    "length": pc.utf8_length,
    "concat": _concat,
    "indexof": _index_of,
    "replace": _replace,
    "substring": _substring,
    "year": partial(_part, pc.year),
    "month": partial(_part, pc.month),
    "day": partial(_part, pc.day),
    "hour": partial(_part, pc.hour),
    "minute": partial(_part, pc.minute),
    "second": partial(_part, pc.second),
    "round": partial(rounded, "round"),
    "floor": partial(rounded, "floor"),
    "ceiling": partial(rounded, "ceiling"),
}
"""By name: takes the first argument as a column, constants as Python values."""
