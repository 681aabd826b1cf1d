"""Runs functions again and again, at an interval or by a cron expression, while the program does something else.

`wall_clock` knows the clock changes, `cron` and `schedules` say when to run, `tasks` what became of the runs, and
`scheduler` has the threads. It takes any function and knows no client.
"""

from acudata.scheduler.scheduler import TaskScheduler
from acudata.scheduler.tasks import RetryPolicy, RunInfo, TaskInfo

__all__ = ["RetryPolicy", "RunInfo", "TaskInfo", "TaskScheduler"]
