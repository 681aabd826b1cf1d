"""The reference's chapter on dynamic services: records are read, listed, created, changed and deleted."""

from __future__ import annotations

import pytest

from acudata import AcumaticaClient, AcumaticaNotFoundError
from acudata.odata import F, QueryOptions


def test_a_service_for_each_entity_of_the_schema(client: AcumaticaClient) -> None:
    assert [service.name for service in client] == list(client._catalogue.endpoint.entities)
    for verb in (
        "get_list",
        "get_by_id",
        "put_entity",
        "delete_by_id",
        "put_file",
        "get_files",
        "invoke_action",
    ):
        assert all(callable(getattr(service, verb)) for service in client)


def test_get_by_keys(client: AcumaticaClient) -> None:
    # GET - Retrieve by keys
    customer = client.customers.get_by_id("PYTHN001")

    assert customer.CustomerID == "PYTHN001"
    assert client.customers.get_by_id(str(customer.id)).CustomerID == "PYTHN001"


def test_get_with_a_selection_of_fields(client: AcumaticaClient) -> None:
    """The balance of a customer is in an inquiry; its credit limit takes the place of `Balance`."""
    # GET - With field selection
    opts = QueryOptions(
        filter=F.CustomerID == "PYTHN001", select=["CustomerID", "CustomerName", "CreditLimit"]
    )
    customer = client.customers.get_list(options=opts)

    assert [record.CustomerID for record in customer] == ["PYTHN001"]
    assert set(customer[0]) == {"CustomerID", "CustomerName", "CreditLimit"}
    assert list(customer.to_frame().columns) == ["CustomerID", "CustomerName", "CreditLimit", "id"]


def test_list_everything(client: AcumaticaClient) -> None:
    # LIST - Get multiple records
    all_customers = client.customers.get_list()

    assert len(all_customers) == client.customers.count() > 300
    assert {"PYTHN001", "ABCCOMP"} < {customer.CustomerID for customer in all_customers}


def test_list_with_odata_parameters(client: AcumaticaClient) -> None:
    # LIST - With OData parameters
    from acudata.odata import F, QueryOptions

    options = QueryOptions(filter=F.Status == "Active", expand="MainContact", top=3, skip=1)
    customers = client.customers.get_list(options=options)
    active = client.customers.get_list(F.Status == "Active", top=4)
    assert [customer.CustomerID for customer in customers] == [one.CustomerID for one in active[1:]]
    assert all("MainContact" in list(customer) for customer in customers)


def test_create_update_delete(client: AcumaticaClient) -> None:
    # CREATE - Add new record
    new_customer = client.models.Customer(CustomerID="PYTHN002", CustomerName="Another Python Customer")
    created = client.customers.put_entity(new_customer)
    assert created.id is not None
    # UPDATE - Modify existing
    customer = client.customers.get_by_id("PYTHN002")
    customer.CustomerName = "Updated Name"
    updated = client.customers.put_entity(customer)
    assert (updated.id, updated.CustomerName) == (created.id, "Updated Name")
    assert client.customers.get_by_id("PYTHN002").CustomerName == "Updated Name"
    # DELETE - Remove record
    client.customers.delete_by_id("PYTHN002")
    with pytest.raises(AcumaticaNotFoundError):
        client.customers.get_by_id("PYTHN002")
