"""The mask over rows: which rows each part of a filter selects, missing values among them."""

# ruff: noqa: E711, E712 - how a filter says it

import datetime as dt
import re
import uuid
from decimal import Decimal
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from acudata.errors import AcumaticaUnknownNameError, AcumaticaValidationError
from acudata.odata import Expression, F
from acudata.odata.mask import mask

GUID = uuid.UUID("d4b5ad0b-2ae5-4d1f-9d7a-0f4b1d3f0a11")
NIGHT = dt.datetime(2023, 12, 31, 23, 59, 58)
MORNING = dt.datetime(2024, 3, 5, 7, 8, 9)
MONEY = pa.decimal128(38, 10)
EAST = dt.timezone(dt.timedelta(hours=5))

BATCH = pa.RecordBatch.from_arrays(
    [
        pa.array(["a", "b", "c", "d"]),
        pa.array(["Acme Ltd", "zürich 東京  ", "", None]),
        pa.array([Decimal("1.5"), Decimal(-7), Decimal(0), None], MONEY),
        pa.array([Decimal("0.1"), Decimal(2), None, Decimal(1)], MONEY),
        pa.array([3, -7, 2**62, None], pa.int64()),
        pa.array([44.55, 1e300, -2.5, None]),
        pa.array([MORNING, NIGHT, dt.datetime(2024, 1, 1), None], pa.timestamp("us")),
        pa.array([MORNING, NIGHT, dt.datetime(2024, 1, 1), None], pa.timestamp("us", "UTC")),
        pa.array([dt.date(2024, 2, 29), dt.date(1, 1, 1), dt.date(9999, 12, 31), None]),
        pa.array([True, False, False, None]),
        pa.array([str(GUID), str(GUID).upper(), str(uuid.UUID(int=0)), None]),
        pa.array(["a@b", None, "x", "y"]),
        pa.array(["north", "South", None, None]),
    ],
    names=[
        "Key", "Name", "Qty", "Price", "Count", "Rate", "Date", "LastModified", "Day", "Active", "NoteID",
        "MainContact.Email", "UsrRoute",
    ],
)  # fmt: skip

SELECTED: list[tuple[Expression, str]] = [
    (F.Name == "ACME LTD", "a"),
    (F.Name == "Zürich 東京", "b"),
    (F.Name == "acme ltd   ", "a"),
    (F.Name == "", "c"),
    (F.Name == None, "d"),
    (F.Name != None, "abc"),
    (F.Name != "acme ltd", "bcd"),
    (~(F.Name == "acme ltd"), "bcd"),
    (F.Name > "B", "b"),
    (~(F.Name > "B"), "acd"),
    (F.Name.isin(["ACME ltd", None]), "ad"),
    (F.Name.isin([None]), "d"),
    (~F.Name.isin(["ACME ltd"]), "bcd"),
    (F.Name == F.Key, ""),
    (F["MainContact/Email"] == F.UsrRoute, ""),
    (F.Name.contains("ÜRICH"), "b"),
    (F.Name.contains(""), "abc"),
    (~F.Name.contains("e"), "bc"),
    (~(F.Name.contains("e") & (F.Key == "d")), "abc"),
    (~(F.Name.contains("e") | (F.Key == "a")), "bc"),
    (F.Name.contains("e") | (F.Key == "d"), "ad"),
    (F.Name.contains(" "), "ab"),
    (~F.Name.contains(" "), "c"),
    (F.Name.contains("e") == False, "bc"),
    (F.Name.startswith("ac"), "a"),
    (F.Name.endswith("LTD"), "a"),
    (F.Name.tolower().startswith("acme"), "a"),
    (F.Name.toupper() == "ACME LTD", "a"),
    (F.Name.trim().length() == 9, "b"),
    (F.Name.length() >= 8, "ab"),
    (F.Name.length() != 8, "bcd"),
    (F.Name.concat("!") == "!", "c"),
    (F.Key.concat(F.Name).startswith("aA"), "a"),
    (F.Name.concat(5).endswith("d5"), "a"),
    (F.Name.indexof("東京") == 7, "b"),
    (F.Name.indexof("LTD") == 5, "a"),
    (F.Name.indexof("x") == -1, "abc"),
    (F.Name.indexof("") == 0, "abc"),
    (F.Name.substring(1, 2) == "cm", "a"),
    (F.Name.substring(7).startswith("東"), "b"),
    (F.Name.replace("me", "") == "ac ltd", "a"),
    (F.MainContact.Email == "A@B", "a"),
    (F.MainContact.Email.is_null(), "b"),
    (F.cf("String", "Document", "UsrRoute") == "south", "b"),
    (F.UsrRoute != "north", "bcd"),
    (F.Qty == 1.5, "a"),
    (F.Qty == "1.50", "a"),
    (F.Qty == None, "d"),
    (F.Qty < 1e-30, "bc"),
    (F.Qty == 1e-30, ""),
    (F.Qty < Decimal("1e400"), "abc"),
    (F.Qty.between(0, 1.5), "ac"),
    (F.Qty.isin([0, Decimal("1.5"), 1e-30]), "ac"),
    (F.Qty > F.Price, "a"),
    (F.Qty < F.Count, "ac"),
    (F.Count == 3.0, "a"),
    (F.Count > 2.5, "ac"),
    (F.Count == 2**62, "c"),
    (F.Count == 2**62 + 1, ""),
    (F.Rate == 44.55, "a"),
    (F.Rate == Decimal("44.55"), "a"),
    (F.Rate.isin([44.55, 1e300]), "ab"),
    (F.Rate > F.Qty, "ab"),
    (F.Rate < 1e299, "ac"),
    (F.Rate < 10**400, "abc"),
    (F.Rate * 1e-290 > 1, "b"),
    (1e-290 * F.Rate > 1, "b"),
    (F.Qty * F.Price == Decimal("0.15"), "a"),
    (F.Qty * F.Price * F.Qty * F.Price * F.Qty * F.Price == Decimal("0.003375"), "a"),
    (F.Qty + F.Price == 1.6, "a"),
    (F.Qty - 0.1 - 0.2 == Decimal("1.2"), "a"),
    (1 - F.Qty == 8, "b"),
    (F.Count / 32 == Decimal("-0.21875"), "b"),
    (F.Count / 3 == 1, "a"),
    (10 / F.Qty > -2, "ab"),
    (10 / F.Qty == None, "cd"),
    (F.Qty % 2 == -1, "b"),
    (F.Qty % F.Price == 0, "a"),
    (F.Count * 2 > 2**62, "c"),
    (F.Rate * 2 == 89.1, "a"),
    (F.Rate / 0 > 0, ""),
    (F.Rate % 2 == -0.5, "c"),
    (F.Qty.round() == 2, "a"),
    ((F.Qty - 2).round() == -1, "a"),
    (F.Qty.floor() == 1, "a"),
    ((F.Qty - 0.1).ceiling() == 2, "a"),
    (F.Count.round() == 3, "a"),
    (F.Rate.round() == -3, "c"),
    (F.Date.year() == 2024, "ac"),
    (F.Date.year() != 2024, "bd"),
    (F.Date.month() == 12, "b"),
    (F.Date.day().isin([1, 31]), "bc"),
    (F.Date.hour() * 60 + F.Date.minute() == 428, "a"),
    (F.Date.second() == 58, "b"),
    (F.LastModified.hour() == 23, "b"),
    (F.Date == "2024-01-01", "c"),
    (F.Date >= "2024-01-01", "ac"),
    (F.Date == dt.date(2024, 1, 1), "c"),
    (F.Date == pd.Timestamp("2024-03-05 07:08:09"), "a"),
    (F.Date == dt.datetime(2024, 1, 1, 5, tzinfo=EAST), "c"),
    (F.Date.isin(["2024-01-01", NIGHT]), "bc"),
    (F.Date >= dt.datetime(1, 1, 1, tzinfo=EAST), "abc"),
    (F.LastModified == dt.datetime(2024, 1, 1, 5, tzinfo=EAST), "c"),
    (F.LastModified < "2024-01-01T00:00:00Z", "b"),
    (F.LastModified == F.Date, "abcd"),
    (F.Day == "2024-02-29", "a"),
    (F.Day.year() > 1, "ac"),
    (F.Day.hour() == 0, "abc"),
    (F.Day < F.Date, "ab"),
    (F.Active == True, "a"),
    (F.Active != True, "bcd"),
    (F.Active == "false", "bc"),
    (F.NoteID == GUID, "ab"),
    (F.NoteID == str(GUID), "ab"),
    ((F.Key == "a") | (F.Key == "b") & (F.Qty > 0), "a"),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "keys"), SELECTED, ids=[str(e)[:60] for e, _ in SELECTED])
def test_a_filter_selects_these_rows(expression: Expression, keys: str) -> None:
    assert "".join(BATCH.filter(mask(expression, BATCH)).column("Key").to_pylist()) == keys


@pytest.mark.parametrize(("expression", "keys"), SELECTED, ids=[str(e)[:60] for e, _ in SELECTED])
def test_no_rows_and_tables_of_several_batches_are_masked_alike(expression: Expression, keys: str) -> None:
    assert mask(expression, BATCH.slice(0, 0)).to_pylist() == []
    table = pa.Table.from_batches([BATCH.slice(0, 1), BATCH.slice(1)])
    assert "".join(table.filter(mask(expression, table)).column("Key").to_pylist()) == keys


def test_a_mask_is_never_missing() -> None:
    assert mask(F.Name.contains("x"), BATCH).null_count == 0
    assert mask(F.Name.contains("x"), pa.Table.from_batches([], BATCH.schema)).to_pylist() == []


def test_columns_can_be_named_in_another_way() -> None:
    batch = pa.RecordBatch.from_pydict({"$MainContact/Email": ["a@b", "c"]})
    found = mask(F.MainContact.Email == "c", batch, column_of=lambda field: f"${'/'.join(field.path)}")  # type: ignore[union-attr]
    assert found.to_pylist() == [False, True]


@pytest.mark.parametrize("expression", [F.Nam == "x", F.cf("String", "Document", "Nam").tolower() == "x"])
def test_a_column_that_is_not_there_suggests_the_nearest(expression: Expression) -> None:
    with pytest.raises(AcumaticaUnknownNameError, match="no column 'Nam'") as caught:
        mask(expression, BATCH)
    assert "Name" in caught.value.suggestions


REFUSED: list[tuple[Expression, str]] = [
    (F.Qty.contains("x"), r"contains\(\) needs text"),
    (F.Active == "maybe", "True or False"),
    (F.Date > "January", "2024-12-31"),
    (F.Count * 1e54 > 1, "cannot be computed"),
]


@pytest.mark.parametrize(("expression", "message"), REFUSED)
def test_what_cannot_be_computed_says_why(expression: Expression, message: str) -> None:
    with pytest.raises(AcumaticaValidationError) as caught:
        mask(expression, BATCH)
    assert re.search(message, str(caught.value))


def one(**columns: Any) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.array(values) for values in columns.values()], list(columns))


def test_exact_sums_of_money_stay_exact() -> None:
    cents = [Decimal("0.1"), Decimal("0.7"), Decimal("1.1")]
    batch = one(A=cents)
    assert mask(F.A + F.A + F.A == 0.3, batch).to_pylist() == [True, False, False]
    assert mask(F.A * 3 == 3.3, batch).to_pylist() == [False, False, True]
