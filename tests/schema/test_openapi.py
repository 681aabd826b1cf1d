"""Both dialects of a real endpoint document become one description."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from acudata.errors import AcumaticaSchemaError
from acudata.schema import Endpoint
from acudata.schema.openapi import read_endpoint

COUNTS = {
    "24.200.001": {"entities": 119, "structures": 424, "actions": 163, "with parameters": 21},
    "23.200.001": {"entities": 117, "structures": 416, "actions": 161, "with parameters": 20},
}


@pytest.fixture(scope="module")
def endpoint(document: Path) -> Endpoint:
    return read_endpoint(document.read_bytes())


def test_everything_of_a_real_document_is_read(endpoint: Endpoint) -> None:
    actions = [parameters for entity in endpoint for parameters in entity.actions.values()]
    assert {
        "entities": len(endpoint.entities),
        "structures": len(endpoint.structures),
        "actions": len(actions),
        "with parameters": len([parameters for parameters in actions if parameters]),
    } == COUNTS[endpoint.version]


def test_every_member_leads_to_a_structure(endpoint: Endpoint) -> None:
    for structure in endpoint.structures.values():
        for member in (*structure.linked, *structure.details):
            assert endpoint.member(structure, member) is not None, (structure.name, member)


def test_an_order_as_analysts_know_it(endpoint: Endpoint) -> None:
    order = endpoint.entities["SalesOrder"]
    assert (order.screen, order.title, order.keys) == ("SO301000", "Sales Orders", ("OrderType", "OrderNbr"))
    assert order.structure.fields["OrderTotal"] == "Decimal"
    assert order.structure.fields["Date"] == "DateTime"
    assert order.structure.details["Details"] == "SalesOrderDetail"
    assert order.structure.linked["ShipToAddress"] == "Address"
    assert order.actions["SalesOrderCreateShipment"] == {"ShipmentDate": "DateTime", "WarehouseID": "String"}
    assert order.methods == {"GET", "PUT"}
    assert endpoint.path == f"entity/Default/{endpoint.version}"


def test_keys_are_all_there_or_none(endpoint: Endpoint) -> None:
    for entity in endpoint:
        assert all(key in entity.structure.fields for key in entity.keys)
    assert len([entity for entity in endpoint if entity.keys]) > 80


def test_inquiries_are_told_apart(endpoint: Endpoint) -> None:
    assert endpoint.entities["AccountSummaryInquiry"].is_inquiry
    assert endpoint.entities["SalesPricesInquiry"].is_inquiry
    assert not endpoint.entities["Customer"].is_inquiry


def test_a_byte_order_mark_does_no_harm(document: Path) -> None:
    assert (
        read_endpoint(b"\xef\xbb\xbf" + document.read_bytes().removeprefix(b"\xef\xbb\xbf")).name == "Default"
    )


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}", json.dumps({"paths": {}}).encode()])
def test_anything_else_is_refused(body: bytes) -> None:
    with pytest.raises(AcumaticaSchemaError, match="endpoint document"):
        read_endpoint(body)
