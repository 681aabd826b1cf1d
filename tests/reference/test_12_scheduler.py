"""The reference's chapter on the task scheduler."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import Future
from pathlib import Path

import pytest

from acudata import AcumaticaClient, AcumaticaError


def test_the_example(dot_env: Path, capsys: pytest.CaptureFixture[str]) -> None:
    client = AcumaticaClient()
    synced: Future[int] = Future()

    # Define a task function
    def sync_customers() -> None:
        customers = client.customers.get_list()
        # Process customers...
        print(f"Synced {len(customers)} customers")
        synced.set_result(len(customers))

    # Schedule task to run every 5 minutes
    task_id = client.scheduler.schedule_task(
        func=sync_customers,
        interval_seconds=300,  # 5 minutes
        task_name="customer_sync",
    )
    # Schedule with a cron-like expression
    other_id = client.scheduler.schedule_task(
        func=sync_customers,
        cron_expression="0 */6 * * *",  # Every 6 hours
        task_name="hourly_sync",
    )
    # List scheduled tasks
    tasks = client.scheduler.list_tasks()
    for task in tasks:
        print(f"{task['name']}: {task['status']}")
    assert capsys.readouterr().out == "customer_sync: scheduled\nhourly_sync: scheduled\n"

    now = dt.datetime.now(dt.UTC)
    every_5_minutes, every_6_hours = (task["next_run"] for task in tasks)
    assert every_5_minutes is not None
    assert dt.timedelta(0) < every_5_minutes - now <= dt.timedelta(seconds=300)
    assert every_6_hours is not None
    assert (every_6_hours.hour % 6, every_6_hours.minute, every_6_hours.second) == (0, 0, 0)

    client.scheduler.run_now(task_id)
    assert synced.result(30) == client.customers.count()

    # Stop a specific task
    client.scheduler.stop_task(task_id)
    assert [task["status"] for task in client.scheduler.list_tasks()] == ["stopped", "scheduled"]
    # Stop all tasks
    client.scheduler.stop_all()
    assert [task["status"] for task in client.scheduler.list_tasks()] == ["stopped", "stopped"]
    assert f"Synced {synced.result()} customers" in capsys.readouterr().out
    assert task_id != other_id
    # Scheduler automatically stops when client is closed
    client.close()


def test_the_scheduler_stops_when_the_client_is_closed(dot_env: Path) -> None:
    client = AcumaticaClient()
    scheduler = client.scheduler
    scheduler.schedule_task(func=print, interval_seconds=300)
    assert client.scheduler is scheduler
    client.close()
    assert [task["status"] for task in scheduler.list_tasks()] == ["stopped"]
    with pytest.raises(AcumaticaError, match="closed"):
        scheduler.schedule_task(func=print, interval_seconds=300)


def test_a_task_runs_again_and_again_in_the_clients_session(dot_env: Path) -> None:
    with AcumaticaClient() as client:
        runs: list[bool] = []
        enough: Future[None] = Future()

        def task() -> None:
            runs.append(client.customers.exists("ABCCOMP"))
            if len(runs) == 3:
                enough.set_result(None)

        client.scheduler.schedule_task(func=task, interval_seconds=0.05)
        enough.result(30)
        assert runs[:3] == [True, True, True]
