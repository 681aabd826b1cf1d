"""The search over everything that a tenant offers."""

from __future__ import annotations

from pathlib import Path

import pytest

from acudata import AcumaticaClient
from acudata.schema import CustomField, Endpoint, Entity, Structure
from acudata.schema.openapi import read_endpoint
from acudata.schema.search import Found, SearchIndex

DISCOUNT = Structure("SalesOrdersDiscountDetails", {})
CONTACT = Structure("Contact", {"Email": "String", "ContactID": "Int"})
LINE = Structure("OrderLine", {"OrderQty": "Decimal", "TaxZone": "String"})
ORDER = Structure(
    "SalesOrder",
    {"OrderNbr": "String", "CustomerOrder": "String", "Reorder": "Boolean"},
    linked={"BillTo": "Contact"},
    details={"Details": "OrderLine"},
)
ACTIONS = {"ReleaseFromHold": {}, "CreateShipment": {"WarehouseID": "String"}}
ENDPOINT = Endpoint(
    "Default",
    "1",
    entities={
        "SalesOrder": Entity("SalesOrder", ORDER, "SO301000", "Sales Orders", actions=ACTIONS),
        "Contact": Entity("Contact", CONTACT),
    },
    structures={structure.name: structure for structure in (CONTACT, LINE, ORDER, DISCOUNT)},
)
CUSTOM = (
    CustomField("Document", "UsrRoute", "String"),
    CustomField("Transactions", "AttributeCOLOR", "String", "Details"),
    CustomField("CurrentDocument", "Hold", "Boolean"),
)


@pytest.fixture(scope="module")
def index() -> SearchIndex:
    return SearchIndex.of(ENDPOINT, {"SalesOrder": CUSTOM})


def labels(found: Found) -> list[str]:
    return [f"{entry.what} {entry.label}" for entry in found.entries]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("salesorder", "service SalesOrder"),
        ("sales order", "service SalesOrder"),
        ("sales_orders", "service SalesOrder"),
        ("SALESORD", "service SalesOrder"),
        ("email", "field Contact.Email"),
        ("bill email", "field SalesOrder.BillTo.Email"),
        ("SalesOrder.BillTo.Email", "field SalesOrder.BillTo.Email"),
        ("details", "details SalesOrder.Details"),
        ("salesorder details", "details SalesOrder.Details"),
        ("billto email", "field SalesOrder.BillTo.Email"),
        ("billto", "linked SalesOrder.BillTo"),
        ("orderline", "model OrderLine"),
        ("release", "action SalesOrder.ReleaseFromHold"),
        ("hold", "form field SalesOrder.Hold"),
        ("warehouse", "parameter SalesOrder.CreateShipment.WarehouseID"),
        ("usr", "custom field SalesOrder.UsrRoute"),
        ("attribute color", "custom field SalesOrder.Details.AttributeCOLOR"),
        ("transactions", "custom field SalesOrder.Details.AttributeCOLOR"),
    ],
)
def test_the_first_that_is_found(index: SearchIndex, text: str, first: str) -> None:
    assert labels(index.search(text))[0] == first


def test_exact_then_start_then_word_then_inside_then_around(index: SearchIndex) -> None:
    found = labels(index.search("order", whats={"field", "service"}))
    assert found[:5] == [
        "field SalesOrder.OrderNbr",
        "field SalesOrder.Details.OrderQty",
        "service SalesOrder",
        "field SalesOrder.CustomerOrder",
        "field SalesOrder.Reorder",
    ]
    assert found[5:] == [
        "field SalesOrder.BillTo.ContactID",
        "field SalesOrder.BillTo.Email",
        "field SalesOrder.Details.TaxZone",
    ]


def test_all_words_are_to_be_found(index: SearchIndex) -> None:
    assert labels(index.search("order warehouse")) == ["parameter SalesOrder.CreateShipment.WarehouseID"]
    assert index.search("order nowhere").summary == "nothing found"


def test_no_text_lists_the_services_first(index: SearchIndex) -> None:
    assert labels(index.search(" . "))[:2] == ["service Contact", "service SalesOrder"]


def test_long_lists_are_cut_and_say_so(index: SearchIndex) -> None:
    found = index.search("", limit=3)
    assert (len(found.entries), found.total) == (3, len(index))
    assert found.summary == f"3 of {len(index)}"
    assert Found(found.entries, 3912).summary == "3 of 3,912"


def test_which_entities_have_a_field_like(index: SearchIndex) -> None:
    found = index.entities_with("EMail")
    assert {entity: [entry.label for entry in entries] for entity, entries in found.items()} == {
        "Contact": ["Contact.Email"],
        "SalesOrder": ["SalesOrder.BillTo.Email"],
    }
    assert list(index.entities_with("usr")) == ["SalesOrder"]
    assert index.entities_with("") == {}


def test_the_best_field_of_an_entity_comes_first() -> None:
    bill = Structure("Bill", {"ShippingTerms": "String", "Terms": "String"})
    index = SearchIndex.of(Endpoint("Default", "1", entities={"Bill": Entity("Bill", bill)}, structures={}))
    assert [entry.name for entry in index.entities_with("terms")["Bill"]] == ["Terms", "ShippingTerms"]


def test_custom_fields_are_found_once_they_are_known() -> None:
    index = SearchIndex.of(ENDPOINT)
    assert not index.search("usrroute").total
    known = index.with_custom("SalesOrder", CUSTOM)
    assert known.search("usrroute").entries[0].view == "Document"
    assert known.custom_known == {"SalesOrder"}
    assert known.with_custom("SalesOrder", CUSTOM) is known
    assert not index.search("usrroute").total


def test_a_structure_that_holds_itself_is_gone_through_once() -> None:
    knot = Structure("Task", {"Subject": "String"}, linked={"Parent": "Task"}, details={"Gone": "Nowhere"})
    endpoint = Endpoint("Default", "1", {"Task": Entity("Task", knot)}, {"Task": knot})
    assert [entry.label for entry in SearchIndex.of(endpoint).search("").entries] == [
        "Task",
        "Task",
        "Task.Gone",
        "Task.Parent",
        "Task.Subject",
    ]


def test_a_real_document_is_searched_whole(document: Path) -> None:
    endpoint = read_endpoint(document.read_bytes())
    index = SearchIndex.of(endpoint)
    fields = {entry.name for entry in index.search("", whats={"field"}, limit=10**6).entries}
    assert fields == {name for entity in endpoint for name in _all_fields(endpoint, entity.structure)}
    assert index.search("", whats={"model"}).total == len(endpoint.structures)
    assert index.search("customer email").entries[0].label == "Customer.Email"


def _all_fields(endpoint: Endpoint, structure: Structure) -> set[str]:
    below = (endpoint.structures[name] for name in {*structure.linked.values(), *structure.details.values()})
    return {*structure.fields, *(name for member in below for name in _all_fields(endpoint, member))}


def test_what_is_known_of_custom_fields_asks_for_none(own_client: AcumaticaClient) -> None:
    catalogue = own_client._catalogue
    assert not catalogue.known_custom
    own_client.customers.entity  # noqa: B018
    assert list(catalogue.known_custom) == ["Customer"]
