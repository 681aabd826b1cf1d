"""The throttle of a licence: who waits, who is declined, and who never is."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from acudata.sandbox.settings import SandboxSettings
from acudata.sandbox.throttle import Minute
from tests.sandbox.conftest import Start, Web


def starts(arrivals: list[float], *, allowance: int, length: float = 60.0) -> list[float]:
    minute = Minute()
    found = []
    for arrival in arrivals:
        minute = minute.next(arrival, allowance=allowance, length=length)
        found.append(minute.start)
    return found


def test_item_027_up_to_half_of_the_allowance_nothing_waits() -> None:
    assert starts([0.0] * 5, allowance=10) == [0.0] * 5


def test_item_027_then_the_time_left_is_shared_by_what_is_left_of_the_allowance() -> None:
    assert starts([0.0] * 25 + [40.0], allowance=50)[-1] == 40.0 + 20.0 / 25


def test_item_027_a_new_minute_begins_with_its_first_request() -> None:
    assert starts([0.0] * 5 + [70.0], allowance=10) == [0.0] * 5 + [70.0]


@given(st.lists(st.floats(0, 100), max_size=60), st.integers(1, 20))
@examples(max_examples=100, deadline=None)
def test_item_027_requests_start_in_their_order_and_no_minute_has_more_than_allowed(
    gaps: list[float], allowance: int
) -> None:
    arrivals = [sum(gaps[:index]) for index in range(len(gaps))]
    found = starts(arrivals, allowance=allowance)
    assert found == sorted(found)
    assert all(start >= arrival for arrival, start in zip(arrivals, found, strict=True))
    halves = [later - first for first, later in zip(found, found[allowance:], strict=False)]
    assert all(half > 0 for half in halves)


def limited(start: Start, **settings: Any) -> Web:
    web = start(**settings)
    web.sign_in().raise_for_status()
    return web


def test_item_027_a_delayed_answer_looks_like_any_other(start: Start) -> None:
    web = limited(start, requests_per_minute=4, minute=0.8)
    began = time.monotonic()
    answers = [web.get("/entity") for _ in range(4)]
    assert time.monotonic() - began >= 0.4
    assert {answer.status_code for answer in answers} == {200}
    assert not [name for answer in answers for name in answer.headers if "retry" in name.lower()]


@pytest.mark.parametrize(("told", "expected"), [(None, None), (7, "7")])
def test_item_028_requests_too_many_are_declined(
    told: int | None, expected: str | None, start: Start
) -> None:
    web = limited(start, requests_per_minute=4, minute=0.4, queue_length=2, retry_after=told)
    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(lambda _: requests.get(f"{web.box.url}/entity", timeout=10), range(10)))
    declined = [answer for answer in answers if answer.status_code == 429]
    assert declined
    assert len(declined) < 10
    assert {answer.headers.get("Retry-After") for answer in declined} == {expected}


def test_item_028_a_request_that_waits_too_long_is_declined_and_does_not_count(start: Start) -> None:
    web = limited(start, requests_per_minute=1, minute=3600.0, queue_patience=0.05)
    assert [web.get("/entity").status_code for _ in range(2)] == [429, 429]


def test_item_029_a_sign_out_does_not_wait(start: Start) -> None:
    web = limited(start, requests_per_minute=1, minute=3600.0, queue_patience=3600.0)
    assert web.sign_out().status_code == 204


def test_an_allowance_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="requests_per_minute"):
        SandboxSettings(requests_per_minute=0)
