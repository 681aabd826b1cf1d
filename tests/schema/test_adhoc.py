"""`$adHocSchema`: custom fields on the record, in its rows and in linked entities."""

from __future__ import annotations

from acudata.schema import CustomField
from acudata.schema.adhoc import read_custom_fields


def test_fields_are_found_wherever_they_stand() -> None:
    skeleton = {
        "id": "…",
        "CustomerID": {},
        "Details": [{"InventoryID": {}, "custom": {"Transactions": {"UsrLot": {"type": "CustomIntField"}}}}],
        "MainContact": {"Address": {"custom": {"Address": {"UsrZone": {"type": "CustomStringField"}}}}},
        "custom": {"Document": {"AttributeREGION": {"type": "CustomStringField", "value": None}}},
        "_workflowActions": [{"Close": {"parameters": {"custom": {"Filter": {"Reason": {"type": "X"}}}}}}],
    }
    assert read_custom_fields(skeleton) == (
        CustomField("Document", "AttributeREGION", "String"),
        CustomField("Transactions", "UsrLot", "Int", "Details"),
        CustomField("Address", "UsrZone", "String", "MainContact/Address"),
    )


def test_addresses_are_those_of_the_query_option() -> None:
    assert CustomField("Document", "UsrA", "String").address == "Document.UsrA"
    assert CustomField("Transactions", "UsrA", "String", "Details").address == "Details/Transactions.UsrA"


def test_only_the_tenants_own_fields_are_called_so() -> None:
    names = ["UsrA", "AttributeB", "CuryDocBal"]
    assert [CustomField("Document", name, "String").is_tenants_own for name in names] == [True, True, False]


def test_nothing_custom() -> None:
    assert read_custom_fields({"CustomerID": {}, "Details": [], "custom": {}}) == ()
