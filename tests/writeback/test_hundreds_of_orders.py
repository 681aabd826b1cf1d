"""Lines of hundreds of orders are changed, added and deleted while all goes wrong at once: each is there once."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from acudata import AcumaticaClient
from acudata.sandbox import Sandbox, SandboxSettings, cut
from acudata.sandbox.calls import Answer, Call
from acudata.sandbox.envelopes import unprocessable
from acudata.sandbox.faults import in_use
from acudata.writeback import delivery
from tests.conftest import connect
from tests.writeback.test_kills import Killing, kill_often
from tests.writeback.test_thousands import applied

pytestmark = pytest.mark.slow

COLUMNS = ["OrderType", "OrderNbr", "LineNbr", "InventoryID", "OrderQty", "LineDescription", "AlternateID"]
ORDERS = 330
SOMEBODY_ELSES = "Somebody else's"
DONE = ("created", "updated", "discarded")


@pytest.fixture
def box() -> Iterator[Sandbox]:
    settings = SandboxSettings(
        discarded={"SalesOrder": frozenset({"Details/AlternateID"})}, requests_per_minute=3000, minute=1.0
    )
    with Sandbox(settings=settings) as box:
        yield box


@pytest.fixture
def client(box: Sandbox, tmp_path: Path) -> Iterator[AcumaticaClient]:
    with connect(box, cache_dir=tmp_path / "kept") as client:
        yield client


def lines(client: AcumaticaClient, top: int | None = None) -> pd.DataFrame:
    frame: Any = client.sales_orders.to_frame(columns=COLUMNS, expand="Details", top=top)
    return pd.DataFrame(frame.astype({"OrderQty": float}))


def edited(client: AcumaticaClient, orders: int, chance: random.Random) -> pd.DataFrame:
    """Return lines of orders: some changed, some to go, some new ones, and orders that the ERP is to number."""
    old = lines(client, orders)
    old["delete"] = False
    changed = old.sample(frac=0.7, random_state=1).index
    old.loc[changed, "LineDescription"] = [f"edited {at}" for at in changed]
    old.loc[changed, "OrderQty"] += 1
    old.loc[old.loc[changed].sample(frac=0.05, random_state=2).index, "AlternateID"] = "X"
    old.loc[old[old["LineNbr"] == 2].sample(frac=0.3, random_state=3).index, "delete"] = True
    first = old.drop_duplicates("OrderNbr").assign(**{"Details.id": None, "LineNbr": None, "delete": False})
    some = first.sample(frac=0.3, random_state=4)
    many = first.loc[first.sample(orders // 30, random_state=5).index.repeat(9)]
    fresh = first.head(orders // 8).assign(OrderNbr=[f"<NEW> {at}" for at in range(orders // 8)], id=None)
    new = pd.concat([part.astype(old.dtypes) for part in (some, many, fresh, fresh)])
    new["LineDescription"] = [f"new {at}" for at in range(len(new))]
    new["OrderQty"] = [chance.randrange(1, 50) for _ in range(len(new))]
    whole = pd.concat([old, new.astype(old.dtypes)], ignore_index=True)
    is_fresh = whole["OrderNbr"].str.startswith("<NEW>")
    customer = client.sales_orders.get_by_keys("SO", "000001").CustomerID
    whole["SalesOrder.CustomerID"] = pd.Series([customer] * len(whole), dtype="string").where(is_fresh)
    whole["SalesOrder.Description"] = whole["OrderNbr"].where(is_fresh)
    return whole.sample(frac=1, random_state=6)


def refusing(texts: set[str]) -> Callable[[Call], None]:
    """Return a hook that refuses orders of which a line has one of some texts."""

    def refuse(call: Call) -> None:
        sent = json.loads(call.body)
        rows = sent.get("Details", [])
        bad = [row for row in rows if row.get("LineDescription", {}).get("value") in texts]
        for row in bad:
            row["LineDescription"]["error"] = "It is taken."
        if bad:
            raise unprocessable({**sent, "error": "Updating  'SalesOrder' record raised at least one error."})

    return refuse


def beset(box: Sandbox, chance: random.Random, occupied: list[Callable[[], None]]) -> None:
    """Let answers be lost, connections be cut, sessions end, orders be in use and the only seats be taken."""
    numbers = iter(chance.sample(range(1, ORDERS), 60))

    def occupy(_call: Call) -> None:
        box.recycle()
        occupied.append(box.occupy())

    happenings: list[tuple[Callable[..., Any], Any, int]] = [
        (box.after, cut, 20),
        (box.before, cut, 15),
        (box.before, lambda _: box.recycle(), 5),
        (box.before, in_use, 5),
        (box.before, lambda _: Answer(b"too many", 429), 2),
        (box.before, occupy, 1),
    ]
    for hook, act, times in happenings:
        for _ in range(times):
            hook(act, "*/SalesOrder", method="PUT", number=next(numbers))


@pytest.mark.parametrize("concurrency", [1, 3])
def test_each_line_is_what_the_report_tells(
    box: Sandbox, client: AcumaticaClient, monkeypatch: pytest.MonkeyPatch, concurrency: int
) -> None:
    monkeypatch.setattr(delivery, "PIECE", 4)
    chance = random.Random(f"orders {concurrency}")
    before, frame = lines(client), edited(client, ORDERS, chance)
    plan = client.sales_orders.plan(frame, details="Details")
    others = lines(client, ORDERS).drop_duplicates("OrderNbr").sample(20, random_state=7)
    client.sales_orders.put_frame(others.assign(OrderQty=777.0, LineDescription=SOMEBODY_ELSES))
    is_new = frame["LineDescription"].str.startswith("new")
    box.before(refusing(texts_of(frame[~is_new], 20) | texts_of(frame[is_new], 20)), "*", method="PUT")
    occupied: list[Callable[[], None]] = []
    beset(box, chance, occupied)

    def give_all_back() -> None:
        while occupied:
            occupied.pop()()

    deletes = plan.summary()["line_delete"]
    report = applied(plan, give_all_back, concurrency=concurrency, confirm_deletes=deletes)
    told: Any = report.to_frame()
    check(told, before, frame, lines(client))
    counted = Counter(outcome.status for outcome in report.outcomes)
    assert counted["failed"] > 20
    assert counted["conflict"] >= 10
    assert counted["discarded"] > 5
    assert not counted["not tried"]
    assert not counted["unknown"]
    assert set(told["status"]) >= {*DONE, "deleted", "failed", "conflict", "unchanged"}
    wrong = told[told["status"].isin(["failed", "conflict", "discarded"])]
    assert wrong.groupby("id")["error"].count().all()
    assert len(frame) > 1000


def texts_of(frame: pd.DataFrame, count: int) -> set[str]:
    return set(frame["LineDescription"].sample(count, random_state=8))


def check(told: pd.DataFrame, before: pd.DataFrame, frame: pd.DataFrame, there: pd.DataFrame) -> None:
    """Compare what the report tells of each line with the lines that the ERP has, of all orders."""
    assert told.index.equals(frame.index)
    written = frame[told["status"].isin(DONE)].assign(OrderNbr=told["OrderNbr"])
    written["Details.id"] = told["Details.id"]
    gone = frame["Details.id"][told["status"] == "deleted"]
    others = before[~before["Details.id"].isin([*gone, *written["Details.id"]])]
    wanted, now = by_id(pd.concat([written, others])), by_id(there)
    assert list(now.index) == list(wanted.index)
    mine = now["LineDescription"].ne(SOMEBODY_ELSES).to_numpy(bool)
    pd.testing.assert_frame_equal(now[mine], wanted[mine], check_dtype=False, check_index_type=False)


def by_id(frame: pd.DataFrame) -> pd.DataFrame:
    names = ["OrderNbr", "InventoryID", "OrderQty", "LineDescription"]
    return frame.set_index("Details.id")[names].sort_index()


def test_a_run_that_is_killed_again_and_again_writes_each_line_once(
    box: Sandbox, client: AcumaticaClient, tmp_path: Path
) -> None:
    chance = random.Random(11)
    before, frame = lines(client), edited(client, 150, chance)
    plan = client.sales_orders.plan(frame, details="Details")
    deletes = plan.summary()["line_delete"]
    killing = Killing(box, tmp_path, plan, piece=4, confirm_deletes=deletes, concurrency=2)
    kill_often(killing, seed=12, method="PUT", times=5, most=40)
    code, _ = killing.run()
    assert code == 0
    report = plan.apply(confirm_deletes=deletes)
    told: Any = report.to_frame()
    check(told, before, frame, lines(client))
    assert {outcome.status for outcome in report.outcomes} <= {"created", "updated", "discarded", "unchanged"}
    assert len(frame) > 450
