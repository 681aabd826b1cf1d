"""Expressions: what Python's operators build, in the familiar text form, and what they refuse."""

# ruff: noqa: SIM201, SIM300 - what ruff would turn round is what is tested here

import copy
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from acudata.odata import Expression, F

FORMS: list[tuple[object, str]] = [
    (F.Status == "Active", "Status eq 'Active'"),
    (F.Status != "Active", "Status ne 'Active'"),
    (F.Balance > 10000, "Balance gt 10000"),
    (F.Balance >= 10000, "Balance ge 10000"),
    (F.Balance < 10.5, "Balance lt 10.5"),
    (F.Balance <= 0, "Balance le 0"),
    (5 < F.Balance, "Balance gt 5"),
    (F.Qty == F.ShippedQty, "Qty eq ShippedQty"),
    (F.Status.eq("A") & F.Status.ne("B"), "Status eq 'A' and Status ne 'B'"),
    (F.Qty.gt(1) & F.Qty.ge(2), "Qty gt 1 and Qty ge 2"),
    (F.Qty.lt(1) & F.Qty.le(2), "Qty lt 1 and Qty le 2"),
    (F.Name == "O'Brien", "Name eq 'O''Brien'"),
    (F.Name == "x' or 1 eq 1", "Name eq 'x'' or 1 eq 1'"),
    (F.IsActive == True, "IsActive eq true"),  # noqa: E712 - how a filter says it
    (F.MainContact.Email != None, "MainContact/Email ne null"),  # noqa: E711
    (F.MainContact.Address.City == "New York", "MainContact/Address/City eq 'New York'"),
    (F["Terms"] == "30D", "Terms eq '30D'"),
    (F["MainContact/Email"].is_null(), "MainContact/Email eq null"),
    (F.MainContact["year"].is_not_null(), "MainContact/year ne null"),
    (F.cf("String", "Document", "UsrRoute") == "north", "cf.String(f='Document.UsrRoute') eq 'north'"),
    (F.Description.contains("x"), "contains(Description,'x')"),
    (F.Description.startswith("x"), "startswith(Description,'x')"),
    (F.Description.endswith("x"), "endswith(Description,'x')"),
    (F.Name.tolower().startswith("acme"), "startswith(tolower(Name),'acme')"),
    (F.Name.toupper().trim() == "ACME", "trim(toupper(Name)) eq 'ACME'"),
    (F.Name.length() > 3, "length(Name) gt 3"),
    (F.First.concat(" ").concat(F.Last) == "A B", "concat(concat(First,' '),Last) eq 'A B'"),
    (F.Name.indexof("x") == -1, "indexof(Name,'x') eq -1"),
    (F.Name.substring(1) == "b", "substring(Name,1) eq 'b'"),
    (F.Name.substring(1, 2) == "bc", "substring(Name,1,2) eq 'bc'"),
    (F.Name.replace("-", "") == "ab", "replace(Name,'-','') eq 'ab'"),
    (F.Date.year() == 2024, "year(Date) eq 2024"),
    (F.Date.month() == 3, "month(Date) eq 3"),
    (F.Date.day() == 3, "day(Date) eq 3"),
    (
        F.Date.hour() + F.Date.minute() + F.Date.second() == 0,
        "(hour(Date) add minute(Date)) add second(Date) eq 0",
    ),
    (F.Qty.round() == F.Qty.floor(), "round(Qty) eq floor(Qty)"),
    (F.Qty.ceiling() == 2, "ceiling(Qty) eq 2"),
    (F.Price * F.Qty > 100, "Price mul Qty gt 100"),
    (2 * F.Qty - 1 == 100 / F.Qty % 7, "(2 mul Qty) sub 1 eq (100 div Qty) mod 7"),
    (1 - F.Qty == 1 + F.Qty, "1 sub Qty eq 1 add Qty"),
    (F.Status.isin(["Open", "Hold", "Open"]), "(Status eq 'Open' or Status eq 'Hold')"),
    (F.Qty.isin({5}), "(Qty eq 5)"),
    (F.Qty.between(1, 5), "Qty ge 1 and Qty le 5"),
    ((F.A == 1) & (F.B == 2) & (F.C == 3), "A eq 1 and B eq 2 and C eq 3"),
    ((F.A == 1) | (F.B == 2) & (F.C == 3), "A eq 1 or (B eq 2 and C eq 3)"),
    (((F.A == 1) | (F.B == 2)) & (F.C == 3), "(A eq 1 or B eq 2) and C eq 3"),
    (~(F.A == 1), "not (A eq 1)"),
    (~F.Name.contains("x"), "not contains(Name,'x')"),
    (~~(F.A == 1), "A eq 1"),
    (~((F.A == 1) & (F.B == 2)), "not (A eq 1 and B eq 2)"),
    (~F.A.isin([1, 2]), "not (A eq 1 or A eq 2)"),
    (F.Name.contains("x") == True, "contains(Name,'x')"),  # noqa: E712
    (F.Name.contains("x") == False, "not contains(Name,'x')"),  # noqa: E712
    (F.Name.contains("x") != False, "contains(Name,'x')"),  # noqa: E712
    (F.Name.tolower(), "tolower(Name)"),
]


@pytest.mark.parametrize(("built", "text"), FORMS, ids=[text for _, text in FORMS])
def test_operators_build_the_familiar_text_form(built: object, text: str) -> None:
    assert str(built) == text


def test_the_complex_example_of_the_reference_with_its_brackets_right() -> None:
    complex_filter = (
        ((F.Status == "Active") | (F.Status == "OnHold"))
        & (F.Balance > 1000)
        & F.CustomerName.tolower().startswith("tech")
        & ((F.Terms == "30D") | (F.Terms == "60D"))
    )
    assert str(complex_filter) == (
        "(Status eq 'Active' or Status eq 'OnHold') and Balance gt 1000"
        " and startswith(tolower(CustomerName),'tech') and (Terms eq '30D' or Terms eq '60D')"
    )


SLIPS: list[tuple[Callable[[], object], str]] = [
    (lambda: F.Terms == "30D" | F.Terms == "60D", r"\(F.X == '30D'\) \| \(F.Terms == \.\.\.\)"),
    (lambda: F.A == 1 & F.B == 2, r"\(F.X == 1\) & \(F.B == \.\.\.\)"),
    (lambda: F.A == F.B & F.C == F.D, r"\(F.B == \.\.\.\) & \(F.C == \.\.\.\)"),
    (lambda: F.A | (F.B == 1), r"\(F.A == \.\.\.\) \| \(B eq 1\)"),
    (lambda: F.A > 1 & (F.B == 2), "1 is none.*needs brackets"),
    (lambda: (F.B == 2) | 1, "1 is none.*needs brackets"),  # type: ignore[operator]
    (lambda: (F.B == 2) & "C eq 1", "C eq 1 is none"),  # type: ignore[operator]
    (lambda: "C eq 1" | (F.B == 2), "C eq 1 is none"),
    (lambda: ~F.A == 1, r"~\(F.A == 1\)"),
    (lambda: (F.A == 1) and (F.B == 2), r"Write \(a\) & \(b\)"),
    (lambda: (F.A == 1) or (F.B == 2), r"\(a\) \| \(b\)"),
    (lambda: not (F.A == 1), r"~\(a\)"),
    (lambda: 1 < F.A < 5, r"F\.X\.between\(1, 5\)"),
    (lambda: F.A in [1, 2], r"F\.X\.isin\(\[1, 2\]\)"),
    (lambda: "x" in F.Name, r"F\.Name\.contains\('x'\)"),
    (lambda: "x" in F, "makes a field of any name"),
    (lambda: list(F.Name), "not iterable"),  # type: ignore[call-overload]
    (lambda: list(F), "not iterable"),  # type: ignore[call-overload]
    (lambda: F.A in {1, 2}, r"F\.X\.isin\(\{1, 2\}\)"),
    (lambda: F.A in {1: "x"}, "isin"),
    (lambda: {F.A: 1}, "`A` is unhashable"),
    (lambda: {F.A == 1}, "`A eq 1` is unhashable"),
    (lambda: F.A == F.B == 1, r"\(a\) & \(b\)"),
    (lambda: any([F.A == 1, F.B == 2]), r"\(a\) \| \(b\)"),
    (lambda: (F.A == 1) if F.B == 2 else None, "neither true nor false"),
    (lambda: max(F.A, F.B), "neither true nor false"),
    (lambda: (F.Date.year == 2024) & (F.A == 1), "False is none"),  # type: ignore[comparison-overlap]
    (lambda: (F.A is None) | (F.A == 1), "False is none"),
    (lambda: np.int64(1) & F.B, r"\(F\.B == \.\.\.\)"),
    (lambda: np.bool_(True) & (F.B == 1), "is none"),  # noqa: FBT003
    (lambda: F.Name.substring("a") == "b", "whole number"),  # type: ignore[arg-type]
    (lambda: F.A > None, r"A\.is_null\(\)"),
    (lambda: F.A == (F.B == 1), "is no value to compare with"),
    (lambda: (F.A == 1) == (F.B == 1), "only be compared with True or False"),
    (lambda: F.A == [1, 2], r"\.isin\("),
    (lambda: F.A.isin("abc"), "takes a list"),
    (lambda: F.Name.contains(5), "with text, not with 5"),  # type: ignore[arg-type]
    (lambda: F.Name + "x", r"joined by \.concat"),
    (lambda: True + F.Qty, "no number"),
]


@pytest.mark.parametrize(("slip", "message"), SLIPS, ids=[message for _, message in SLIPS])
def test_what_would_silently_lose_a_condition_is_refused_with_the_right_spelling(
    slip: Callable[[], object], message: str
) -> None:
    with pytest.raises(TypeError, match=message):
        slip()


@pytest.mark.parametrize("slip", [lambda: F.Name.substring(-1), lambda: F.Name.replace("", "x")])
def test_positions_and_texts_that_make_no_sense(slip: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match="negative|empty"):
        slip()


def test_isin_without_a_value_is_refused_rather_than_matching_everything() -> None:
    with pytest.raises(ValueError, match="nothing would match"):
        F.Status.isin([])


def test_a_misspelled_method_is_told_from_a_field_of_a_linked_entity() -> None:
    with pytest.raises(AttributeError, match=r"Did you mean \.startswith\(\)"):
        F.Name.startwith("a")  # type: ignore[operator]
    assert str(F.MainContact.Startwith) == "MainContact/Startwith"


@pytest.mark.parametrize("name", ["", "A B", "A'", "A//B", "1A", "A eq 1 or B"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is no name of a field"):
        F[name]


def test_an_unknown_kind_of_custom_field_suggests_the_nearest() -> None:
    with pytest.raises(KeyError, match="String") as caught:
        F.cf("Strng", "Document", "UsrX")
    assert "String" in caught.value.suggestions  # type: ignore[attr-defined]


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda made: pickle.loads(pickle.dumps(made))])
def test_expressions_and_fields_can_be_copied_and_sent_to_another_process(
    again: Callable[[Any], Any],
) -> None:
    condition = (F.MainContact.City == "Ulm") & F.A.isin([1, 2])
    assert str(again(condition)) == str(condition)
    assert str(again(F.MainContact).Email) == "MainContact/Email"


def test_a_long_chain_of_conditions_needs_no_deep_recursion() -> None:
    chain: Expression = F.ID == 0
    for number in range(1, 3000):
        chain |= F.ID == number
    assert str(chain).count(" or ") == 2999


def test_reprs_name_the_class() -> None:
    assert [repr(F), repr(F.A), repr(F.A == 1)] == ["F", "<Path A>", "<Expression A eq 1>"]
