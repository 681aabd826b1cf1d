"""The scheduler: a thread that keeps the time, and one for each run."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, tzinfo
from threading import Condition, Thread, current_thread
from traceback import format_exception_only

from acudata.errors import AcumaticaError, AcumaticaUnknownNameError, AcumaticaValidationError
from acudata.naming import nearest
from acudata.scheduler.schedules import make_schedule
from acudata.scheduler.tasks import NO_RETRIES, RetryPolicy, Task, TaskInfo

logger = logging.getLogger("acudata.scheduler")

Job = Callable[[], object]

_MOMENT = 0.8
"""Seconds that runs get to end when their task is stopped."""

_LONGEST_NAP = 30.0
"""Seconds after which the time is looked at again: the clock may have been set, or the machine asleep."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class TaskScheduler:
    """Runs functions in the background, again and again.

    Each run has a thread of its own, so that a slow task delays no other; a task never runs twice at the same time.
    Runs that came due while it ran, or while the machine slept, become one, which begins at once. A task that fails
    is logged under `acudata.scheduler`, told by `list_tasks` and goes on; it stops no other. All threads are daemons:
    the program has to live on for its tasks to run. It may be used from any thread, and by the tasks themselves.

    Args:
        zone: time zone of cron expressions and of the times that are told; None is that of this machine.
        now: tells the time, aware.

    Example:
        >>> scheduler = TaskScheduler()
        >>> scheduler.schedule_task(print, cron_expression="0 */6 * * *", task_name="news")
        'news'
        >>> for task in scheduler.list_tasks():
        ...     print(f"{task['name']}: {task['status']}")
        news: scheduled
        >>> scheduler.close()
    """

    def __init__(self, *, zone: tzinfo | None = None, now: Callable[[], datetime] = _utc_now) -> None:
        self._zone = zone
        self._now = now
        self._tasks: dict[str, Task] = {}
        self._workers: dict[str, Thread] = {}
        self._timer: Thread | None = None
        self._is_closed = False
        self._changed = Condition()  # guards all of the above

    def schedule_task(
        self,
        func: Job,
        *,
        interval_seconds: float | None = None,
        cron_expression: str | None = None,
        task_name: str | None = None,
        retry_policy: RetryPolicy | None = None,
    ) -> str:
        """Run a function every so many seconds, or by a cron expression, and return the id of the task.

        Args:
            func: the function, which is called without arguments.
            interval_seconds: seconds between two runs; the first comes after as many. For one at once see `run_now`.
            cron_expression: minute, hour, day, month and weekday by the clock on the wall, such as "0 */6 * * *".
            task_name: name to tell it by, and its id unless another task has that; None takes that of the function.
            retry_policy: how failed runs are tried again; None waits for the next regular run.

        Raises:
            AcumaticaValidationError: an argument makes no sense, or a date never comes.
            TypeError: `func` is no function, or an argument is of the wrong type.
            AcumaticaError: the scheduler is closed.
        """
        schedule = make_schedule(interval_seconds, cron_expression, self._zone)
        name = _checked_name(task_name, _checked_job(func))
        policy = _checked_policy(retry_policy)
        with self._changed:
            if self._is_closed:
                raise AcumaticaError("The scheduler is closed.", suggestions=["make a new AcumaticaClient"])
            first_run = schedule.next_run(self._now())
            task = Task(self._free_id(name), name, func, schedule, first_run, policy)
            self._tasks[task.id] = task
            self._wake()
        logger.info("task %r is scheduled: %s", task.id, schedule)
        return task.id

    def list_tasks(self) -> list[TaskInfo]:
        """Return a dict for each task, in the order of their scheduling; a stopped one stays in the list.

        Its keys are told by `TaskInfo`: id, name, status, schedule, next_run, last_run, last_error, run_count,
        failure_count and history.
        """
        with self._changed:
            return [task.info(self._zone) for task in self._tasks.values()]

    def run_now(self, task_id: str) -> bool:
        """Begin a run at once, a paused task's too, without waiting for its end; its plan stays as it is.

        Returns False if the task is running already, as it never runs twice at the same time.
        """
        with self._changed:
            task = self._living(task_id)
            if task.is_running:
                return False
            self._begin(task)
            return True

    def pause_task(self, task_id: str) -> None:
        """Begin no further runs until the task is resumed; a present one goes on."""
        with self._changed:
            self._living(task_id).pause()

    def resume_task(self, task_id: str) -> None:
        """Let a paused task run again from now on; what it missed is not made up for."""
        with self._changed:
            self._living(task_id).resume(self._now())
            self._wake()

    def stop_task(self, task_id: str) -> None:
        """Stop a task for good; a present run gets a moment to end, less than a second."""
        with self._changed:
            self._stop([self._find(task_id)])

    def stop_all(self) -> None:
        """Stop all tasks for good, as `stop_task` does; new ones can be scheduled."""
        with self._changed:
            self._stop(self._tasks.values())

    def close(self) -> None:
        """Stop all tasks and take no new ones; closing twice is harmless."""
        with self._changed:
            self._is_closed = True
            self._stop(self._tasks.values())

    def __repr__(self) -> str:
        return f"<TaskScheduler {', '.join(self._tasks) or 'without tasks'}>"

    # The rest is called by a thread that holds the condition, unless it says otherwise.

    def _find(self, task_id: str) -> Task:
        if task_id in self._tasks:
            return self._tasks[task_id]
        raise AcumaticaUnknownNameError(
            f"There is no task {task_id!r}.", suggestions=nearest(str(task_id), self._tasks)
        )

    def _living(self, task_id: str) -> Task:
        task = self._find(task_id)
        if task.is_stopped:
            raise AcumaticaValidationError(
                f"The task {task_id!r} is stopped.", suggestions=["schedule it anew with schedule_task"]
            )
        return task

    def _free_id(self, name: str) -> str:
        number, task_id = 1, name
        while task_id in self._tasks:
            number += 1
            task_id = f"{name}-{number}"
        return task_id

    def _stop(self, tasks: Iterable[Task]) -> None:
        for task in tasks:
            if not task.is_stopped:
                task.stop()
                logger.info("task %r is stopped", task.id)
        self._changed.notify_all()
        awaited = [task for task in tasks if self._workers.get(task.id) is not current_thread()]
        self._changed.wait_for(lambda: not any(task.is_running for task in awaited), timeout=_MOMENT)

    def _wake(self) -> None:
        """Make the timer look at the tasks; start it if there is none."""
        self._changed.notify_all()
        if self._timer is None:
            timer = Thread(target=self._keep_time, name="acudata-scheduler", daemon=True)
            timer.start()
            self._timer = timer

    def _keep_time(self) -> None:
        """Begin runs when they are due, until nothing is planned any more; the body of the timer."""
        with self._changed:
            while (seconds := self._begin_due_runs()) is not None:
                self._changed.wait(seconds)
            self._timer = None

    def _begin_due_runs(self) -> float | None:
        """Return how many seconds to wait for the next, or None when nothing is planned."""
        now = self._now()
        for task in self._tasks.values():
            if task.is_due(now):
                self._begin(task)
        planned = [(task.next_run, task.is_running) for task in self._tasks.values() if task.next_run]
        if not planned:
            return None
        # One that is due while it runs waits for the end of that run, which wakes the timer.
        waits = [(run - now).total_seconds() for run, is_running in planned if not is_running or run > now]
        return max(0.0, min([_LONGEST_NAP, *waits]))

    def _begin(self, task: Task) -> None:
        task.begin(self._now())
        worker = Thread(target=self._work, args=(task,), name=f"acudata-task-{task.id}", daemon=True)
        self._workers[task.id] = worker
        self._changed.notify_all()
        try:
            worker.start()
        except RuntimeError as error:  # the system has no more threads
            self._end(task, _told(error))

    def _work(self, task: Task) -> None:
        """Run the function once; the body of a worker, which does not hold the condition meanwhile."""
        error = _failure(task)
        with self._changed:
            self._end(task, error)

    def _end(self, task: Task, error: str | None) -> None:
        task.end(self._now(), error)
        del self._workers[task.id]
        self._changed.notify_all()


def _failure(task: Task) -> str | None:
    logger.debug("task %r begins", task.id)
    try:
        task.func()
    except BaseException as error:
        logger.exception("task %r failed", task.id)
        return _told(error)
    return None


def _told(error: BaseException) -> str:
    return "".join(format_exception_only(error)).strip()


def _checked_job(func: Job) -> Job:
    from inspect import iscoroutinefunction

    if not callable(func):
        raise TypeError(
            f"func is not callable: {func!r}. Pass the function itself, without brackets after it."
        )
    if iscoroutinefunction(func):
        raise TypeError(
            "func is async, which would never be awaited; pass lambda: asyncio.run(your_function())."
        )
    return func


def _checked_name(name: str | None, func: Job) -> str:
    if name is None:
        inner = getattr(func, "func", func)  # of a functools.partial
        return str(getattr(inner, "__name__", type(func).__name__))
    if not isinstance(name, str) or not name.strip():
        raise AcumaticaValidationError(
            f"task_name={name!r} makes no sense.", suggestions=["a text, or leave it out"]
        )
    return name


def _checked_policy(policy: RetryPolicy | None) -> RetryPolicy:
    if policy is not None and not isinstance(policy, RetryPolicy):
        raise TypeError(f"retry_policy is a RetryPolicy, not {policy!r}.")
    return policy or NO_RETRIES
