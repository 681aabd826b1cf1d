"""The scheduler of a client: the reference's example, and the end of it all when the client is closed."""

from __future__ import annotations

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from acudata import AcumaticaClient, AcumaticaError
from acudata.sandbox import Sandbox
from tests.conftest import connect

TIMEOUT = 30


def test_the_example_of_the_reference(box: Sandbox) -> None:
    client = connect(box)
    lines: list[str] = []
    synced = Event()

    def sync_customers() -> None:
        customers = client.customers.get_list()
        lines.append(f"Synced {len(customers)} customers")
        synced.set()

    task_id = client.scheduler.schedule_task(
        func=sync_customers,
        interval_seconds=300,
        task_name="customer_sync",
    )
    other_id = client.scheduler.schedule_task(
        func=sync_customers,
        cron_expression="0 */6 * * *",
        task_name="hourly_sync",
    )
    client.scheduler.run_now(task_id)
    assert synced.wait(TIMEOUT)
    tasks = client.scheduler.list_tasks()
    lines += [f"{task['name']}: {task['status']}" for task in tasks]
    client.scheduler.stop_task(task_id)
    assert [task["status"] for task in client.scheduler.list_tasks()] == ["stopped", "scheduled"]
    assert [task["id"] for task in tasks] == [task_id, other_id]
    client.scheduler.stop_all()
    client.close()
    assert [task["last_error"] for task in client.scheduler.list_tasks()] == [None, None]
    assert re.fullmatch(r"Synced \d+ customers", lines[0])
    assert re.fullmatch(r"customer_sync: (running|scheduled)", lines[1])
    assert lines[2:] == ["hourly_sync: scheduled"]


def test_the_end_of_a_with_block_stops_the_tasks(box: Sandbox) -> None:
    with connect(box) as client:
        client.scheduler.schedule_task(client.list_services, interval_seconds=0.01)
    assert [task["status"] for task in client.scheduler.list_tasks()] == ["stopped"]
    client.close()


def test_a_run_may_end_before_the_client_signs_out(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("acudata.scheduler.scheduler._MOMENT", TIMEOUT)
    begun = Event()
    with connect(box) as client:

        def read() -> None:
            begun.set()
            client.customers.get_list()

        task_id = client.scheduler.schedule_task(read, interval_seconds=3600, task_name="read")
        client.scheduler.run_now(task_id)
        assert begun.wait(TIMEOUT)
    (task,) = client.scheduler.list_tasks()
    assert (task["status"], task["last_error"], task["run_count"]) == ("stopped", None, 1)


def test_a_closed_client_takes_no_tasks(box: Sandbox) -> None:
    client = connect(box)
    client.close()
    with pytest.raises(AcumaticaError, match="The scheduler is closed"):
        client.scheduler.schedule_task(client.list_services, interval_seconds=60)


def test_all_threads_get_the_same_scheduler(box: Sandbox) -> None:
    def its_scheduler(client: AcumaticaClient) -> int:
        return id(client.scheduler)

    with connect(box) as client, ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(its_scheduler, [client] * 50))) == 1


def test_two_clients_have_two_schedulers(box: Sandbox) -> None:
    with connect(box) as one, connect(box) as other:
        one.scheduler.schedule_task(one.list_services, interval_seconds=60)
        assert other.scheduler.list_tasks() == []


def test_a_program_ends_although_a_task_runs_and_frees_its_seat() -> None:
    code = """
import sys, threading
from acudata import AcumaticaClient
client = AcumaticaClient(*sys.argv[1:], auto_load_env=False)
begun, never = threading.Event(), threading.Event()
def work():
    begun.set()
    never.wait()
client.scheduler.run_now(client.scheduler.schedule_task(work, interval_seconds=60))
begun.wait()
print("the end")
"""
    with Sandbox() as box:
        settings = [box.url, box.username, box.password, box.tenant]
        done = subprocess.run(
            [sys.executable, "-X", "dev", "-c", code, *settings],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        assert (done.stdout, done.stderr) == ("the end\n", "")
        assert box.instance.signin.seats_taken == 0


def test_neither_the_client_nor_an_interval_loads_croniter() -> None:
    code = """
import sys, acudata.client
print("acudata.scheduler" in sys.modules)
from acudata.scheduler import TaskScheduler
TaskScheduler().schedule_task(print, interval_seconds=60)
print("croniter" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
