"""Faults on the way to an instance and in it: sessions that end, seats that are gone, pages instead of answers."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from acudata.sandbox.faults import broken, in_use, page, refused
from tests.sandbox.conftest import Start, Web, wrapped


def opened(start: Start, options: dict[str, Any] | None = None, **settings: Any) -> Web:
    web = start(options, **settings)
    web.sign_in().raise_for_status()
    return web


def test_a_session_landed_elsewhere_is_told_by_the_sign_in_page_alone(start: Start) -> None:
    web = start(landing="default")
    default, other = web.box.tenants
    assert web.sign_in(tenant=other).status_code == 204
    assert f'value="{default}"' in web.get("/Frames/Login.aspx").text


def test_item_115_a_recycle_ends_sessions_and_operations_and_frees_the_seats(start: Start) -> None:
    web = opened(start, {"seats": 1}, operation_polls=100)
    case = web.get("Case", params={"$top": "1"}).json()[0]
    operation = web.post("Case/ReleaseCase", json={"entity": {"id": case["id"]}})
    assert operation.status_code == 202
    web.box.recycle()
    assert web.get("Customer").status_code == 401
    assert web.sign_in().status_code == 204
    assert web.follow(operation.headers["Location"]).status_code == 404


def test_item_115_the_first_answer_after_a_recycle_takes_longer(start: Start) -> None:
    web = opened(start, cold_start=0.2)
    web.box.recycle()
    assert web.get("/entity").elapsed.total_seconds() >= 0.2


def test_seats_are_gone_in_the_middle_and_come_back(start: Start) -> None:
    web = opened(start, {"seats": 2})
    web.box.recycle()
    give_back = web.box.occupy()
    assert web.get("Customer").status_code == 401
    assert "API Login Limit" in web.sign_in().text
    give_back()
    assert web.sign_in().status_code == 204


@pytest.mark.parametrize(("form", "status"), [("error", 500), ("redirect", 302)])
def test_item_116_a_broken_endpoint_answers_nothing_else(form: Any, status: int, start: Start) -> None:
    web = opened(start)
    web.box.before(broken(form), "/entity/Default/*")
    assert web.get("Customer", allow_redirects=False).status_code == status
    assert web.get("/entity").status_code == 200


@pytest.mark.parametrize(("status", "title"), [(502, "Bad Gateway"), (503, "Service Unavailable")])
def test_item_119_a_page_comes_instead_of_an_answer(status: int, title: str, start: Start) -> None:
    web = opened(start)
    web.box.before(page(status, title), number=1)
    answer = web.get("Customer")
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "text/html; charset=utf-8")
    assert title in answer.text
    assert web.get("Customer").ok


def test_a_record_is_in_use(start: Start) -> None:
    web = opened(start)
    web.box.before(in_use, method="PUT", number=1)
    answers = [web.put("ItemClass", json=wrapped(ClassID="NEW")) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [500, 200]
    assert "Another process has updated the 'ItemClass' record." in answers[0].json()["exceptionMessage"]


def test_chosen_records_are_refused(start: Start) -> None:
    web = opened(start)
    web.box.before(
        refused("Description", "No.", when=lambda sent: sent["ClassID"]["value"] == "B"), "*/ItemClass"
    )

    def put(key: str) -> requests.Response:
        return web.put("ItemClass", json=wrapped(ClassID=key, Description="x"))

    assert put("A").status_code == 200
    answer = put("B")
    assert (answer.status_code, answer.json()["Description"]) == (422, {"value": "x", "error": "No."})
    assert "ItemClass" in answer.json()["error"]


# What an instance takes and does not store, or does not take.


def test_item_090_a_discarded_field_is_taken_and_not_stored(start: Start) -> None:
    web = opened(start, discarded={"ItemClass": frozenset({"Description"})})
    answer = web.put("ItemClass", json=wrapped(ClassID="NEW", Description="x"))
    assert (answer.status_code, answer.json()["Description"]) == (200, {})
    assert web.get("ItemClass/NEW").json()["Description"] == {}


def test_item_090_members_and_fields_of_rows_are_discarded_too(start: Start) -> None:
    web = opened(start, discarded={"Customer": frozenset({"MainContact/Email", "BillingContact"})})
    contact = wrapped(Email="a@b.c", WebSite="b.c")
    sent = {
        **wrapped(CustomerID="NEW", CustomerName="New"),
        "MainContact": contact,
        "BillingContact": contact,
    }
    assert web.put("Customer", json=sent).ok
    read = web.get("Customer/NEW", params={"$expand": "MainContact"}).json()
    assert (read["MainContact"]["Email"], read["MainContact"]["WebSite"]) == ({}, {"value": "b.c"})


def test_an_entity_can_be_read_and_not_written(start: Start) -> None:
    web = opened(start, read_only=frozenset({"Customer"}))
    assert web.get("Customer", params={"$top": "1"}).ok
    answers = [web.put("Customer", json=wrapped(CustomerName="x")), web.delete("Customer/NEWTON")]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert web.put("ItemClass", json=wrapped(ClassID="NEW")).ok


@pytest.mark.parametrize("fields", [{"PostPeriod": "01-2024"}, {"Date": "2024-01-31"}])
def test_a_document_of_a_closed_period_is_refused(fields: dict[str, str], start: Start) -> None:
    web = opened(start, closed_periods=frozenset({"012024"}))
    (customer,) = web.get("Customer", params={"$top": "1", "$filter": "Status eq 'Active'"}).json()
    sent = wrapped(Type="Invoice", Customer=customer["CustomerID"]["value"], **fields)
    answer = web.put("Invoice", json=sent)
    assert answer.status_code == 422
    assert answer.text.count('"error":"The 01-2024 financial period is closed."') == 1
    assert web.put("Invoice", json=sent | wrapped(PostPeriod="022024", Date="2024-02-01")).ok
