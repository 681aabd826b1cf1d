"""Files on records and rows: attached by link or by keys, listed, downloaded, replaced."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
import requests

from .conftest import BASE, Start, Web

BYTES = bytes(range(256))


@pytest.fixture
def customer(web: Web) -> dict[str, Any]:
    """A customer of the company."""
    record: dict[str, Any] = web.get("Customer?$top=1").json()[0]
    return record


def attach(web: Web, record: dict[str, Any], name: str, content: bytes, **headers: str) -> requests.Response:
    """Put a file at the link of a record or row."""
    link = record["_links"]["files:put"].replace("{filename}", quote(name))
    return web.put(link.removeprefix("/AcumaticaERP"), data=content, headers=headers)


def listed(web: Web, customer: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the files of a customer."""
    files: list[dict[str, Any]] = web.get(f"Customer/{customer['id']}?$expand=files").json()["files"]
    return files


def test_item_099_a_file_put_at_the_link_of_a_record_can_be_downloaded(
    web: Web, customer: dict[str, Any]
) -> None:
    answer = attach(web, customer, "photo 1.bin", BYTES)
    assert answer.status_code == 204
    download = web.follow(answer.headers["Location"])
    assert download.content == BYTES
    assert download.headers["Content-Type"] == "application/octet-stream"
    assert "photo%201.bin" in download.headers["Content-Disposition"]


def test_item_099_the_same_name_is_a_new_version_of_the_file(web: Web, customer: dict[str, Any]) -> None:
    first = attach(web, customer, "terms.txt", b"first")
    second = attach(web, customer, "terms.txt", b"second")
    assert first.headers["Location"] == second.headers["Location"]
    assert web.follow(first.headers["Location"]).content == b"second"
    assert [file["filename"] for file in listed(web, customer)].count(filename(customer, "terms.txt")) == 1


def test_files_are_listed_with_the_form_and_the_key(web: Web, customer: dict[str, Any]) -> None:
    location = attach(web, customer, "price.csv", b"1").headers["Location"]
    file = next(one for one in listed(web, customer) if one["filename"].endswith("price.csv"))
    assert set(file) == {"id", "filename", "href", "comment"}
    assert file["filename"] == filename(customer, "price.csv")
    assert file["href"] == location == f"/AcumaticaERP{BASE}/files/{file['id']}"


def test_item_099_a_row_takes_files_of_its_own(web: Web) -> None:
    order = web.get("SalesOrder?$top=1&$expand=Details").json()[0]
    row = order["Details"][0]
    assert attach(web, row, "drawing.pdf", b"%PDF").status_code == 204
    again = web.get(f"SalesOrder/{order['id']}?$expand=Details,Details/files").json()
    assert [len(one["files"]) for one in again["Details"]][:1] == [1]


def test_item_100_a_file_can_be_put_by_keys_but_not_by_id(web: Web) -> None:
    item = web.get("StockItem?$top=1").json()[0]
    key = quote(item["InventoryID"]["value"], safe="")
    assert web.put(f"StockItem/{key}/files/a.txt", data=b"old form").status_code == 204
    assert web.put(f"StockItem/{item['id']}/files/a.txt", data=b"old form").status_code == 404
    (file,) = web.get(f"StockItem/{key}?$expand=files").json()["files"]
    assert web.follow(file["href"]).content == b"old form"


def test_item_101_a_comment_is_read_back(web: Web, customer: dict[str, Any]) -> None:
    attach(web, customer, "note.txt", b"x", **{"PX-CbFileComment": "signed by both"})
    comments = {file["filename"]: file["comment"] for file in listed(web, customer)}
    assert comments[filename(customer, "note.txt")] == "signed by both"


def test_a_comment_of_more_than_500_characters_is_refused(web: Web, customer: dict[str, Any]) -> None:
    assert attach(web, customer, "note.txt", b"x", **{"PX-CbFileComment": "x" * 501}).status_code == 400


def test_a_file_above_the_limit_is_refused(start: Start) -> None:
    web = start(upload_limit=3)
    web.sign_in()
    record = web.get("Customer?$top=1").json()[0]
    assert attach(web, record, "a", b"123").status_code == 204
    assert attach(web, record, "b", b"1234").status_code == 413


@pytest.mark.parametrize("graph", ["PX.Objects.AR.CustomerMaint", "PX.Objects.No.Graph"])
def test_a_link_to_no_record_is_refused(web: Web, graph: str) -> None:
    link = f"files/{graph}/BAccount/00000000-0000-0000-0000-000000000000/a.txt"
    assert web.put(link, data=b"x").status_code == 500


def test_an_unknown_file_is_a_404(web: Web) -> None:
    assert web.get("files/00000000-0000-0000-0000-000000000000").status_code == 404


def filename(customer: dict[str, Any], name: str) -> str:
    return f"Customers ({customer['CustomerID']['value']})\\{name}"
