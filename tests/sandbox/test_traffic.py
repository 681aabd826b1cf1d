"""What tests can let happen while requests arrive: rows that change, connections that break, answers of their own."""

from __future__ import annotations

import pytest
import requests

from acudata.sandbox import Sandbox, cut
from acudata.sandbox.calls import Answer, Call
from acudata.sandbox.envelopes import server_error
from tests.sandbox.conftest import Start, Web, wrapped

CLASS = {"ClassID": "NEW", "Description": "New"}


def signed_in(start: Start) -> Web:
    web = start()
    web.sign_in().raise_for_status()
    return web


def names(web: Web, **options: str) -> list[str]:
    rows = web.get("ItemClass", params=options).json()
    return [row["ClassID"]["value"] for row in rows]


def test_requests_are_told_in_the_order_of_their_arrival(start: Start) -> None:
    web = signed_in(start)
    names(web, **{"$top": "1"})
    names(web, **{"$top": "2"})
    first, second = web.box.requests[-2:]
    assert (second.method, second.path.rpartition("/")[2]) == ("GET", "ItemClass")
    assert [first.query, second.query] == [{"$top": "1"}, {"$top": "2"}]
    assert first.at < second.at


def test_a_hook_changes_rows_between_two_requests(start: Start) -> None:
    web = signed_in(start)
    before = names(web)
    web.box.before(lambda _: web.box.put("ItemClass", **CLASS), "*/ItemClass", number=2)
    assert names(web) == before
    assert names(web) == sorted([*before, "NEW"])
    web.box.delete("ItemClass", "NEW")
    assert names(web) == before


def test_rows_change_without_rules_and_stamps_through_their_table(start: Start) -> None:
    web = signed_in(start)
    table = web.box.table("ItemClass")
    (slot,) = table.slots(top=1)
    with table.change(slot) as record:
        record.values["Description"] = "Changed"
    assert web.get("ItemClass", params={"$top": 1}).json()[0]["Description"] == {"value": "Changed"}


def test_a_hook_answers_in_place_of_the_instance(start: Start) -> None:
    web = signed_in(start)

    def refuse(_: Call) -> Answer | None:
        raise server_error("Another process has updated the 'Customer' record. Your changes will be lost.")

    web.box.before(refuse, method="PUT")
    web.box.before(lambda _: Answer(b"[]"), "*/ItemClass", method="GET")
    assert names(web) == []
    assert web.put("ItemClass", json=wrapped(**CLASS)).status_code == 500


def test_a_hook_is_taken_away_again(start: Start) -> None:
    web = signed_in(start)
    take_away = web.box.before(lambda _: Answer(b"[]"), "*/ItemClass")
    assert names(web) == []
    take_away()
    assert names(web)


def test_a_connection_cut_before_a_request_leaves_it_undone(start: Start) -> None:
    web = signed_in(start)
    web.box.before(cut, method="PUT", number=1)
    with pytest.raises(requests.ConnectionError):
        web.put("ItemClass", json=wrapped(**CLASS))
    assert "NEW" not in names(web)
    assert web.put("ItemClass", json=wrapped(**CLASS)).ok


def test_a_connection_cut_after_a_request_loses_only_the_answer(start: Start) -> None:
    web = signed_in(start)
    web.box.after(cut, method="PUT", number=1)
    with pytest.raises(requests.ConnectionError):
        web.put("ItemClass", json=wrapped(**CLASS))
    assert "NEW" in names(web)


def test_a_hook_sees_the_answer_and_may_change_it(start: Start) -> None:
    web = signed_in(start)
    seen: list[int] = []

    def note(_: Call, answer: Answer) -> Answer:
        seen.append(answer.status)
        return Answer(b"{}")

    web.box.after(note, "*/Nothing")
    assert web.get("Nothing").json() == {}
    assert seen == [404]


def test_a_tenant_of_another_name_is_changed_alone(start: Start) -> None:
    web = signed_in(start)
    other = web.box.tenants[1]
    web.box.put("ItemClass", tenant=other, **CLASS)
    assert "NEW" not in names(web)
    assert web.box.table("ItemClass", tenant=other).find_keys(["NEW"]) is not None


def test_an_endpoint_of_a_real_document_is_changed_too(openapi_document: object, schemas: object) -> None:
    path = f"{schemas}/Default_24.200.001.openapi3.json"
    box = Sandbox(schema=path)
    box.put("ItemClass", **CLASS)
    assert box.table("ItemClass").find_keys(["NEW"]) is not None
