"""The order of keys: conditions, what ascends, and which filters leave room for one more condition."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acudata.paging.marks import Marks
from acudata.paging.order import KeyOrder, joined, key_order, keys_of
from acudata.sandbox.builtin import default_endpoint
from acudata.schema import Entity, Structure


def entity(name: str, **fields: str) -> Entity:
    return Entity(name, Structure(name, fields))


CUSTOMER = entity("Customer", CustomerID="String", Status="String", CreditLimit="Decimal")
ORDER = entity("SalesOrder", OrderType="String", OrderNbr="String")
CONTACT = entity("Contact", ContactID="Int")


@pytest.mark.parametrize(
    ("described", "key", "condition"),
    [
        (CUSTOMER, ("O'NEIL",), "CustomerID gt 'O''NEIL'"),
        (CONTACT, (100073,), "ContactID gt 100073"),
        (ORDER, ("SO", "70"), "OrderType gt 'SO' or (OrderType eq 'SO' and OrderNbr gt '70')"),
    ],
)
def test_what_comes_after_a_key(described: Entity, key: tuple[Any, ...], condition: str) -> None:
    order = key_order(described, None)
    assert order is not None
    assert order.beyond(key) == condition


def test_three_keys_are_compared_one_after_the_other() -> None:
    order = KeyOrder({"A": "String", "B": "Int", "C": "String"})
    assert order.beyond(("x", 2, "y")) == (
        "A gt 'x' or (A eq 'x' and B gt 2) or (A eq 'x' and B eq 2 and C gt 'y')"
    )


@pytest.mark.parametrize(
    ("keys", "after", "ascends"),
    [
        ([("A",), ("B",)], None, True),
        ([("a",), ("B",)], None, True),
        ([("B",), ("a",)], None, False),
        ([("A",), ("A  ",)], None, False),
        ([("A",), ("B",)], ("A",), False),
        ([("B",)], ("A",), True),
        ([], ("A",), True),
        ([("A",), (None,)], None, False),
        ([("A",), (" ",)], None, False),
        ([(7,)], None, False),
    ],
)
def test_what_ascends(keys: list[Any], after: Any, ascends: bool) -> None:  # noqa: FBT001
    marks = Marks([None] * len(keys), keys)
    assert KeyOrder({"K": "String"}).ascends(marks, after=after) is ascends


@given(numbers=st.lists(st.integers(-(10**9), 10**9), unique=True))
def test_numbers_ascend_as_numbers(numbers: list[int]) -> None:
    marks = Marks([None] * len(numbers), [(number,) for number in sorted(numbers)])
    assert KeyOrder({"K": "Int"}).ascends(marks)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "Status eq 'Active'",
        "(Status eq 'On (Hold') or substringof('cf.x',Status)",
    ],
)
def test_filters_of_the_record_alone_leave_room(text: str | None) -> None:
    assert key_order(CUSTOMER, text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "MainContact/Email eq 'x'",
        "cf.String(f='Document.UsrX') eq 'x'",
        "Status eq 'Active' and cf . String(f='Document.UsrX') eq 'x'",
        "Status eq 'A') or (Status eq 'B'",
        "Nonsense eq 'x'",
        "Status eq 'open",
    ],
)
def test_filters_beyond_the_record_or_of_no_known_form_leave_none(text: str) -> None:
    assert key_order(CUSTOMER, text) is None


def test_inquiries_and_entities_without_known_keys_have_no_order() -> None:
    assert key_order(entity("AccountSummaryInquiry", Ledger="String"), None) is None
    assert key_order(entity("Budget", Ledger="String"), None) is None
    assert keys_of(entity("CustomerClass", ClassID="Guid")) == {}


def test_the_sandbox_has_an_order_for_every_list() -> None:
    lists = [name for name in default_endpoint().entities if not name.endswith("Inquiry")]
    assert lists


@pytest.mark.parametrize(
    ("conditions", "text"),
    [
        ([None, ""], None),
        (["A eq 1", None], "A eq 1"),
        (["A eq 1 or B eq 2", "K gt 1"], "(A eq 1 or B eq 2) and (K gt 1)"),
    ],
)
def test_conditions_are_joined(conditions: list[str | None], text: str | None) -> None:
    assert joined(conditions) == text
