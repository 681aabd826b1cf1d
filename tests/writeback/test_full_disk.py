"""A journal that cannot grow ends the run with what to do, and nothing is lost or written twice."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from acudata.errors import AcumaticaConfigError
from acudata.writeback import delivery, journal
from acudata.writeback.plan import WritePlan
from tests.writeback.conftest import Connect


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Let journals grow by a page or two, as on a disk that is almost full; undone, the disk has room again."""
    opened = journal._opened

    def limited(path: Path) -> sqlite3.Connection:
        file = opened(path)
        (pages,) = file.execute("pragma page_count").fetchone()
        file.execute(f"pragma max_page_count={pages + 2}")
        return file

    monkeypatch.setattr(journal, "_opened", limited)
    return monkeypatch


@pytest.mark.parametrize("concurrency", [1, 3])
def test_records_are_written_once_though_the_disk_is_full(
    served: Connect, full: pytest.MonkeyPatch, concurrency: int
) -> None:
    box, client = served()
    frame = client.customers.to_frame(columns=["CustomerID", "CustomerName"], top=80)
    frame["CustomerName"] = [f"Renamed {at}" for at in range(80)]
    plan = client.customers.plan(frame)
    told = until_full(plan, concurrency=concurrency)
    assert "database or disk is full. " in told
    assert "of 80 records are written" in told
    assert "goes on where it stopped" in told
    full.undo()
    assert plan.apply().is_complete
    assert list(client.customers.to_frame(columns=["CustomerName"], top=80)["CustomerName"]) == list(
        frame["CustomerName"]
    )
    assert sum(arrival.method == "PUT" for arrival in box.requests) == 80


def test_lines_are_written_once_though_the_disk_is_full(served: Connect, full: pytest.MonkeyPatch) -> None:
    full.setattr(delivery, "PIECE", 2)
    _, client = served()
    columns = ["OrderType", "OrderNbr", "LineNbr", "InventoryID", "OrderQty"]
    old: Any = client.sales_orders.to_frame("OrderType eq 'SO'", columns=columns, expand="Details", top=40)
    new = old.drop_duplicates("OrderNbr").assign(**{"Details.id": None, "LineNbr": None, "OrderQty": 777.0})
    plan = client.sales_orders.plan(pd.concat([new] * 3, ignore_index=True), details="Details")
    until_full(plan)
    full.undo()
    assert plan.apply().is_complete
    now: Any = client.sales_orders.to_frame("OrderType eq 'SO'", columns=columns, expand="Details", top=40)
    assert set(now[now["OrderQty"] == 777].groupby("OrderNbr").size()) == {3}


def until_full(plan: WritePlan, **options: Any) -> str:
    """Apply a plan until the journal is full, and return what is told then."""
    with pytest.raises(AcumaticaConfigError) as raised:
        plan.apply(**options)
    return str(raised.value)
