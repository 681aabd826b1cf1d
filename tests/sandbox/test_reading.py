"""Records as an instance answers them: lists, single records, selected, expanded and custom members."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote_plus

import pytest
import requests

from .conftest import Start, Web, wrapped

ALWAYS = {"id", "rowNumber", "note", "custom", "_links"}
NO_RECORD = "PX.Api.ContractBased.NoEntitySatisfiesTheConditionException"


def fields(row: dict[str, Any]) -> set[str]:
    """Return the members of a record that are its own."""
    return row.keys() - ALWAYS


def listed(web: Web, entity: str, **options: str) -> list[dict[str, Any]]:
    answer = web.get(entity, params={f"${name}": text for name, text in options.items()})
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()
    return rows


def refusal(answer: requests.Response) -> tuple[int, str]:
    """Return the status of a refusal and the text that tells the reason."""
    return answer.status_code, answer.json()["exceptionMessage"]


def put(web: Web, entity: str, **body: Any) -> dict[str, Any]:
    answer = web.put(entity, json=body)
    assert answer.status_code == 200, answer.text
    record: dict[str, Any] = answer.json()
    return record


@pytest.fixture
def order(web: Web) -> dict[str, Any]:
    """A new sales order with two lines."""
    customer = listed(web, "Customer", top="1")[0]["CustomerID"]
    put(web, "ItemClass", **wrapped(ClassID="PARTS"))
    put(web, "StockItem", **wrapped(InventoryID="PART1", ItemClass="PARTS"))
    lines = [wrapped(InventoryID="PART1", OrderQty=quantity, UnitPrice=2.5) for quantity in (1, 2)]
    return put(web, "SalesOrder", CustomerID=customer, Details=lines, **wrapped(Date="2024-04-25"))


def test_item_037_a_list_is_a_bare_array_of_numbered_records(web: Web) -> None:
    rows = listed(web, "Customer", top="2")
    assert [row["rowNumber"] for row in rows] == [1, 2]
    for row in rows:
        assert list(row)[:3] == ["id", "rowNumber", "note"]
        assert list(row)[-2:] == ["custom", "_links"]
        assert row["custom"] == {}
        own = f"/AcumaticaERP/entity/Default/24.200.001/Customer/{row['id']}"
        assert row["_links"]["self"] == own
        assert row["_links"]["files:put"].endswith(f"/BAccount/{row['id']}/{{filename}}")


def test_item_037_fields_stand_in_the_order_of_their_names(web: Web) -> None:
    names = list(listed(web, "Customer", top="1", expand="MainContact,Contacts")[0])[3:-2]
    assert names == sorted(names)
    assert {"MainContact", "Contacts"} < set(names)


def test_item_037_content_is_json_in_utf_8(web: Web) -> None:
    answer = web.get("Customer?$top=1")
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"


def test_item_038_linked_entities_come_when_they_are_expanded(web: Web) -> None:
    plain, first, both, second = (
        listed(web, "Customer", top="1", expand=paths)[0]
        for paths in ("", "MainContact", "MainContact,MainContact/Address", "MainContact/Address")
    )
    assert "MainContact" not in plain
    assert "Address" not in first["MainContact"]
    assert "City" in both["MainContact"]["Address"]
    assert second == both


def test_item_039_rows_of_a_detail_have_a_link_for_files_alone(web: Web, order: dict[str, Any]) -> None:
    found = listed(web, "SalesOrder", filter=f"OrderNbr eq '{order['OrderNbr']['value']}'", expand="Details")
    rows = found[0]["Details"]
    assert [(row["rowNumber"], row["OrderQty"]["value"]) for row in rows] == [(1, 1), (2, 2)]
    assert [set(row["_links"]) for row in rows] == [{"files:put"}] * 2


def test_item_039_an_empty_detail_is_an_empty_array(web: Web, order: dict[str, Any]) -> None:
    found = web.get(f"SalesOrder/{order['id']}?$expand=Shipments").json()
    assert found["Shipments"] == []


def test_item_040_an_empty_field_is_a_wrapper_without_value(web: Web, order: dict[str, Any]) -> None:
    assert order["CustomerOrder"] == {}
    assert order["Hold"] == {"value": False}


def test_item_041_no_match_is_an_empty_array(web: Web) -> None:
    assert listed(web, "Customer", filter="CustomerID eq 'NOBODY'") == []


def test_item_042_skip_comes_before_top(web: Web) -> None:
    everything = listed(web, "Customer")
    page = listed(web, "Customer", skip="5", top="5")
    assert [row["id"] for row in page] == [row["id"] for row in everything[5:10]]
    assert [row["rowNumber"] for row in page] == [1, 2, 3, 4, 5]
    assert len(everything) >= 300


def test_item_042_a_page_behind_the_end_is_empty(web: Web) -> None:
    assert listed(web, "Customer", skip="100000", top="5") == []
    assert listed(web, "Customer", top="0") == []


def test_item_042_pages_of_a_filter_are_cut_after_it(web: Web) -> None:
    text = "substringof('a',CustomerName)"
    everything = listed(web, "Customer", filter=text)
    page = listed(web, "Customer", filter=text, skip="2", top="3")
    assert [row["id"] for row in page] == [row["id"] for row in everything[2:5]]


def test_item_043_select_leaves_the_named_fields(web: Web) -> None:
    assert set(listed(web, "Customer", select="CustomerID", top="1")[0]) == {"CustomerID", *ALWAYS}


def test_item_044_fields_of_the_filter_come_back_too(web: Web) -> None:
    text = "CustomerClass ne 'X' and MainContact/Email ne 'X'"
    row = listed(web, "Customer", select="CustomerID", filter=text, top="1")[0]
    assert fields(row) == {"CustomerID", "CustomerClass"}


@pytest.mark.parametrize(
    ("select", "members", "of_rows"),
    [
        ("OrderNbr", {"OrderNbr"}, None),
        ("OrderNbr,Details/InventoryID", {"OrderNbr", "Details"}, {"InventoryID"}),
        (
            "OrderNbr,Details/InventoryID,Details/OrderQty",
            {"OrderNbr", "Details"},
            {"InventoryID", "OrderQty"},
        ),
        ("Details/InventoryID, Details/OrderQty", {"Details"}, {"InventoryID", "OrderQty"}),
    ],
)
def test_item_045_expanded_members_must_be_selected(
    web: Web, order: dict[str, Any], select: str, members: set[str], of_rows: set[str] | None
) -> None:
    found = web.get(f"SalesOrder/{order['id']}", params={"$select": select, "$expand": "Details"}).json()
    assert fields(found) == members
    for row in found.get("Details", ()):
        assert fields(row) == of_rows


def test_item_045_a_selected_detail_comes_with_all_its_fields(web: Web, order: dict[str, Any]) -> None:
    found = web.get(f"SalesOrder/{order['id']}?$select=OrderNbr,Details&$expand=Details").json()
    assert {"InventoryID", "OrderQty", "UnitPrice"} < fields(found["Details"][0])


@pytest.mark.parametrize("name", ["Nope", "MainContact/Nope", "CustomerID/Nope", "Nope/CustomerID"])
def test_item_046_an_unknown_name_in_select_is_refused(web: Web, name: str) -> None:
    status, text = refusal(web.get("Customer", params={"$select": f"CustomerID,{name}"}))
    assert (status, text) == (500, "The given key was not present in the dictionary.")


@pytest.mark.parametrize("name", ["customerid", "CUSTOMERID", "maincontact/Email"])
def test_item_047_names_in_select_are_case_sensitive(web: Web, name: str) -> None:
    assert refusal(web.get("Customer", params={"$select": name}))[0] == 500


@pytest.mark.parametrize(
    "option", ["$orderby=CustomerName desc", "$count=true", "$format=xml", "$nope=1", "x=1"]
)
def test_item_048_other_options_are_ignored(web: Web, option: str) -> None:
    assert web.get(f"Customer?$top=3&{option}").json() == listed(web, "Customer", top="3")


def test_item_049_the_dollar_may_be_encoded_and_plus_is_a_space(web: Web) -> None:
    plain = listed(web, "Customer", top="2")
    assert web.get("Customer?%24top=2").json() == plain
    text = quote_plus(f"CustomerID eq '{plain[0]['CustomerID']['value']}'")
    assert "+eq+" in text
    assert [row["id"] for row in web.get(f"Customer?$filter={text}").json()] == [plain[0]["id"]]


def test_item_050_keys_stand_between_slashes_or_pipes(web: Web, order: dict[str, Any]) -> None:
    number = order["OrderNbr"]["value"]
    for place in (f"SO/{number}", f"SO|{number}", f"SO%7C{number}", f"SO%20/{number}%20%20"):
        found = web.get(f"SalesOrder/{place}").json()
        assert (found["id"], found["rowNumber"]) == (order["id"], 1)


def test_item_051_a_record_is_found_by_its_id(web: Web, order: dict[str, Any]) -> None:
    for record_id in (order["id"], order["id"].upper()):
        assert web.get(f"SalesOrder/{record_id}").json() == web.get(f"SalesOrder/{order['id']}").json()


@pytest.mark.parametrize("place", ["SO/999999", "SO", "SO/1/2", "8cd21d2c-6a4f-4d6f-9a15-000000000000"])
def test_item_052_a_missing_record_is_a_server_error(web: Web, place: str) -> None:
    answer = web.get(f"SalesOrder/{place}")
    assert refusal(answer) == (500, "No entity satisfies the condition.")
    assert answer.json()["exceptionType"] == NO_RECORD


def test_item_052_some_instances_answer_404(start: Start) -> None:
    web = start(missing_record=404)
    web.sign_in()
    assert web.get("Customer/NOBODY").status_code == 404


def test_item_053_leading_zeros_count(web: Web, order: dict[str, Any]) -> None:
    number = order["OrderNbr"]["value"]
    assert number.startswith("0")
    assert refusal(web.get(f"SalesOrder/SO/{number.lstrip('0')}"))[0] == 500


def test_item_054_a_key_with_a_slash_is_found_by_id_alone(web: Web) -> None:
    made = put(web, "ItemClass", **wrapped(ClassID="A/C"))
    for place in ("A/C", "A%2FC"):
        assert web.get(f"ItemClass/{place}").json()["exceptionType"] == NO_RECORD
    assert web.get(f"ItemClass/{made['id']}").json()["ClassID"] == {"value": "A/C"}


def test_item_055_custom_fields_come_when_they_are_asked_for(web: Web, order: dict[str, Any]) -> None:
    place = f"SalesOrder/{order['id']}"
    colour = {"Document": {"AttributePRODUCT": {"type": "CustomStringField", "value": "HW"}}}
    put(web, "SalesOrder", id=order["id"], custom=colour)
    assert web.get(place).json()["custom"] == {}
    asked = web.get(f"{place}?$custom=Document.AttributePRODUCT,Document.UsrGiftOrder").json()
    assert asked["custom"]["Document"] == {
        "AttributePRODUCT": {"type": "CustomStringField", "value": "HW"},
        "UsrGiftOrder": {"type": "CustomBooleanField"},
    }


@pytest.mark.parametrize("name", ["Transactions.UsrPickZone", "Details/Transactions.UsrPickZone"])
def test_item_055_custom_fields_of_rows_stand_in_the_rows(web: Web, order: dict[str, Any], name: str) -> None:
    found = web.get(f"SalesOrder/{order['id']}", params={"$custom": name, "$expand": "Details"}).json()
    assert found["custom"] == {}
    for row in found["Details"]:
        assert row["custom"] == {"Transactions": {"UsrPickZone": {"type": "CustomStringField"}}}


def test_item_056_ad_hoc_schema_shows_every_member_and_custom_field(web: Web) -> None:
    shown = web.get("SalesOrder/$adHocSchema").json()
    assert shown["OrderNbr"] == {}
    assert len(shown["Details"]) == len(shown["Shipments"]) == 1
    assert shown["custom"]["Document"]["UsrExpectedMargin"] == {"type": "CustomDecimalField", "value": None}
    assert "UsrPickZone" in shown["Details"][0]["custom"]["Transactions"]
    assert shown["_workflowActions"] == []


def test_item_056_ad_hoc_schema_shows_the_actions_of_the_form(web: Web) -> None:
    actions = web.get("Case/$adHocSchema").json()["_workflowActions"]
    dialog = {"FilterPreview": {"Reason": {"type": "CustomStringField", "value": None}}}
    assert {"Close": {"parameters": {"custom": dialog}}} in actions


def test_item_057_files_are_listed_when_they_are_expanded(web: Web, order: dict[str, Any]) -> None:
    upload = order["_links"]["files:put"].format(filename="plan.txt").removeprefix("/AcumaticaERP")
    web.put(upload, data=b"first", headers={"PX-CbFileComment": "a draft"}).raise_for_status()
    place = f"SalesOrder/{order['id']}"
    assert "files" not in web.get(place).json()
    found = web.get(f"{place}?$expand=files").json()
    assert list(found)[-2:] == ["files", "_links"]
    (file,) = found["files"]
    assert file["filename"] == f"Sales Orders (SO, {order['OrderNbr']['value']})\\plan.txt"
    assert (file["href"], file["comment"]) == (
        f"/AcumaticaERP/entity/Default/24.200.001/files/{file['id']}",
        "a draft",
    )


def test_item_058_drop_downs_are_labels_and_dates_have_offsets(web: Web, order: dict[str, Any]) -> None:
    assert order["Status"] == {"value": "Open"}
    assert order["Date"] == {"value": "2024-04-25T00:00:00+00:00"}


def test_item_059_a_list_over_computed_rows_cannot_be_optimised(web: Web) -> None:
    customer = listed(web, "Customer", top="1")[0]["CustomerID"]
    payment = put(web, "Payment", CustomerID=customer, **wrapped(Type="Payment"))
    answer = web.get("Payment?$expand=ApplicationHistory&$top=1")
    status, text = refusal(answer)
    assert status == 500
    assert text.startswith("Optimization cannot be performed.The following fields cause the error:\r\n")
    assert "AdjustedRefNbr: View ARPost has BQL delegate" in text.split("\r\n")
    assert answer.json()["exceptionType"].endswith("CannotOptimizeException")
    number = payment["ReferenceNbr"]["value"]
    by_key = web.get(f"Payment/Payment/{number}?$expand=ApplicationHistory").json()
    assert by_key["ApplicationHistory"] == []
    avoided = listed(web, "Payment", expand="ApplicationHistory", select="ReferenceNbr", top="1")
    assert fields(avoided[0]) == {"ReferenceNbr"}


def test_item_060_a_form_without_rights_is_forbidden(start: Start) -> None:
    web = start(forbidden=frozenset({"Vendor"}))
    web.sign_in()
    text = "You have insufficient rights to access the Vendor (AP303000) form."
    for answer in (
        web.get("Vendor"),
        web.get("Vendor/V1"),
        web.put("Vendor", json={}),
        web.delete("Vendor/V1"),
    ):
        assert (answer.status_code, answer.json()) == (403, {"message": text})
    assert web.get("Customer?$top=1").status_code == 200


@pytest.mark.parametrize("number", ["ten", "-1", "1.5", "", "9" * 5000])
def test_a_page_number_that_is_none_is_a_bad_request(web: Web, number: str) -> None:
    answer = web.get(f"Customer?$top={number}")
    assert answer.status_code == 400
    assert "$top" in answer.json()["modelState"]


def test_unknown_names_in_expand_are_refused_or_ignored(web: Web, start: Start) -> None:
    assert web.get("Customer?$expand=Nope&$top=1").status_code == 500
    lenient = start(unknown_expand="ignore")
    lenient.sign_in()
    assert fields(lenient.get("Customer?$expand=Nope&$top=1").json()[0])


def test_unknown_custom_fields_are_ignored_or_refused(web: Web, start: Start) -> None:
    assert listed(web, "Customer", custom="BAccount.Nope", top="1")[0]["custom"] == {}
    strict = start(unknown_custom="error")
    strict.sign_in()
    assert strict.get("Customer?$custom=BAccount.Nope&$top=1").status_code == 500
    assert strict.get("Customer?$custom=BAccount.AttributeINDUSTRY&$top=1").status_code == 200


@pytest.mark.parametrize(("shown", "members"), [("null", {"Commissions"}), ("absent", set())])
def test_linked_entities_without_a_record_are_null_or_absent(
    start: Start, shown: str, members: set[str]
) -> None:
    web = start(empty_linked=shown)
    web.sign_in()
    made = put(web, "SalesOrder", CustomerID=listed(web, "Customer", top="1")[0]["CustomerID"])
    found = web.get(f"SalesOrder/{made['id']}?$expand=Commissions&$select=Commissions").json()
    assert fields(found) == members
