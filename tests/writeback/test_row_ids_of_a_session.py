"""Ids of lines end with the session, as they do at instances: lines are found again by their keys, each once."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from acudata import AcumaticaClient
from acudata.sandbox import Sandbox, cut
from acudata.writeback import delivery
from tests.writeback.conftest import Connect

COLUMNS = ["OrderType", "OrderNbr", "LineNbr", "InventoryID", "OrderQty"]
PUTS: Any = {"path": "*/SalesOrder", "method": "PUT"}
ORDER = "OrderType eq 'SO' and OrderNbr eq '000001'"


@pytest.fixture
def box_and_client(served: Connect, monkeypatch: pytest.MonkeyPatch) -> tuple[Sandbox, AcumaticaClient]:
    """An order of twelve lines, written in pieces of four."""
    box, client = served(row_ids="per session")
    client.sales_orders.put_frame(with_new(lines(client), range(100, 110)))
    monkeypatch.setattr(delivery, "PIECE", 4)
    return box, client


def lines(client: AcumaticaClient) -> Any:
    return client.sales_orders.to_frame(ORDER, columns=COLUMNS, expand="Details")


def with_new(frame: Any, quantities: Any) -> Any:
    new = frame.iloc[[0] * len(quantities)].assign(**{"Details.id": None, "LineNbr": None})
    whole = pd.concat([frame, new.assign(OrderQty=quantities).astype(frame.dtypes)], ignore_index=True)
    whole.attrs = frame.attrs
    return whole


def numbers(client: AcumaticaClient) -> list[float]:
    return [float(each) for each in lines(client)["OrderQty"]]


def test_a_frame_of_an_ended_session_finds_its_lines_by_number(
    box_and_client: tuple[Sandbox, AcumaticaClient],
) -> None:
    box, client = box_and_client
    frame = lines(client)
    box.recycle()
    assert client.sales_orders.plan(frame).is_empty
    frame.loc[3, "OrderQty"] = 333.0
    plan = client.sales_orders.plan(frame)
    assert plan.summary()["line_update"] == 1
    box.recycle()
    assert plan.apply().is_complete
    assert numbers(client) == [float(each) for each in frame["OrderQty"]]


@pytest.mark.parametrize("number", [1, 2, 3, 4])
@pytest.mark.parametrize("how", ["ended", "ended, lost", "arrived, ended"])
def test_pieces_go_on_in_another_session(
    box_and_client: tuple[Sandbox, AcumaticaClient], number: int, how: str
) -> None:
    box, client = box_and_client
    frame = with_new(lines(client), range(200, 204))
    frame["OrderQty"] += 1
    frame["delete"] = frame.index.isin([1, 5, 9])
    plan = client.sales_orders.plan(frame)
    wanted = [float(each) for each in frame["OrderQty"][~frame["delete"]]]

    def end(*seen: Any) -> None:
        box.recycle()
        if how != "ended":
            cut(*seen)

    (box.after if how.startswith("arrived") else box.before)(end, **PUTS, number=number)
    report = plan.apply(confirm_deletes=3)
    assert numbers(client) == wanted
    assert report.is_complete
    told: Any = report.to_frame()
    now = lines(client).set_index("LineNbr")["OrderQty"]
    created = told[told["status"] == "created"]
    assert [now[each] for each in created["LineNbr"]] == [201, 202, 203, 204]
