"""The reference's introduction: a client finds its settings, reads a record and writes one."""

from __future__ import annotations

from pathlib import Path

import pytest

from acudata.sandbox import Sandbox


def test_the_first_example(dot_env: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from acudata import AcumaticaClient

    # Initialize client (loads from .env automatically)
    client = AcumaticaClient()
    # Access dynamically generated services
    customer = client.customers.get_by_id("ABCCOMP")
    print(f"Customer: {customer.CustomerName}")
    # Use dynamically generated models
    new_customer = client.models.Customer(CustomerID="NEWCUST", CustomerName="New Customer")
    created = client.customers.put_entity(new_customer)

    assert capsys.readouterr().out == "Customer: Customer ABCCOMP\n"
    assert (created.CustomerID, created.CustomerName) == ("NEWCUST", "New Customer")
    assert client.customers.get_by_id("NEWCUST").CustomerName == "New Customer"
    client.close()


def test_the_client_signs_in_and_holds_one_session(box: Sandbox, dot_env: Path) -> None:
    from acudata import AcumaticaClient

    before = box.instance.signin.seats_taken
    with AcumaticaClient() as client:
        client.customers.get_by_id("ABCCOMP")
        client.vendors.get_list(top=1)
        assert box.instance.signin.seats_taken == before + 1
    assert box.instance.signin.seats_taken == before


def test_services_and_models_are_those_of_the_instance(dot_env: Path) -> None:
    """Another endpoint has other services and models."""
    from acudata import AcumaticaClient

    with AcumaticaClient() as client, AcumaticaClient(endpoint_name="Portal") as portal:
        assert {"Customer", "SalesOrder", "Vendor"} < set(client.list_services())
        assert portal.list_services() == ["Customer", "SalesOrder"]
        assert hasattr(client.models, "Vendor")
        assert not hasattr(portal.models, "Vendor")
