"""Files of records: put, listed and downloaded over real HTTP."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from acudata import AcumaticaClient, AcumaticaNotFoundError, AcumaticaValidationError


def test_a_file_is_attached_listed_and_downloaded(own_client: AcumaticaClient, tmp_path: Path) -> None:
    items = own_client.stock_items
    key = items.first().InventoryID  # type: ignore[union-attr]
    items.put_file(key, "façade 1#2.txt", b"bytes", comment="front")
    (file,) = items.get_files(key)
    assert (file.filename, file.comment) == ("façade 1#2.txt", "front")
    assert items.download_file(file) == b"bytes"
    assert items.download_file(file.id, tmp_path / "copy.txt") == b"bytes"
    assert (tmp_path / "copy.txt").read_bytes() == b"bytes"
    items.download_file(file, tmp_path)
    assert (tmp_path / "façade 1#2.txt").exists()


def test_the_same_name_is_a_new_version(own_client: AcumaticaClient, tmp_path: Path) -> None:
    orders = own_client.sales_orders
    order = orders.first()
    assert order is not None
    keys = [order.OrderType, order.OrderNbr]
    (tmp_path / "one.bin").write_bytes(b"one")
    for data in (tmp_path / "one.bin", io.BytesIO(b"two"), bytearray(b"three")):
        orders.put_file(keys, "scan.pdf", data)  # type: ignore[arg-type]
    (file,) = orders.get_files(str(order.id))
    assert orders.download_file(file) == b"three"


@pytest.mark.parametrize("name", ["C:\\temp\\..\\evil.txt", "../../evil.txt", "a/b/evil.txt"])
def test_no_folder_of_anybodys_gets_into_a_name(
    own_client: AcumaticaClient, name: str, tmp_path: Path
) -> None:
    customers = own_client.customers
    key = "C000000001"
    customers.put_file(key, name, b"x")
    (file,) = customers.get_files(key)
    assert file.filename == "evil.txt"
    customers.download_file(file, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["evil.txt"]


@pytest.mark.parametrize(
    "call", [{"filename": ""}, {"filename": "a/.."}, {"comment": "x" * 501}, {"comment": "two\nlines"}]
)
def test_what_cannot_be_sent_is_refused(client: AcumaticaClient, call: dict[str, Any]) -> None:
    with pytest.raises(AcumaticaValidationError):
        client.customers.put_file("C000000001", **{"filename": "a.txt", "data": b"", **call})


def test_records_and_files_that_are_not_there(client: AcumaticaClient) -> None:
    with pytest.raises(AcumaticaNotFoundError):
        client.customers.put_file("NOBODY", "a.txt", b"")
    with pytest.raises(AcumaticaNotFoundError):
        client.customers.download_file("00000000-0000-0000-0000-000000000001")
    assert client.customers.get_files("C000000002") == []
