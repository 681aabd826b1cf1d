"""Plans are carried out once, whatever happens on the way: refusals, lost answers, cut connections, other people."""

from __future__ import annotations

import json
from contextlib import nullcontext
from typing import Any

import pandas as pd
import pytest

from acudata import AcumaticaClient
from acudata.errors import (
    AcumaticaAuthError,
    AcumaticaConcurrencyError,
    AcumaticaConnectionError,
    AcumaticaValidationError,
)
from acudata.sandbox import Sandbox, cut
from acudata.sandbox.calls import Answer
from acudata.sandbox.envelopes import forbidden
from acudata.sandbox.faults import in_use, refused
from acudata.writeback.plan import WritePlan
from tests.conftest import connect
from tests.writeback.conftest import Connect

KEYS = ["Type", "ReferenceNbr", "Description"]
PUTS: Any = {"path": "*/Customer", "method": "PUT"}


def customers(client: AcumaticaClient, *, top: int = 5) -> pd.DataFrame:
    return client.customers.to_frame(columns=["CustomerID", "CustomerName", "CreditLimit"], top=top)


def renamed(client: AcumaticaClient, *, top: int = 5) -> pd.DataFrame:
    frame = customers(client, top=top)
    frame["CustomerName"] = [f"Renamed {number}" for number in range(len(frame))]
    return frame


def names(client: AcumaticaClient, *, top: int = 5) -> list[str]:
    return list(customers(client, top=top)["CustomerName"])


def is_second(sent: Any) -> bool:
    return bool(sent["CustomerName"]["value"] == "Renamed 1")


def puts(box: Sandbox) -> int:
    return sum(arrival.method == "PUT" for arrival in box.requests)


def test_what_was_planned_is_written_and_nothing_else(served: Connect) -> None:
    box, client = served()
    before = client.customers.to_arrow(columns=["CustomerID", "CreditLimit", "Email"])
    report = client.customers.plan(renamed(client)).apply()
    assert report.summary()["updated"] == 5
    assert report.is_complete
    assert names(client) == [f"Renamed {number}" for number in range(5)]
    assert client.customers.to_arrow(columns=["CustomerID", "CreditLimit", "Email"]).equals(before)
    assert puts(box) == 5


def test_only_changed_fields_and_the_id_are_sent(served: Connect) -> None:
    box, client = served()
    sent: list[Any] = []
    box.before(lambda call: sent.append(call.body), **PUTS)
    frame = customers(client, top=1)
    frame["CreditLimit"] += 0.01
    client.customers.plan(frame).apply()
    assert len(sent) == 1
    assert b"CustomerName" not in sent[0]
    assert frame["id"][0].encode() in sent[0]


def test_applying_again_writes_nothing(served: Connect) -> None:
    box, client = served()
    plan = client.customers.plan(renamed(client))
    first, count = plan.apply(), puts(box)
    again = plan.apply()
    assert puts(box) == count
    assert again.summary() == first.summary()


@pytest.mark.parametrize("is_saved", [False, True])
def test_what_the_journal_tells_is_not_taken_for_written_now(
    served: Connect, tmp_path: Any, *, is_saved: bool
) -> None:
    box, client = served()
    before = names(client)
    plan = client.customers.plan(renamed(client))
    first = plan.apply()
    assert (first.told_before, first.applied_before, "journal" in str(first)) == (0, None, False)
    first.undo_plan().apply()
    count = puts(box)
    again = (WritePlan.load(plan.save(tmp_path / "plan.json")) if is_saved else plan).apply(client.customers)
    assert (puts(box), names(client)) == (count, before)
    assert again.told_before == 5
    assert "told by the journal" in repr(again)
    for shown in (str(again), again._repr_html_()):
        assert "Nothing was sent now: all records were written by an earlier apply()" in shown
        assert f"at {again.applied_before}" in shown
        assert "plan the frame anew" in shown


def test_a_run_that_goes_on_tells_how_much_was_written_before(served: Connect) -> None:
    box, client = served()
    give_back = box.before(refused("CustomerName", "'Renamed 1' is taken.", when=is_second), **PUTS)
    plan = client.customers.plan(renamed(client))
    plan.apply()
    give_back()
    report = plan.apply()
    assert report.told_before == 4
    assert "4 of 5 were written by an earlier apply()" in str(report)


def test_refused_records_are_told_with_the_servers_words_and_do_not_hold_up_the_others(
    served: Connect,
) -> None:
    box, client = served()
    frame = renamed(client)
    box.before(refused("CustomerName", "'Renamed 1' is taken.", when=is_second), **PUTS)
    report = client.customers.plan(frame).apply()
    failed = report.failed()
    assert list(failed.index) == [1]
    assert failed["error"].tolist() == ["CustomerName: 'Renamed 1' is taken."]
    assert list(report.retry_frame(frame).index) == [1]


def test_stopping_at_the_first_error_leaves_the_rest_untried(served: Connect) -> None:
    box, client = served()
    box.before(refused("CustomerName", "'Renamed 1' is taken.", when=is_second), **PUTS)
    report = client.customers.plan(renamed(client)).apply(on_error="stop")
    assert [outcome.status for outcome in report.outcomes] == ["updated", "failed", *["not tried"] * 3]


def test_a_record_whose_answer_is_lost_is_looked_up_not_sent_again(served: Connect) -> None:
    box, client = served()
    frame = renamed(client)
    plan = client.customers.plan(frame)
    box.after(cut, **PUTS, number=2)
    report = plan.apply()
    assert report.summary()["updated"] == 5
    assert puts(box) == 5


def test_a_record_that_never_arrived_is_sent_once_more(served: Connect) -> None:
    box, client = served()
    plan = client.customers.plan(renamed(client))
    box.before(cut, **PUTS, number=2)
    assert plan.apply().summary()["updated"] == 5
    assert names(client) == [f"Renamed {number}" for number in range(5)]


def test_records_that_the_erp_numbers_are_found_again_when_the_answer_is_lost(served: Connect) -> None:
    box, client = served()
    before = client.cases.count()
    frame = pd.DataFrame({"CaseID": pd.array([None, None], "string"), "Subject": ["Lost 1", "Lost 2"]})
    first: Any = client.cases.first()
    frame["ClassID"], frame["BusinessAccount"] = first.ClassID, first.BusinessAccount
    plan = client.cases.plan(frame, mode="insert")
    box.after(cut, "*/Case", method="PUT", number=1)
    report = plan.apply()
    assert report.summary()["created"] == 2
    assert client.cases.count() == before + 2
    assert report.to_frame()["CaseID"].is_unique


def test_new_records_are_never_written_over_what_came_in_between(served: Connect) -> None:
    box, client = served()
    plan = client.item_classes.plan(pd.DataFrame({"ClassID": ["FRESH"], "Description": ["Mine"]}))
    box.put("ItemClass", ClassID="FRESH", Description="Theirs")
    report = plan.apply()
    assert report.outcomes[0].status == "conflict"
    assert client.item_classes.get_by_id("FRESH").Description == "Theirs"


def test_what_changed_between_plan_and_apply_is_a_conflict(served: Connect) -> None:
    box, client = served()
    frame = renamed(client, top=2)
    plan = client.customers.plan(frame)
    box.put("Customer", CustomerID=frame["CustomerID"][0], CustomerName="Somebody else's")
    report = plan.apply()
    assert [outcome.status for outcome in report.outcomes] == ["conflict", "updated"]
    assert "Somebody else's" in str(report.outcomes[0].error)


def test_what_changed_since_the_frame_was_read_is_shown_and_not_written(served: Connect) -> None:
    box, client = served()
    frame = renamed(client, top=2)
    box.put("Customer", CustomerID=frame["CustomerID"][0], CreditLimit=77)
    plan = client.customers.plan(frame)
    assert [record.action for record in plan.records] == ["conflict", "update"]
    report = client.customers.plan(frame, on_conflict="overwrite").apply()
    assert report.summary()["updated"] == 2
    assert client.customers.get_by_id(frame["CustomerID"][0]).CreditLimit == 77


def test_a_discarded_write_is_told(served: Connect) -> None:
    _, client = served(discarded={"Customer": {"CreditLimit"}})
    frame = customers(client, top=1)
    frame["CreditLimit"] += 100
    (outcome,) = client.customers.plan(frame).apply().outcomes
    assert outcome.status == "discarded"
    assert "CreditLimit: the ERP kept" in str(outcome.error)


def test_a_record_in_use_is_a_conflict_in_words(served: Connect) -> None:
    box, client = served()
    plan = client.customers.plan(renamed(client, top=1))
    box.before(in_use, **PUTS)
    (outcome,) = plan.apply().outcomes
    assert outcome.status == "conflict"
    assert "Another process has updated the 'Customer' record" in str(outcome.error)
    assert "try: somebody else works on the record" in str(outcome.error)


def test_a_closed_period_is_told_with_what_to_do(served: Connect) -> None:
    _, client = served(closed_periods=frozenset({"122024"}))
    frame = client.invoices.to_frame("PostPeriod eq '122024'", columns=KEYS, top=1)
    frame["Description"] = "Late"
    (outcome,) = client.invoices.plan(frame).apply().outcomes
    assert outcome.status == "failed"
    assert "The 12-2024 financial period is closed." in str(outcome.error)
    assert "try: give the document a date in an open period, or ask the accountants" in str(outcome.error)


def test_a_missing_right_is_told_once_with_what_to_do(served: Connect) -> None:
    box, client = served(read_only=frozenset({"Customer"}))
    report = client.customers.plan(renamed(client, top=60)).apply()
    assert puts(box) == 1
    assert [outcome.status for outcome in report.outcomes] == ["failed", *["not tried"] * 59]
    assert "no right to update any Customer" in str(report.outcomes[59].error)
    assert len(report.retry_frame(renamed(client, top=60))) == 60
    assert "insufficient rights to access the Customer (AR303000) form" in str(report.outcomes[0].error)
    assert "try: ask an administrator for rights to the form" in str(report.outcomes[0].error)


def test_a_missing_right_to_some_records_does_not_hold_up_the_others(served: Connect) -> None:
    box, client = served()

    def refuse(call: Any) -> Answer | None:
        message = json.dumps({"message": "You are not allowed to view this customer."}).encode()
        return Answer(message, 403) if b"Renamed 1" in call.body else None

    box.before(refuse, **PUTS)
    report = client.customers.plan(renamed(client)).apply()
    assert [outcome.status for outcome in report.outcomes] == ["updated", "failed", *["updated"] * 3]


def test_who_may_change_and_not_make_records_changes_them(served: Connect) -> None:
    box, client = served()

    def refuse(call: Any) -> None:
        if b'"id"' not in call.body:
            raise forbidden("Customer", "AR303000")

    box.before(refuse, **PUTS)
    new = pd.DataFrame({"CustomerID": [f"FRESH{at}" for at in range(3)], "CustomerName": "New"})
    frame = pd.concat([new.astype("string"), renamed(client).drop(columns="CreditLimit")], ignore_index=True)
    report = client.customers.plan(frame).apply(concurrency=2)
    told = report.summary()
    assert (told["updated"], told["created"]) == (5, 0)
    assert told["failed"] + told["not tried"] == 3


def test_an_expired_session_is_signed_in_again(served: Connect) -> None:
    box, client = served()
    plan = client.customers.plan(renamed(client))
    box.before(lambda _: box.recycle(), **PUTS, number=3)
    assert plan.apply().summary()["updated"] == 5


def test_without_a_connection_it_stops_and_goes_on_later(served: Connect) -> None:
    box, client = served()
    plan = client.customers.plan(renamed(client))
    give_back = box.before(cut, "*", number=None)
    with pytest.raises(AcumaticaConnectionError):
        plan.apply(check_tenant=False)
    give_back()
    assert plan.apply().summary()["updated"] == 5


def test_another_tenant_than_configured_is_refused(served: Connect) -> None:
    box, _ = served(landing="default")
    with connect(box, tenant="T100") as client:
        plan = client.customers.plan(renamed(client))
        with pytest.raises(AcumaticaAuthError, match="in tenant 'U100', not in 'T100': nothing was written"):
            plan.apply()
    assert puts(box) == 0


def test_more_rows_than_allowed_are_refused(served: Connect) -> None:
    box, client = served()
    plan = client.customers.plan(renamed(client))
    with pytest.raises(AcumaticaValidationError, match="max_rows=4"):
        plan.apply(max_rows=4)
    assert puts(box) == 0


def test_two_at_a_time_give_the_same(served: Connect) -> None:
    box, client = served()
    report = client.customers.plan(renamed(client, top=60)).apply(concurrency=2)
    assert report.summary()["updated"] == 60
    assert names(client, top=60) == [f"Renamed {number}" for number in range(60)]
    assert puts(box) == 60


def test_one_plans_and_another_applies(served: Connect, tmp_path: Any) -> None:
    _, client = served()
    client.customers.plan(renamed(client)).save(tmp_path / "plan.json")
    plan = WritePlan.load(tmp_path / "plan.json")
    with pytest.raises(AcumaticaValidationError, match="whom to write to"):
        plan.apply()
    with pytest.raises(AcumaticaValidationError, match="entity Customer, not Vendor"):
        plan.apply(client.vendors)
    assert plan.apply(client.customers).summary()["updated"] == 5


def test_undoing_brings_the_old_values_back(served: Connect) -> None:
    _, client = served()
    before = names(client)
    report = client.customers.plan(renamed(client)).apply()
    assert report.undo_plan().apply().summary()["updated"] == 5
    assert names(client) == before


def test_deleting_takes_its_own_confirmation(served: Connect) -> None:
    _, client = served()
    client.item_classes.put_frame(pd.DataFrame({"ClassID": ["A1", "A2"], "Description": ["x", "y"]}))
    frame = client.item_classes.to_frame(columns=["ClassID"], filter="ClassID eq 'A1' or ClassID eq 'A2'")
    with pytest.raises(AcumaticaValidationError, match="confirm"):
        client.item_classes.delete_frame(frame)
    assert client.item_classes.delete_frame(frame, confirm=2).summary()["deleted"] == 2
    assert not client.item_classes.exists("A1")


def test_numbers_join_back_into_the_frame(served: Connect) -> None:
    _, client = served()
    first: Any = client.cases.first()
    frame = pd.DataFrame(
        {
            "Subject": ["one", "two"],
            "ClassID": first.ClassID,
            "BusinessAccount": first.BusinessAccount,
            "CaseID": None,
        },
        index=["a", "b"],
    )
    report = client.cases.put_frame(frame, mode="insert")
    joined = frame.drop(columns="CaseID").join(report.to_frame()["CaseID"])
    assert client.cases.get_by_id(str(joined.loc["b", "CaseID"])).Subject == "two"


def test_a_plan_that_is_applied_elsewhere_is_refused(served: Connect) -> None:
    box, client = served()
    plan = client.customers.plan(renamed(client))
    refusals: list[Exception] = []

    def apply_again(_call: Any) -> None:
        with pytest.raises(AcumaticaConcurrencyError) as refusal:
            plan.apply(check_tenant=False)
        refusals.append(refusal.value)

    box.before(apply_again, **PUTS, number=2)
    assert plan.apply().summary()["updated"] == 5
    assert len(refusals) == 1


def test_a_deletion_is_confirmed_in_the_words_of_its_call(served: Connect) -> None:
    _, client = served()
    client.item_classes.put_frame(pd.DataFrame({"ClassID": ["A1"], "Description": ["x"]}))
    frame = pd.DataFrame({"ClassID": ["A1", "ABSENT"]})
    for wrong in (None, 2):
        with pytest.raises(AcumaticaValidationError, match=r"delete_frame\(frame, confirm=1\)"):
            client.item_classes.delete_frame(frame, confirm=wrong)
    plan: Any = client.item_classes.delete_frame(frame, dry_run=True)
    assert [problem.text for problem in plan.records[1].problems] == ["there is no such record to delete"]


@pytest.mark.parametrize("concurrency", [1, 2])
def test_an_interrupt_tells_how_much_is_written(
    served: Connect, caplog: pytest.LogCaptureFixture, concurrency: int
) -> None:
    box, client = served()
    plan = client.customers.plan(renamed(client))
    arrived: list[int] = []

    def interrupt(count: int) -> None:
        arrived.append(count)
        if len(arrived) == 4:
            raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("acudata.writeback.applying.shown_progress", lambda *_, **__: nullcontext(interrupt))
        with pytest.raises(KeyboardInterrupt) as caught:
            plan.apply(concurrency=concurrency)
    (note,) = caught.value.__notes__
    assert "of 5 records are written; apply() of the same plan goes on" in note
    assert note in caplog.text
    assert plan.apply().summary()["updated"] == 5
    assert puts(box) == 5


def test_an_undo_shows_the_deleted_record_that_nothing_brings_back(served: Connect) -> None:
    _, client = served()
    frame = pd.DataFrame({"ClassID": ["A1"], "Description": ["x"]})
    client.item_classes.put_frame(frame)
    deleted: Any = client.item_classes.delete_frame(frame, confirm=1)
    undo = deleted.undo_plan()
    assert undo.summary()["invalid"] == 1
    assert "ClassID='A1'\n    it was deleted, and nothing brings it back" in str(undo)
    assert not undo.apply().is_complete
