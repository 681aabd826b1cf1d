"""Notes and attached files: what stands beside the fields of every record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from acudata import AcumaticaClient
from acudata.sandbox import Sandbox
from tests.conftest import connect
from tests.plain import cells


@pytest.fixture(scope="module")
def furnished() -> Iterator[AcumaticaClient]:
    """Connect to a company with some notes and files, on records and on a line."""
    with Sandbox() as box, connect(box) as client:
        item = cells(client.stock_items.to_frame(select="InventoryID", top=1)["InventoryID"])[0]
        client.stock_items.put_file(item, "photo.jpg", b"1", comment="front")
        client.stock_items.put_file(item, "data sheet.pdf", b"2")
        client.stock_items.put_entity({"InventoryID": item, "note": "sells well"})
        order = client.sales_orders.first(expand="Details")
        assert order is not None
        line = {"id": order.Details[0].id, "note": "fragile"}
        client.sales_orders.put_entity({"id": order.id, "note": "call first", "Details": [line]})
        raw = client.sales_orders._raw(str(order.id), expand="Details")
        link = raw["Details"][0]["_links"]["files:put"].replace("{filename}", "line.txt")
        client._session.put(client._session.link(link), data=b"3")
        yield client


def test_files_are_rows_with_plain_names(furnished: AcumaticaClient) -> None:
    found = furnished.stock_items.to_frame(expand="files")
    assert list(found) == ["InventoryID", "filename", "href", "comment", "id", "files.id"]
    assert cells(found["filename"]) == ["photo.jpg", "data sheet.pdf"]
    assert cells(found["comment"]) == ["front", None]
    assert found["InventoryID"].nunique() == found["id"].nunique() == 1
    assert [furnished.stock_items.download_file(id_) for id_ in map(str, found["files.id"])] == [b"1", b"2"]


def test_files_are_a_frame_of_their_own_beside_others(furnished: AcumaticaClient) -> None:
    frames = furnished.stock_items.to_frames(expand=["files", "WarehouseDetails"], select="InventoryID")
    assert list(frames) == ["StockItem", "files", "WarehouseDetails"]
    assert set(frames["files"]["id"]) < set(frames["StockItem"]["id"])


def test_files_of_lines(furnished: AcumaticaClient) -> None:
    found = furnished.sales_orders.to_frame(expand="Details/files", top=3)
    assert cells(found["filename"]) == ["line.txt"]
    lines = furnished.sales_orders.to_frame(expand="Details", top=3)
    assert cells(found["Details.id"])[0] == cells(lines["Details.id"])[0]


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ({"select": "InventoryID,files/filename"}, ["InventoryID", "filename", "id", "files.id"]),
        (
            {"columns": "filename,Description", "expand": "files"},
            ["filename", "Description", "id", "files.id"],
        ),
        ({"columns": ["files.filename", "InventoryID"]}, ["files.filename", "InventoryID", "id", "files.id"]),
    ],
)
def test_columns_of_files_can_be_chosen(
    furnished: AcumaticaClient, question: dict[str, Any], shown: list[str]
) -> None:
    found = furnished.stock_items.to_frame(**question)
    assert list(found) == shown
    assert "photo.jpg" in cells(found[next(name for name in shown if name.endswith("filename"))])


@pytest.mark.parametrize("question", [{"select": "InventoryID,note"}, {"columns": ["InventoryID", "note"]}])
def test_a_note_is_a_column_when_it_is_asked_for(
    furnished: AcumaticaClient, question: dict[str, Any]
) -> None:
    found = furnished.stock_items.to_frame(top=2, **question)
    assert list(found) == ["InventoryID", "note", "id"]
    assert found["note"].dtype == "string"
    assert cells(found["note"])[0] == "sells well"


def test_a_note_alone_and_notes_of_lines(furnished: AcumaticaClient) -> None:
    assert list(furnished.stock_items.to_frame(select="note", top=1)) == ["note", "id"]
    found = furnished.sales_orders.to_frame(columns=["note", "Details.note"], expand="Details", top=1)
    assert list(found) == ["note", "Details.note", "id", "Details.id"]
    assert [cells(found[name])[0] for name in ("note", "Details.note")] == ["call first", "fragile"]
