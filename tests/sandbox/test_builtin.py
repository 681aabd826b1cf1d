"""The built-in endpoint: what its definition says, and that it agrees with the document of a real instance."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from acudata.sandbox.builtin import default_endpoint, read_endpoint
from acudata.sandbox.endpoint import CustomField, Endpoint, Numbering, Structure

REAL = Path(__file__).parents[3] / "shared" / "schemas" / "Default_24.200.001.openapi3.json"
VALUE = re.compile(r"^(String|Boolean|Int|Short|Long|Byte|Decimal|Double|DateTime|Guid)Value$")

SMALL = """
name = "Small"
version = "1.0.0"

[Order]
screen = "SO301000"
title = "Orders"
graph = "PX.Objects.SO.SOOrderEntry"
view = "Document"
keys = "Type Number"
String = "Type Number Status"
Decimal = '''
Total
Tax
'''
linked = "BillTo:Address"
details = "Lines:Line"
custom = "Document.UsrColor:String Current.UsrRate:Decimal"
required = "Type"
references = "Number:Order"
numbering = { field = "Number", prefix = "S" }
[Order.actions]
Cancel = ""
Ship = "Date:DateTime Store:String"
[Order.form_actions]
Close = "Filter.Reason:String"
[Order.labels]
Status = ["Open", "On Hold"]

[Line]
view = "Transactions"
keys = "LineNbr"
Int = "LineNbr"
attachments = false

[Address]
view = "Billing_Address"
String = "City"
"""


@pytest.fixture(scope="module")
def endpoint() -> Endpoint:
    return default_endpoint()


@pytest.fixture(scope="module")
def real() -> Any:
    if not REAL.exists():
        pytest.skip("the document of a real instance is not at hand: ../shared/schemas is missing")
    return json.loads(REAL.read_text(encoding="utf-8-sig"))


def test_a_definition_is_read_into_structures() -> None:
    small = read_endpoint(tomllib.loads(SMALL))
    assert (small.name, small.version, list(small.entities)) == ("Small", "1.0.0", ["Order"])
    order = small.structures["Order"]
    assert order.fields == {
        "Number": "String",
        "Status": "String",
        "Tax": "Decimal",
        "Total": "Decimal",
        "Type": "String",
    }
    assert (order.linked, order.details) == ({"BillTo": "Address"}, {"Lines": "Line"})
    assert order.custom == (
        CustomField("Document", "UsrColor", "String"),
        CustomField("Current", "UsrRate", "Decimal"),
    )
    assert (small.structures["Line"].keys, small.structures["Line"].attachments) == (("LineNbr",), False)


def test_a_definition_is_read_into_entities_and_rules() -> None:
    order = read_endpoint(tomllib.loads(SMALL)).entities["Order"]
    assert (order.screen, order.title, order.keys) == ("SO301000", "Orders", ("Type", "Number"))
    assert order.actions == {"Cancel": {}, "Ship": {"Date": "DateTime", "Store": "String"}}
    assert order.form_actions == {"Close": (CustomField("Filter", "Reason", "String"),)}
    assert order.numbering == Numbering("Number", "S", 6)
    rules = order.structure.rules
    assert (rules.required, rules.references) == (("Type",), {"Number": "Order"})
    assert rules.labels == {"Status": ("Open", "On Hold")}


@pytest.mark.parametrize(
    ("entity", "keys"),
    [
        ("SalesOrder", "OrderType OrderNbr"),
        ("Payment", "Type ReferenceNbr"),
        ("SalesInvoice", "Type ReferenceNbr"),
        ("Shipment", "ShipmentNbr"),
        ("JournalTransaction", "Module BatchNbr"),
        ("ProjectTask", "ProjectID ProjectTaskID"),
        ("PurchaseReceipt", "Type ReceiptNbr"),
        ("Account", "AccountCD"),
        ("Contact", "ContactID"),
        ("ItemClass", "ClassID"),
    ],
)
def test_keys_are_in_the_order_of_the_form(endpoint: Endpoint, entity: str, keys: str) -> None:
    assert endpoint.entities[entity].keys == tuple(keys.split())


@pytest.mark.parametrize(
    ("structure", "views"),
    [
        ("Customer", {"BAccount", "CurrentCustomer"}),
        ("SalesOrder", {"Document"}),
        ("SalesOrderDetail", {"Transactions"}),
        ("StockItem", {"Item"}),
    ],
)
def test_custom_fields_have_all_common_kinds(endpoint: Endpoint, structure: str, views: set[str]) -> None:
    custom = endpoint.structures[structure].custom
    assert {field.view for field in custom} == views
    assert {field.kind for field in custom} == {"String", "Decimal", "Boolean", "DateTime", "Int"}
    assert {field.name[:3] for field in custom} == {"Usr", "Att"}


def test_every_structure_has_a_view_and_is_reached(endpoint: Endpoint) -> None:
    reached = set(endpoint.entities)
    for structure in endpoint.structures.values():
        assert structure.view
        reached |= {*structure.linked.values(), *structure.details.values()}
    assert reached == set(endpoint.structures)


def _rules(endpoint: Endpoint) -> Iterator[tuple[Structure, str, set[str]]]:
    for structure in endpoint.structures.values():
        rules = structure.rules
        yield structure, "keys", set(structure.keys)
        yield structure, "delegates", set(structure.delegates) - set(structure.details)
        yield structure, "fields", {*rules.required, *rules.read_only, *rules.references, *rules.labels}
        yield structure, "defaults", set(rules.defaults)
        yield structure, "sums", {field for field in rules.sums if "/" not in field}
        yield structure, "formulas", set(rules.formulas) - set(structure.linked)
        yield structure, "made", set(rules.made) - set(structure.linked)


def test_rules_name_fields_that_exist(endpoint: Endpoint) -> None:
    unknown = [
        (structure.name, rule, names - structure.fields.keys())
        for structure, rule, names in _rules(endpoint)
        if not names <= structure.fields.keys()
    ]
    assert unknown == []


def test_references_name_entities_with_one_key(endpoint: Endpoint) -> None:
    for structure in endpoint.structures.values():
        for target in structure.rules.references.values():
            assert all(len(endpoint.entities[name].keys) == 1 for name in target.split("|"))


def test_defaults_are_labels_that_a_form_offers(endpoint: Endpoint) -> None:
    for structure in endpoint.structures.values():
        for field, default in structure.rules.defaults.items():
            assert default in structure.rules.labels.get(field, (default,))


def test_every_entity_has_keys_or_is_an_inquiry(endpoint: Endpoint) -> None:
    inquiries = {name for name, entity in endpoint.entities.items() if entity.inquiry}
    assert inquiries == {name for name, entity in endpoint.entities.items() if not entity.keys}
    assert inquiries == {"AccountSummaryInquiry", "InventorySummaryInquiry"}


def test_members_agree_with_the_real_document(endpoint: Endpoint, real: Any) -> None:
    schemas = real["components"]["schemas"]
    for name, structure in endpoint.structures.items():
        rows = {detail: f"{row}[]" for detail, row in structure.details.items()}
        assert {**structure.fields, **structure.linked, **rows} == _members(schemas[name]), name


def test_screens_and_titles_agree_with_the_real_document(endpoint: Endpoint, real: Any) -> None:
    tags = {tag["name"]: tag["description"] for tag in real["tags"]}
    for name, entity in endpoint.entities.items():
        assert f"{entity.title} ({entity.screen})" == tags[name]


def test_actions_agree_with_the_real_document(endpoint: Endpoint, real: Any) -> None:
    for name, entity in endpoint.entities.items():
        invoked = (path.split("/")[1:] for path in real["paths"] if path.startswith(f"/{name}/"))
        actions = {parts[1] for parts in invoked if len(parts) == 2 and parts[1][0] not in "{$"}
        assert set(entity.actions) == actions
        for action, parameters in entity.actions.items():
            assert parameters == _parameters(real["components"]["schemas"][action])


def _members(schema: Mapping[str, Any]) -> dict[str, str]:
    """Return a kind, the name of a linked structure, or that of rows with brackets behind, for every member."""
    members = {}
    for name, member in schema["allOf"][1].get("properties", {}).items():
        is_list = member.get("type") == "array"
        target = (member["items"] if is_list else member)["$ref"].rpartition("/")[2]
        members[name] = f"{target}[]" if is_list else VALUE.sub(r"\1", target)
    return members


def _parameters(action: Mapping[str, Any]) -> dict[str, str]:
    declared = action["properties"].get("parameters", {}).get("properties", {})
    return {name: VALUE.sub(r"\1", value["$ref"].rpartition("/")[2]) for name, value in declared.items()}
