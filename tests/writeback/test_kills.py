"""A process that applies a plan is killed at random requests, again and again: in the end every row is there once."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from acudata import AcumaticaClient
from acudata.sandbox import Sandbox, cut
from acudata.writeback.plan import WritePlan
from tests.writeback.conftest import Connect

ROOT = Path(__file__).parents[2]


class Killing:
    """Applies plans in processes that die when the server has, or has not yet, carried out one of their requests."""

    def __init__(self, box: Sandbox, folder: Path, plan: WritePlan, **options: Any) -> None:
        self._box = box
        self._path = plan.save(folder / "plan.json")
        self._options = json.dumps(options)
        self._connection = json.dumps(
            {
                "base_url": box.url,
                "username": box.username,
                "password": box.password,
                "tenant": box.tenant,
                "cache_dir": str(folder / "kept"),
                "rate_limit_calls_per_second": 10_000,
            }
        )

    def run(self) -> tuple[int, str]:
        """Apply the plan and return the exit code and the output."""
        with self._process() as process:
            out, _ = process.communicate()
            return process.returncode, out

    def run_until(self, number: int, method: str, *, arrives: bool) -> int:
        """Apply the plan, but die at one of the requests of a method; return the exit code."""
        with self._process() as process:

            def kill(call: Any, _answer: Any = None) -> None:
                process.kill()
                process.wait()
                cut(call)

            hook = self._box.after if arrives else self._box.before
            take_away = hook(kill, "*/entity/Default/*", method=method, number=number)
            process.communicate()
            take_away()
            return process.returncode

    @contextmanager
    def _process(self) -> Iterator[subprocess.Popen[str]]:
        command = [sys.executable, "-m", "tests.writeback.killed", self._connection, str(self._path)]
        with subprocess.Popen(
            [*command, self._options], cwd=ROOT, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        ) as process:
            yield process


def kept(box: Sandbox, method: str) -> Counter[str]:
    """Count from now on, by record, the writing requests that the sandbox carried out."""
    counted: Counter[str] = Counter()

    def count(call: Any, answer: Any) -> None:
        if answer.status < 300:
            counted[json.loads(answer.body)["id"] if method == "PUT" else call.path] += 1

    box.after(count, method=method)
    return counted


def renamed_and_new(client: AcumaticaClient) -> pd.DataFrame:
    """Return a frame that changes 60 customers and makes 40 new ones."""
    frame = client.customers.to_frame(columns=["CustomerID", "CustomerName"], top=60)
    frame["CustomerName"] = [f"Renamed {number}" for number in range(60)]
    ids = [f"NEW{number:03d}" for number in range(40)]
    new = pd.DataFrame({"CustomerID": ids, "CustomerName": [f"New {number}" for number in range(40)]})
    both = pd.concat([frame, new.astype("string")], ignore_index=True)
    return both.sample(frac=1, random_state=5)


def cases(client: AcumaticaClient) -> pd.DataFrame:
    """Return a frame of 100 cases that the ERP numbers, some of which have equal values."""
    first: Any = client.cases.first()
    subjects = [f"Killed {number // 2}" for number in range(100)]
    return pd.DataFrame(
        {"Subject": subjects, "ClassID": first.ClassID, "BusinessAccount": first.BusinessAccount}
    ).assign(CaseID=pd.array([None] * 100, "string"))


def kill_often(killing: Killing, seed: int, method: str, times: int, most: int) -> None:
    chance = random.Random(seed)
    for _ in range(times):
        kind = chance.choice([method, method, "GET"])
        number = chance.randrange(1, most if kind == method else 6)
        assert killing.run_until(number, kind, arrives=chance.random() < 0.6) != 0


@pytest.mark.parametrize("concurrency", [1, 3])
def test_updates_and_creates_with_keys_are_each_written_once(
    served: Connect, tmp_path: Path, concurrency: int
) -> None:
    box, client = served()
    frame = renamed_and_new(client)
    killing = Killing(box, tmp_path, client.customers.plan(frame), concurrency=concurrency)
    counted = kept(box, "PUT")
    kill_often(killing, seed=concurrency, method="PUT", times=4, most=25)
    code, out = killing.run()
    assert code == 0
    assert Counter(status for status, _ in json.loads(out)) == {"updated": 60, "created": 40}
    there = client.customers.to_frame(columns=["CustomerID", "CustomerName"]).set_index("CustomerID")
    wanted = frame.set_index("CustomerID")["CustomerName"]
    assert there["CustomerName"].reindex(wanted.index).tolist() == wanted.tolist()
    assert len(counted) == 100
    assert set(counted.values()) == {1}


@pytest.mark.parametrize("concurrency", [1, 3])
def test_records_that_the_erp_numbers_are_made_once(
    served: Connect, tmp_path: Path, concurrency: int
) -> None:
    box, client = served()
    before = set(client.cases.to_frame(columns=["CaseID"])["id"])
    frame = cases(client)
    killing = Killing(box, tmp_path, client.cases.plan(frame, mode="insert"), concurrency=concurrency)
    kill_often(killing, seed=7 + concurrency, method="PUT", times=4, most=25)
    code, out = killing.run()
    assert code == 0
    told = json.loads(out)
    there = client.cases.to_frame(columns=["CaseID", "Subject"]).set_index("id")
    made = there[~there.index.isin(before)]
    assert {status for status, _ in told} == {"created"}
    assert sorted(id_ for _, id_ in told) == sorted(made.index)
    assert made["Subject"].reindex([id_ for _, id_ in told]).tolist() == frame["Subject"].tolist()


def test_deletions_are_done_once(served: Connect, tmp_path: Path) -> None:
    box, client = served()
    ids = [f"GO{number:03d}" for number in range(60)]
    for id_ in ids:
        box.put("ItemClass", ClassID=id_, Description="To go")
    left = client.item_classes.count() - 60
    plan: Any = client.item_classes.delete_frame(pd.DataFrame({"ClassID": ids}), dry_run=True)
    killing = Killing(box, tmp_path, plan, confirm_deletes=60)
    counted = kept(box, "DELETE")
    kill_often(killing, seed=3, method="DELETE", times=3, most=15)
    code, out = killing.run()
    assert code == 0
    assert {status for status, _ in json.loads(out)} == {"deleted"}
    assert client.item_classes.count() == left
    assert set(counted.values()) == {1}


@pytest.mark.parametrize("is_new", [False, True])
def test_each_line_of_a_document_in_pieces_is_written_once(
    served: Connect, tmp_path: Path, *, is_new: bool
) -> None:
    box, client = served()
    columns = ["OrderType", "OrderNbr", "LineNbr", "InventoryID", "OrderQty"]
    old: Any = client.sales_orders.to_frame("OrderType eq 'SO'", columns=columns, expand="Details", top=1)
    new = old.iloc[[0] * 60].assign(**{"Details.id": None, "LineNbr": None, "OrderQty": range(1000, 1060)})
    if is_new:
        new = new.drop(columns=["id", "Details.id", "LineNbr"]).assign(OrderNbr="<NEW> 1")
        new["SalesOrder.CustomerID"] = client.sales_orders.get_by_keys("SO", "000001").CustomerID
        whole = new
    else:
        whole = pd.concat(
            [old.assign(OrderQty=old["OrderQty"] + 1, delete=old.index == 1), new.astype(old.dtypes)]
        )
    orders, deleted = client.sales_orders.count(), int(len(old) > 1 and not is_new)
    plan = client.sales_orders.plan(whole.reset_index(drop=True), details="Details")
    killing = Killing(box, tmp_path, plan, piece=10, confirm_deletes=deleted)
    for number, arrives in ((1, True), (2, False), (2, True)):
        assert killing.run_until(number, "PUT", arrives=arrives) != 0
    code, out = killing.run()
    assert code == 0
    ((status, id_),) = json.loads(out)
    assert status == ("created" if is_new else "updated")
    assert client.sales_orders.count() == orders + is_new
    there = client.sales_orders.get_by_id(id_, expand="Details").Details
    quantities = [float(line.OrderQty) for line in there]
    kept = [] if is_new else [float(old["OrderQty"][at]) + 1 for at in range(len(old)) if at != 1]
    assert quantities == [*kept, *map(float, range(1000, 1060))]
