"""A task, told what time it is: when it is due, how runs become one, retries, pausing and stopping."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from acudata.errors import AcumaticaError, AcumaticaValidationError
from acudata.scheduler import RetryPolicy
from acudata.scheduler.cron import Cron
from acudata.scheduler.schedules import Interval, Schedule
from acudata.scheduler.tasks import NO_RETRIES, Task

START = datetime(2025, 1, 1, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def make_task(schedule: Schedule | None = None, retry_policy: RetryPolicy = NO_RETRIES) -> Task:
    schedule = schedule or Interval(60)
    return Task("sync", "sync", lambda: None, schedule, schedule.next_run(START), retry_policy)


def run(task: Task, begin: float, end: float | None = None, error: str | None = None) -> None:
    task.begin(at(begin))
    task.end(at(begin if end is None else end), error)


def test_a_task_is_due_one_interval_after_the_start() -> None:
    task = make_task()
    assert [task.is_due(at(seconds)) for seconds in (0, 59.9, 60, 61)] == [False, False, True, True]


def test_runs_that_begin_a_little_late_keep_in_step() -> None:
    task = make_task()
    run(task, 60.2)
    assert task.next_run == at(120)


def test_missed_runs_become_one() -> None:
    task = make_task()
    assert task.is_due(at(10_000))
    run(task, 10_000)
    assert not task.is_due(at(10_000))
    assert (task.run_count, task.next_run) == (1, at(10_060))


def test_missed_runs_of_a_cron_expression_become_one() -> None:
    task = make_task(Cron("0 * * * *", zone=UTC))
    run(task, 5.5 * 3600)
    assert (task.run_count, task.next_run) == (1, at(6 * 3600))


def test_a_task_is_never_due_while_it_runs_and_at_once_afterwards() -> None:
    task = make_task()
    task.begin(at(60))
    assert not task.is_due(at(500))
    task.end(at(500), None)
    assert task.is_due(at(500))
    run(task, 500)
    assert (task.run_count, task.next_run) == (2, at(560))


def test_a_run_in_between_leaves_the_plan_as_it_is() -> None:
    task = make_task()
    run(task, 20)
    assert (task.last_run, task.next_run) == (at(20), at(60))


def test_a_failure_is_told_until_a_run_succeeds() -> None:
    task = make_task()
    run(task, 60, error="ValueError: no")
    assert (task.status, task.last_error, task.failure_count) == ("scheduled", "ValueError: no", 1)
    run(task, 120)
    assert (task.last_error, task.run_count, task.failure_count) == (None, 2, 1)


def test_retries_back_off_and_then_leave_it_to_the_next_regular_run() -> None:
    task = make_task(Interval(3600), RetryPolicy(max_retries=2, retry_delay=10))
    waits = []
    for begin in (3600, 3610, 3630):
        assert task.is_due(at(begin))
        run(task, begin, error="ValueError: no")
        assert task.next_run
        waits.append((task.status, (task.next_run - START).total_seconds()))
    assert waits == [("retrying", 3610), ("retrying", 3630), ("scheduled", 7200)]


def test_each_regular_run_has_all_its_retries() -> None:
    task = make_task(Interval(3600), RetryPolicy(max_retries=1, retry_delay=10))
    for begin in (3600, 3610, 7200):
        run(task, begin, error="ValueError: no")
    assert (task.status, task.next_run) == ("retrying", at(7210))


def test_a_retry_that_succeeds_ends_the_retries() -> None:
    task = make_task(Interval(3600), RetryPolicy(max_retries=2, retry_delay=10))
    run(task, 3600, error="ValueError: no")
    run(task, 3610)
    assert (task.status, task.next_run, task.last_error) == ("scheduled", at(7200), None)


def test_a_retry_that_would_come_after_the_regular_run_is_left_to_that() -> None:
    task = make_task(Interval(60), RetryPolicy(max_retries=5, retry_delay=600))
    run(task, 60, error="ValueError: no")
    assert (task.status, task.next_run) == ("scheduled", at(120))


def test_a_retry_and_regular_runs_that_are_missed_become_one() -> None:
    task = make_task(Interval(60), RetryPolicy(max_retries=5, retry_delay=5))
    run(task, 60, error="ValueError: no")
    run(task, 1000, error="ValueError: no")
    assert (task.run_count, task.next_run) == (2, at(1005))


@pytest.mark.parametrize(
    ("policy", "delays"),
    [
        (RetryPolicy(), [60, 120, 240]),
        (RetryPolicy(retry_delay=1, backoff_factor=1), [1, 1, 1]),
        (RetryPolicy(retry_delay=40_000, backoff_factor=3), [40_000, 86_400, 86_400]),
        (RetryPolicy(retry_delay=100_000), [100_000, 100_000, 100_000]),
    ],
)
def test_delays_grow_up_to_a_day(policy: RetryPolicy, delays: list[float]) -> None:
    assert [policy.delay(retry) for retry in (1, 2, 3)] == delays
    assert policy.delay(1_000_000) >= delays[-1]


@pytest.mark.parametrize(
    ("name", "number"),
    [("max_retries", -1), ("retry_delay", -0.1), ("retry_delay", float("nan")), ("backoff_factor", 0.5)],
)
def test_a_policy_that_makes_no_sense_is_refused(name: str, number: float) -> None:
    with pytest.raises(AcumaticaValidationError, match=f"{name}={number} makes no sense"):
        RetryPolicy(**{name: number})  # type: ignore[arg-type]


def test_a_policy_takes_numbers() -> None:
    with pytest.raises(TypeError, match="max_retries is a number, not '3'"):
        RetryPolicy(max_retries="3")  # type: ignore[arg-type]


def test_a_paused_task_is_not_due_and_does_not_make_up_for_what_it_missed() -> None:
    task = make_task()
    task.pause()
    assert (task.status, task.next_run, task.is_due(at(100))) == ("paused", None, False)
    task.resume(at(100))
    assert (task.status, task.next_run) == ("scheduled", at(160))


def test_a_pause_ends_the_retries() -> None:
    task = make_task(retry_policy=RetryPolicy(retry_delay=5))
    run(task, 60, error="ValueError: no")
    task.pause()
    task.resume(at(61))
    assert (task.status, task.next_run) == ("scheduled", at(121))


def test_to_resume_what_is_not_paused_changes_nothing() -> None:
    task = make_task()
    task.resume(at(30))
    assert task.next_run == at(60)


def test_a_task_that_is_stopped_while_it_runs_is_stopping() -> None:
    task = make_task(retry_policy=RetryPolicy(retry_delay=5))
    task.begin(at(60))
    assert task.status == "running"
    task.stop()
    assert (task.status, task.next_run) == ("stopping", None)
    task.end(at(61), "ValueError: no")
    assert (task.status, task.next_run, task.failure_count) == ("stopped", None, 1)


def test_what_is_told_of_a_task() -> None:
    vienna = ZoneInfo("Europe/Vienna")
    task = make_task(Cron("0 */6 * * *", zone=vienna))
    run(task, 6 * 3600, 6 * 3600 + 5, "ValueError: no")
    info = task.info(vienna)
    times = [
        info["last_run"],
        info["next_run"],
        info["history"][0]["started"],
        info["history"][0]["finished"],
    ]
    assert [time and time.isoformat() for time in times] == [
        "2025-01-01T07:00:00+01:00",
        "2025-01-01T12:00:00+01:00",
        "2025-01-01T07:00:00+01:00",
        "2025-01-01T07:00:05+01:00",
    ]
    assert [time and time.tzinfo for time in times] == [vienna] * 4
    assert (info["id"], info["name"], info["status"]) == ("sync", "sync", "scheduled")
    assert (info["schedule"], info["last_error"]) == ("0 */6 * * *", "ValueError: no")
    assert (info["run_count"], info["failure_count"]) == (1, 1)


def test_the_history_holds_the_last_runs() -> None:
    task = make_task()
    for number in range(25):
        run(task, 60 * number, error=f"ValueError: {number}")
    errors = [told["error"] for told in task.info(None)["history"]]
    assert errors == [f"ValueError: {number}" for number in range(5, 25)]


def test_errors_of_the_scheduler_are_errors_of_acudata() -> None:
    with pytest.raises(AcumaticaError):
        RetryPolicy(max_retries=-1)
