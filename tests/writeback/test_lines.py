"""Documents with lines: changed, added and deleted each once, in pieces, whatever breaks in between."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from acudata import AcumaticaClient
from acudata.errors import AcumaticaConnectionError, AcumaticaUnknownNameError, AcumaticaValidationError
from acudata.sandbox import Sandbox, cut
from acudata.sandbox.faults import refused
from acudata.writeback.plan import WritePlan
from tests.writeback.conftest import Connect

PUTS: Any = {"path": "*/SalesOrder", "method": "PUT"}
ORDERS = "OrderType eq 'SO'"
COLUMNS = ["OrderType", "OrderNbr", "LineNbr", "InventoryID", "OrderQty", "UnitPrice"]


def lines(client: AcumaticaClient, *, top: int = 2, columns: Any = COLUMNS) -> Any:
    return client.sales_orders.to_frame(ORDERS, columns=columns, expand="Details", top=top)


def quantities(client: AcumaticaClient, number: str) -> list[float]:
    frame: Any = client.sales_orders.to_frame(
        f"OrderType eq 'SO' and OrderNbr eq '{number}'", columns=["OrderQty"], expand="Details"
    )
    return [float(each) for each in frame["OrderQty"]]


def added(frame: Any, count: int) -> Any:
    """Return lines with new ones of the first document, as a user appends them."""
    new = frame.iloc[[0] * count].assign(
        **{"Details.id": None, "LineNbr": None, "OrderQty": [1000.0 + at for at in range(count)]}
    )
    whole = pd.concat([frame, new.astype(frame.dtypes)], ignore_index=True)
    whole.attrs = frame.attrs
    return whole


def puts(box: Sandbox) -> int:
    return sum(arrival.method == "PUT" for arrival in box.requests)


def test_lines_that_nobody_touched_are_no_change(served: Connect) -> None:
    _, client = served()
    assert client.sales_orders.plan(lines(client)).is_empty
    assert client.sales_orders.plan(client.sales_orders.to_frames(expand=["Details"], top=20)).is_empty


def test_lines_are_changed_added_and_deleted(served: Connect) -> None:
    box, client = served()
    frame = added(lines(client), 1)
    number, before = frame["OrderNbr"][0], quantities(client, frame["OrderNbr"][0])
    frame.loc[0, "OrderQty"] += 5
    frame["delete"] = frame.index == 1
    plan = client.sales_orders.plan(frame)
    told = plan.summary()
    assert (told["update"], told["line_create"], told["line_update"], told["line_delete"]) == (1, 1, 1, 1)
    with pytest.raises(AcumaticaValidationError, match="deletes 1 lines"):
        plan.apply()
    report = plan.apply(confirm_deletes=1)
    assert report.is_complete
    assert report.outcomes[0].lines[f"Details[{len(frame) - 1}].LineNbr"] is not None
    assert report.summary()["line_deleted"] == 1
    assert "1 updated, 1 unchanged, 1 line created, 1 line updated, 1 line deleted" in str(report)
    assert quantities(client, number) == [before[0] + 5, *before[2:], 1000.0]
    assert puts(box) == 1


def test_undoing_takes_back_what_was_changed_and_added(served: Connect) -> None:
    _, client = served()
    frame = added(lines(client), 2)
    number, before = frame["OrderNbr"][0], quantities(client, frame["OrderNbr"][0])
    frame.loc[0, "OrderQty"] += 5
    undo = client.sales_orders.plan(frame).apply().undo_plan()
    assert undo.apply(confirm_deletes=2).is_complete
    assert quantities(client, number) == before


def test_a_frame_of_records_and_one_of_lines_are_written_together(served: Connect) -> None:
    _, client = served()
    frames: dict[str, Any] = client.sales_orders.to_frames(ORDERS, expand=["Details"], top=3)
    frames["SalesOrder"].loc[0, "Description"] = "With lines"
    frames["Details"].loc[0, "OrderQty"] += 1
    assert client.sales_orders.plan(frames).apply().summary()["updated"] == 1
    only = frames["SalesOrder"].iloc[1:]
    frames["Details"].loc[0, "OrderQty"] += 1
    plan = client.sales_orders.plan(only, details={"Details": frames["Details"]}, on_conflict="overwrite")
    assert plan.apply().summary()["updated"] == 1


def test_columns_of_the_record_have_to_be_the_same_in_all_its_lines(served: Connect) -> None:
    _, client = served()
    frame = lines(client, columns=[*COLUMNS, "SalesOrder.Description"], top=1)
    frame["SalesOrder.Description"] = "For all"
    (record,) = client.sales_orders.plan(frame).records
    assert list(record.changes) == ["Description"]
    frame.loc[0, "SalesOrder.Description"] = "For one"
    (record,) = client.sales_orders.plan(frame).records
    assert (record.action, record.problems[0].column) == ("invalid", "Description")


@pytest.mark.parametrize("is_new", [False, True])
def test_a_thousand_lines_go_in_pieces_whatever_is_cut(served: Connect, *, is_new: bool) -> None:
    box, client = served()
    frame = added(lines(client, top=1), 1000)
    if is_new:
        frame = frame.iloc[-1000:].drop(columns=["id", "Details.id", "LineNbr"]).assign(OrderNbr="<NEW> 1")
        frame["SalesOrder.CustomerID"] = client.sales_orders.get_by_keys("SO", "000001").CustomerID
    plan = client.sales_orders.plan(frame, details="Details")
    box.after(cut, **PUTS, number=1)
    box.before(cut, **PUTS, number=2)
    box.after(cut, **PUTS, number=3)
    report = plan.apply()
    assert report.is_complete
    number = report.outcomes[0].key["OrderNbr"]
    assert [each for each in quantities(client, number) if each >= 1000] == [
        1000.0 + at for at in range(1000)
    ]
    assert puts(box) == 5


def test_a_document_that_was_left_in_the_middle_goes_on(served: Connect) -> None:
    box, client = served()
    frame = added(lines(client, top=1), 700)
    plan = client.sales_orders.plan(frame)
    give_up: list[Any] = []

    def lose(*_: Any) -> None:
        give_up.append(box.before(cut, "*"))
        cut(*_)

    box.after(lose, **PUTS, number=2)
    with pytest.raises(AcumaticaConnectionError):
        plan.apply()
    for give_back in give_up:
        give_back()
    assert plan.apply().is_complete
    assert sorted(quantities(client, frame["OrderNbr"][0]))[-700:] == [1000.0 + at for at in range(700)]


def test_a_line_that_somebody_else_changed_is_a_conflict(served: Connect) -> None:
    _, client = served()
    frame = lines(client)
    other = frame.copy()
    other.loc[0, "OrderQty"] += 1
    client.sales_orders.put_frame(other)
    frame.loc[0, "UnitPrice"] += 1
    plan = client.sales_orders.plan(frame)
    assert plan.records[0].action == "conflict"
    assert "OrderQty" in plan.records[0].lines[0].conflicts
    written: Any = client.sales_orders.put_frame(frame, on_conflict="overwrite")
    assert written.summary()["updated"] == 1


def test_ids_of_another_session_are_replaced_by_line_numbers(served: Connect) -> None:
    _, client = served()
    frame = lines(client)
    frame["Details.id"] = [f"00000000-0000-0000-0000-{at:012}" for at in range(len(frame))]
    frame.loc[0, "OrderQty"] += 3
    plan = client.sales_orders.plan(frame)
    assert plan.summary()["line_update"] == 1
    old = tuple(
        replace(record, lines=tuple(replace(line, id="gone") for line in record.lines))
        for record in plan.records
    )
    assert replace(plan, records=old).apply().is_complete
    lost = client.sales_orders.plan(frame.drop(columns="LineNbr"))
    assert "read the frame anew" in lost.records[0].lines[0].problems[0].text


def test_a_refused_line_leaves_its_document_as_it_is(served: Connect) -> None:
    box, client = served()
    frame = added(lines(client), 2)
    before = quantities(client, frame["OrderNbr"][0])
    frame.loc[0, "OrderQty"] += 1
    frame.loc[len(frame) - 1, "InventoryID"] = "NOWHERE"
    report = client.sales_orders.plan(frame).apply()
    assert report.outcomes[0].status == "failed"
    assert "NOWHERE" in report.outcomes[0].errors[f"Details[{len(frame) - 1}].InventoryID"]
    assert quantities(client, frame["OrderNbr"][0]) == before
    assert puts(box) == 1


def test_numbers_of_new_lines_join_back_into_their_frame(served: Connect, tmp_path: Path) -> None:
    _, client = served()
    frames: dict[str, Any] = client.sales_orders.to_frames(ORDERS, expand=["Details"], top=2)
    whole = (
        added(frames["Details"], 2).drop(columns="LineNbr").set_index(pd.Index(list("abcdefg"), name="row"))
    )
    whole.loc["a", "OrderQty"] += 5
    plan = client.sales_orders.plan({**frames, "Details": whole})
    report = WritePlan.load(plan.save(tmp_path / "plan.json")).apply(client.sales_orders)
    table: Any = report.to_frame("Details")
    assert table.index.equals(whole.index)
    assert table["status"].tolist() == ["updated", *["unchanged"] * 4, "created", "created"]
    assert table["document"].tolist() == [
        "updated" if number == whole["OrderNbr"].iloc[0] else "unchanged" for number in whole["OrderNbr"]
    ]
    now: Any = lines(client).set_index("Details.id")
    there = now.loc[table["Details.id"]]
    assert there["LineNbr"].tolist() == table["LineNbr"].tolist()
    assert there["OrderQty"].tolist()[-2:] == [1000, 1001]
    assert report.to_frame()["status"].tolist() == ["updated", "unchanged"]
    with pytest.raises(AcumaticaUnknownNameError, match="'Detail'"):
        report.to_frame("Detail")


def test_a_report_tells_each_line_what_is_wrong_with_it(served: Connect) -> None:
    _, client = served()
    frame = added(lines(client), 2)
    frame.loc[len(frame) - 1, "InventoryID"] = "NOWHERE"
    frame.loc[2, "OrderQty"] += 1
    report = client.sales_orders.plan(frame).apply()
    table = report.to_frame()
    assert table["status"].tolist()[-2:] == ["failed", "failed"]
    assert table["error"].notna().tolist() == [False] * (len(frame) - 1) + [True]
    assert report.to_frame("SalesOrder")["status"].tolist() == table["document"].tolist()
    assert report.failed().index.tolist() == [len(frame) - 2, len(frame) - 1]
    again = report.retry_frame(frame)
    assert again.index.tolist() == [0, 1, len(frame) - 2, len(frame) - 1]
    assert client.sales_orders.plan(again.replace("NOWHERE", frame["InventoryID"][0])).apply().is_complete


def test_a_document_refused_in_the_middle_tells_how_far_it_is(served: Connect) -> None:
    box, client = served()
    frame = added(lines(client, top=1), 400)
    plan = client.sales_orders.plan(frame)
    give_back = box.before(refused("Description", "No more."), **PUTS, number=2)
    report = plan.apply()
    assert "300 of 400 lines are written" in str(report.outcomes[0].error)
    assert report.to_frame()["status"].value_counts().to_dict() == {
        "created": 300,
        "failed": 100,
        "unchanged": len(frame) - 400,
    }
    assert report.retry_frame(frame).empty
    give_back()
    assert plan.apply().is_complete
    assert len([each for each in quantities(client, frame["OrderNbr"][0]) if each >= 1000]) == 400


def test_what_is_no_column_or_no_array_is_refused(served: Connect) -> None:
    _, client = served()
    frame = lines(client)
    with pytest.raises(AcumaticaUnknownNameError, match="'OrderQnty'"):
        client.sales_orders.plan(frame.rename(columns={"OrderQty": "OrderQnty"}))
    with pytest.raises(AcumaticaUnknownNameError, match="'Detials'"):
        client.sales_orders.plan(frame, details="Detials")


@pytest.mark.parametrize("is_alone", [False, True])
def test_an_undo_shows_the_deleted_line_that_nothing_brings_back(served: Connect, *, is_alone: bool) -> None:
    _, client = served()
    frame = lines(client)
    frame["delete"] = frame.index == 1
    frame.loc[0, "OrderQty"] += 0 if is_alone else 5
    undo = client.sales_orders.plan(frame).apply(confirm_deletes=1).undo_plan()
    assert [record.action for record in undo.records] == ["invalid"] if is_alone else ["update", "invalid"]
    for shown in (str(undo), undo._repr_html_()):
        assert "it was deleted, and nothing brings it back" in shown
        assert "1 invalid" in shown
    report = undo.apply()
    assert not report.is_complete
    table = report.to_frame()
    assert table[table["status"] == "invalid"].index.tolist() == [1]
    assert table.index.is_unique
