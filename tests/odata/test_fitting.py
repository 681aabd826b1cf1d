"""What does not go together is refused before any request: functions of the wrong kind, values that do not fit."""

import pytest

from acudata.errors import AcumaticaValidationError
from acudata.odata import Expression, F, to_v4
from acudata.odata.fitting import fitted
from acudata.odata.text import text

KINDS: dict[tuple[str, ...], str] = {
    ("Name",): "String",
    ("Qty",): "Decimal",
    ("Count",): "Int",
    ("Date",): "DateTime",
    ("Day",): "DateOnly",
    ("Active",): "Boolean",
    ("NoteID",): "Guid",
}

FITTING: list[tuple[Expression, str]] = [
    (F.Name == 7, "Name eq '7'"),
    (F.Name.isin([7, "A"]), "(Name eq '7' or Name eq 'A')"),
    (F.Name.tolower() == 7, "tolower(Name) eq '7'"),
    (F.Name.length() == "3", "length(Name) eq 3"),
    (F.Name.concat(5).concat(F.Other) == 7, "concat(concat(Name,'5'),Other) eq '7'"),
    (F.Date.year().isin(["2024"]), "(year(Date) eq 2024)"),
    (F.Qty * F.Count > "1.50", "Qty mul Count gt 1.50"),
    (F.cf("Decimal", "V", "N").round() == "2", "round(cf.Decimal(f='V.N')) eq 2"),
    (F.Count < F.Qty, "Count lt Qty"),
    (F.Date < F.Day, "Date lt Day"),
    (F.Unknown.year() == 2024, "year(Unknown) eq 2024"),
    (F.Unknown < F.Qty, "Unknown lt Qty"),
    (~(F.Active == "true"), "not (Active eq true)"),
]


@pytest.mark.parametrize(("expression", "written"), FITTING, ids=[written for _, written in FITTING])
def test_values_become_what_their_fields_want(expression: Expression, written: str) -> None:
    assert text(fitted(expression.node, KINDS.get)) == written


REFUSED: list[tuple[Expression, str]] = [
    (F.Qty.contains("x"), r"contains\(\) needs text; Qty is of kind Decimal"),
    (F.NoteID.startswith("x"), r"startswith\(\) needs text; NoteID is of kind Guid"),
    (F.Date.tolower() == "x", r"tolower\(\) needs text; Date is of kind DateTime"),
    (F.Name.year() == 2024, r"year\(\) needs a date; Name is of kind String"),
    (F.Name.length().year() == 2024, r"year\(\) needs a date; length\(Name\) is of kind Int"),
    (F.Name.round() == 1, r"round\(\) needs a number; Name is of kind String"),
    (F.Name.concat(F.Qty) == "x", r"concat\(\) needs text; Qty is of kind Decimal"),
    (F.Name.concat(True) == "x", r"cannot be compared with True"),  # noqa: FBT003
    (F.Name * 2 > 1, "arithmetic needs a number; Name is of kind String"),
    (1 - F.Date > 1, "arithmetic needs a number; Date is of kind DateTime"),
    (F.Name == F.Qty, "Name eq Qty compares text with a number"),
    (F.Active != F.Date, "Active ne Date compares true or false with a date"),
    (F.Date.year() == "May", r"year\(Date\) is of kind Int"),
    (F.Active == "maybe", "Active is of kind Boolean"),
]


@pytest.mark.parametrize(("expression", "message"), REFUSED, ids=[message for _, message in REFUSED])
def test_what_does_not_go_together_is_refused(expression: Expression, message: str) -> None:
    with pytest.raises(AcumaticaValidationError, match=message):
        to_v4((F.Name == "a") | expression, kind_of=KINDS.get)
