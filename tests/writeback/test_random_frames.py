"""Frames of random dtypes and random edits: the plan shows exactly the edits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from acudata import AcumaticaClient
from acudata.writeback.values import MISSING_TEXTS
from acudata.writeback.verification import same

ROWS = 8
KEYS = ["OrderType", "OrderNbr"]
EDITS: dict[str, st.SearchStrategy[Any]] = {
    "Description": st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12).filter(
        lambda text: text not in MISSING_TEXTS
    ),
    "Hold": st.booleans(),
    "OrderedQty": st.integers(-(10**6), 10**6).map(float),
    "OrderTotal": st.decimals(-(10**6), 10**6, places=2).map(float),
    "Date": st.dates(dt.date(2000, 1, 1), dt.date(2049, 12, 31)).map(pd.Timestamp),
    "RequestedOn": st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2049, 1, 1)).map(pd.Timestamp),
}


def zoned(zone: str) -> Callable[[pd.Series[Any]], pd.Series[Any]]:
    """Return what writes business time with a zone: its wall clock stays."""
    return lambda series: series.dt.tz_localize(zone, ambiguous=True, nonexistent="shift_forward")


def as_dtype(dtype: Any) -> Callable[[pd.Series[Any]], pd.Series[Any]]:
    return lambda series: series.astype(dtype)


DTYPES: dict[str, list[Callable[[pd.Series[Any]], pd.Series[Any]]]] = {
    "Description": [as_dtype(name) for name in ("string", "object", "category", "string[pyarrow]")],
    "Hold": [
        as_dtype(name) for name in ("boolean", "object", "category", "bool[pyarrow]", "Float64", "Int8")
    ],
    "OrderedQty": [as_dtype(name) for name in ("float64", "Float64", "object", "double[pyarrow]", "string")],
    "OrderTotal": [
        as_dtype(name) for name in ("float64", "Float64", "object", "double[pyarrow]", "category")
    ],
    "Date": [
        as_dtype("datetime64[ns]"),
        as_dtype("object"),
        as_dtype("category"),
        as_dtype("timestamp[us][pyarrow]"),
        zoned("UTC"),
        zoned("Etc/GMT+5"),
    ],
    "RequestedOn": [
        as_dtype("datetime64[ns]"),
        as_dtype("object"),
        as_dtype("timestamp[us][pyarrow]"),
        zoned("UTC"),
    ],
}


@st.composite
def edits(draw: st.DrawFn) -> dict[tuple[int, str], Any]:
    cells = st.tuples(st.integers(0, ROWS - 1), st.sampled_from(sorted(EDITS)))
    return {cell: draw(EDITS[cell[1]]) for cell in draw(st.lists(cells, unique=True, max_size=10))}


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_a_plan_shows_exactly_the_edits(client: AcumaticaClient, data: st.DataObject) -> None:
    frame = client.sales_orders.to_frame(columns=[*KEYS, *EDITS], top=ROWS)
    made = data.draw(edits())
    expected = {
        (row, name): value for (row, name), value in made.items() if not is_same(frame[name][row], value)
    }
    for (row, name), value in made.items():
        frame.loc[row, name] = value
    for name, ways in DTYPES.items():
        frame[name] = data.draw(st.sampled_from(ways))(frame[name])
    if data.draw(st.booleans(), label="from elsewhere"):
        frame.attrs = {}
    kept = data.draw(st.sampled_from([["id"], KEYS, ["id", *KEYS]]))
    frame = frame[[*kept, *data.draw(st.permutations(list(EDITS)))]].sample(frac=1, random_state=1)
    plan = client.sales_orders.plan(frame)
    told = {
        (label, name): change.new
        for record, label in zip(plan.records, frame.index, strict=True)
        for name, change in record.changes.items()
    }
    assert not any(record.problems for record in plan.records), plan.to_frame()["problem"].dropna().tolist()
    assert told.keys() == expected.keys()
    assert all(is_same(told[cell], value) for cell, value in expected.items())


def is_same(one: Any, other: Any) -> bool:
    """Tell whether two cells mean the same to the ERP."""
    if pd.isna(one) or pd.isna(other):
        return bool(pd.isna(one) and pd.isna(other))
    if isinstance(one, dt.datetime):
        return pd.Timestamp(one).floor("us") == pd.Timestamp(other).floor("us")
    if not isinstance(one, str | bool):
        return abs(float(one) - float(other)) < 1e-9
    return same(one, other)
