"""The `$filter` language: which records match, and what is refused in which words."""

from __future__ import annotations

import contextlib
import dataclasses
from typing import Any

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from acudata.sandbox.binding import predicate
from acudata.sandbox.endpoint import CustomField, Endpoint, Structure
from acudata.sandbox.envelopes import Fault
from acudata.sandbox.filters import Comparison, Literal, Logical, Not, Path, parse
from acudata.sandbox.records import Record
from acudata.sandbox.settings import SandboxSettings

from .conftest import Web, wrapped

LINE = Structure("Line", {"InventoryID": "String"})
ADDRESS = Structure("Address", {"City": "String"})
CONTACT = Structure("Contact", {"Email": "String"}, linked={"Address": "Address"})
ORDER = Structure(
    "Order",
    {
        "Nbr": "String",
        "Status": "String",
        "Total": "Decimal",
        "Count": "Int",
        "Hold": "Boolean",
        "Date": "DateTime",
        "NoteID": "Guid",
        "Day": "DateOnly",
    },
    linked={"Contact": "Contact"},
    details={"Details": "Line"},
    custom=(
        CustomField("Document", "AttributeCOLOR", "String"),
        CustomField("Document", "UsrRate", "Decimal"),
    ),
)
STRUCTURES = {structure.name: structure for structure in (LINE, ADDRESS, CONTACT, ORDER)}
ENDPOINT = Endpoint("Default", "24.200.001", {}, STRUCTURES)

A = Record(
    "a",
    {
        "Nbr": "A1",
        "Status": "Open",
        "Total": 99.5,
        "Count": 3,
        "Hold": False,
        "Date": "2024-04-25T00:00:00+00:00",
        "NoteID": "a6295b33-c7f6-4811-b817-00155d408001",
        "Day": "2024-04-25",
    },
    linked={"Contact": Record("c", {"Email": "O'Brien@x.com"}, {"Address": Record("d", {"City": "Zürich"})})},
    custom={"Document": {"AttributeCOLOR": "Red", "UsrRate": 0}},
)
B = Record("b", {"Nbr": "b2  ", "Status": "On Hold", "Total": 100, "Count": -1, "Hold": True})
EMPTY = Record("e", {"Nbr": "E3"})


def matches(text: str, **switches: Any) -> str:
    """Return the ids of the records that match, as one text."""
    told = dataclasses.replace(SandboxSettings(), **switches)
    test = predicate(text, ORDER, ENDPOINT, told)
    return "".join(record.id for record in (A, B, EMPTY) if test.matches(record))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Status eq 'Open'", "a"),
        ("Status eq 'open'", "a"),
        ("'Open' eq Status", "a"),
        ("Nbr eq 'B2'", "b"),
        ("Nbr eq 'b2     '", "b"),
        ("Nbr gt 'A1'", "be"),
        ("Total gt 99.5", "b"),
        ("Total ge 99.5", "ab"),
        ("Total eq 99.5M", "a"),
        ("Total lt 1e2", "a"),
        ("Count eq -1", "b"),
        ("Count gt 2.5", "a"),
        ("Count eq 3L", "a"),
        ("Hold eq true", "b"),
        ("Hold eq false", "a"),
        ("Hold", "b"),
        ("not Hold", "ae"),
        ("Status eq null", "e"),
        ("Status ne null", "ab"),
        ("Status ne 'Open'", "be"),
        ("Total lt null", ""),
        ("not (Status eq 'Open')", "be"),
        ("Status eq 'Open' or Status eq 'On Hold' and Total gt 100", "a"),
        ("(Status eq 'Open' or Status eq 'On Hold') and Total ge 100", "b"),
        ("not Hold eq true and Count eq 3", "a"),
        ("Date eq datetimeoffset'2024-04-25'", "a"),
        ("Date ge datetimeoffset'2024-04-25T00:00:00.000'", "a"),
        ("Date lt datetimeoffset'2024-04-25T02:00:01+02:00'", "a"),
        ("Date lt datetimeoffset'2024-04-25T02:00:00+02:00'", ""),
        ("Date le datetimeoffset'2024-04-25T00:00:00Z'", "a"),
        ("Date gt datetime'2024-04-24T23:59:59.9999999'", "a"),
        ("Day eq date'2024-04-25'", "a"),
        ("NoteID eq guid'A6295B33-C7F6-4811-B817-00155D408001'", "a"),
        ("Contact/Email eq 'O''Brien@x.com'", "a"),
        ("Contact/Address/City eq 'ZÜRICH'", "a"),
        ("Contact/Email eq null", "be"),
        ("substringof('PE',Status)", "a"),
        ("startswith(Status,'o')", "ab"),
        ("endswith(Status, 'hold')", "b"),
        ("substringof('x.com',Contact/Email) and Hold eq false", "a"),
        ("substringof('pe',Status) eq true", ""),
        ("cf.String(f='Document.AttributeCOLOR') eq 'red'", "a"),
        ("cf.Decimal(f='Document.UsrRate') eq 0M", "a"),
        ("cf.String(f='Document.Unknown') eq null", "abe"),
    ],
)
def test_records_match(text: str, found: str) -> None:
    assert matches(text) == found


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "Hold eq 'true'",
            "A binary operator with incompatible types was detected. Found operand types 'Edm.Boolean' and "
            "'Edm.String' for operator kind 'Equal'.",
        ),
        (
            "Total ge '5'",
            "operand types 'Edm.Decimal' and 'Edm.String' for operator kind 'GreaterThanOrEqual'",
        ),
        ("Status eq 5", "'Edm.String' and 'Edm.Int32'"),
        ("Date gt '2024-01-01'", "'Edm.DateTimeOffset' and 'Edm.String'"),
        ("NoteID eq 'a6295b33-c7f6-4811-b817-00155d408001'", "'Edm.Guid' and 'Edm.String'"),
        ("Nope eq 1", "Could not find a property named 'Nope' on type 'Order'."),
        ("status eq 'Open'", "Could not find a property named 'status' on type 'Order'."),
        ("Contact/Phone eq '1'", "Could not find a property named 'Phone' on type 'Contact'."),
        ("Nope/Email eq '1'", "Could not find a property named 'Nope' on type 'Order'."),
        (
            "Details/InventoryID eq 'x'",
            "The parent value for a property access of a property 'InventoryID' is not a single value.",
        ),
        ("contains(Status,'O')", "An unknown function with name 'contains' was found."),
        ("cf.Text(f='Document.X') eq 'v'", "An unknown function with name 'cf.Text' was found."),
        ("tolower(Status) eq 'open'", "Type conversions not supported"),
        ("year(Date) eq 2024", "Type conversions not supported"),
        ("not substringof('a',Status)", "Type conversions not supported"),
        ("substringof('a',Status) eq false", "Type conversions not supported"),
        ("substringof('a',Status) ne true", "Type conversions not supported"),
        ("substringof('a',Count)", "Type conversions not supported"),
        ("Total add 1 gt 5", "Type conversions not supported"),
        ("cf.Int(f='Document.UsrRate') eq 1", "Type conversions not supported"),
        ("startswith(Status)", "No function signature for the function with name 'startswith'"),
        ("Status", "The $filter expression must evaluate to a single boolean value."),
        ("Status eq", "Expression expected at position 9 in 'Status eq'."),
        ("Status in ('Open')", "Syntax error at position 7 in"),
        ("Status EQ 'Open'", "Syntax error at position 7 in"),
        ("(Status eq 'Open'", "Syntax error at position 17 in"),
        ("Status eq 'Open')", "Syntax error at position 16 in"),
        ("Date gt 2024-01-01", "Syntax error at position 12 in"),
        ("Details/any(d: d/X eq 1)", "Syntax error: character ':' is not valid at position 13 in"),
        ("Status eq 'Open", "There is an unterminated string literal at position 15 in"),
        (
            "Date gt datetimeoffset'2024-13-01'",
            "Unrecognized 'Edm.String' literal 'datetimeoffset'2024-13-01''",
        ),
        ("Date gt datetimeoffset'2024-07-15T10:31:28 04:00'", "Unrecognized 'Edm.String' literal"),
        ("cf.String(f='NoDot') eq 'v'", "Syntax error at position"),
        ("(" * 200 + "Hold" + ")" * 200, "Recursion limit reached."),
    ],
)
def test_filters_are_refused_in_the_words_of_the_server(text: str, message: str) -> None:
    with pytest.raises(Fault) as refusal:
        matches(text)
    assert refusal.value.status == 500
    assert message in refusal.value.body["exceptionMessage"]
    assert refusal.value.body["stackTrace"]


def test_and_binds_closer_than_or_and_not_closest() -> None:
    tree = parse("not A or B and C eq 1")
    one = Literal(1, "Edm.Int32")
    assert tree == Logical(
        "or",
        (Not(Path(("A",))), Logical("and", (Path(("B",)), Comparison("eq", Path(("C",)), one)))),
    )


def test_long_chains_are_no_deep_trees() -> None:
    assert matches(" or ".join(["Count eq 3"] * 5000)) == "a"


def test_text_can_be_compared_exactly() -> None:
    assert matches("Status eq 'open'", text_comparison="exact") == ""
    assert matches("startswith(Status,'O')", text_comparison="exact") == "ab"


def test_empty_fields_can_be_left_out_of_ne() -> None:
    assert matches("Status ne 'Open'", empty_differs=False) == "b"


def test_instants_without_offset_are_taken_at_the_set_one() -> None:
    text = "Date eq datetimeoffset'2024-04-25T02:00:00'"
    assert (matches(text), matches(text, literal_offset="+02:00")) == ("", "a")


def test_unknown_custom_fields_can_be_refused() -> None:
    with pytest.raises(Fault):
        matches("cf.String(f='Document.Unknown') eq null", unknown_custom="error")


@settings(deadline=None, max_examples=100)
@given(st.text(), st.text())
def test_any_quoted_text_matches_itself_alone(value: str, other: str) -> None:
    quoted = value.replace("'", "''")
    told = SandboxSettings(text_comparison="exact")
    test = predicate(f"Status eq '{quoted}'", ORDER, ENDPOINT, told)
    assert test.matches(Record("x", {"Status": value}))
    assert test.matches(Record("x", {"Status": other})) == (value.rstrip() == other.rstrip())


@settings(deadline=None, max_examples=100)
@given(st.integers(-(2**31), 2**31 - 1), st.integers(-(2**31), 2**31 - 1))
def test_numbers_compare_as_numbers(value: int, bound: int) -> None:
    record = Record("x", {"Count": value})
    found = {
        name: predicate(f"Count {name} {bound}", ORDER, ENDPOINT, SandboxSettings()).matches(record)
        for name in ("eq", "ne", "lt", "le", "gt", "ge")
    }
    assert found == {
        "eq": value == bound,
        "ne": value != bound,
        "lt": value < bound,
        "le": value <= bound,
        "gt": value > bound,
        "ge": value >= bound,
    }


@settings(deadline=None, max_examples=100)
@given(st.text(alphabet="eqandornt ()'/,=.1Hold", max_size=30))
def test_any_text_is_a_filter_or_a_fault(text: str) -> None:
    with contextlib.suppress(Fault):
        assert predicate(text, ORDER, ENDPOINT, SandboxSettings()).matches(A) in {True, False}


@pytest.fixture
def order(web: Web) -> dict[str, Any]:
    """A sales order over 250, changed just now."""
    customer = web.get("Customer?$top=1").json()[0]
    contact = {"MainContact": wrapped(Email="grace@hopper.example")}
    web.put("Customer", json={"id": customer["id"], **contact}).raise_for_status()
    custom = {
        "Document": {
            "AttributePRODUCT": {"type": "CustomStringField", "value": "HW"},
            "UsrExpectedMargin": {"type": "CustomDecimalField", "value": 0},
        }
    }
    sent = wrapped(Description="Abacus for two", Status="Open", Hold=True)
    line = wrapped(OrderQty=2, UnitPrice=125)
    body = {"CustomerID": customer["CustomerID"], "Details": [line], "custom": custom, **sent}
    answer = web.put("SalesOrder", json=body)
    answer.raise_for_status()
    made: dict[str, Any] = answer.json()
    return made


def filtered(web: Web, entity: str, text: str) -> requests.Response:
    return web.get(entity, params={"$filter": text})


def ids(answer: requests.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json()]


def told(answer: requests.Response) -> str:
    """Return the text of a refusal, which is a 500 with a stack trace."""
    body: dict[str, str] = answer.json()
    assert (answer.status_code, bool(body["stackTrace"])) == (500, True)
    return body["exceptionMessage"]


def test_item_065_conditions_are_joined(web: Web, order: dict[str, Any]) -> None:
    assert order["id"] in ids(filtered(web, "SalesOrder", "Status eq 'Open' and OrderTotal gt 100"))
    assert order["id"] not in ids(filtered(web, "SalesOrder", "Status eq 'Open' and OrderTotal gt 250"))


def test_item_066_a_quoted_boolean_is_refused(web: Web, order: dict[str, Any]) -> None:
    assert order["id"] in ids(filtered(web, "SalesOrder", "Hold eq true"))
    assert "incompatible types" in told(filtered(web, "SalesOrder", "Hold eq 'true'"))


def test_item_067_substringof_stands_alone(web: Web, order: dict[str, Any]) -> None:
    assert order["id"] in ids(filtered(web, "SalesOrder", "substringof('ABACUS',Description)"))
    assert ids(filtered(web, "SalesOrder", "substringof('ABACUS',Description) eq true")) == []


@pytest.mark.parametrize(
    "text",
    ["not substringof('a',Description)", "contains(Description,'a')", "tolower(Description) eq 'a'"],
)
def test_item_067_other_functions_are_refused(web: Web, text: str) -> None:
    assert told(filtered(web, "SalesOrder", text))


def test_item_068_instants_may_lack_an_offset(web: Web, order: dict[str, Any]) -> None:
    text = "LastModified gt datetimeoffset'2022-09-24T00:00:00.000'"
    assert order["id"] in ids(filtered(web, "SalesOrder", text))


def test_item_068_a_bare_plus_is_a_space_and_breaks_the_literal(web: Web, order: dict[str, Any]) -> None:
    place = "SalesOrder?$filter=LastModified gt datetimeoffset'2022-09-24T00:00:00{}04:00'"
    assert order["id"] in ids(web.get(place.format("%2B")))
    assert "Unrecognized 'Edm.String' literal" in told(web.get(place.format("+")))


def test_item_069_fields_of_linked_entities_are_compared_and_those_of_rows_not(
    web: Web, order: dict[str, Any]
) -> None:
    (found,) = filtered(web, "Customer", "MainContact/Email eq 'grace@hopper.example'").json()
    assert found["CustomerID"] == order["CustomerID"]
    assert "not a single value" in told(filtered(web, "SalesOrder", "Details/InventoryID eq 'x'"))


@pytest.mark.parametrize(
    "text",
    ["cf.String(f='Document.AttributePRODUCT') eq 'HW'", "cf.Decimal(f='Document.UsrExpectedMargin') eq 0M"],
)
def test_item_070_custom_fields_are_compared(web: Web, order: dict[str, Any], text: str) -> None:
    assert order["id"] in ids(filtered(web, "SalesOrder", text))


def test_item_072_a_syntax_error_is_told_in_the_words_of_the_parser(web: Web) -> None:
    assert (
        told(filtered(web, "SalesOrder", "Status eq")) == "Expression expected at position 9 in 'Status eq'."
    )
