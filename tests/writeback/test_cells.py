"""Columns of any dtype become what their field takes, whole or value by value, with the same cells."""

from __future__ import annotations

import datetime as dt
import decimal
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acudata.frames.layout import Column, value_column
from acudata.writeback.cells import _one_by_one, read_cells, without
from acudata.writeback.comparison import differing, new_value, unequal

FIELDS = {
    "CustomerName": "String",
    "Hold": "Boolean",
    "LineNbr": "Int",
    "OrderTotal": "Decimal",
    "DueDate": "DateTime",
    "StartDateTime": "DateTime",
}
MONEY = st.decimals(min_value=-(10**9), max_value=10**9, places=4, allow_nan=False)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "CustomerName": st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6),
    "Hold": st.booleans(),
    "LineNbr": st.integers(-(2**31), 2**31 - 1),
    "OrderTotal": MONEY,
    "DueDate": st.datetimes(dt.datetime(1970, 1, 1), dt.datetime(2100, 1, 1)),
    "StartDateTime": st.datetimes(
        dt.datetime(1970, 1, 1), dt.datetime(2100, 1, 1), timezones=st.just(dt.UTC)
    ),
}
DTYPES: dict[str, tuple[str, ...]] = {
    "CustomerName": ("string", "object", "category", "string[pyarrow]"),
    "Hold": ("boolean", "object", "category", "Float64", "bool[pyarrow]"),
    "LineNbr": ("Int64", "Float64", "object", "category", "int64[pyarrow]", "string"),
    "OrderTotal": ("Float64", "float64", "object", "category", "double[pyarrow]"),
    "DueDate": ("datetime64[us]", "datetime64[ns]", "object", "category", "timestamp[us][pyarrow]"),
    "StartDateTime": ("datetime64[us, UTC]", "datetime64[us, Australia/Sydney]", "object"),
}


def column(name: str) -> Column:
    return value_column(name, FIELDS[name], (name,))


@st.composite
def columns(draw: st.DrawFn) -> tuple[Column, list[Any], str]:
    """Return a field, values of it with gaps, and a dtype in which a user may have them."""
    name = draw(st.sampled_from(sorted(FIELDS)))
    values = draw(st.lists(st.none() | VALUES[name], max_size=8))
    return column(name), values, draw(st.sampled_from(DTYPES[name]))


def series_of(values: list[Any], dtype: str) -> Any:
    made: Any = pd.Series(values, dtype="object")
    if dtype.startswith(("Float64", "float64", "double")) or dtype == "Int64":
        made = pd.Series([None if value is None else float(value) for value in values], dtype="Float64")
    if dtype == "string":
        return made.astype("string")
    return made.astype(dtype)


@settings(deadline=None)
@given(columns())
def test_values_read_in_any_dtype_differ_from_nothing(case: tuple[Column, list[Any], str]) -> None:
    field, values, dtype = case
    current = pa.array(values, field.arrow_type)
    cells = read_cells(series_of(values, dtype), field)
    assert not cells.problems
    assert not any(differing(cells, current).to_pylist())
    assert cells.values.null_count == values.count(None)


@settings(deadline=None)
@given(columns())
def test_a_column_read_whole_has_the_cells_of_one_read_value_by_value(
    case: tuple[Column, list[Any], str],
) -> None:
    field, values, dtype = case
    series = series_of(values, dtype)
    whole, single = read_cells(series, field), _one_by_one(series, field)
    assert whole.problems == single.problems
    assert [new_value(whole, at) for at in range(len(values))] == [
        new_value(single, at) for at in range(len(values))
    ]


@settings(deadline=None)
@given(st.lists(st.none() | MONEY, min_size=1, max_size=8), st.data())
def test_one_cent_is_seen_whatever_the_dtype(
    values: list[decimal.Decimal | None], data: st.DataObject
) -> None:
    field = column("OrderTotal")
    at = data.draw(st.integers(0, len(values) - 1))
    dtype = data.draw(st.sampled_from(DTYPES["OrderTotal"]))
    changed = [*values[:at], (values[at] or decimal.Decimal(0)) + decimal.Decimal("0.01"), *values[at + 1 :]]
    cells = read_cells(series_of(changed, dtype), field)
    told = differing(cells, pa.array(values, field.arrow_type)).to_pylist()
    assert [position for position, differs in enumerate(told) if differs] == [at]
    assert new_value(cells, at) == changed[at]


@given(st.lists(st.none() | st.sampled_from(["", "CHECK", "WIRE", "Deliver to the back door"])), st.data())
def test_the_rows_of_a_selection_keep_their_texts(texts: list[str | None], data: st.DataObject) -> None:
    selected = slice(data.draw(st.integers(0, len(texts))), None)
    series = pd.Series(texts, dtype=pd.StringDtype("pyarrow"))[selected]
    values = read_cells(series, column("CustomerName")).values
    assert values.to_pylist() == [text or None for text in texts[selected]]
    assert without(values, pc.equal(values, "WIRE")).to_pylist() == [
        None if text == "WIRE" else text or None for text in texts[selected]
    ]


@pytest.mark.parametrize("dtype", ["string", "object"])
def test_a_missing_value_that_became_text_is_told_where_it_differs(dtype: str) -> None:
    cells = read_cells(pd.Series(["nan", "Deliver", "<NA>"], dtype=dtype), column("CustomerName"))
    assert list(cells.doubts) == [0, 2]
    current = pa.array(["nan", "Deliver", None])
    assert differing(cells, current).to_pylist() == [False, False, True]


@pytest.mark.parametrize(
    ("given_text", "current", "differs"),
    [
        ("C01", "C01  ", False),
        ("C01  ", "C01", False),
        ("", None, False),
        ("c01", "C01", True),
        (" C01", "C01", True),
        ("x", None, True),
    ],
)
def test_only_blanks_at_the_end_do_not_count(given_text: str, current: str | None, differs: Any) -> None:
    cells = read_cells(pd.Series([given_text], dtype="string"), column("CustomerName"))
    assert differing(cells, pa.array([current], pa.string())).to_pylist() == [differs]


def test_numbers_that_were_text_before_a_file_was_read_do_not_count() -> None:
    cells = read_cells(pd.Series([70, 71, None]), column("CustomerName"))
    assert differing(cells, pa.array(["000070", "000070", "x"])).to_pylist() == [False, True, False]
    assert "leading zeros" in cells.doubts[1]


def test_a_float_is_the_decimal_it_was_read_from_even_beyond_its_digits() -> None:
    current = decimal.Decimal("12345678901234567.89")
    cells = read_cells(pd.Series([float(current)]), column("OrderTotal"))
    assert differing(cells, pa.array([current], column("OrderTotal").arrow_type)).to_pylist() == [False]


def test_one_bad_value_does_not_hide_the_others() -> None:
    cells = read_cells(pd.Series([1, "much", 2.5, None], dtype="object"), column("OrderTotal"))
    assert cells.problems == {1: "'much' is no number"}
    assert [new_value(cells, at) for at in (0, 2, 3)] == [1, decimal.Decimal("2.5"), None]


def test_what_no_field_holds_is_told_and_raises_nothing() -> None:
    for series in (
        pd.Series(pd.period_range("2024-01", periods=1, freq="M")),
        pd.Series(pd.to_timedelta([1])),
        pd.Series([[1, 2]]),
        pd.Series(pd.arrays.SparseArray([1.5])),
        pd.Series([1 + 2j]),
    ):
        cells = read_cells(series, column("DueDate"))
        assert list(cells.problems) == [0], series.dtype


def test_two_readings_are_unequal_where_either_has_a_value_alone() -> None:
    then, now = pa.array(["a", None, "b ", None]), pa.array(["a", "x", "b", None])
    assert unequal(column("CustomerName"), then, now).to_pylist() == [False, True, False, False]


@pytest.mark.parametrize(
    ("number", "current", "differs"),
    [
        (1.9300000000000002, "1.93", False),
        (0.1 + 0.2, "0.3", False),
        (1.93, "1.93", False),
        (1.94, "1.93", True),
        (1.93000000001, "1.93", True),
        (0.0, "0", False),
        (1e-9, "0", True),
        (123456789.010001, "123456789.01", True),
    ],
)
def test_a_float_is_the_decimal_of_its_digits(number: float, current: str, *, differs: bool) -> None:
    money = column("OrderTotal")
    cells = read_cells(pd.Series([number]), money)
    there = pa.array([decimal.Decimal(current)], money.arrow_type)
    assert differing(cells, there).to_pylist() == [differs]
