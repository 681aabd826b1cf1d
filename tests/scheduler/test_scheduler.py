"""The scheduler with its threads; the time is told by hand, so that nothing has to sleep."""

from __future__ import annotations

import functools
import gc
import logging
import threading
import weakref
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from queue import Queue
from threading import Event, Thread
from typing import Any

import pytest

from acudata.errors import AcumaticaError, AcumaticaUnknownNameError, AcumaticaValidationError
from acudata.scheduler import RetryPolicy, TaskInfo, TaskScheduler
from acudata.scheduler import scheduler as module

START = datetime(2025, 1, 1, tzinfo=UTC)
TIMEOUT = 30
"""Seconds after which a test that hangs fails; none of them waits that long."""


class Bench:
    """Holds a scheduler and the clock that it looks at."""

    def __init__(self) -> None:
        self.time = START
        self.scheduler = TaskScheduler(zone=UTC, now=lambda: self.time)

    def advance(self, seconds: float, *, is_quiet: Callable[[TaskInfo], bool] | None = None) -> None:
        """Let time pass and wait until the scheduler has done what is due, its runs included.

        `is_quiet` tells which tasks need not be waited for.
        """
        quiet = is_quiet or (lambda task: task["status"] not in ("running", "stopping"))
        changed = self.scheduler._changed
        with changed:
            self.time += timedelta(seconds=seconds)
            changed.notify_all()
            assert changed.wait_for(lambda: self._is_settled(quiet), timeout=TIMEOUT)

    def settle(self) -> None:
        """Wait until all runs have ended."""
        self.advance(0)

    def _is_settled(self, quiet: Callable[[TaskInfo], bool]) -> bool:
        tasks = self.scheduler._tasks.values()
        return not any(task.is_due(self.time) for task in tasks) and all(
            map(quiet, self.scheduler.list_tasks())
        )

    def task(self, task_id: str) -> TaskInfo:
        return next(task for task in self.scheduler.list_tasks() if task["id"] == task_id)


class Slow:
    """Is a function that runs until it is told to end."""

    def __init__(self) -> None:
        self.begun = Event()
        self.may_end = Event()

    def __call__(self) -> None:
        self.begun.set()
        assert self.may_end.wait(TIMEOUT)


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.scheduler.close()


@pytest.fixture
def slow() -> Iterator[Slow]:
    slow = Slow()
    yield slow
    slow.may_end.set()


def anything(task: TaskInfo) -> bool:
    return True


def fail() -> None:
    raise ValueError("no such branch")


def test_an_interval_runs_again_and_again(bench: Bench) -> None:
    ran: list[datetime] = []
    bench.scheduler.schedule_task(lambda: ran.append(bench.time), interval_seconds=300)
    for _ in range(6):
        bench.advance(150)
    assert ran == [START + timedelta(seconds=seconds) for seconds in (300, 600, 900)]


def test_a_cron_expression_runs_by_the_clock(bench: Bench) -> None:
    ran: list[int] = []
    bench.scheduler.schedule_task(lambda: ran.append(bench.time.hour), cron_expression="0 */6 * * *")
    for _ in range(24):
        bench.advance(3600)
    assert ran == [6, 12, 18, 0]


def test_what_was_missed_runs_once(bench: Bench) -> None:
    task_id = bench.scheduler.schedule_task(lambda: None, interval_seconds=60)
    bench.advance(86_400)
    assert bench.task(task_id)["run_count"] == 1


def test_a_task_never_overlaps_itself(bench: Bench, slow: Slow) -> None:
    task_id = bench.scheduler.schedule_task(slow, interval_seconds=60)
    for _ in range(5):
        bench.advance(60, is_quiet=anything)
    assert slow.begun.wait(TIMEOUT)
    assert bench.scheduler.run_now(task_id) is False
    assert (bench.task(task_id)["status"], bench.task(task_id)["run_count"]) == ("running", 1)
    slow.may_end.set()
    bench.settle()
    assert (bench.task(task_id)["status"], bench.task(task_id)["run_count"]) == ("scheduled", 2)
    assert bench.task(task_id)["failure_count"] == 0


def test_the_timer_naps_while_a_task_runs_into_its_next_run(bench: Bench, slow: Slow) -> None:
    bench.scheduler.run_now(bench.scheduler.schedule_task(slow, interval_seconds=60))
    bench.advance(60, is_quiet=anything)
    with bench.scheduler._changed:
        assert bench.scheduler._begin_due_runs() == 30


def test_a_slow_task_delays_no_other(bench: Bench, slow: Slow) -> None:
    slow_id = bench.scheduler.schedule_task(slow, interval_seconds=60, task_name="slow")
    quick_id = bench.scheduler.schedule_task(lambda: None, interval_seconds=60, task_name="quick")
    for _ in range(3):
        bench.advance(60, is_quiet=lambda task: task["id"] == slow_id or task["status"] == "scheduled")
    assert (bench.task(slow_id)["run_count"], bench.task(quick_id)["run_count"]) == (1, 3)


def test_a_failing_task_is_told_and_stops_no_other(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "acudata.scheduler")
    failing = bench.scheduler.schedule_task(fail, interval_seconds=60)
    healthy = bench.scheduler.schedule_task(lambda: None, interval_seconds=60)
    for _ in range(3):
        bench.advance(60)
    told = bench.task(failing)
    assert (told["status"], told["last_error"]) == ("scheduled", "ValueError: no such branch")
    assert (told["run_count"], told["failure_count"]) == (3, 3)
    assert (bench.task(healthy)["run_count"], bench.task(healthy)["failure_count"]) == (3, 0)
    assert caplog.messages[2:] == ["task 'fail' failed"] * 3
    assert "no such branch" in caplog.text


@pytest.mark.parametrize("error", [SystemExit(1), KeyboardInterrupt(), AcumaticaError("The server failed.")])
def test_whatever_ends_a_run_is_a_failure(bench: Bench, error: BaseException) -> None:
    def end() -> None:
        raise error

    task_id = bench.scheduler.schedule_task(end, interval_seconds=60)
    bench.advance(60)
    bench.advance(60)
    assert (bench.task(task_id)["status"], bench.task(task_id)["failure_count"]) == ("scheduled", 2)


def test_an_error_that_cannot_be_told_is_recorded_too(bench: Bench) -> None:
    class Mute(Exception):  # noqa: N818
        def __str__(self) -> str:
            raise RuntimeError

    def end() -> None:
        raise Mute

    task_id = bench.scheduler.schedule_task(end, interval_seconds=60)
    bench.advance(60)
    assert "Mute" in str(bench.task(task_id)["last_error"])


def test_a_failed_run_is_tried_again_by_its_policy(bench: Bench) -> None:
    answers = iter([ValueError("busy"), ValueError("busy"), None])

    def sync() -> None:
        if error := next(answers):
            raise error

    policy = RetryPolicy(max_retries=5, retry_delay=10)
    task_id = bench.scheduler.schedule_task(sync, interval_seconds=3600, retry_policy=policy)
    bench.advance(3600)
    assert bench.task(task_id)["status"] == "retrying"
    bench.advance(10)
    assert bench.task(task_id)["next_run"] == bench.time + timedelta(seconds=20)
    bench.advance(20)
    told = bench.task(task_id)
    assert (told["status"], told["run_count"], told["failure_count"]) == ("scheduled", 3, 2)
    assert (told["last_error"], told["next_run"]) == (None, START + timedelta(hours=2))


def test_a_run_for_which_there_is_no_thread_has_failed(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    task_id = bench.scheduler.schedule_task(lambda: None, interval_seconds=60)

    def refuse(thread: Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(Thread, "start", refuse)
        bench.advance(60)
    assert bench.task(task_id)["last_error"] == "RuntimeError: can't start new thread"
    bench.advance(60)
    assert (bench.task(task_id)["run_count"], bench.task(task_id)["failure_count"]) == (2, 1)


def test_a_paused_task_waits_and_goes_on(bench: Bench) -> None:
    task_id = bench.scheduler.schedule_task(lambda: None, interval_seconds=60)
    bench.scheduler.pause_task(task_id)
    bench.advance(600)
    assert (bench.task(task_id)["status"], bench.task(task_id)["run_count"]) == ("paused", 0)
    bench.scheduler.resume_task(task_id)
    bench.advance(59)
    assert bench.task(task_id)["run_count"] == 0
    bench.advance(1)
    assert bench.task(task_id)["run_count"] == 1


def test_run_now_runs_at_once_and_keeps_the_plan(bench: Bench) -> None:
    task_id = bench.scheduler.schedule_task(lambda: None, interval_seconds=60)
    assert bench.scheduler.run_now(task_id) is True
    bench.settle()
    told = bench.task(task_id)
    assert (told["run_count"], told["last_run"], told["next_run"]) == (1, START, START + timedelta(minutes=1))


def test_run_now_runs_a_paused_task_once(bench: Bench) -> None:
    task_id = bench.scheduler.schedule_task(lambda: None, interval_seconds=60)
    bench.scheduler.pause_task(task_id)
    bench.scheduler.run_now(task_id)
    bench.settle()
    assert (bench.task(task_id)["status"], bench.task(task_id)["run_count"]) == ("paused", 1)


def test_a_stopped_task_runs_no_more_and_stays_in_the_list(bench: Bench) -> None:
    task_id = bench.scheduler.schedule_task(lambda: None, interval_seconds=60)
    bench.advance(60)
    bench.scheduler.stop_task(task_id)
    bench.scheduler.stop_task(task_id)
    bench.advance(600)
    told = bench.task(task_id)
    assert (told["status"], told["next_run"], told["run_count"]) == ("stopped", None, 1)


@pytest.mark.parametrize("method", ["run_now", "pause_task", "resume_task"])
def test_a_stopped_task_is_stopped_for_good(bench: Bench, method: str) -> None:
    task_id = bench.scheduler.schedule_task(lambda: None, interval_seconds=60, task_name="sync")
    bench.scheduler.stop_task(task_id)
    with pytest.raises(AcumaticaValidationError, match="The task 'sync' is stopped"):
        getattr(bench.scheduler, method)(task_id)


def test_a_run_gets_a_moment_to_end_when_its_task_is_stopped(
    bench: Bench, slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOMENT", TIMEOUT)
    task_id = bench.scheduler.schedule_task(slow, interval_seconds=60)
    bench.scheduler.run_now(task_id)
    assert slow.begun.wait(TIMEOUT)
    stopper = Thread(target=bench.scheduler.stop_task, args=(task_id,))
    stopper.start()
    bench.advance(0, is_quiet=lambda task: task["status"] == "stopping")
    slow.may_end.set()
    stopper.join(TIMEOUT)
    assert bench.task(task_id)["status"] == "stopped"


def test_a_run_that_does_not_end_is_left_behind(
    bench: Bench, slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOMENT", 0.01)
    task_id = bench.scheduler.schedule_task(slow, interval_seconds=60)
    bench.scheduler.run_now(task_id)
    bench.scheduler.close()
    assert bench.task(task_id)["status"] == "stopping"
    slow.may_end.set()
    bench.settle()
    assert bench.task(task_id)["status"] == "stopped"


@pytest.mark.parametrize("method", ["stop_all", "close"])
def test_a_task_can_stop_itself_with_all_others(
    bench: Bench, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOMENT", 2 * TIMEOUT)  # so long it would wait for itself
    bench.scheduler.schedule_task(getattr(bench.scheduler, method), interval_seconds=60)
    bench.scheduler.schedule_task(lambda: None, interval_seconds=3600)
    bench.advance(60)
    told = [(task["status"], task["run_count"], task["last_error"]) for task in bench.scheduler.list_tasks()]
    assert told == [("stopped", 1, None), ("stopped", 0, None)]


def test_after_stop_all_new_tasks_can_be_scheduled(bench: Bench) -> None:
    old = bench.scheduler.schedule_task(lambda: None, interval_seconds=60, task_name="sync")
    bench.scheduler.stop_all()
    new = bench.scheduler.schedule_task(lambda: None, interval_seconds=60, task_name="sync")
    bench.advance(60)
    assert (old, new) == ("sync", "sync-2")
    assert [task["run_count"] for task in bench.scheduler.list_tasks()] == [0, 1]


def test_a_closed_scheduler_takes_no_tasks(bench: Bench) -> None:
    bench.scheduler.close()
    bench.scheduler.close()
    with pytest.raises(AcumaticaError, match="The scheduler is closed"):
        bench.scheduler.schedule_task(lambda: None, interval_seconds=60)
    assert bench.scheduler.list_tasks() == []


def test_a_task_can_schedule_another(bench: Bench) -> None:
    def plan() -> None:
        bench.scheduler.schedule_task(lambda: None, interval_seconds=60, task_name="second")

    bench.scheduler.schedule_task(plan, interval_seconds=1000, task_name="first")
    bench.advance(1000)
    bench.advance(60)
    assert bench.task("second")["run_count"] == 1


def test_ids_come_from_names_and_names_from_functions(bench: Bench) -> None:
    schedule = functools.partial(bench.scheduler.schedule_task, interval_seconds=60)
    ids = [
        schedule(fail),
        schedule(fail),
        schedule(functools.partial(fail)),
        schedule(Slow()),
        schedule(fail, task_name="a b"),
    ]
    assert ids == ["fail", "fail-2", "fail-3", "Slow", "a b"]
    assert [task["name"] for task in bench.scheduler.list_tasks()] == ["fail", "fail", "fail", "Slow", "a b"]
    assert repr(bench.scheduler) == "<TaskScheduler fail, fail-2, fail-3, Slow, a b>"


def test_an_unknown_task_is_refused_with_the_nearest(bench: Bench) -> None:
    bench.scheduler.schedule_task(fail, interval_seconds=60, task_name="customer_sync")
    for method in ("stop_task", "pause_task", "resume_task", "run_now"):
        with pytest.raises(AcumaticaUnknownNameError, match="There is no task 'custmer_sync'") as caught:
            getattr(bench.scheduler, method)("custmer_sync")
        assert caught.value.suggestions == ["customer_sync"]


async def coroutine() -> None: ...


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        ({}, AcumaticaValidationError, r"either interval_seconds or cron_expression\."),
        (
            {"interval_seconds": 60, "cron_expression": "* * * * *"},
            AcumaticaValidationError,
            "either interval_seconds or cron_expression, not both",
        ),
        ({"interval_seconds": 0}, AcumaticaValidationError, "interval_seconds=0 makes no sense"),
        ({"interval_seconds": -5}, AcumaticaValidationError, "interval_seconds=-5 makes no sense"),
        ({"interval_seconds": float("nan")}, AcumaticaValidationError, "interval_seconds=nan makes no sense"),
        ({"interval_seconds": float("inf")}, AcumaticaValidationError, "interval_seconds=inf makes no sense"),
        ({"interval_seconds": "60"}, TypeError, "interval_seconds is a number, not '60'"),
        ({"interval_seconds": True}, TypeError, "interval_seconds is a number, not True"),
        ({"interval_seconds": timedelta(minutes=5)}, TypeError, "interval_seconds is a number"),
        ({"cron_expression": 5}, TypeError, "cron_expression is text"),
        ({"cron_expression": "0 0 31 2 *"}, AcumaticaValidationError, "its date never comes"),
        ({"interval_seconds": 60, "func": None}, TypeError, "func is not callable: None"),
        ({"interval_seconds": 60, "func": coroutine}, TypeError, "func is async"),
        (
            {"interval_seconds": 60, "task_name": " "},
            AcumaticaValidationError,
            "task_name=' ' makes no sense",
        ),
        ({"interval_seconds": 60, "retry_policy": 3}, TypeError, "retry_policy is a RetryPolicy, not 3"),
    ],
)
def test_a_wrong_argument_is_named(
    bench: Bench, arguments: dict[str, Any], error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=text):
        bench.scheduler.schedule_task(**{"func": fail, **arguments})
    assert bench.scheduler.list_tasks() == []


def test_threads_are_there_only_while_there_is_something_to_do(bench: Bench, slow: Slow) -> None:
    before = set(threading.enumerate())

    def threads() -> set[Thread]:
        return set(threading.enumerate()) - before

    assert threads() == set()
    bench.scheduler.schedule_task(slow, interval_seconds=60, task_name="slow")
    assert {thread.name for thread in threads()} == {"acudata-scheduler"}
    bench.scheduler.run_now("slow")
    assert {thread.name for thread in threads()} == {"acudata-scheduler", "acudata-task-slow"}
    assert all(thread.daemon for thread in threads())
    slow.may_end.set()
    bench.scheduler.stop_all()
    for thread in threads():
        thread.join(TIMEOUT)
    assert threads() == set()


def test_a_scheduler_without_planned_tasks_can_be_forgotten() -> None:
    scheduler = TaskScheduler()
    task_id = scheduler.schedule_task(fail, interval_seconds=60)
    timer = scheduler._timer
    assert timer
    scheduler.stop_task(task_id)
    timer.join(TIMEOUT)
    forgotten = weakref.ref(scheduler)
    del scheduler
    gc.collect()
    assert forgotten() is None


def test_the_timer_begins_again_after_all_tasks_were_paused(bench: Bench) -> None:
    task_id = bench.scheduler.schedule_task(lambda: None, interval_seconds=60)
    timer = bench.scheduler._timer
    assert timer
    bench.scheduler.pause_task(task_id)
    bench.advance(60)
    timer.join(TIMEOUT)
    bench.scheduler.resume_task(task_id)
    bench.advance(60)
    assert bench.task(task_id)["run_count"] == 1


def test_many_threads_can_use_it_at_once(bench: Bench) -> None:
    def use(number: int) -> None:
        for _ in range(20):
            task_id = bench.scheduler.schedule_task(lambda: None, interval_seconds=60, task_name="sync")
            bench.scheduler.pause_task(task_id)
            bench.scheduler.resume_task(task_id)
            bench.scheduler.list_tasks()

    users = [Thread(target=use, args=(number,)) for number in range(8)]
    for user in users:
        user.start()
    for user in users:
        user.join(TIMEOUT)
    bench.advance(60)
    tasks = bench.scheduler.list_tasks()
    assert len({task["id"] for task in tasks}) == 160
    assert {task["run_count"] for task in tasks} == {1}


def test_by_the_real_clock() -> None:
    scheduler = TaskScheduler()
    ran: Queue[str] = Queue()

    def work() -> None:
        ran.put(threading.current_thread().name)

    def break_down() -> None:
        ran.put("broken")
        raise ValueError

    scheduler.schedule_task(work, interval_seconds=0.01, task_name="sync")
    scheduler.schedule_task(break_down, interval_seconds=0.01)
    seen = [ran.get(timeout=TIMEOUT) for _ in range(20)]
    scheduler.close()
    assert set(seen) == {"acudata-task-sync", "broken"}
    tasks = scheduler.list_tasks()
    assert [task["status"] for task in tasks] == ["stopped", "stopped"]
    assert all(task["last_run"] and task["last_run"].tzinfo for task in tasks)
