"""What becomes of each row of a frame of lines, and what is wrong with how it says which line or document it means."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from acudata import AcumaticaClient
from acudata.errors import AcumaticaUnknownNameError
from acudata.writeback.changes import PlannedLine, PlannedRecord
from acudata.writeback.plan import WritePlan

COLUMNS = ["OrderType", "OrderNbr", "LineNbr", "InventoryID", "OrderQty"]


@pytest.fixture
def frame(client: AcumaticaClient) -> Any:
    """Five lines of two orders: 000001 has the first two."""
    return client.sales_orders.to_frame("OrderType eq 'SO'", columns=COLUMNS, expand="Details", top=2)


def appended(frame: Any, **cells: Any) -> Any:
    """Return a frame with one more line, of the first order unless told otherwise."""
    row = frame.iloc[[0]].assign(
        **{"Details.id": None, "LineNbr": None, "InventoryID": None, "OrderQty": None}
    )
    return pd.concat([frame, row.assign(**cells).astype(frame.dtypes)], ignore_index=True)


def planned(client: AcumaticaClient, frame: Any, **options: Any) -> WritePlan:
    return client.sales_orders.plan(frame, details="Details", **options)


def last_line(plan: WritePlan) -> PlannedLine:
    return max(
        (line for record in plan.records for line in record.lines), key=lambda line: line.position or 0
    )


def told(part: PlannedRecord | PlannedLine) -> list[tuple[str, str]]:
    return [(problem.column, problem.text) for problem in part.problems]


def test_a_document_of_which_only_a_line_is_deleted_is_written(client: AcumaticaClient, frame: Any) -> None:
    plan = planned(client, frame.assign(delete=frame.index == 0))
    assert [record.action for record in plan.records] == ["update", "unchanged"]
    assert [line.action for line in plan.records[0].lines] == ["delete", "unchanged"]


def test_a_row_without_a_line_stands_for_a_document_without_lines(
    client: AcumaticaClient, frame: Any
) -> None:
    assert planned(client, appended(frame)).is_empty


def test_a_new_line_may_bring_its_own_key(client: AcumaticaClient, frame: Any) -> None:
    line = last_line(planned(client, appended(frame, LineNbr=77, OrderQty=3.0)))
    assert line.action == "create"
    assert {name: change.new for name, change in line.changes.items()} == {"LineNbr": 77, "OrderQty": 3}


@pytest.mark.parametrize(
    ("cells", "column", "text"),
    [
        (
            {"Details.id": "00000000-0000-0000-0000-000000000001"},
            "line.id",
            "no line of the document has this id",
        ),
        ({"LineNbr": 1, "OrderQty": 9.0}, "", "row 0 of the frame means the same line"),
        ({"OrderNbr": None, "id": None}, "", "it says of no document that it is a line of it"),
        ({"OrderQty": 1e30}, "OrderQty", "beyond what the field holds"),
    ],
)
def test_a_line_says_what_is_wrong_with_it(
    client: AcumaticaClient, frame: Any, cells: dict[str, Any], column: str, text: str
) -> None:
    plan = planned(client, appended(frame, **cells))
    line = last_line(plan)
    assert line.action == "invalid"
    assert [text in each for name, each in told(line) if name == column] == [True]
    assert plan.is_empty


def test_a_line_that_is_not_there_cannot_be_deleted(client: AcumaticaClient, frame: Any) -> None:
    more = appended(frame, OrderQty=1.0)
    line = last_line(planned(client, more.assign(delete=more.index == len(frame))))
    assert (line.action, told(line)) == ("invalid", [("delete", "there is no such line to delete")])


def test_the_key_of_a_line_cannot_be_changed(client: AcumaticaClient, frame: Any) -> None:
    frame.loc[1, "LineNbr"] = 9
    line = planned(client, frame).records[0].lines[1]
    assert (line.action, told(line)) == ("invalid", [("LineNbr", "the key of a line cannot be changed")])


def test_lines_may_have_the_id_of_their_document_or_its_key(client: AcumaticaClient, frame: Any) -> None:
    frame["OrderQty"] += 1
    frame.loc[3, ["OrderType", "OrderNbr"]] = None
    frame.loc[4, "id"] = None
    plan = planned(client, frame)
    assert [record.action for record in plan.records] == ["update", "update"]
    assert [len(record.written_lines) for record in plan.records] == [2, 3]
    assert [record.key["OrderNbr"] for record in plan.records] == ["000001", "000002"]


def test_a_document_is_not_written_twice_because_some_lines_have_its_id_and_others_its_key(
    client: AcumaticaClient, frame: Any
) -> None:
    frame["OrderQty"] += 1
    frame.loc[0, ["OrderType", "OrderNbr"]] = None
    frame.loc[1, "id"] = None
    plan = planned(client, frame)
    assert [record.action for record in plan.records] == ["invalid", "invalid", "update"]
    assert all("means the same record" in told(record)[0][1] for record in plan.records[:2])


@pytest.mark.parametrize("is_beside", [True, False])
def test_a_line_with_the_id_of_one_document_and_the_key_of_another_is_of_neither(
    client: AcumaticaClient, frame: Any, *, is_beside: bool
) -> None:
    orders = client.sales_orders.to_frame("OrderType eq 'SO'", columns=["OrderType", "OrderNbr"], top=2)
    copied = appended(frame, OrderNbr="000002", InventoryID="PAC00027", OrderQty=1.0)
    copied.loc[4, "OrderQty"] += 1
    plan = planned(client, {"SalesOrder": orders, "Details": copied} if is_beside else copied)
    assert [record.action for record in plan.records] == ["invalid", "update"]
    assert "its key is of another document" in told(last_line(plan))[0][1]


def test_lines_of_documents_beside_the_frame_of_documents_need_them_to_be_there(
    client: AcumaticaClient, frame: Any
) -> None:
    orders = client.sales_orders.to_frame("OrderType eq 'SO'", columns=["OrderType", "OrderNbr"], top=1)
    frame["OrderQty"] += 1
    lost = appended(frame, OrderNbr="999999", id=None, OrderQty=2.0)
    plan = planned(client, {"SalesOrder": orders, "Details": lost})
    assert [record.action for record in plan.records] == ["update", "update", "invalid"]
    assert [len(record.lines) for record in plan.records] == [2, 3, 1]
    assert "there is no such record" in told(plan.records[2])[0][1]


def test_lines_belong_to_the_first_of_two_rows_of_one_document(client: AcumaticaClient, frame: Any) -> None:
    orders = client.sales_orders.to_frame("OrderType eq 'SO'", columns=["OrderType", "OrderNbr"], top=2)
    frame["OrderQty"] += 1
    doubled = orders.iloc[[0, 1, 0]].reset_index(drop=True)
    plan = planned(client, {"SalesOrder": doubled, "Details": frame})
    assert [(record.action, len(record.lines)) for record in plan.records] == [
        ("invalid", 2),
        ("update", 3),
        ("invalid", 0),
    ]


def test_a_column_of_the_document_may_be_filled_in_one_of_its_lines(
    client: AcumaticaClient, frame: Any
) -> None:
    frame["SalesOrder.Description"] = pd.Series([None, "Told once", None, None, None], dtype="string")
    plan = planned(client, frame)
    assert [dict(record.changes).keys() for record in plan.records] == [{"Description"}, set()]


def test_a_frame_of_lines_that_does_not_say_so_is_told_how_to(client: AcumaticaClient, frame: Any) -> None:
    bare = frame.drop(columns=["id", "Details.id"])
    with pytest.raises(AcumaticaUnknownNameError) as refusal:
        client.sales_orders.plan(bare)
    assert 'plan({"Details": frame}) if its rows are lines' in refusal.value.suggestions
    assert client.sales_orders.plan({"Details": bare}).is_empty
