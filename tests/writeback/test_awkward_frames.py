"""Frames as they come: doubled labels, keys with quotes and slashes, in another case, too long for an address."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from acudata import AcumaticaClient
from acudata.errors import AcumaticaConfigError, AcumaticaUnknownNameError, AcumaticaValidationError
from acudata.sandbox import cut
from acudata.sandbox.calls import Call
from acudata.sandbox.envelopes import server_error
from acudata.writeback.outcomes import Outcome
from tests.writeback.conftest import Connect

KEYS = ["A'B", "A/B", "Ä Ö", "50%", "A&B", "A+B", "A#B", 'A"B', "<x>", "a\\b", "A,B", "x eq 'y'"]


def renamed(client: AcumaticaClient, *, top: int = 4) -> pd.DataFrame:
    frame = client.customers.to_frame(columns=["CustomerID", "CustomerName"], top=top)
    frame["CustomerName"] = [f"Renamed {number}" for number in range(len(frame))]
    return frame


def statuses(report: Any) -> list[str]:
    return [outcome.status for outcome in report.outcomes]


@pytest.mark.parametrize(
    "index",
    [
        pd.Index([7, 7, 8, 8]),
        pd.Index(list("abcd"), name="CustomerName"),
        pd.MultiIndex.from_product([["x", "y"], [1, 2]], names=["one", "two"]),
        pd.date_range("2024-01-01", periods=4),
    ],
)
def test_a_report_has_the_index_of_the_frame_whatever_it_is(served: Connect, index: pd.Index) -> None:
    _, client = served()
    frame = renamed(client).set_axis(index)
    told = client.customers.plan(frame).apply().to_frame()
    assert told.index.tolist() == index.tolist()
    assert set(told["status"]) == {"updated"}


def test_keys_of_any_characters_are_created_changed_and_deleted(served: Connect) -> None:
    _, client = served()
    frame = pd.DataFrame({"ClassID": KEYS, "Description": "one"})
    assert set(statuses(client.item_classes.put_frame(frame))) == {"created"}
    assert client.item_classes.plan(frame).is_empty
    frame["Description"] = "two"
    assert set(statuses(client.item_classes.put_frame(frame))) == {"updated"}
    assert set(statuses(client.item_classes.delete_frame(frame, confirm=len(KEYS)))) == {"deleted"}


def test_long_keys_are_asked_for_in_addresses_of_moderate_length(served: Connect) -> None:
    box, client = served()
    keys = [f"{'ÄÖ' * 40}{number}" for number in range(30)]
    box.before(lambda call: queries.append(call.query.get("$filter", "")), "*/ItemClass", method="GET")
    queries: list[str] = []
    plan = client.item_classes.plan(pd.DataFrame({"ClassID": keys, "Description": "x"}))
    assert plan.summary()["create"] == 30
    assert 0 < max(len(query.encode()) for query in queries) < 1500


def test_keys_and_ids_are_the_same_in_any_case_and_padded(served: Connect) -> None:
    _, client = served()
    frame = renamed(client)
    frame["id"], frame["CustomerID"] = frame["id"].str.upper(), frame["CustomerID"].str.lower() + "  "
    assert client.customers.plan(frame).summary()["update"] == 4
    by_key = frame.drop(columns="id")
    assert set(statuses(client.customers.put_frame(by_key))) == {"updated"}
    assert client.customers.plan(by_key).is_empty


@pytest.mark.parametrize("columns", [["CustomerID", "CustomerName"], ["CustomerID"]])
def test_a_frame_without_rows_is_a_plan_of_nothing(served: Connect, columns: list[str]) -> None:
    _, client = served()
    report = client.customers.plan(pd.DataFrame({name: [] for name in columns})).apply()
    assert report.to_frame().empty
    assert report.is_complete


def test_columns_that_are_no_fields_are_named_and_a_key_in_the_index_is_told_of(served: Connect) -> None:
    _, client = served()
    with pytest.raises(AcumaticaUnknownNameError, match="'UsrNope', '5'"):
        client.customers.plan(renamed(client).assign(UsrNope="x", Five=1).rename(columns={"Five": 5}))
    with pytest.raises(AcumaticaValidationError, match="reset_index"):
        client.customers.plan(renamed(client).drop(columns="id").set_index("CustomerID"))


def test_linked_custom_and_note_cells_are_written(served: Connect) -> None:
    _, client = served()
    names = ["CustomerID", "MainContact.Email", "UsrLoyaltyTier", "note"]
    frame = client.customers.to_frame(columns=names, top=3)
    frame["MainContact.Email"], frame["note"] = ["a@b.c", "d@e.f", "g@h.i"], "written"
    frame["UsrLoyaltyTier"] = "Gold"
    assert set(statuses(client.customers.plan(frame).apply())) == {"updated"}
    assert client.customers.to_frame(columns=names, top=3).to_dict("list") == frame.to_dict("list")


def test_what_the_erp_works_out_itself_is_told_as_discarded(served: Connect) -> None:
    _, client = served()
    frame = client.sales_orders.to_frame(columns=["OrderType", "OrderNbr", "OrderTotal"], top=2)
    frame["OrderTotal"] = 1.25
    assert statuses(client.sales_orders.plan(frame).apply()) == ["discarded", "discarded"]


def test_the_words_of_an_inner_error_stand_in_the_report(served: Connect) -> None:
    box, client = served()
    plan = client.customers.plan(renamed(client, top=2))

    def broken(_call: Call) -> None:
        raise server_error("Object reference not set.", exception="System.NullReferenceException")

    box.before(broken, "*/Customer", method="PUT")
    outcomes: tuple[Outcome, ...] = plan.apply().outcomes
    assert [outcome.status for outcome in outcomes] == ["failed", "failed"]
    assert "Object reference not set" in str(outcomes[0].error)


@pytest.mark.parametrize("place", ["folder", "file"])
def test_without_a_journal_nothing_is_written(served: Connect, place: str) -> None:
    box, client = served()
    plan = client.customers.plan(renamed(client))
    folder: Path = client.customers.as_target().journals
    folder.parent.mkdir(parents=True, exist_ok=True)
    if place == "folder":
        folder.write_text("in the way", encoding="utf-8")
    else:
        folder.mkdir()
        (folder / f"{plan.id}.sqlite").write_bytes(b"no journal" * 500)
    with pytest.raises(AcumaticaConfigError, match="cache_dir"):
        plan.apply()
    assert not any(arrival.method == "PUT" for arrival in box.requests)


def test_no_secret_stands_in_a_journal(served: Connect) -> None:
    box, client = served()
    plan = client.customers.plan(renamed(client))
    plan.apply()
    kept = (client.customers.as_target().journals / f"{plan.id}.sqlite").read_bytes()
    assert b"updated" in kept
    assert box.password.encode() not in kept


@pytest.mark.parametrize("concurrency", [1, 2])
def test_records_of_equal_values_that_the_erp_numbers_are_made_once_each(
    served: Connect, concurrency: int
) -> None:
    box, client = served()
    before, first = client.cases.count(), client.cases.first()
    values: Any = {"ClassID": first.ClassID, "BusinessAccount": first.BusinessAccount}  # type: ignore[union-attr]
    frame = pd.DataFrame({"CaseID": [None] * 6, "Subject": "same", **values})
    plan = client.cases.plan(frame, mode="insert")
    for number in (1, 3, 5):
        box.after(cut, "*/Case", method="PUT", number=number)
    report = plan.apply(concurrency=concurrency)
    assert set(statuses(report)) == {"created"}
    assert client.cases.count() == before + 6
    assert report.to_frame()["CaseID"].is_unique


def test_less_than_one_at_a_time_is_refused(served: Connect) -> None:
    _, client = served()
    with pytest.raises(AcumaticaValidationError, match="1 at least"):
        client.customers.plan(renamed(client)).apply(concurrency=0)


@pytest.mark.parametrize("ahead", [3600.0, -3600.0])
def test_a_lost_new_record_is_found_whatever_the_clock_of_the_server_says(
    served: Connect, ahead: float
) -> None:
    box, client = served(clock_ahead=ahead)
    before, first = client.cases.count(), client.cases.first()
    values: Any = {"ClassID": first.ClassID, "BusinessAccount": first.BusinessAccount}  # type: ignore[union-attr]
    plan = client.cases.plan(
        pd.DataFrame({"CaseID": [None] * 2, "Subject": ["a", "b"], **values}), mode="insert"
    )
    box.after(cut, "*/Case", method="PUT", number=1)
    assert statuses(plan.apply()) == ["created", "created"]
    assert client.cases.count() == before + 2
