"""`columns=`: just these columns in this order, and only what they need is asked for."""

from __future__ import annotations

from typing import Any

import pytest

from acudata import AcumaticaClient, AcumaticaUnknownNameError, AcumaticaValidationError
from acudata.sandbox import Sandbox
from tests.plain import cells


def sent(box: Sandbox) -> dict[str, str]:
    """Return the options of the latest request."""
    return dict(box.requests[-1].query)


@pytest.mark.parametrize(
    ("columns", "shown"),
    [
        ("CustomerName,CustomerID", ["CustomerName", "CustomerID", "id"]),
        (["Status", "MainContact.Email"], ["Status", "MainContact.Email", "id"]),
        (["MainContact/Email", "CustomerID"], ["MainContact.Email", "CustomerID", "id"]),
        (["UsrLoyaltyTier", "CustomerID"], ["UsrLoyaltyTier", "CustomerID", "id"]),
        (["CurrentCustomer.UsrLoyaltyTier"], ["CurrentCustomer.UsrLoyaltyTier", "id"]),
        (["id", "CustomerID"], ["id", "CustomerID"]),
        ("id", ["id"]),
        (["CustomerID", "CustomerID"], ["CustomerID", "id"]),
        (["note", "CustomerID"], ["note", "CustomerID", "id"]),
        (["Customer.Status"], ["Customer.Status", "id"]),
    ],
)
def test_a_frame_has_exactly_these_columns_and_the_id(
    client: AcumaticaClient, columns: Any, shown: list[str]
) -> None:
    assert list(client.customers.to_frame(columns=columns, top=2)) == shown


def test_the_values_are_those_of_the_whole_frame(client: AcumaticaClient) -> None:
    whole = client.customers.to_frame(expand="MainContact/Address", top=50)
    names = ["MainContact.Address.City", "UsrVisitCount", "CreditLimit", "CustomerID"]
    found = client.customers.to_frame(columns=names, top=50)
    for name in [*names, "id"]:
        assert cells(found[name]) == cells(whole[name])
        assert found[name].dtype == whole[name].dtype


def test_only_what_the_columns_need_is_asked_for(client: AcumaticaClient, box: Sandbox) -> None:
    client.customers.to_frame(columns=["Status", "MainContact.Email", "UsrLoyaltyTier"], top=1)
    options = sent(box)
    assert options["$expand"] == "MainContact"
    assert options["$custom"] == "CurrentCustomer.UsrLoyaltyTier"
    assert {"Status", "MainContact/Email"} <= set(options["$select"].split(","))
    assert len(options["$select"].split(",")) <= 3  # the key goes along


@pytest.mark.parametrize(
    ("columns", "options"),
    [
        (["OrderNbr", "CustomerID", "InventoryID", "OrderQty"], {"expand": "Details"}),
        (["OrderNbr", "CustomerID", "Details.InventoryID", "Details/OrderQty"], {}),
        (["Details.id", "InventoryID", "id", "OrderNbr"], {"expand": "Details"}),
    ],
)
def test_lines_beside_fields_of_their_document(
    client: AcumaticaClient, columns: list[str], options: dict[str, Any]
) -> None:
    found = client.sales_orders.to_frame(columns=columns, top=5, **options)
    shown = [name.replace("/", ".") for name in columns]
    assert list(found) == [*shown, *(name for name in ("id", "Details.id") if name not in shown)]
    lines = client.sales_orders.to_frame(expand="Details", top=5)
    quantity = next((name for name in shown if name.endswith("InventoryID")), "")
    assert cells(found[quantity]) == cells(lines["InventoryID"])


def test_a_name_that_line_and_document_share_is_that_of_the_line(client: AcumaticaClient) -> None:
    names = ["OrderType", "RequestedOn", "SalesOrder.RequestedOn"]
    found = client.sales_orders.to_frame(columns=names, expand="Details", top=20)
    lines = client.sales_orders.to_frame(expand="Details", top=20)
    heads = client.sales_orders.to_frame(select="RequestedOn", top=20).set_index("id")["RequestedOn"]
    assert cells(found["RequestedOn"]) == cells(lines["RequestedOn"])
    assert cells(found["SalesOrder.RequestedOn"]) == cells(heads.loc[found["id"]])


def test_each_of_several_frames_has_its_own(client: AcumaticaClient) -> None:
    frames = client.sales_orders.to_frames(
        columns=["OrderTotal", "Details.OrderQty", "ShipmentNbr"], expand=["Details", "Shipments"], top=5
    )
    assert {name: list(frame) for name, frame in frames.items()} == {
        "SalesOrder": ["OrderTotal", "id"],
        "Details": ["OrderTotal", "Details.OrderQty", "id", "Details.id"],
        "Shipments": ["OrderTotal", "ShipmentNbr", "id", "Shipments.id"],
    }


def test_a_column_of_two_arrays_has_to_be_said_apart(client: AcumaticaClient) -> None:
    with pytest.raises(AcumaticaValidationError, match="column of several tables") as caught:
        client.sales_orders.to_frames(columns=["InvoiceNbr"], expand=["Details/Allocations", "Shipments"])
    assert caught.value.suggestions == ["Details.InvoiceNbr", "Shipments.InvoiceNbr"]


@pytest.mark.parametrize(
    ("columns", "message", "near"),
    [
        (["CustomerNam"], "Customer has no column 'CustomerNam'", "CustomerName"),
        (["MainContact.Emial"], "no column 'MainContact.Emial'", "MainContact.Email"),
        (["UsrLoyaltyTir"], "no column 'UsrLoyaltyTir'", "UsrLoyaltyTier"),
    ],
)
def test_an_unknown_column_is_told_with_the_nearest(
    client: AcumaticaClient, columns: list[str], message: str, near: str
) -> None:
    with pytest.raises(AcumaticaUnknownNameError, match=message) as caught:
        client.customers.to_frame(columns=columns, expand="MainContact")
    assert near in caught.value.suggestions


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"columns": "CustomerID", "select": "CustomerID"}, "select is made from columns="),
        ({"columns": "CustomerID", "custom": ["UsrLoyaltyTier"]}, "custom is made from columns="),
        ({"columns": []}, "names no column"),
        ({"columns": "MainContact"}, "has several"),
        ({"columns": ["Contacts"]}, "has several"),
    ],
)
def test_what_makes_no_sense_with_columns_is_refused(
    client: AcumaticaClient, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(AcumaticaValidationError, match=message):
        client.customers.to_frame(**options)


def test_every_way_of_reading_takes_columns(client: AcumaticaClient, tmp_path: Any) -> None:
    import pyarrow.parquet as pq

    names = ["CustomerName", "CustomerID"]
    expected = [*names, "id"]
    assert client.customers.to_arrow(columns=names, top=3).column_names == expected
    assert [list(frame) for frame in client.customers.iter_frames(columns=names, top=3)] == [expected]
    client.customers.to_parquet(tmp_path / "customers.parquet", columns=names, top=3)
    assert pq.read_schema(tmp_path / "customers.parquet").names == expected
