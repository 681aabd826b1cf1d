"""OData v4: what each part becomes there, by kind of the field, and what it cannot do."""

import datetime as dt
import uuid
from decimal import Decimal

import pandas as pd
import pytest

from acudata.errors import AcumaticaError
from acudata.odata import Expression, F, to_v4

KINDS: dict[tuple[str, ...], str] = {
    ("CustomerID",): "String",
    ("Date",): "DateTime",
    ("DueOn",): "DateOnly",
    ("NoteID",): "Guid",
    ("Active",): "Boolean",
    ("Balance",): "Decimal",
}
GUID = uuid.UUID("d4b5ad0b-2ae5-4d1f-9d7a-0f4b1d3f0a11")
EAST = dt.timezone(dt.timedelta(hours=4))

RENDERED: list[tuple[Expression, str]] = [
    (F.Description.contains("pump"), "contains(Description,'pump')"),
    (F.Description.startswith("O'B"), "startswith(Description,'O''B')"),
    (~F.Description.endswith("x"), "not (endswith(Description,'x'))"),
    (F.Description.tolower() == "x", "tolower(Description) eq 'x'"),
    (F.Description.trim().toupper().length() > 3, "length(toupper(trim(Description))) gt 3"),
    (F.First.concat(5) == "A5", "concat(First,'5') eq 'A5'"),
    (F.Description.indexof("x") == -1, "indexof(Description,'x') eq -1"),
    (F.Description.substring(1, 2) == "bc", "substring(Description,1,2) eq 'bc'"),
    (F.Date.year() == 2024, "year(Date) eq 2024"),
    (F.Date.year() == "2024", "year(Date) eq 2024"),
    (F.Date.hour() + F.Date.minute() > 0, "hour(Date) add minute(Date) gt 0"),
    (F.Balance * 2 > "10.5", "Balance mul 2 gt 10.5"),
    (F.Balance.round() == F.Balance.floor(), "round(Balance) eq floor(Balance)"),
    (F.CustomerID.isin(["A", "B"]), "CustomerID in ('A','B')"),
    (F.CustomerID.isin(["A", None]), "(CustomerID in ('A') or CustomerID eq null)"),
    (F.CustomerID.isin([None]), "CustomerID eq null"),
    (~F.CustomerID.isin([1, 2]), "not (CustomerID in ('1','2'))"),
    (F.Date.isin(["2024-01-01"]), "Date in (2024-01-01)"),
    (F.Date >= "2024-01-01", "Date ge 2024-01-01"),
    (F.Date >= dt.date(2024, 1, 1), "Date ge 2024-01-01"),
    (F.Date >= dt.datetime(2024, 1, 1), "Date ge 2024-01-01T00:00:00Z"),
    (F.Date >= "2024-01-01T08:30:00Z", "Date ge 2024-01-01T08:30:00+00:00"),
    (F.Date >= dt.datetime(2024, 7, 15, 10, 31, 28, 402000, EAST), "Date ge 2024-07-15T10:31:28.402+04:00"),
    (F.Date >= pd.Timestamp("2024-01-02"), "Date ge 2024-01-02T00:00:00Z"),
    (F.DueOn == "2024-01-01", "DueOn eq 2024-01-01"),
    (F.NoteID == str(GUID), f"NoteID eq {GUID}"),
    (F.NoteID == GUID, f"NoteID eq {GUID}"),
    (F.Active == "True", "Active eq true"),
    (F.Balance > Decimal("1E+3"), "Balance gt 1000"),
    (F.Balance == None, "Balance eq null"),  # noqa: E711
    (F.MainContact.Email != "a@b", "MainContact/Email ne 'a@b'"),
    (((F.A == 1) | (F.B == 2)) & (F.C == 3), "(A eq 1 or B eq 2) and C eq 3"),
    (~((F.A == 1) & (F.B == 2)), "not (A eq 1 and B eq 2)"),
]


@pytest.mark.parametrize(("expression", "text"), RENDERED, ids=[text for _, text in RENDERED])
def test_each_part_is_written_as_odata_v4_has_it(expression: Expression, text: str) -> None:
    assert to_v4(expression, kind_of=KINDS.get) == text


REFUSED: list[tuple[Expression, str, str]] = [
    (F.Name.replace("-", "") == "ab", "the function replace", "after reading"),
    (F.cf("String", "Document", "UsrX") == "a", "custom fields by view", "F.UsrX"),
]


@pytest.mark.parametrize(("expression", "what", "way_out"), REFUSED)
def test_what_odata_v4_cannot_do_is_refused_with_a_way_out(
    expression: Expression, what: str, way_out: str
) -> None:
    with pytest.raises(AcumaticaError, match=what) as caught:
        to_v4((F.A == 1) & expression)
    assert way_out in caught.value.suggestions[0]
