"""Lists that answer something else than they were asked for, each under a setting of its own."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.conftest import Start, Web


def opened(start: Start, **settings: Any) -> Web:
    web = start(**settings)
    web.sign_in().raise_for_status()
    return web


def keys(web: Web, entity: str = "Customer", **options: str) -> list[str]:
    answer = web.get(entity, params={f"${name}": value for name, value in options.items()})
    answer.raise_for_status()
    return [row[f"{entity}ID"]["value"] for row in answer.json()]


def test_a_limit_holds_whatever_top_says(start: Start) -> None:
    web = opened(start, page_limit=3)
    assert [len(keys(web)), len(keys(web, top="100")), len(keys(web, top="2"))] == [3, 3, 2]
    assert keys(web, skip="3", top="2") != keys(web, top="2")


def test_a_skip_is_ignored(start: Start) -> None:
    web = opened(start, skip="ignored")
    assert keys(web, skip="5", top="2") == keys(web, top="2")


def test_an_order_that_is_not_that_of_the_keys_stays_the_same(start: Start) -> None:
    web = opened(start, list_order="scattered")
    everything = keys(web)
    assert everything == keys(web) != sorted(everything)
    assert keys(web, skip="5", top="5") == everything[5:10]
    assert sorted(keys(web, filter="CustomerName ne 'x'")) == sorted(everything)


def test_an_order_changes_from_request_to_request(start: Start) -> None:
    web = opened(start, list_order="changing")
    everything = keys(web)
    assert everything != keys(web)
    assert sorted(everything) == sorted(keys(web))


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"expand": "MainContact"},
        {"select": "CustomerID,CreditLimit"},
        {"select": "CustomerID", "filter": "CreditLimit gt 0"},
    ],
)
def test_item_059_a_list_with_a_computed_field_or_member_is_refused(
    options: dict[str, str], start: Start
) -> None:
    web = opened(
        start, computed={"Customer": {"CreditLimit": "CustomerBalance", "MainContact": "DefContact"}}
    )
    answer = web.get("Customer", params={f"${name}": value for name, value in options.items()})
    told = answer.json()
    assert (answer.status_code, told["exceptionType"].rpartition(".")[2]) == (500, "CannotOptimizeException")
    assert "View" in told["exceptionMessage"]


def test_item_059_a_list_that_leaves_the_computed_out_is_answered(start: Start) -> None:
    web = opened(start, computed={"Customer": {"CreditLimit": "CustomerBalance"}})
    (row,) = web.get("Customer", params={"$select": "CustomerID", "$top": "1"}).json()
    assert "CreditLimit" in web.get(f"Customer/{row['id']}").json()


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        ("CustomerName ne 'x' and Status eq 'Active'", 1),
        ("MainContact/Email ne 'x'", 1),
        ("CustomerName ne 'x' and MainContact/Email ne 'x'", 0),
    ],
)
def test_item_071_a_filter_over_two_views_gets_an_empty_list(
    condition: str, count: int, start: Start
) -> None:
    web = opened(start, one_view_filters=frozenset({"Customer"}))
    assert len(keys(web, filter=condition, top="1")) == count


def test_a_filter_on_anything_but_keys_gets_an_empty_list(start: Start) -> None:
    web = opened(start, key_filters=frozenset({"Customer"}))
    (first,) = keys(web, top="1")
    assert keys(web, filter=f"CustomerID eq '{first}'") == [first]
    assert keys(web, filter="Status eq 'Active'") == []
    assert keys(web, "Vendor", filter="Status eq 'Active'")
