"""Pages become typed columns; the fast reader and the tolerant one give the same cells."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acudata.errors import AcumaticaServerError
from acudata.frames.decode import Decoder
from acudata.frames.layout import Layout, Page, id_column, value_column
from acudata.frames.tolerant import read_tolerantly

ALL_KINDS = Layout(
    (
        value_column("CustomerID", "String", ["CustomerID"]),
        value_column("Hold", "Boolean", ["Hold"]),
        value_column("LineNbr", "Int", ["LineNbr"]),
        value_column("Total", "Decimal", ["Total"]),
        value_column("Ratio", "Double", ["Ratio"]),
        value_column("Date", "DateTime", ["Date"]),
        value_column("LastModified", "DateTime", ["LastModified"]),
        value_column("StartDate", "DateOnly", ["StartDate"]),
        value_column("Contact.Email", "String", ["Contact", "Email"]),
        value_column("UsrRoute", "String", ["custom", "Document", "UsrRoute"]),
        id_column("id"),
    )
)
LINES = Layout(
    (
        value_column("OrderNbr", "String", ["OrderNbr"]),
        value_column("Qty", "Decimal", ["Qty"], depth=1),
        value_column("Lot", "String", ["Lot"], depth=2),
        id_column("id"),
        id_column("Details.id", depth=1),
    ),
    rows=(("Details",), ("Allocations",)),
)


def decode(records: Any, layout: Layout = ALL_KINDS) -> tuple[pa.RecordBatch, Page, Counter[str]]:
    decoder = Decoder({"rows": layout})
    page = decoder.decode(records if isinstance(records, bytes) else json.dumps(records).encode())
    return page.batches["rows"], page, Counter({name: len(values) for name, values in page.invalid.items()})


def cell(column: str, value: Any) -> Any:
    return decode([{column: {"value": value}}])[0].column(column)[0].as_py()


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("CustomerID", "Ünïcode 😀 \u0000", "Ünïcode 😀 \u0000"),
        ("CustomerID", "", ""),
        ("CustomerID", 5, "5"),
        ("CustomerID", True, "true"),
        ("CustomerID", 12.50, "12.5"),
        ("CustomerID", "\ud83d", "\ufffd"),
        ("Hold", False, False),
        ("Hold", "True", True),
        ("LineNbr", 7, 7),
        ("LineNbr", "7", 7),
        ("LineNbr", 7.0, 7),
        ("LineNbr", 2**63 - 1, 2**63 - 1),
        ("Total", 492.4, Decimal("492.4")),
        ("Total", 5, Decimal(5)),
        ("Total", "5.25", Decimal("5.25")),
        ("Total", 1.23456789, Decimal("1.23456789")),
        ("Total", 10**27, Decimal(10**27)),
        ("Total", 0.123456789012, Decimal("0.1234567890")),
        ("Ratio", 1, 1.0),
        ("Ratio", "0.5", 0.5),
        ("Date", "2024-01-02T00:00:00+10:00", dt.datetime(2024, 1, 2)),
        ("Date", "2024-01-02T00:00:00-05:00", dt.datetime(2024, 1, 2)),
        ("Date", "2024-01-02T10:11:12.1234567Z", dt.datetime(2024, 1, 2, 10, 11, 12, 123456)),
        ("Date", "2024-01-02", dt.datetime(2024, 1, 2)),
        ("Date", "0001-01-01T00:00:00+00:00", dt.datetime(1, 1, 1)),
        ("Date", "9999-12-31T23:59:59+00:00", dt.datetime(9999, 12, 31, 23, 59, 59)),
        ("LastModified", "2024-01-02T00:00:00+10:00", dt.datetime(2024, 1, 1, 14, tzinfo=dt.UTC)),
        ("LastModified", "2024-01-02T00:00:00.1234567-05:00", dt.datetime(2024, 1, 2, 5, 0, 0, 123456, tzinfo=dt.UTC)),
        ("StartDate", "2024-01-02", dt.date(2024, 1, 2)),
        ("StartDate", "2024-01-02T23:00:00-05:00", dt.date(2024, 1, 2)),
    ],
)  # fmt: skip
def test_a_value_keeps_its_meaning(column: str, value: Any, expected: Any) -> None:
    assert cell(column, value) == expected
    assert decode([{column: {"value": value}}])[2] == Counter()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("Hold", 1),
        ("LineNbr", 1.5),
        ("LineNbr", 2**63),
        ("LineNbr", True),
        ("LineNbr", "seven"),
        ("Total", "abc"),
        ("Total", "NaN"),
        ("Total", 10**29),
        ("Total", 10**39),
        ("Total", 4e28),
        ("Total", int("1234567890" * 4)),
        ("Ratio", "much"),
        ("Date", "2024-02-30T00:00:00"),
        ("Date", "yesterday"),
        ("Date", 20240101),
        ("StartDate", "2024-13-01"),
        ("CustomerID", ["x"]),
        ("CustomerID", {"x": 1}),
    ],
)
def test_a_value_that_cannot_be_its_kind_is_missing_and_counted(column: str, value: Any) -> None:
    batch, _, invalid = decode([{column: {"value": value}}, {"CustomerID": {"value": "fine"}}])
    assert batch.column(column)[0].as_py() is None
    assert invalid == Counter({column: 1})
    assert batch.column("CustomerID")[1].as_py() == "fine"


@pytest.mark.parametrize("missing", [{}, {"Total": {}}, {"Total": None}, {"Total": {"value": None}}])
def test_what_is_missing_is_never_zero(missing: dict[str, Any]) -> None:
    batch, _, invalid = decode([missing, {"Total": {"value": 1}}])
    assert batch.column("Total").to_pylist() == [None, Decimal(1)]
    assert not invalid


def test_linked_and_custom_values_are_found() -> None:
    batch, _, _ = decode(
        [
            {
                "id": "one",
                "Contact": {"Email": {"value": "a@b.example"}},
                "custom": {"Document": {"UsrRoute": {"type": "CustomStringField", "value": "north"}}},
            },
            {"id": "two", "Contact": None, "custom": {}},
        ]
    )
    assert batch.column("Contact.Email").to_pylist() == ["a@b.example", None]
    assert batch.column("UsrRoute").to_pylist() == ["north", None]
    assert batch.column("id").to_pylist() == ["one", "two"]


ORDERS = [
    {
        "id": "o1",
        "OrderNbr": {"value": "1"},
        "Details": [
            {"id": "l1", "Qty": {"value": 1}, "Allocations": [{"Lot": {"value": "a"}}, {"Lot": {}}]},
            {"id": "l2", "Qty": {"value": 2}, "Allocations": []},
            {"id": "l3", "Qty": {"value": 3}, "Allocations": [{"Lot": {"value": "c"}}]},
        ],
    },
    {"id": "o2", "OrderNbr": {"value": "2"}},
    {"id": "o3", "OrderNbr": {"value": "3"}, "Details": []},
    {"id": "o4", "OrderNbr": {"value": "4"}, "Details": None},
]


def test_rows_of_rows_repeat_what_stands_above_them() -> None:
    batch, page, _ = decode(ORDERS, LINES)
    assert [tuple(row.values()) for row in batch.to_pylist()] == [
        ("1", Decimal(1), "a", "o1", "l1"),
        ("1", Decimal(1), None, "o1", "l1"),
        ("1", Decimal(3), "c", "o1", "l3"),
    ]
    assert page.records == 4


def test_the_tolerant_reader_finds_the_same_rows() -> None:
    page = read_tolerantly(json.dumps(ORDERS).encode(), {"rows": LINES})
    fast = decode(ORDERS, LINES)[1]
    assert page.batches["rows"].equals(fast.batches["rows"])
    assert page.tables["rows"].origins.equals(fast.tables["rows"].origins)
    assert page.records == fast.records == 4


def test_each_row_knows_the_position_of_its_record() -> None:
    orders = [ORDERS[1], ORDERS[0], ORDERS[2], ORDERS[0]]
    assert decode(orders, LINES)[1].tables["rows"].origins.to_pylist() == [1, 1, 1, 3, 3, 3]
    assert decode(orders)[1].tables["rows"].origins.to_pylist() == [0, 1, 2, 3]


@pytest.mark.parametrize("layout", [ALL_KINDS, LINES])
def test_no_records_still_have_types(layout: Layout) -> None:
    batch, page, _ = decode([], layout)
    assert (batch.num_rows, page.records, batch.schema) == (0, 0, layout.schema)


@pytest.mark.parametrize("page", [b"", b"<html>", b"{}", b'{"message": "no"}', b"[1", b"null"])
def test_a_page_that_is_no_list_is_an_error(page: bytes) -> None:
    with pytest.raises(AcumaticaServerError):
        decode(page)


@pytest.mark.parametrize("page", [b"[1]", b'["x"]', b"[null]", b'[{"CustomerID": "bare"}, 7]'])
def test_entries_that_are_no_records_do_not_break_the_others(page: bytes) -> None:
    assert decode(page)[0].num_rows == len(json.loads(page))


OFFSETS = st.sampled_from(["", "Z", "+00:00", "+10:00", "-05:00", "+0530"])
FRACTIONS = st.sampled_from(["", ".1", ".693", ".123456", ".1234567"])
TIMES = st.builds(
    lambda moment, fraction, offset: moment.replace(microsecond=0).isoformat() + fraction + offset,
    st.datetimes(min_value=dt.datetime(2, 1, 1), max_value=dt.datetime(9998, 12, 31)),
    FRACTIONS,
    OFFSETS,
)
TEXTS = st.text(max_size=8)
NUMBERS = st.one_of(
    st.integers(-(10**45), 10**45),
    st.floats(allow_nan=False, allow_infinity=False),
    st.decimals(places=2).map(str),
)
CLEAN: dict[str, st.SearchStrategy[Any]] = {
    "CustomerID": TEXTS.filter(lambda text: not any("\ud800" <= char <= "\udfff" for char in text)),
    "Hold": st.booleans(),
    "LineNbr": st.integers(-(2**31), 2**31),
    "Total": st.decimals(-(10**15), 10**15, places=6).map(float),
    "Ratio": st.floats(allow_nan=False, allow_infinity=False),
    "Date": TIMES,
    "LastModified": TIMES,
    "StartDate": st.dates().map(str),
}
ODD = st.one_of(TEXTS, NUMBERS, TIMES, st.booleans(), st.none(), st.lists(st.integers(), max_size=1))


def wrapped(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.just({}), st.builds(lambda value: {"value": value}, values))


def records_of(values: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    return st.lists(
        st.fixed_dictionaries({}, optional={name: wrapped(v) for name, v in values.items()}), max_size=4
    )


@settings(max_examples=100, deadline=None)
@given(records_of(CLEAN))
def test_both_readers_agree_on_clean_pages(records: list[Any]) -> None:
    assert_both_agree(records)


@settings(max_examples=100, deadline=None)
@given(records_of(dict.fromkeys(CLEAN, ODD)))
def test_both_readers_agree_on_odd_pages(records: list[Any]) -> None:
    assert_both_agree(records)


def assert_both_agree(records: list[Any]) -> None:
    page = json.dumps(records).encode()
    tolerant = read_tolerantly(page, {"rows": ALL_KINDS})
    batch, decoded, _ = decode(page)
    assert decoded.records == tolerant.records == len(records)
    assert decoded.tables["rows"].origins.equals(tolerant.tables["rows"].origins)
    for name in ALL_KINDS.schema.names:
        assert batch.column(name).to_pylist() == tolerant.batches["rows"].column(name).to_pylist(), name
