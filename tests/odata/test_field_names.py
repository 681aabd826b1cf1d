"""The names of fields that a filter uses, found in expressions and in raw text, and exchanged in expressions."""

import pytest

from acudata.errors import AcumaticaError
from acudata.odata import CustomField, Expression, F, Field, names, rewrite
from acudata.odata.nodes import Node

IN_TEXT: list[tuple[str, list[str]]] = [
    ("Status eq 'Open'", ["Status"]),
    ("Status eq 'Open' and (OrderTotal gt 100 or Status ne 'Hold')", ["Status", "OrderTotal"]),
    ("MainContact/Email ne null", ["MainContact/Email"]),
    ("substringof('Ab''Cd and X eq 1',CustomerName)", ["CustomerName"]),
    ("not startswith(Name,'a')", ["Name"]),
    ("not(A eq 1)and(B eq 2)", ["A", "B"]),
    ("startswith(tolower(MainContact/Address/City),'u')", ["MainContact/Address/City"]),
    ("cf.String(f='Document.UsrX') eq 'v' and A eq 1", ["A"]),
    ("cf.Decimal( f = 'Document.UsrX' ) eq 0M", []),
    ("LastModified gt datetimeoffset'2022-09-24T00:00:00.000'", ["LastModified"]),
    ("NoteID eq guid'd4b5ad0b-2ae5-4d1f-9d7a-0f4b1d3f0a11'", ["NoteID"]),
    ("Date ge 2024-01-01T00:00:00Z and Qty lt 5e3 and Rate gt 1.5M", ["Date", "Qty", "Rate"]),
    ("Active eq true or Active eq false", ["Active"]),
    ("Price mul Qty gt 100 add 1", ["Price", "Qty"]),
    ("Status in ('A','B')", ["Status"]),
    ("Warehouse eq @w", ["Warehouse"]),
    ("Name eq ''", ["Name"]),
    ("Überschrift eq 'x'", ["Überschrift"]),
    ("Usr_X1 eq 1", ["Usr_X1"]),
    ("", []),
]


@pytest.mark.parametrize(("text", "paths"), IN_TEXT, ids=[text for text, _ in IN_TEXT])
def test_the_names_in_raw_text(text: str, paths: list[str]) -> None:
    assert names(text) == [tuple(path.split("/")) for path in paths]


IN_EXPRESSION: list[tuple[Expression, list[tuple[str, ...]]]] = [
    ((F.A == 1) & ~((F.B == F.A) | F.C.isin([1])), [("A",), ("B",), ("C",)]),
    (F.MainContact.Address.City.tolower().startswith("u"), [("MainContact", "Address", "City")]),
    (F.Price * F.Qty > 1, [("Price",), ("Qty",)]),
    (F.cf("String", "Document", "UsrX") == F.A, [("A",)]),
]


@pytest.mark.parametrize(("expression", "paths"), IN_EXPRESSION)
def test_the_names_in_an_expression(expression: Expression, paths: list[tuple[str, ...]]) -> None:
    assert names(expression) == paths


def test_an_open_quote_is_refused() -> None:
    with pytest.raises(AcumaticaError, match="no closing quote"):
        names("Name eq 'O'Brien'")


def test_rewriting_exchanges_fields_wherever_they_are() -> None:
    def resolved(field: Field) -> Node:
        custom = field.path[-1].startswith("Usr")
        return CustomField("String", "Document", field.path[-1]) if custom else field

    before = ((F.UsrA == "x") & F.UsrA.contains("y")) | ~F.UsrA.isin(["z"]) | (F.B + F.UsrA > 1)
    a = "cf.String(f='Document.UsrA')"
    assert (
        str(rewrite(before, resolved))
        == f"({a} eq 'x' and contains({a},'y')) or not ({a} eq 'z') or B add {a} gt 1"
    )
    assert "cf." not in str(before)
