"""The reference's chapter on dynamic models."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import typing
from decimal import Decimal

import pytest

from acudata import AcumaticaClient, AcumaticaUnknownNameError


def test_models_are_dataclasses_made_of_the_schema(client: AcumaticaClient) -> None:
    for name in ("Customer", "SalesOrder", "SalesOrderDetail", "Contact"):
        model = client.models[name]
        structure = client._catalogue.endpoint.structures[name]
        assert dataclasses.is_dataclass(model)
        fields = {field.name for field in dataclasses.fields(model)}
        assert fields >= {*structure.fields, *structure.linked, *structure.details}


def test_models_include_the_custom_fields_of_the_instance(client: AcumaticaClient) -> None:
    fields = {field.name for field in dataclasses.fields(client.models.Customer)}
    assert {"CustomerID", "CustomerName", "UsrLoyaltyTier", "UsrRebatePct"} <= fields


def test_the_example_of_a_customer(client: AcumaticaClient, capsys: pytest.CaptureFixture[str]) -> None:
    # Create a new customer
    customer = client.models.Customer(
        CustomerID="PYTHN001",
        CustomerName="Python Customer",
        CustomerClass="LOCAL",
        # Your custom fields are here too!
        UsrCustomField="Custom Value" if hasattr(client.models.Customer, "UsrCustomField") else None,
    )
    # Models support all standard operations
    print(customer.CustomerID)  # PYTHN001
    print(customer.__dict__)  # See all fields

    first, second = capsys.readouterr().out.splitlines()
    assert first == "PYTHN001"
    assert "'CustomerName': 'Python Customer'" in second
    assert set(client.models.Customer.member_names()) <= set(customer.__dict__)
    assert not hasattr(customer, "UsrCustomField")
    created = client.customers.put_entity(customer)
    assert created.CustomerClass == "LOCAL"


def test_a_custom_field_that_the_instance_has_is_set(client: AcumaticaClient) -> None:
    customer = client.models.Customer(
        CustomerID="PYTHN001",
        UsrLoyaltyTier="Gold" if hasattr(client.models.Customer, "UsrLoyaltyTier") else None,
    )
    client.customers.put_entity(customer)
    assert client.customers.get_by_id("PYTHN001").UsrLoyaltyTier == "Gold"


def test_a_custom_field_that_the_instance_has_not_is_no_field(client: AcumaticaClient) -> None:
    assert not hasattr(client.models.Customer, "UsrCustomField")
    with pytest.raises(AcumaticaUnknownNameError, match="UsrCustomField"):
        client.models.Customer(CustomerID="PYTHN001", UsrCustomField="Custom Value")


def test_models_support_the_operations_of_dataclasses(client: AcumaticaClient) -> None:
    customer = client.models.Customer(CustomerID="PYTHN001", CreditLimit=5)
    assert repr(customer) == "Customer(CustomerID='PYTHN001', CreditLimit=Decimal('5'))"
    assert customer == client.models.Customer(CustomerID="PYTHN001", CreditLimit=Decimal(5))
    assert customer != client.models.Customer(CustomerID="PYTHN002", CreditLimit=5)
    assert dataclasses.asdict(customer)["CustomerID"] == "PYTHN001"
    assert copy.deepcopy(customer) == customer
    customer.CustomerName = "Changed"
    assert customer["CustomerName"] == customer.CustomerName == "Changed"


def test_the_example_of_a_nested_model(client: AcumaticaClient) -> None:
    """The reference calls the quantity of a line Quantity; in the endpoint Default it is OrderQty."""
    order = client.models.SalesOrder(
        OrderType="SO",
        CustomerID="PYTHN001",
        Details=[client.models.SalesOrderDetail(InventoryID="WIDGET", OrderQty=5)],
    )

    assert order.Details[0].InventoryID == "WIDGET"
    created = client.sales_orders.put_entity(order, expand="Details")
    assert created.OrderNbr
    assert [(line.InventoryID, line.OrderQty) for line in created.Details] == [("WIDGET", 5)]
    with pytest.raises(AcumaticaUnknownNameError):
        client.models.SalesOrderDetail(InventoryID="WIDGET", Quantity=5)


def test_editors_are_told_every_field_and_its_type(client: AcumaticaClient) -> None:
    """In a running session, as notebooks and consoles complete names; files of type stubs are another matter."""
    parameters = inspect.signature(client.models.Customer).parameters
    assert set(client.models.Customer.member_names()) <= set(parameters)
    hints = typing.get_type_hints(client.models.Customer)
    assert hints["CustomerName"] == str | None
    assert hints["CreditLimit"] == Decimal | None
    assert "Customer" in dir(client.models)
    assert "customers" in dir(client)
    assert "CustomerName" in dir(client.models.Customer())
