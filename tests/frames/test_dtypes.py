"""Arrow types become pandas dtypes, whatever the values."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acudata.frames.dtypes import decimals_as_double, to_pandas

SCHEMA = pa.schema(
    [
        ("text", pa.string()),
        ("flag", pa.bool_()),
        ("whole", pa.int64()),
        ("money", pa.decimal128(38, 10)),
        ("ratio", pa.float64()),
        ("business", pa.timestamp("us")),
        ("stamp", pa.timestamp("us", tz="UTC")),
        ("day", pa.date32()),
    ]
)
ROW = {
    "text": "a",
    "flag": False,
    "whole": 7,
    "money": Decimal("0.1"),
    "ratio": 0.5,
    "business": dt.datetime(2024, 1, 2),
    "stamp": dt.datetime(2024, 1, 2, tzinfo=dt.UTC),
    "day": dt.date(2024, 1, 2),
}
NULLABLE = {
    "text": "string",
    "flag": "boolean",
    "whole": "Int64",
    "money": "Float64",
    "ratio": "Float64",
    "business": "datetime64[us]",
    "stamp": "datetime64[us, UTC]",
    "day": "datetime64[us]",
}
ARROW = {
    "text": "string[pyarrow]",
    "flag": "bool[pyarrow]",
    "whole": "int64[pyarrow]",
    "money": "double[pyarrow]",
    "ratio": "double[pyarrow]",
    "business": "timestamp[us][pyarrow]",
    "stamp": "timestamp[us, tz=UTC][pyarrow]",
    "day": "timestamp[us][pyarrow]",
}


def dtypes(rows: list[Any], **options: Any) -> dict[str, str]:
    frame = to_pandas(pa.Table.from_pylist(rows, schema=SCHEMA), **options)
    return {str(name): str(dtype) for name, dtype in frame.dtypes.items()}


@pytest.mark.parametrize("rows", [[], [{}], [ROW], [ROW, {}]], ids=["no rows", "all empty", "full", "mixed"])
def test_the_values_never_change_the_dtype(rows: list[Any]) -> None:
    assert dtypes(rows) == NULLABLE
    assert dtypes(rows, dtype_backend="pyarrow") == ARROW
    assert dtypes(rows, decimals="exact") == NULLABLE | {"money": "decimal128(38, 10)[pyarrow]"}


def test_missing_stays_missing() -> None:
    frame = to_pandas(pa.Table.from_pylist([{}, ROW], schema=SCHEMA))
    assert frame.iloc[0].isna().all()
    assert frame.iloc[1].notna().all()


def test_money_works_with_everything_in_pandas_unless_exact() -> None:
    table = pa.Table.from_pylist([{"money": Decimal("0.1")}] * 3, schema=SCHEMA)
    assert to_pandas(table)["money"].describe()["count"] == 3
    assert to_pandas(table, decimals="exact")["money"].sum() == Decimal("0.3")


@pytest.mark.parametrize("wrong", [{"dtype_backend": "numpy"}, {"decimals": "Decimal"}])
def test_a_wrong_choice_tells_the_right_ones(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="choose one of"):
        to_pandas(SCHEMA.empty_table(), **wrong)


def test_business_days_can_be_grouped_by_month() -> None:
    frame = to_pandas(pa.Table.from_pylist([ROW, ROW], schema=SCHEMA))
    assert frame.groupby(frame["business"].dt.to_period("M"))["money"].sum().tolist() == [0.2]
    assert isinstance(frame["business"].iloc[0], pd.Timestamp)


AMOUNTS = st.one_of(
    st.none(),
    st.decimals(-(10**5), 10**5, places=2),
    st.decimals(-(10**11), 10**11, places=4),
    st.decimals(-(10**27), 10**27, places=10),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(AMOUNTS, max_size=20), st.integers(0, 3))
def test_money_as_float_is_the_float_nearest_to_it(amounts: list[Decimal | None], start: int) -> None:
    table = pa.table({"money": pa.array(amounts, pa.decimal128(38, 10))}).slice(start)
    nearest = [None if amount is None else float(amount) for amount in amounts[start:]]
    assert decimals_as_double(table)["money"].to_pylist() == nearest


def test_every_cent_keeps_its_last_digit() -> None:
    cents = [Decimal(number) / 100 for number in range(0, 1_000_000, 37)]
    table = pa.table({"money": pa.array(cents, pa.decimal128(38, 10))})
    assert to_pandas(table)["money"].tolist() == [float(amount) for amount in cents]
