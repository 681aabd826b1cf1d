"""A task: when it runs next, what became of its runs, and when a failed one is tried again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Literal, TypedDict

from acudata.scheduler.limits import checked_number
from acudata.scheduler.schedules import Schedule

Status = Literal["scheduled", "running", "retrying", "paused", "stopping", "stopped"]

_RUNS_KEPT = 20
_LIMITS = {"max_retries": (0, 1_000_000), "retry_delay": (0, 1_000_000_000), "backoff_factor": (1, 100)}


class RunInfo(TypedDict):
    """Tells about one run that has ended; `error` is None when it succeeded."""

    started: datetime
    finished: datetime
    error: str | None


class TaskInfo(TypedDict):
    """Tells about one task; times are aware, in the time zone of the scheduler.

    `status` is one of scheduled, running, retrying (waits to try a failed run again), paused, stopping (is stopped,
    but its last run has not ended) and stopped. `last_error` is that of the last run, None when that succeeded.
    `run_count` counts the runs that were begun, retries too, and `failure_count` those that failed. `history` holds
    the last runs, the latest at the end.
    """

    id: str
    name: str
    status: Status
    schedule: str
    next_run: datetime | None
    last_run: datetime | None
    last_error: str | None
    run_count: int
    failure_count: int
    history: list[RunInfo]


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Says how often a failed run is tried again and how long after.

    Args:
        max_retries: further tries after a failure; when all of them fail, the task waits for its next regular run.
        retry_delay: seconds before the first.
        backoff_factor: how much longer the wait before each further one is than the last; 1 keeps it the same.

    A retry that would not come before the next regular run is left to that.

    Raises:
        AcumaticaValidationError: a number makes no sense.
        TypeError: it is no number.

    Example:
        >>> policy = RetryPolicy(max_retries=3, retry_delay=10)
        >>> [policy.delay(retry) for retry in (1, 2, 3)]
        [10.0, 20.0, 40.0]
    """

    max_retries: int = 3
    retry_delay: float = 60.0
    backoff_factor: float = 2.0

    def __post_init__(self) -> None:
        for name, (least, most) in _LIMITS.items():
            checked_number(name, getattr(self, name), least, most)

    def delay(self, retry: int) -> float:
        """Return the seconds to wait before a retry, the first being 1; never more than a day or `retry_delay`."""
        longest = max(86_400.0, self.retry_delay)
        return min(longest, self.retry_delay * self.backoff_factor ** min(retry - 1, 64))


NO_RETRIES = RetryPolicy(max_retries=0)


@dataclass(slots=True, eq=False)
class Task:
    """Holds the state of a task; it has no thread and no lock and is told what time it is.

    A task is due when its next run is, and never while it runs. However many runs came due meanwhile, they are one.
    """

    id: str
    name: str
    func: Callable[[], object]
    schedule: Schedule
    regular_run: datetime
    retry_policy: RetryPolicy = NO_RETRIES
    last_run: datetime | None = None
    last_error: str | None = None
    run_count: int = 0
    failure_count: int = 0
    history: deque[RunInfo] = field(default_factory=lambda: deque(maxlen=_RUNS_KEPT))
    is_running: bool = False
    is_paused: bool = False
    is_stopped: bool = False
    _retry_run: datetime | None = None
    _retries: int = 0

    @property
    def status(self) -> Status:
        """Return what the task does at present."""
        if self.is_stopped:
            return "stopping" if self.is_running else "stopped"
        if self.is_running:
            return "running"
        if self.is_paused:
            return "paused"
        return "retrying" if self._retry_run else "scheduled"

    @property
    def next_run(self) -> datetime | None:
        """Return when it runs next, or None when nothing is planned."""
        return None if self.is_paused or self.is_stopped else self._retry_run or self.regular_run

    def is_due(self, now: datetime) -> bool:
        """Return whether a run has to begin."""
        return not self.is_running and self.next_run is not None and self.next_run <= now

    def begin(self, now: datetime) -> None:
        """Note that a run begins, due or not."""
        if self.regular_run <= now:
            self.regular_run = self._regular_run_after(now)
            self._retries = 0
        self._retry_run = None
        self.is_running, self.last_run = True, now
        self.run_count += 1

    def end(self, now: datetime, error: str | None) -> None:
        """Note that the run has ended, with an error if it failed, and plan a retry if there is to be one."""
        self.is_running, self.last_error = False, error
        self.history.append(RunInfo(started=self.last_run or now, finished=now, error=error))
        if error is None:
            self._retries = 0
        else:
            self.failure_count += 1
            self._plan_retry(now)

    def pause(self) -> None:
        """Plan no further runs until it is resumed."""
        self.is_paused = True

    def resume(self, now: datetime) -> None:
        """Plan runs again; those that were missed meanwhile are not made up for."""
        if self.is_paused:
            self.is_paused = False
            self.regular_run, self._retry_run, self._retries = self.schedule.next_run(now), None, 0

    def stop(self) -> None:
        """Plan no further runs, for good."""
        self.is_stopped = True

    def info(self, zone: tzinfo | None) -> TaskInfo:
        """Return what there is to tell, with times in a zone; None is that of this machine."""
        return TaskInfo(
            id=self.id,
            name=self.name,
            status=self.status,
            schedule=str(self.schedule),
            next_run=self.next_run and self.next_run.astimezone(zone),
            last_run=self.last_run and self.last_run.astimezone(zone),
            last_error=self.last_error,
            run_count=self.run_count,
            failure_count=self.failure_count,
            history=[_in_zone(run, zone) for run in self.history],
        )

    def _regular_run_after(self, now: datetime) -> datetime:
        """Return the next regular run: in step with the last one, unless some were missed."""
        following = self.schedule.next_run(self.regular_run)
        return following if following > now else self.schedule.next_run(now)

    def _plan_retry(self, now: datetime) -> None:
        retry = self._retries + 1
        run = now + timedelta(seconds=self.retry_policy.delay(retry))
        if retry <= self.retry_policy.max_retries and run < self.regular_run:
            self._retries, self._retry_run = retry, run
        else:
            self._retries = 0


def _in_zone(run: RunInfo, zone: tzinfo | None) -> RunInfo:
    started, finished = run["started"].astimezone(zone), run["finished"].astimezone(zone)
    return RunInfo(started=started, finished=finished, error=run["error"])
