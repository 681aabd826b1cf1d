"""Digests: the same for equal rows, another for rows that differ, whatever holds them."""

from __future__ import annotations

import datetime as dt
import decimal
import operator
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acudata.exports.digests import row_digests, sums

AWARE = operator.methodcaller("replace", tzinfo=dt.UTC)
COLUMNS = {
    "text": (pa.string(), st.text(max_size=3)),
    "number": (pa.int64(), st.integers(-3, 3)),
    "money": (pa.decimal128(38, 10), st.sampled_from([decimal.Decimal(n) for n in ("0", "-1", "1e-10", "1e27")])),
    "float": (pa.float64(), st.sampled_from([0.0, -1.5, 1e300])),
    "flag": (pa.bool_(), st.booleans()),
    "stamp": (pa.timestamp("us", tz="UTC"), st.datetimes(min_value=dt.datetime(1900, 1, 1)).map(AWARE)),
    "wall": (pa.timestamp("us"), st.sampled_from([dt.datetime(2024, 1, 1), dt.datetime(1900, 1, 1)])),
    "day": (pa.date32(), st.sampled_from([dt.date(2024, 1, 1), dt.date(1970, 1, 1)])),
}  # fmt: skip
SCHEMA = pa.schema([(name, type_) for name, (type_, _) in COLUMNS.items()])
ROWS = st.lists(
    st.fixed_dictionaries({name: st.none() | values for name, (_, values) in COLUMNS.items()}), max_size=8
)


def table(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=SCHEMA)


@given(ROWS)
@settings(max_examples=100, deadline=None)
def test_two_rows_have_one_digest_when_they_are_equal_and_else_not(rows: list[dict[str, Any]]) -> None:
    digests = row_digests(table(rows)).tolist()
    assert [digests.index(digest) for digest in digests] == [rows.index(row) for row in rows]


@given(ROWS, st.integers(0, 8))
@settings(max_examples=50, deadline=None)
def test_a_digest_does_not_depend_on_what_holds_the_row(rows: list[dict[str, Any]], cut: int) -> None:
    whole = row_digests(table(rows))
    parts = [row_digests(part) for part in (table(rows).slice(0, cut), table(rows).slice(cut))]
    assert np.concatenate(parts).tolist() == whole.tolist()
    encoded = table(rows).set_column(0, "text", table(rows)["text"].dictionary_encode())
    assert row_digests(encoded).tolist() == whole.tolist()


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ((None, "a"), ("a", None)),
        (("a", "b"), ("b", "a")),
        (("ab", ""), ("a", "b")),
        ((None, ""), ("", None)),
    ],
)
def test_what_stands_in_another_column_counts(left: tuple[Any, ...], right: tuple[Any, ...]) -> None:
    both = pa.table(
        {"a": pa.array([left[0], right[0]], pa.string()), "b": pa.array([left[1], right[1]], pa.string())}
    )
    first, second = row_digests(both)
    assert first != second


def test_a_negative_zero_is_a_zero() -> None:
    first, second = row_digests(pa.table({"a": [0.0, -0.0]}))
    assert first == second


def test_sums_tell_groups_apart_whatever_the_order_of_their_rows() -> None:
    digests = row_digests(pa.table({"a": [1, 2, 3, 2, 1]}))
    totals = sums(digests, np.array([0, 0, 1, 2, 2]), 4)
    assert totals[0] == totals[2] != totals[1]
    assert totals[3] == 0
