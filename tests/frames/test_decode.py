"""Pages become typed columns, whatever is in them."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from acudata.errors import AcumaticaSchemaError, AcumaticaServerError
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


@pytest.mark.parametrize("digits", [b"1" * 5000, b"1e999999999999999999999", b"-1e99999", b"Infinity"])
@pytest.mark.parametrize("column", ["LineNbr", "Total", "Ratio"])
def test_a_number_without_bounds_is_missing_and_counted(column: str, digits: bytes) -> None:
    batch, _, invalid = decode(b'[{"%s": {"value": %s}}]' % (column.encode(), digits))
    assert batch.column(column)[0].as_py() is None
    assert invalid == Counter({column: 1})


def test_bytes_that_are_no_text_show_as_such() -> None:
    assert decode(b'[{"CustomerID": {"value": "a\xffb"}}]')[0].column("CustomerID")[0].as_py() == "a\ufffdb"


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


@pytest.mark.parametrize(
    ("record", "misfits"),
    [
        ({"Contact": "x"}, {"Contact.Email": ["x"]}),
        ({"Details": "x"}, {"Details": ["x"]}),
        ({"Details": {"Qty": {"value": 1}}}, {"Details": [{"Qty": {"value": 1}}]}),
        ({"Details": [{"Qty": {"value": "one"}}, {"Qty": {"value": "two"}}]}, {"Qty": ["one", "two"]}),
        ({"LineNbr": {"value": "x"}, "Details": [{}, {}]}, {"LineNbr": ["x"]}),
    ],
    ids=[
        "a linked entity",
        "an array",
        "a row for an array",
        "values of rows",
        "a value that two tables show",
    ],
)
def test_what_does_not_fit_is_told_once(record: Any, misfits: dict[str, list[Any]]) -> None:
    lines = Layout(
        (ALL_KINDS.columns[2], value_column("Qty", "Decimal", ["Qty"], depth=1)), rows=(("Details",),)
    )
    page = Decoder({"Order": ALL_KINDS, "Details": lines}).decode(json.dumps([record]).encode())
    assert repr(page.invalid) == repr(misfits)


ODD = [
    {"Total": {"value": "abc"}, "Date": {"value": "yesterday"}},
    {"Total": {"value": "abc"}},
    {"Total": {"value": "1_000"}},
    {"Total": {"value": 5}},
]


def test_what_does_not_fit_can_be_an_error() -> None:
    with pytest.raises(AcumaticaSchemaError) as caught:
        Decoder({"rows": ALL_KINDS}, errors="raise").decode(json.dumps(ODD).encode())
    assert str(caught.value).splitlines() == [
        "Values are not of the kind that the schema declares: "
        "Total (3, such as 'abc' and '1_000'); Date (1, such as 'yesterday').",
        "  try: errors='coerce' makes them missing and counts them in df.attrs['invalid']",
    ]


def test_odd_values_that_can_be_read_are_no_error() -> None:
    decoder = Decoder({"rows": ALL_KINDS}, errors="raise")
    page = decoder.decode(b'[{"Total": {"value": "5.25"}, "CustomerID": {"value": 5}, "Hold": {}}]')
    assert page.batches["rows"].column("Total").to_pylist() == [Decimal("5.25")]


def test_several_threads_may_decode_with_one_decoder() -> None:
    decoder = Decoder({"rows": ALL_KINDS})
    pages = [json.dumps([{"LineNbr": {"value": n}}, *ODD[: n % 3]]).encode() for n in range(40)]
    with ThreadPoolExecutor(4) as threads:
        decoded = list(threads.map(decoder.decode, pages))
    assert [page.batches["rows"].column("LineNbr")[0].as_py() for page in decoded] == list(range(40))
    assert [len(page.invalid.get("Total", ())) for page in decoded] == [n % 3 for n in range(40)]


def test_digits_beyond_the_tenth_place_are_rounded_to_even() -> None:
    assert cell("Total", "0.00000000005") == 0
    assert cell("Total", "0.00000000015") == Decimal("0.0000000002")
