"""A client written by others, easy-acumatica, works with the sandbox unchanged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from easy_acumatica import AcumaticaClient
from easy_acumatica.odata import F, QueryOptions

from acudata.sandbox import Sandbox, SandboxSettings


def connect(box: Sandbox) -> Any:
    return AcumaticaClient(
        base_url=box.url,
        username=box.username,
        password=box.password,
        tenant=box.tenant,
        rate_limit_calls_per_second=1000,
        auto_load_env=False,
    )


@pytest.fixture(scope="module")
def peer(box: Sandbox) -> Iterator[Any]:
    client = connect(box)
    yield client
    client.logout()


def test_the_peer_signs_in_and_out(box: Sandbox) -> None:
    before = box.instance.signin.seats_taken
    client = connect(box)
    assert box.instance.signin.seats_taken == before + 1
    client.logout()
    assert box.instance.signin.seats_taken == before


def test_the_peer_discovers_the_newest_endpoint_and_its_entities(peer: Any) -> None:
    assert peer.endpoint_version == "24.200.001"
    assert {"Customer", "SalesOrder", "StockItem"} <= set(peer.list_services())
    assert peer.models.Customer(CustomerID="A").CustomerID == "A"


def test_the_peer_lists_with_the_options_of_a_query(peer: Any) -> None:
    page = peer.customers.get_list(options=QueryOptions(top=3, skip=1, select=["CustomerID"]))
    everything = [row["CustomerID"] for row in peer.customers.get_list()]
    assert [row["CustomerID"] for row in page] == everything[1:4]
    chosen = everything[0]["value"]
    found = peer.customers.get_list(
        options=QueryOptions(filter=F.CustomerID == chosen, expand=["MainContact"])
    )
    assert [row["CustomerID"]["value"] for row in found] == [chosen]
    assert "MainContact" in found[0]


def test_the_peer_puts_gets_and_deletes_a_record(peer: Any) -> None:
    sent = peer.models.Customer(CustomerID="PEER01", CustomerName="Made by a peer")
    stored = peer.customers.put_entity(sent)
    assert stored["CustomerName"]["value"] == "Made by a peer"
    assert peer.customers.get_by_id(stored["id"])["CustomerID"]["value"] == "PEER01"
    assert peer.customers.get_by_keys(CustomerID="PEER01")["id"] == stored["id"]
    again = peer.customers.put_entity(peer.models.Customer(CustomerID="PEER01", CustomerName="Renamed"))
    assert (again["id"], again["CustomerName"]["value"]) == (stored["id"], "Renamed")
    peer.customers.delete_by_id(stored["id"])
    assert peer.customers.get_list(options=QueryOptions(filter=F.CustomerID == "PEER01")) == []


def test_the_peer_attaches_a_file_where_the_instance_is_at_the_root() -> None:
    # It joins links to the address of the instance, which only fits an instance without a virtual directory.
    with Sandbox(settings=SandboxSettings(instance_path="")) as box:
        client = connect(box)
        record = client.customers.get_list(options=QueryOptions(top=1))[0]
        client.customers.put_file(record["id"], "terms.txt", b"net 30")
        names = [file["filename"] for file in client.customers.get_files(record["id"])]
        client.logout()
    assert [name.rpartition("\\")[2] for name in names] == ["terms.txt"]


def test_the_peer_reads_custom_fields(peer: Any) -> None:
    schema = peer.customers.get_ad_hoc_schema()
    assert any(name.startswith("Usr") for fields in schema["custom"].values() for name in fields)


def test_the_peer_reads_through_a_real_document(schemas: Path) -> None:
    # It reads OpenAPI 3 only.
    with Sandbox(schema=schemas / "Default_24.200.001.openapi3.json") as box:
        client = connect(box)
        rows = client.sales_orders.get_list(options=QueryOptions(top=2, expand=["Details"]))
        client.logout()
    assert [list(row)[:2] for row in rows] == [["id", "rowNumber"]] * 2
