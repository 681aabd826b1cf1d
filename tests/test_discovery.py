"""What a tenant offers, told as dictionaries: services, models, their fields, and search."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from acudata import AcumaticaClient, AcumaticaUnknownNameError
from acudata.discovery import VERBS, search
from acudata.sandbox import Sandbox
from acudata.schema.openapi import read_endpoint
from tests.conftest import connect


def test_services_and_models_are_those_of_the_endpoints_own_document(client: AcumaticaClient) -> None:
    endpoint = client._catalogue.endpoint
    document = read_endpoint(client._session.get(f"{endpoint.path}/swagger.json").content)
    assert client.list_services() == sorted(document.entities)
    assert client.list_models() == sorted(document.structures)
    assert len(client) == len(client.list_services())


def test_every_service_can_be_asked_about(client: AcumaticaClient) -> None:
    for name in client.list_services():
        info = client.get_service_info(name)
        assert client.get_service_info(info["attribute"]) == info
        assert [getattr(client, alias).name for alias in info["aliases"]] == [name] * len(info["aliases"])
        assert set(info["methods"]) <= set(dir(client[name]))
        assert all(callable(getattr(client[name], method)) for method in info["methods"])
        json.dumps(info)


@pytest.mark.parametrize("name", ["SalesOrder", "sales_orders", "sales_order"])
def test_brackets_take_entities_and_attributes(client: AcumaticaClient, name: str) -> None:
    assert name in client
    assert "custmers" not in client
    assert client[name].name == "SalesOrder"
    assert [service.name for service in client].count("SalesOrder") == 1


def test_every_verb_of_a_service_is_told(client: AcumaticaClient) -> None:
    offered = {name for name in dir(client.customers) if not name.startswith(("_", "invoke_action_"))}
    assert offered - set(VERBS) == {"F", "as_target", "entity", "name"}


def test_what_is_told_of_a_service(client: AcumaticaClient) -> None:
    info = client.get_service_info("SalesOrder")
    assert (info["screen"], info["keys"]) == ("SO301000", ["OrderType", "OrderNbr"])
    assert info["endpoint"] == "Default/24.200.001"
    assert "invoke_action_sales_order_create_shipment" in info["methods"]
    assert info["actions"]["SalesOrderCreateShipment"]["ShipmentDate"] == "DateTime"
    assert info["details"]["Details"] == "SalesOrderDetail"
    assert "Details/Transactions.UsrPickZone" in info["custom_fields"]
    assert not info["is_inquiry"]
    assert client.get_service_info("AccountSummaryInquiry")["is_inquiry"]


def test_every_model_can_be_asked_about_and_made(client: AcumaticaClient) -> None:
    for name in client.list_models():
        info = client.get_model_info(name)
        assert info["field_count"] == len(info["fields"])
        assert set(client.models[name].member_names()) <= set(info["fields"])
        json.dumps(info)


def test_fields_are_told_with_their_types(client: AcumaticaClient) -> None:
    fields = client.get_model_info("Customer")["fields"]
    money = {"kind": "Decimal", "type": "Decimal", "arrow": "decimal128(38, 10)", "custom": False}
    assert fields["CreditLimit"] == money
    assert fields["UsrRebatePct"] == {**money, "custom": True, "view": "CurrentCustomer"}
    assert fields["LastModifiedDateTime"]["arrow"] == "timestamp[us, tz=UTC]"
    assert fields["MainContact"] == {"kind": "linked", "model": "Contact"}
    assert fields["Contacts"] == {"kind": "details", "model": "CustomerContact"}


def test_rows_have_the_custom_fields_of_the_entity_that_has_them(client: AcumaticaClient) -> None:
    fields = client.get_model_info("SalesOrderDetail")["fields"]
    assert fields["UsrPickZone"] == {
        "kind": "String", "type": "str", "arrow": "string", "custom": True, "view": "Transactions",
    }  # fmt: skip
    assert hasattr(client.models.SalesOrderDetail, "UsrPickZone")
    assert "UsrPickZone" not in client.get_model_info("SalesOrder")["fields"]
    assert "UsrGiftOrder" not in fields


def test_structures_that_many_share_cost_no_request(own_client: AcumaticaClient) -> None:
    own_client.list_models()
    sent = own_client.get_api_usage_stats()["total_requests"]
    assert not any(field.get("custom") for field in own_client.get_model_info("Address")["fields"].values())
    assert own_client.get_api_usage_stats()["total_requests"] == sent


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("order", ["PurchaseOrder", "SalesOrder"]),
        ("sales ord", ["SalesOrder"]),
        ("ORDER sales", ["SalesOrder"]),
        ("sales_order", ["SalesOrder"]),
        ("zebra", []),
        ("", ["Customer", "PurchaseOrder", "SalesOrder"]),
    ],
)
def test_a_search_finds_every_word(text: str, found: list[str]) -> None:
    assert search(["SalesOrder", "Customer", "PurchaseOrder"], text) == found


def test_services_and_models_are_searched(client: AcumaticaClient) -> None:
    assert client.search_services("sales order") == ["SalesOrder"]
    assert "SalesOrderDetail" in client.search_models("sales order")


@pytest.mark.parametrize(
    ("ask", "near"),
    [
        (lambda client: client.get_service_info("Custmer"), "Customer"),
        (lambda client: client.get_service_info("custmers"), "Customer"),
        (lambda client: client.get_model_info("SalesOrderDetial"), "SalesOrderDetail"),
        (lambda client: client.custmers, "customers"),
        (lambda client: client["custmers"], "Customer"),
        (lambda client: client.models.Custmer, "Customer"),
    ],
)
def test_a_wrong_name_comes_with_the_nearest(
    client: AcumaticaClient, ask: Callable[[AcumaticaClient], Any], near: str
) -> None:
    with pytest.raises(AcumaticaUnknownNameError) as caught:
        ask(client)
    assert caught.value.suggestions[0] == near


def test_endpoints_are_listed_with_those_of_the_tenant(client: AcumaticaClient) -> None:
    listed = client.list_endpoints()
    assert {"name": "Default", "version": "24.200.001"} in listed
    assert {"name": "Portal", "version": "1.0.0"} in listed


def test_a_custom_field_that_was_just_added_is_there_after_a_refresh() -> None:
    with Sandbox() as box, connect(box) as client:
        assert "UsrNew" not in client.get_model_info("Ledger")["fields"]
        reader = box.instance.tenant("U100").contract({"endpoint": "Default", "version": "24.200.001"}).reader
        told = {"custom": {"Ledgers": {"UsrNew": {"type": "CustomIntField"}}}}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(type(reader), "ad_hoc_schema", lambda *_: json.dumps(told).encode())
            assert "UsrNew" not in client.get_model_info("Ledger")["fields"]
            client.refresh_schema()
            assert client.get_model_info("Ledger")["fields"]["UsrNew"]["kind"] == "Int"
            assert hasattr(client.models.Ledger, "UsrNew")
            assert hasattr(client.ledgers.entity.custom[0], "view")
