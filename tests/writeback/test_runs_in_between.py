"""A run that stops before it comes to what an earlier one left open says so: nothing of that is planned anew."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest

from acudata import AcumaticaClient
from acudata.errors import AcumaticaError
from acudata.sandbox import Sandbox, cut
from acudata.sandbox.faults import page, refused
from acudata.writeback import applying, delivery
from acudata.writeback.plan import WritePlan
from tests.writeback.conftest import Connect

COLUMNS = ["OrderType", "OrderNbr", "LineNbr", "InventoryID", "OrderQty"]


def dies(box: Sandbox, plan: WritePlan, entity: str, *, number: int, arrives: bool) -> None:
    """Apply a plan whose connection is lost at one of its writing requests, and then the instance is away."""
    given_back: list[Any] = []

    def lose(*seen: Any) -> None:
        given_back.append(box.before(page(403, "Away"), "*"))
        cut(*seen)

    hook = box.after if arrives else box.before
    give_back = hook(lose, f"*/{entity}", method="PUT", number=number)
    with pytest.raises(AcumaticaError):
        plan.apply()
    give_back()
    given_back.pop()()


def two_orders(client: AcumaticaClient) -> pd.DataFrame:
    """Return lines of two orders: one to refuse, and one with twelve new lines."""
    old: Any = client.sales_orders.to_frame("OrderType eq 'SO'", columns=COLUMNS, expand="Details", top=2)
    first, last = old.drop_duplicates("OrderNbr").index
    new = old.loc[[last] * 12].assign(**{"Details.id": None, "LineNbr": None, "OrderQty": range(1000, 1012)})
    changed = old.loc[[first]].assign(OrderQty=555.0)
    return pd.DataFrame(pd.concat([changed, new.astype(old.dtypes)], ignore_index=True))


@pytest.mark.parametrize("how", ["lost", "arrived", "refused"])
def test_a_document_that_was_begun_is_not_planned_anew(
    served: Connect, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(delivery, "PIECE", 5)
    monkeypatch.setattr(applying, "GROUP", 1)
    box, client = served()
    frame = two_orders(client)
    plan = client.sales_orders.plan(frame)
    refuse_next(box, 1)
    if how == "refused":
        refuse_next(box, 3)
        plan.apply()
    else:
        dies(box, plan, "SalesOrder", number=3, arrives=how == "arrived")
    refuse_next(box, 1)
    report = plan.apply(on_error="stop")
    status = "not tried" if how == "refused" else "unknown"
    assert [outcome.status for outcome in report.outcomes] == ["failed", status]
    assert len(report.retry_frame(frame)) == 1
    assert plan.apply().is_complete
    there: Any = client.sales_orders.to_frame("OrderType eq 'SO'", columns=COLUMNS, expand="Details", top=2)
    assert sorted(there["OrderQty"])[-13:] == [555.0, *map(float, range(1000, 1012))]


def refuse_next(box: Sandbox, number: int) -> None:
    box.before(refused("Description", "Not now."), "*/SalesOrder", method="PUT", number=number)


def test_a_record_that_may_have_arrived_is_not_planned_anew(
    served: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "GROUP", 1)
    box, client = served()
    first: Any = client.cases.first()
    frame = pd.DataFrame({"Subject": [f"In between {at}" for at in range(4)]}).assign(
        CaseID=pd.array([None] * 4, "string"), ClassID=first.ClassID, BusinessAccount=first.BusinessAccount
    )
    count = client.cases.count()
    plan = client.cases.plan(frame, mode="insert")
    refusal = refused("Subject", "Not now.", when=lambda sent: sent["Subject"]["value"] == "In between 0")
    give_back = box.before(refusal, "*/Case", method="PUT")
    dies(box, plan, "Case", number=3, arrives=True)
    report = plan.apply(on_error="stop")
    assert [outcome.status for outcome in report.outcomes] == ["failed", "created", "unknown", "not tried"]
    assert "apply() looks it up" in str(report.outcomes[2].error)
    assert report.retry_frame(frame).index.tolist() == [0, 3]
    give_back()
    assert plan.apply().is_complete
    assert client.cases.count() == count + 4


def test_what_was_never_sent_is_not_in_doubt(served: Connect) -> None:
    box, client = served()
    frame = client.customers.to_frame(columns=["CustomerID", "CustomerName"], top=5)
    frame["CustomerName"] = [f"Stopped {at}" for at in range(5)]
    give_back = box.before(refused("CustomerName", "No."), "*/Customer", method="PUT", number=2)
    plan = client.customers.plan(frame)
    for _ in range(2):
        report = plan.apply(on_error="stop")
        give_back()
        give_back = box.before(refused("CustomerName", "No."), "*/Customer", method="PUT", number=1)
        assert [each.status for each in report.outcomes] == ["updated", "failed", *["not tried"] * 3]


def test_a_record_that_the_erp_took_in_another_form_is_not_sent_again(served: Connect) -> None:
    box, client = served()
    first: Any = client.cases.first()
    frame = pd.DataFrame({"Subject": ["Lost"], "CaseID": pd.array([None], "string")}).assign(
        ClassID=first.ClassID, BusinessAccount=first.BusinessAccount
    )
    count = client.cases.count()

    def capitals(_call: Any, answer: Any) -> None:
        box.put("Case", CaseID=json.loads(answer.body)["CaseID"]["value"], Subject="LOST")

    plan = client.cases.plan(frame, mode="insert")
    box.after(capitals, "*/Case", method="PUT")
    box.after(cut, "*/Case", method="PUT")
    (outcome,) = plan.apply().outcomes
    assert outcome.status == "unknown"
    assert "almost as it was sent" in str(outcome.error)
    assert client.cases.count() == count + 1


def bodies(box: Sandbox) -> list[Any]:
    """Return the bodies of orders that are written from now on."""
    sent: list[Any] = []
    box.before(lambda call: sent.append(json.loads(call.body)), "*/SalesOrder", method="PUT")
    return sent


def test_what_changes_in_the_document_itself_goes_with_the_first_piece_alone(
    served: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "PIECE", 5)
    box, client = served()
    frame = two_orders(client)
    frame["SalesOrder.Description"] = "Told once"
    sent = bodies(box)
    assert client.sales_orders.plan(frame).apply().is_complete
    assert [("Description" in body, len(body["Details"])) for body in sent] == [
        (True, 1),
        (True, 5),
        (False, 5),
        (False, 2),
    ]


def test_a_line_to_delete_that_is_gone_already_is_left_out(served: Connect) -> None:
    box, client = served()
    frame: Any = client.sales_orders.to_frame("OrderType eq 'SO'", columns=COLUMNS, expand="Details", top=1)
    plan = client.sales_orders.plan(frame.assign(OrderQty=frame["OrderQty"] + 1, delete=frame.index == 1))
    gone = frame.iloc[[1]].assign(delete=True)
    client.sales_orders.put_frame(gone, confirm_deletes=1)
    sent = bodies(box)
    assert plan.apply(confirm_deletes=1).is_complete
    assert [len(body["Details"]) for body in sent] == [1]


def test_a_document_that_somebody_else_made_meanwhile_gets_no_lines(served: Connect) -> None:
    box, client = served()
    key = {"OrderType": "SO", "OrderNbr": "MINE"}
    frame = pd.DataFrame([{**key, "InventoryID": "PAC00027", "OrderQty": 5.0}])
    customer = frame["SalesOrder.CustomerID"] = client.sales_orders.get_by_keys("SO", "000001").CustomerID

    def forestall(call: Any) -> None:
        box.put("SalesOrder", CustomerID=customer, **key)
        cut(call)

    plan = client.sales_orders.plan(frame, details="Details")
    box.before(forestall, "*/SalesOrder", method="PUT", number=1)
    (outcome,) = plan.apply().outcomes
    assert outcome.status == "unknown"
    assert "look in the ERP" in str(outcome.error)
    assert list(client.sales_orders.get_by_keys("SO", "MINE", expand="Details").Details) == []


def test_a_document_refused_in_the_middle_is_taken_back_as_far_as_it_was_written(
    served: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "PIECE", 5)
    box, client = served()
    before = client.sales_orders.to_arrow("OrderType eq 'SO'", columns=COLUMNS, expand="Details", top=2)
    plan = client.sales_orders.plan(two_orders(client))
    refuse_next(box, 3)
    report = plan.apply()
    assert [outcome.status for outcome in report.outcomes] == ["updated", "failed"]
    told: Any = report.to_frame()
    assert told["status"].tolist() == ["updated", *["created"] * 5, *["failed"] * 7]
    assert told["Details.id"].notna().tolist() == [True] * 6 + [False] * 7
    assert (
        told["error"].iloc[-1]
        == "Description: Not now.; 5 of 12 lines are written; apply() goes on with the others"
    )
    assert report.undo_plan().apply(confirm_deletes=5).is_complete
    after = client.sales_orders.to_arrow("OrderType eq 'SO'", columns=COLUMNS, expand="Details", top=2)
    assert after.equals(before)


@pytest.mark.parametrize(
    ("theirs", "status", "puts"), [(5.0, "updated", 1), (777.0, "conflict", 0), (888.0, "unchanged", 0)]
)
def test_what_others_did_to_a_line_between_plan_and_apply_counts(
    served: Connect, theirs: float, status: str, puts: int
) -> None:
    box, client = served()
    frame: Any = client.sales_orders.to_frame("OrderType eq 'SO'", columns=COLUMNS, expand="Details", top=1)
    client.sales_orders.put_frame(frame.assign(OrderQty=5.0), on_conflict="overwrite")
    frame = client.sales_orders.to_frame("OrderType eq 'SO'", columns=COLUMNS, expand="Details", top=1)
    plan = client.sales_orders.plan(frame.assign(OrderQty=888.0))
    client.sales_orders.put_frame(frame.assign(OrderQty=theirs))
    sent = bodies(box)
    (outcome,) = plan.apply().outcomes
    assert (outcome.status, len(sent)) == (status, puts)
