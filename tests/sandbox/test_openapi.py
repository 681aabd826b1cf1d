"""Real endpoint documents, read into what the sandbox serves."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from acudata.sandbox.endpoint import Structure
from acudata.sandbox.form_keys import guess_keys
from acudata.sandbox.openapi import load_document, read_document

SMALL: dict[str, Any] = {
    "swagger": "2.0",
    "info": {"title": "Depot/1.0.0", "version": "4"},
    "paths": {
        "/Bin/Empty": {"post": {}},
        "/Bin/{actionName}": {"post": {}},
        "/Bin/$adHocSchema": {"get": {}},
        "/Bin/{ids}": {"get": {}},
        "/Bin": {"get": {}, "put": {}},
    },
    "definitions": {
        "Entity": {"properties": {"id": {"type": "string"}}},
        "StringValue": {"properties": {"value": {"type": "string"}, "error": {"type": "string"}}},
        "DateOnlyValue": {"properties": {"value": {"type": "string"}, "error": {"type": "string"}}},
        "AttributeValue": {
            "allOf": [
                {"$ref": "#/definitions/Entity"},
                {"properties": {"AttributeID": {"$ref": "#/definitions/StringValue"}}},
            ]
        },
        "Place": {"allOf": [{"$ref": "#/definitions/Entity"}, {"type": "object"}]},
        "Bin": {
            "allOf": [
                {"$ref": "#/definitions/Entity"},
                {
                    "properties": {
                        "Description": {"$ref": "#/definitions/StringValue"},
                        "BinID": {"$ref": "#/definitions/StringValue"},
                        "Counted": {"$ref": "#/definitions/DateOnlyValue"},
                        "Place": {"$ref": "#/definitions/Place"},
                        "Attributes": {"type": "array", "items": {"$ref": "#/definitions/AttributeValue"}},
                    }
                },
            ]
        },
        "Empty": {
            "required": ["entity"],
            "properties": {
                "entity": {"$ref": "#/definitions/Bin"},
                "parameters": {"properties": {"Reason": {"$ref": "#/definitions/StringValue"}}},
            },
        },
    },
    "tags": [{"name": "Bin", "description": "Bins (IN209999)"}],
}


def test_members_are_told_apart() -> None:
    endpoint = read_document(SMALL)
    entity = endpoint.entities["Bin"]
    assert (endpoint.name, endpoint.version) == ("Depot", "1.0.0")
    assert (entity.title, entity.screen, entity.keys) == ("Bins", "IN209999", ("BinID",))
    assert entity.structure.fields == {"Description": "String", "BinID": "String", "Counted": "DateOnly"}
    assert entity.structure.linked == {"Place": "Place"}
    assert entity.structure.details == {"Attributes": "AttributeValue"}
    assert endpoint.structures["AttributeValue"].keys == ("AttributeID",)
    assert entity.actions == {"Empty": {"Reason": "String"}}


def test_both_dialects_say_the_same() -> None:
    text = json.dumps(SMALL["definitions"]).replace("#/definitions/", "#/components/schemas/")
    document = {name: part for name, part in SMALL.items() if name not in {"swagger", "definitions"}}
    document |= {"openapi": "3.0.1", "components": {"schemas": json.loads(text)}}
    assert read_document(document) == read_document(SMALL)


@pytest.mark.parametrize(
    ("fixture", "entities", "actions", "with_parameters", "kinds"),
    [
        (
            "swagger_document",
            117,
            161,
            20,
            {"String": 2690, "Decimal": 894, "Int": 136, "Boolean": 599, "DateTime": 419, "Short": 25},
        ),
        (
            "openapi_document",
            119,
            163,
            21,
            {"String": 2723, "Decimal": 890, "Int": 141, "Boolean": 612, "DateTime": 428, "Short": 25},
        ),
    ],
)
def test_real_documents_are_read_whole(
    fixture: str,
    entities: int,
    actions: int,
    with_parameters: int,
    kinds: Mapping[str, int],
    request: pytest.FixtureRequest,
) -> None:
    endpoint = read_document(request.getfixturevalue(fixture))
    parameters = [item for entity in endpoint.entities.values() for item in entity.actions.values()]
    assert len(endpoint.entities) == entities
    assert (len(parameters), sum(map(bool, parameters))) == (actions, with_parameters)
    counted = Counter(kind for item in endpoint.structures.values() for kind in item.fields.values())
    assert {kind: counted[kind] for kind in kinds} == kinds


def test_every_entity_of_a_real_document_has_a_screen_and_known_members(
    openapi_document: dict[str, Any],
) -> None:
    endpoint = read_document(openapi_document)
    assert all(re.fullmatch(r"[A-Z]{2}\d{6}", entity.screen) for entity in endpoint.entities.values())
    assert endpoint.entities["Account"].title == "Chart of Accounts"
    for structure in endpoint.structures.values():
        assert members(structure) <= endpoint.structures.keys()


def members(structure: Structure) -> set[str]:
    return {*structure.linked.values(), *structure.details.values()}


def test_inquiries_are_guessed(openapi_document: dict[str, Any]) -> None:
    endpoint = read_document(openapi_document)
    inquiries = {name for name, entity in endpoint.entities.items() if entity.inquiry}
    assert {
        "AccountSummaryInquiry",
        "CompaniesStructure",
        "EmailProcessing",
        "VendorPricesInquiry",
    } < inquiries
    assert inquiries.isdisjoint({"Customer", "LaborCostRate", "Ledger"})


@pytest.mark.parametrize(
    ("entity", "fields", "keys"),
    [
        ("SalesOrder", ["OrderNbr", "OrderType", "CustomerID"], ("OrderType", "OrderNbr")),
        ("SalesOrder", ["CustomerID", "SalesOrderID"], ("SalesOrderID",)),
        ("Thing", ["Name", "RoleID", "ThingCD"], ("ThingCD",)),
        ("Thing", ["Name", "RoleID"], ("RoleID",)),
        ("Thing", ["Name", "Remark"], ("Name",)),
        ("Thing", [], ()),
    ],
)
def test_keys_are_known_or_guessed(entity: str, fields: list[str], keys: tuple[str, ...]) -> None:
    assert guess_keys(entity, dict.fromkeys(fields, "String")) == keys


@pytest.mark.parametrize(
    ("text", "problem"), [("{", "is not JSON"), ("[]", "no endpoint"), ("{}", "no endpoint")]
)
def test_other_files_are_refused_with_a_reason(text: str, problem: str, tmp_path: Path) -> None:
    file = tmp_path / "document.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=problem):
        load_document(file)
