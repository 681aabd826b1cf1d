"""The dialect of the contract API: what each part becomes, by kind of the field, and what it cannot do."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest

from acudata.errors import AcumaticaError
from acudata.odata import Expression, F, to_v3

KINDS = {
    ("CustomerID",): "String",
    ("MainContact", "Email"): "String",
    ("CreatedDate",): "DateTime",
    ("DueOn",): "DateOnly",
    ("NoteID",): "Guid",
    ("Active",): "Boolean",
    ("Balance",): "Decimal",
    ("Rate",): "Double",
    ("LineNbr",): "Int",
}
GUID = uuid.UUID("d4b5ad0b-2ae5-4d1f-9d7a-0f4b1d3f0a11")

RENDERED: list[tuple[Expression, str]] = [
    (F.Description.contains("pump"), "substringof('pump',Description)"),
    (F.Description.contains("a") == True, "substringof('a',Description)"),  # noqa: E712
    (F.Description.startswith("O'B"), "startswith(Description,'O''B')"),
    (~(F.A == 1), "not (A eq 1)"),
    (F.CustomerID == "007", "CustomerID eq '007'"),
    (F.CustomerID == 7, "CustomerID eq '7'"),
    (F.CustomerID == 10001.0, "CustomerID eq '10001'"),
    (F.CustomerID == Decimal("1.50"), "CustomerID eq '1.50'"),
    (F.CustomerID == GUID, f"CustomerID eq '{GUID}'"),
    (F.CustomerID.isin([7, "A"]), "(CustomerID eq '7' or CustomerID eq 'A')"),
    (F.MainContact.Email == "a@b", "MainContact/Email eq 'a@b'"),
    (F.MainContact.Email == None, "MainContact/Email eq null"),  # noqa: E711
    (F.CreatedDate >= "2024-01-01", "CreatedDate ge datetimeoffset'2024-01-01'"),
    (F.CreatedDate >= "2024-01-01T08:30:00Z", "CreatedDate ge datetimeoffset'2024-01-01T08:30:00+00:00'"),
    (F.CreatedDate.between("2024-01-01", dt.date(2024, 1, 31)),
     "CreatedDate ge datetimeoffset'2024-01-01' and CreatedDate le datetimeoffset'2024-01-31'"),
    (F.DueOn == "2024-01-01", "DueOn eq date'2024-01-01'"),
    (F.DueOn == dt.date(2024, 1, 1), "DueOn eq date'2024-01-01'"),
    (F.DueOn == dt.datetime(2024, 1, 1), "DueOn eq date'2024-01-01'"),
    (F.NoteID == str(GUID), f"NoteID eq guid'{GUID}'"),
    (F.NoteID == GUID, f"NoteID eq guid'{GUID}'"),
    (F.Active == "True", "Active eq true"),
    (F.Balance > "12.50", "Balance gt 12.50"),
    (F.Balance > 12, "Balance gt 12"),
    (F.Rate > 0.5, "Rate gt 0.5"),
    (F.LineNbr == 3.0, "LineNbr eq 3"),
    (F.LineNbr == "3", "LineNbr eq 3"),
    (F.Balance > F.Rate, "Balance gt Rate"),
    (F.Unknown == "2024-01-01", "Unknown eq '2024-01-01'"),
    (F.cf("Decimal", "Document", "UsrTax") == "0", "cf.Decimal(f='Document.UsrTax') eq 0"),
    (F.cf("DateTime", "Document", "D") > "2024-01-01", "cf.DateTime(f='Document.D') gt datetimeoffset'2024-01-01'"),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "text"), RENDERED, ids=[text for _, text in RENDERED])
def test_a_value_is_written_as_the_kind_of_its_field_wants_it(expression: Expression, text: str) -> None:
    assert to_v3(expression, kind_of=KINDS.get) == text


REFUSED: list[tuple[Expression, str, str]] = [
    (F.Name.tolower() == "a", "tolower(Name)", "ignores case"),
    (F.Name.tolower().startswith("acme"), "tolower(Name)", "ignores case"),
    (F.Name.toupper().contains("A"), "toupper(Name)", "ignores case"),
    (F.Name.trim() == "a", "trim(Name)", "the rows that they read"),
    (F.Name.length() > 1, "length(Name)", "the rows that they read"),
    (F.Name.concat("x") == "ax", "concat(Name,'x')", "the rows that they read"),
    (F.Name.indexof("x") == 1, "indexof(Name,'x')", "the rows that they read"),
    (F.Date.year() == 2024, "year(Date)", "between"),
    (F.Date.month() == 3, "month(Date)", "between"),
    (F.Price * 2 > 5, "Price mul 2", "the rows that they read"),
    (~F.Name.contains("x"), "not contains(Name,'x')", "the rows that they read"),
    (~F.Name.startswith("x"), "not startswith(Name,'x')", "the rows that they read"),
    (
        ~((F.A == 1) | F.Name.contains("x")),
        "not (A eq 1 or contains(Name,'x'))",
        "the rows that they read",
    ),
    (F.Name.contains("x") == False, "not contains(Name,'x')", "the rows that they read"),  # noqa: E712
]


@pytest.mark.parametrize(("expression", "part", "way_out"), REFUSED, ids=[part for _, part, _ in REFUSED])
def test_what_the_contract_api_cannot_do_is_refused_by_name_with_a_way_out(
    expression: Expression, part: str, way_out: str
) -> None:
    with pytest.raises(AcumaticaError) as caught:
        to_v3((F.Status == "Open") & expression)
    assert caught.value.context["part"] == part
    assert part in caught.value.message
    assert way_out in str(caught.value)


MISFITS = [
    (F.Active == 1, "True or False"),
    (F.Active == "maybe", "True or False"),
    (F.Balance > "a lot", "a number"),
    (F.Balance > "NaN", "a number"),
    (F.Balance == True, "a number"),  # noqa: E712
    (F.CreatedDate > "January", "2024-12-31"),
    (F.CreatedDate > 2024, "2024-12-31"),
    (F.DueOn == dt.datetime(2024, 1, 1, 8), "without a time of day"),
    (F.DueOn == dt.datetime(2024, 1, 1, tzinfo=dt.UTC), "without a time of day"),
    (F.DueOn == 5, "a date"),
    (F.NoteID == "x", "UUID"),
    (F.NoteID == 5, "UUID"),
    (F.CustomerID == True, "text"),  # noqa: E712
    (F.CustomerID == dt.date(2024, 1, 1), "text"),
    (F.CustomerID.isin(["A", True]), "text"),
    (F.cf("Boolean", "Document", "UsrX") == "yes", "True or False"),
]


@pytest.mark.parametrize(
    ("expression", "wanted"), MISFITS, ids=[str(expression) for expression, _ in MISFITS]
)
def test_a_value_that_does_not_fit_its_field_is_refused_and_says_what_to_give(
    expression: Expression, wanted: str
) -> None:
    with pytest.raises(AcumaticaError, match="is of kind") as caught:
        to_v3(expression, kind_of=KINDS.get)
    assert wanted in caught.value.suggestions[0]
