"""Many calls at once: outcomes in the order of the calls, errors collected or the rest given up, progress told."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from threading import Barrier, Semaphore
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acudata import AcumaticaClient, AcumaticaNotFoundError
from acudata.batch import BatchResult, Call, Outcome, run_batch
from acudata.sandbox import Sandbox


def fail() -> None:
    raise ValueError("this one fails")


@given(st.lists(st.booleans(), max_size=20), st.integers(1, 6))
@settings(deadline=None, max_examples=50)
def test_outcomes_come_in_the_order_of_the_calls(fails: list[bool], max_concurrent: int) -> None:
    calls = [fail if failing else (int, number) for number, failing in enumerate(fails)]
    result = run_batch(calls, max_concurrent=max_concurrent)
    assert [outcome.index for outcome in result] == list(range(len(fails)))
    assert result.values == [None if failing else number for number, failing in enumerate(fails)]
    assert [outcome.ok for outcome in result] == [not failing for failing in fails]
    assert [outcome.index for outcome in result.failed] == [n for n, failing in enumerate(fails) if failing]


def test_a_later_call_may_end_first() -> None:
    second_is_done: Future[None] = Future()
    result = run_batch([lambda: second_is_done.result(10), lambda: second_is_done.set_result(None)])
    assert [outcome.ok for outcome in result] == [True, True]


def test_so_many_calls_run_at_a_time_and_no_more() -> None:
    three_are_here, seats = Barrier(3), Semaphore(3)

    def call() -> None:
        assert seats.acquire(blocking=False)
        three_are_here.wait(10)  # passes only while three calls run at the same time
        seats.release()

    assert run_batch([call] * 12, max_concurrent=3).failed == []


@pytest.mark.parametrize("on_error", ["collect", "stop"])
def test_errors_are_collected_or_end_the_batch(on_error: Any) -> None:
    made: list[int] = []
    calls: list[Call] = [(made.append, 0), fail, *((made.append, number) for number in range(2, 30))]
    result = run_batch(calls, max_concurrent=1, on_error=on_error)
    assert made == ([0, *range(2, 30)] if on_error == "collect" else [0])
    assert [outcome.is_tried for outcome in result] == [
        on_error == "collect" or index < 2 for index in range(30)
    ]
    with pytest.raises(ValueError, match="this one fails"):
        result.raise_for_failure()


def test_a_call_that_runs_when_another_fails_is_waited_for() -> None:
    has_failed: Future[None] = Future()

    def told(ended: int, of: int) -> None:
        if ended == 1:
            has_failed.set_result(None)

    result = run_batch([fail, lambda: has_failed.result(10), fail], on_error="stop", progress=told)
    assert [(outcome.is_tried, outcome.ok) for outcome in result] == [
        (True, False),
        (True, True),
        (False, False),
    ]


def test_progress_counts_the_calls_that_have_ended() -> None:
    told: list[tuple[int, int]] = []
    run_batch([fail, (int, 1), lambda: 2], progress=lambda ended, of: told.append((ended, of)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_bar_counts_the_calls(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("acudata.progress.BAR_DELAY", 0)
    run_batch([fail, (int, 1), lambda: 2], progress=True)
    assert "3/3" in capsys.readouterr().err
    run_batch([fail, (int, 1), lambda: 2], progress=False)
    assert capsys.readouterr().err == ""


def test_nobody_who_does_not_watch_gets_more_than_a_line_in_the_log(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level("INFO", "acudata"):
        run_batch([fail, (int, 1)])
    assert (caplog.messages, capsys.readouterr().err) == (["batch: 2 of 2 calls"], "")


@pytest.mark.parametrize("where", ["progress", "call"])
def test_ctrl_c_begins_no_further_call(where: str) -> None:
    made: list[int] = []

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    calls = [interrupt if where == "call" else (made.append, 0), *((made.append, n) for n in range(1, 20))]
    with pytest.raises(KeyboardInterrupt):
        run_batch(calls, max_concurrent=1, progress=interrupt if where == "progress" else None)
    assert made == ([0] if where == "progress" else [])


@pytest.mark.parametrize(
    ("calls", "options", "error", "told"),
    [
        ([fail], {"max_concurrent": 0}, ValueError, "max_concurrent=0"),
        ([fail], {"on_error": "ignore"}, ValueError, "'collect' or 'stop'"),
        ([fail, 5], {}, TypeError, "Call 1 is no call"),
        (["customers"], {}, TypeError, "Call 0 is no call"),
        ([()], {}, TypeError, "lambda: client.customers"),
    ],
)
def test_what_makes_no_sense_is_refused_before_any_call(
    calls: Sequence[Any], options: dict[str, Any], error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=told):
        run_batch(calls, **options)


def test_no_calls_at_all() -> None:
    result = run_batch([])
    assert result == []
    result.raise_for_failure()


def test_a_call_that_was_never_made_is_no_success() -> None:
    assert not Outcome(0, is_tried=False).ok
    assert BatchResult([Outcome(0, is_tried=False)]).failed == []


def test_many_calls_of_services_use_one_session(box: Sandbox, client: AcumaticaClient) -> None:
    keys = client.customers.to_frame(select="CustomerID", top=8)["CustomerID"].tolist()
    calls: list[Call] = [(client.customers.get_by_id, key) for key in [*keys, "NOBODY"]]
    seats = box.instance.signin.seats_taken
    result = client.batch(calls, max_concurrent=4)
    assert [record.CustomerID for record in result.values[:-1]] == keys
    assert isinstance(result[-1].error, AcumaticaNotFoundError)
    assert all(outcome.seconds > 0 for outcome in result)
    assert box.instance.signin.seats_taken == seats
