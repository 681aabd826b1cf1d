"""The reference's table of service methods: each with its parameters, by name and by position."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from acudata import AcumaticaClient, F

PATTERNS = {
    "get_by_id": ["entity_id", "select", "expand"],
    "get_list": ["filter", "options"],
    "put_entity": ["entity"],
    "delete_by_id": ["entity_id"],
    "put_file": ["entity_id", "filename", "data", "comment"],
    "get_files": ["entity_id"],
    "invoke_action_create_contact_from_customer": ["entity", "parameters"],
}
POSITIONAL = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.POSITIONAL_ONLY)


@pytest.mark.parametrize("method", PATTERNS)
def test_the_parameters_are_those_of_the_table(client: AcumaticaClient, method: str) -> None:
    parameters = inspect.signature(getattr(client.customers, method)).parameters.values()
    assert [one.name for one in parameters if one.kind in POSITIONAL] == PATTERNS[method]


def test_get_by_id_takes_select_and_expand(client: AcumaticaClient) -> None:
    customer = client.customers.get_by_id("PYTHN001", select=["CustomerName"], expand=["MainContact"])
    assert "CustomerName" in list(customer)
    assert "CreditLimit" not in list(customer)
    assert "MainContact" in list(customer)
    positional: Any = client.customers.get_by_id
    assert positional("PYTHN001", ["CustomerName"], ["MainContact"]) == customer


def test_get_list_takes_a_filter_or_options(client: AcumaticaClient) -> None:
    from acudata.odata import QueryOptions

    condition = F.CustomerID == "PYTHN001"
    by_filter = client.customers.get_list(filter=condition)
    assert by_filter == client.customers.get_list(condition)
    assert by_filter == client.customers.get_list(options=QueryOptions(filter=condition))
    assert by_filter == client.customers.get_list("CustomerID eq 'PYTHN001'")


def test_put_entity_creates_and_updates(client: AcumaticaClient) -> None:
    created = client.customers.put_entity(client.models.Customer(CustomerID="PUT1", CustomerName="One"))
    updated = client.customers.put_entity(client.models.Customer(CustomerID="PUT1", CustomerName="Two"))
    assert (updated.id, updated.CustomerName) == (created.id, "Two")


def test_delete_by_id_deletes(client: AcumaticaClient) -> None:
    client.customers.put_entity({"CustomerID": "GONE", "CustomerName": "Gone"})
    client.customers.delete_by_id("GONE")
    assert not client.customers.exists("GONE")


def test_files_are_put_and_listed(client: AcumaticaClient) -> None:
    client.customers.put_file("PYTHN001", "terms.txt", b"30 days", comment="agreed in March")
    client.customers.put_file("PYTHN001", "photo.png", b"\x89PNG")
    files = client.customers.get_files("PYTHN001")
    assert {file.filename: file.comment for file in files} == {
        "terms.txt": "agreed in March", "photo.png": None,
    }  # fmt: skip
    assert client.customers.download_file(files[0]) in (b"30 days", b"\x89PNG")


def test_actions_are_methods_of_their_own(client: AcumaticaClient) -> None:
    order = client.sales_orders.first((F.Status == "Open") & (F.OrderType == "SO"))
    assert order is not None
    result = client.sales_orders.invoke_action_sales_order_create_shipment(
        entity=order, parameters={"ShipmentDate": "2024-12-31"}
    )
    assert result.is_finished
    methods = client.get_service_info("SalesOrder")["methods"]
    named = [name for name in methods if name.startswith("invoke_action_")]
    assert len(named) == len(client.sales_orders.entity.actions)
    assert set(named) <= set(dir(client.sales_orders))
