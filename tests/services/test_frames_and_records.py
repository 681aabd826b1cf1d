"""Frames over real HTTP: equal, cell by cell, to a plain reading of the same lists."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from acudata import (
    AcumaticaClient,
    AcumaticaNotFoundError,
    AcumaticaUnknownNameError,
    AcumaticaValidationError,
    F,
    QueryOptions,
)
from acudata.sandbox import Sandbox
from acudata.sandbox.builtin import default_endpoint
from tests.plain import PlainReader, cells, plain_cell

LISTS = sorted(name for name in default_endpoint().entities if not name.endswith("Inquiry"))


@pytest.fixture(scope="module")
def plain(box: Sandbox) -> Iterator[PlainReader]:
    reader = PlainReader(box)
    yield reader
    reader.close()


@pytest.mark.parametrize("entity", LISTS)
def test_every_frame_equals_a_plain_reading(client: AcumaticaClient, plain: PlainReader, entity: str) -> None:
    frame = client[entity].to_frame(decimals="exact", page_size=700)
    schema = client[entity].entity
    custom = [field for field in schema.custom if not field.member and field.is_tenants_own]
    options = {"custom": ",".join(field.address for field in custom)} if custom else {}
    records = plain.list(entity, **options)
    assert len(frame) == len(records) > 0
    assert cells(frame["id"]) == [record["id"] for record in records]
    for name, kind in schema.structure.fields.items():
        assert cells(frame[name]) == [plain_cell(name, kind, record.get(name)) for record in records], name
    for field in custom:
        blocks = [record["custom"].get(field.view, {}).get(field.name) for record in records]
        assert cells(frame[field.name]) == [plain_cell(field.name, field.kind, block) for block in blocks]
    assert frame.attrs["invalid"] == {}


@pytest.mark.parametrize(
    ("entity", "member"),
    [
        ("SalesOrder", "Details"),
        ("SalesOrder", "Shipments"),
        ("Invoice", "Details"),
        ("Customer", "Attributes"),
    ],
)
def test_lines_equal_a_plain_reading(
    client: AcumaticaClient, plain: PlainReader, entity: str, member: str
) -> None:
    frame = client[entity].to_frame(expand=member, decimals="exact", top=300)
    schema = client[entity].entity
    structure = client._catalogue.endpoint.member(schema.structure, member)
    assert structure is not None
    pairs = [
        (record, line) for record in plain.list(entity, expand=member, top="300") for line in record[member]
    ]
    assert len(frame) == len(pairs) > 0
    assert cells(frame["id"]) == [record["id"] for record, _ in pairs]
    for key in schema.keys:
        assert cells(frame[key]) == [record[key]["value"] for record, _ in pairs]
    for name, kind in structure.fields.items():
        column = f"{member}.{name}" if name in schema.keys else name
        assert cells(frame[column]) == [plain_cell(name, kind, line.get(name)) for _, line in pairs], name


def test_linked_entities_equal_a_plain_reading(client: AcumaticaClient, plain: PlainReader) -> None:
    frame = client.customers.to_frame(expand="MainContact/Address", top=50)
    records = plain.list("Customer", expand="MainContact,MainContact/Address", top="50")
    assert cells(frame["MainContact.Email"]) == [r["MainContact"]["Email"].get("value") for r in records]
    assert cells(frame["MainContact.Address.City"]) == [
        r["MainContact"]["Address"]["City"].get("value") for r in records
    ]


def test_several_tables_join_on_id(client: AcumaticaClient) -> None:
    frames = client.sales_orders.to_frames(expand=["Details", "Shipments"], top=100)
    assert list(frames) == ["SalesOrder", "Details", "Shipments"]
    orders, lines = frames["SalesOrder"], frames["Details"]
    joined = lines.merge(orders[["id", "OrderedQty"]], on="id", validate="many_to_one")
    assert len(joined) == len(lines) > 100
    assert lines.attrs["table"] == "Details"
    pd.testing.assert_frame_equal(lines, client.sales_orders.to_frame(expand="Details", top=100))


def test_dtypes_come_from_the_schema_also_for_no_rows(client: AcumaticaClient) -> None:
    full, empty = client.customers.to_frame(), client.customers.to_frame(F.CustomerID == "nobody")
    assert len(full) > 0
    assert len(empty) == 0
    pd.testing.assert_series_equal(full.dtypes, empty.dtypes)


def test_custom_fields_are_columns_of_their_own_type(client: AcumaticaClient) -> None:
    frame = client.customers.to_frame(top=300)
    custom = [name for name in map(str, frame) if name.startswith(("Usr", "Attribute"))]
    kinds = {field.name: field.kind for field in client.customers.entity.custom}
    expected = {"String": "string", "Decimal": "Float64", "Boolean": "boolean", "Int": "Int64"}
    assert {kinds[name] for name in custom} >= {"String", "Decimal", "Boolean", "DateTime"}
    for name in custom:
        assert str(frame[name].dtype) == expected.get(kinds[name], "datetime64[us]")
        assert 0 < frame[name].notna().sum() < len(frame)


def test_pages_and_parquet_hold_what_the_frame_holds(client: AcumaticaClient, tmp_path: Path) -> None:
    whole = client.sales_orders.to_frame(top=250)
    pages = list(client.sales_orders.iter_frames(top=250, page_size=100))
    assert [len(page) for page in pages] == [100, 100, 50]
    pd.testing.assert_frame_equal(pd.concat(pages, ignore_index=True), whole)
    report = client.sales_orders.to_parquet(tmp_path / "orders.parquet", top=250, page_size=100)
    assert report.rows == 250
    table = pq.read_table(tmp_path / "orders.parquet")
    assert table.equals(client.sales_orders.to_arrow(top=250))


def test_a_frame_says_where_it_came_from(client: AcumaticaClient, box: Sandbox) -> None:
    attrs = client.customers.to_frame(F.Status == "Active", top=3).attrs
    assert len(attrs["as_read"]) == len(
        str(uuid.uuid4())
    )  # a token, which knows the values as they were read
    assert attrs | {"read_at": "", "as_read": ""} == {
        "as_read": "",
        "entity": "Customer",
        "endpoint": "Default/24.200.001",
        "tenant": box.tenant,
        "filter": "Status eq 'Active'",
        "local_filter": None,
        "read_at": "",
        "cache_age": None,
        "pages": 1,
        "paging": "single page",
        "repaired": {"skipped": 0, "repeated": 0, "changed": 0},
        "paging_notes": [],
        "records": 3,
        "invalid": {},
        "left_out": [],
        "incomplete": 0,
        "repeated_attributes": 0,
    }


@pytest.mark.parametrize(
    "filter",  # the same question in four ways
    [
        F.OrderTotal > 1000,
        "OrderTotal gt 1000",
        QueryOptions(filter=F.OrderTotal > 1000).filter,
        F.OrderTotal.gt(Decimal(1000)),
    ],
)
def test_filters_are_expressions_or_text(client: AcumaticaClient, filter: Any) -> None:  # noqa: A002
    frame = client.sales_orders.to_frame(filter)
    everything = client.sales_orders.to_frame()
    assert cells(frame["OrderNbr"]) == cells(everything.loc[everything["OrderTotal"] > 1000, "OrderNbr"])


def test_a_filter_on_dates_and_custom_fields(client: AcumaticaClient) -> None:
    everything = client.sales_orders.to_frame()
    frame = client.sales_orders.to_frame((F.Date >= "2024-01-01") & (F.Date < "2024-02-01"))
    expected = everything[everything["Date"].between("2024-01-01", "2024-01-31")]
    assert cells(frame["OrderNbr"]) == cells(expected["OrderNbr"])
    custom = next(f for f in client.sales_orders.entity.custom if f.kind == "String" and not f.member)
    value = everything[custom.name].dropna().iloc[0]
    found = client.sales_orders.to_frame(F[custom.name] == value)
    assert len(found) == (everything[custom.name] == value).sum() > 0


@pytest.mark.parametrize(
    "question",
    [
        {"select": "CustomrName"},
        {"expand": "MainContct"},
        {"filter": "CustomrName eq 'x'"},
        {"custom": "UsrNope"},
    ],
)
def test_a_wrong_name_costs_no_request(client: AcumaticaClient, question: dict[str, Any]) -> None:
    _ = client.customers.entity
    before = client._session.get
    try:
        client._session.get = None  # type: ignore[method-assign,assignment]
        with pytest.raises(AcumaticaUnknownNameError):
            client.customers.to_frame(**question)
    finally:
        client._session.get = before  # type: ignore[method-assign]


@pytest.mark.parametrize("question", [{"top": -1}, {"page_size": 0}, {"skip": -1}])
def test_numbers_that_make_no_sense(client: AcumaticaClient, question: dict[str, Any]) -> None:
    with pytest.raises(AcumaticaValidationError, match="makes no sense"):
        client.customers.get_list(**question)


def test_top_zero_is_an_empty_frame(client: AcumaticaClient) -> None:
    assert len(client.customers.to_frame(top=0)) == 0


def test_a_list_of_records(client: AcumaticaClient) -> None:
    records = client.customers.get_list(options=QueryOptions(filter=F.Status == "Active", top=2, skip=1))
    again = client.customers.get_list(F.Status == "Active", top=3)
    assert [record.CustomerID for record in records] == [record["CustomerID"] for record in again[1:]]


def test_records_hold_exact_money_and_moments(client: AcumaticaClient, plain: PlainReader) -> None:
    fields = client.sales_orders.entity.structure.fields
    for record, body in zip(
        client.sales_orders.get_list(top=50), plain.list("SalesOrder", top="50"), strict=True
    ):
        for name, kind in fields.items():
            if kind != "Guid":
                assert record[name] == plain_cell(name, kind, body.get(name)), name


def test_one_record_by_key_keys_and_id(client: AcumaticaClient) -> None:
    order = client.sales_orders.get_list(top=1)[0]
    assert order.id is not None
    for found in (
        client.sales_orders.get_by_keys(order.OrderType, order.OrderNbr),
        client.sales_orders.get_by_id([order.OrderType, order.OrderNbr]),
        client.sales_orders.get_by_id(order.id),
    ):
        assert (found.id, found.OrderNbr) == (order.id, order.OrderNbr)
    assert client.sales_orders.get_by_id(order.id, expand="Details").Details


def test_records_hold_the_amounts_of_the_frame(client: AcumaticaClient) -> None:
    exact = client.invoices.to_frame(top=20, decimals="exact")
    totals = [Decimal(amount) for amount in exact["Amount"]]
    assert any(total % 1 for total in totals)
    assert [record.Amount for record in client.invoices.get_list(top=20)] == totals
    assert [client.invoices.get_by_id(invoice).Amount for invoice in exact["id"][:3]] == totals[:3]


def test_every_key_finds_its_own_record(client: AcumaticaClient) -> None:
    for entity in ("Customer", "ItemClass"):
        frame = client[entity].to_frame(select=list(client[entity].entity.keys))
        odd = [key for key in cells(frame.iloc[:, 0]) if not key.isalnum()]
        assert odd
        for key in odd:
            assert client[entity].get_by_id(key)[client[entity].entity.keys[0]] == key


@pytest.mark.parametrize(
    "key", ["NOBODY", "x?y", "../Vendor/V1", "A%2FB", "#", "00000000-0000-0000-0000-000000000001"]
)
def test_a_record_that_is_not_there(client: AcumaticaClient, key: str) -> None:
    with pytest.raises(AcumaticaNotFoundError):
        client.customers.get_by_id(key)


@pytest.mark.parametrize("key", ["", "  ", ".", "..", [], ["SO", ""]])
def test_what_is_no_key_is_refused(client: AcumaticaClient, key: Any) -> None:
    with pytest.raises(AcumaticaValidationError, match="is no key of SalesOrder"):
        client.sales_orders.get_by_id(key)


def test_a_record_is_created_changed_and_deleted(own_client: AcumaticaClient) -> None:
    customers = own_client.customers
    created = customers.put_entity(own_client.models.Customer(CustomerID="PYTHN001", CustomerName="Python"))
    assert (created.CustomerID, created.CustomerName) == ("PYTHN001", "Python")
    created.CustomerName = "Renamed"
    assert customers.put_entity(created).id == created.id
    assert customers.get_by_id("PYTHN001").CustomerName == "Renamed"
    customers.put_entity({"CustomerID": "PYTHN001", "CustomerName": "By mapping"})
    assert customers.get_by_id("PYTHN001").CustomerName == "By mapping"
    customers.delete_by_id("PYTHN001")
    with pytest.raises(AcumaticaNotFoundError):
        customers.get_by_id("PYTHN001")


def test_a_mapping_is_held_to_the_names_of_the_schema_at_every_level(own_client: AcumaticaClient) -> None:
    put = own_client.customers.put_entity
    for wrong, near in (
        ({"CustomerID": "C000000002", "CreditLimt": 1}, "CreditLimit"),
        ({"CustomerID": "C000000002", "MainContact": {"Emial": "x"}}, "Email"),
        ({"CustomerID": "C000000002", "MainContact": {"Address": {"Cty": "x"}}}, "City"),
    ):
        with pytest.raises(AcumaticaUnknownNameError, match=near):
            put(wrong)
    with pytest.raises(AcumaticaUnknownNameError, match="OrderQty"):
        own_client.sales_orders.put_entity({"OrderType": "SO", "Details": [{"OrderQy": 2}]})


@pytest.mark.parametrize(
    "record",
    [
        {"CustomerID": "C000000002", "UsrLoyaltyTier": "Diamond"},
        {
            "CustomerID": {"value": "C000000002"},
            "custom": {"BAccount": {"UsrLoyaltyTier": {"value": "Diamond"}}},
        },
    ],
)
def test_a_mapping_writes_custom_fields(own_client: AcumaticaClient, record: dict[str, Any]) -> None:
    own_client.customers.put_entity(record)
    assert own_client.customers.get_by_id("C000000002").UsrLoyaltyTier == "Diamond"


@pytest.mark.parametrize("wrong", [None, "C000000002", [{"CustomerID": "X"}]])
def test_what_is_no_record_is_not_put(client: AcumaticaClient, wrong: Any) -> None:
    with pytest.raises(AcumaticaValidationError, match="no record of Customer"):
        client.customers.put_entity(wrong)


def test_a_model_of_another_entity_is_not_put(client: AcumaticaClient) -> None:
    with pytest.raises(AcumaticaValidationError, match="Vendor is no record of Customer"):
        client.customers.put_entity(client.models.Vendor(VendorID="X"))


def test_a_changed_line_is_not_doubled(own_client: AcumaticaClient) -> None:
    orders = own_client.sales_orders
    order = orders.get_list(F.Status == "Open", expand="Details", top=1)[0]
    lines = len(order.Details)
    order.Details[0].OrderQty = 77
    after = orders.put_entity(order, expand="Details")
    assert len(after.Details) == lines
    assert after.Details[0].OrderQty == 77


def test_a_refused_value_names_its_field(own_client: AcumaticaClient) -> None:
    with pytest.raises(AcumaticaValidationError) as caught:
        own_client.sales_orders.put_entity({"OrderType": "SO", "CustomerID": "NOBODY"})
    assert "CustomerID" in caught.value.field_errors
