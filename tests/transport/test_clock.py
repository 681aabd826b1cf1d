"""The clock of the server, as its answers tell it."""

from __future__ import annotations

import datetime as dt
import logging

import pytest

from acudata import AcumaticaClient
from acudata.sandbox import Sandbox
from acudata.transport.clock import Clock
from tests.conftest import connect

NOON = dt.datetime(2024, 3, 1, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def clock_at(*elapsed: float) -> Clock:
    return Clock(elapsed=iter(elapsed).__next__)


def test_goes_on_from_the_last_answer() -> None:
    clock = clock_at(5, 65, 100, 100)
    clock.note({"Date": "Fri, 01 Mar 2024 12:00:00 GMT"})
    assert clock.now() == NOON + MINUTE
    clock.note({"Date": "Fri, 01 Mar 2024 11:00:00 GMT"})
    assert clock.now() == NOON - 60 * MINUTE


@pytest.mark.parametrize("headers", [{}, {"Date": ""}, {"Date": "yesterday"}, {"Date": "Fri, 99 Mar 2024"}])
def test_an_answer_without_a_date_changes_nothing(headers: dict[str, str]) -> None:
    clock = clock_at(0, 60)
    clock.note({"Date": "Fri, 01 Mar 2024 12:00:00 GMT"})
    clock.note(headers)
    assert clock.now() == NOON + MINUTE


def test_without_any_date_the_computer_is_asked_and_the_log_says_so(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "acudata.transport"):
        assert abs(Clock().now() - dt.datetime.now(dt.UTC)) < MINUTE
    assert "the clock of this computer is taken instead" in caplog.text


def test_a_session_knows_the_time_after_its_sign_in(client: AcumaticaClient) -> None:
    now = client._session.clock.now()
    assert now.tzinfo is dt.UTC
    assert abs(now - dt.datetime.now(dt.UTC)) < MINUTE


def test_the_time_is_that_of_the_server_wherever_the_computers_clock_stands(box: Sandbox) -> None:
    with connect(box) as client:
        client._session._wire.clock.note({"Date": "Fri, 01 Mar 2024 12:00:00 GMT"})
        assert dt.timedelta() <= client._session.clock.now() - NOON < MINUTE
