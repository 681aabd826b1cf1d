"""The size of pages follows their time and bytes, unless it is fixed."""

from __future__ import annotations

import pytest

from acudata.errors import (
    AcumaticaError,
    AcumaticaOptimizationError,
    AcumaticaServerError,
    AcumaticaTimeoutError,
)
from acudata.paging.sizes import BYTES, FIRST, SECONDS, PageSize


@pytest.mark.parametrize(
    ("seconds", "size", "then"),
    [
        (SECONDS / 100, BYTES // 100, 2 * FIRST),
        (SECONDS, BYTES // 100, FIRST),
        (SECONDS / 100, BYTES, FIRST),
        (SECONDS * 1.25, BYTES // 100, FIRST * 8 // 10),
        (SECONDS * 100, BYTES // 100, FIRST // 2),
    ],
)
def test_a_page_twice_as_large_at_most_or_half(seconds: float, size: int, then: int) -> None:
    sizes = PageSize()
    sizes.note(FIRST, seconds=seconds, size=size)
    assert sizes.current == then


def test_there_are_bounds() -> None:
    quick, slow = PageSize(), PageSize()
    for _ in range(20):
        quick.note(quick.current, seconds=0, size=0)
        slow.note(slow.current, seconds=1e9, size=0)
    assert (slow.current, quick.current) == (50, 10_000)


def test_what_the_server_sends_at_most_is_never_exceeded() -> None:
    sizes = PageSize()
    sizes.limit(100)
    sizes.note(100, seconds=0, size=0)
    assert sizes.current == 100


def test_a_page_that_is_not_full_says_nothing() -> None:
    sizes = PageSize()
    sizes.note(10, seconds=1e9, size=0)
    assert sizes.current == FIRST


@pytest.mark.parametrize(
    ("error", "is_halved"),
    [
        (AcumaticaTimeoutError("", context={"connected": True}), True),
        (AcumaticaTimeoutError("", context={"connected": False}), False),
        (AcumaticaServerError("", status_code=504), True),
        (AcumaticaServerError("System.OutOfMemoryException", status_code=500), True),
        (AcumaticaServerError("The maximum number of rows has been exceeded.", status_code=500), True),
        (AcumaticaServerError("Object reference not set", status_code=500), False),
        (AcumaticaOptimizationError("Optimization cannot be performed.", status_code=500), False),
        (AcumaticaError("too large"), False),
    ],
)
def test_which_failures_are_worth_a_smaller_page(error: AcumaticaError, is_halved: bool) -> None:  # noqa: FBT001
    sizes = PageSize()
    assert sizes.shrink(error) is is_halved
    assert sizes.current == (FIRST // 2 if is_halved else FIRST)


def test_a_fixed_size_stays() -> None:
    sizes = PageSize(77)
    sizes.note(77, seconds=1e9, size=0)
    assert not sizes.shrink(AcumaticaTimeoutError(""))
    assert sizes.current == 77
