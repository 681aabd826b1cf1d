"""PUT and DELETE: which record is meant, what is stored, and how a refusal looks."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from acudata.sandbox.builtin import default_endpoint
from acudata.sandbox.endpoint import Endpoint, Entity, Numbering, Structure
from acudata.sandbox.reading import Reader
from acudata.sandbox.settings import SandboxSettings
from acudata.sandbox.store import Store
from acudata.sandbox.values import convert, convert_field
from acudata.sandbox.writing import Editor

from .conftest import Start, Web, wrapped

INQUIRIES = {"AccountSummaryInquiry", "InventorySummaryInquiry"}
NO_RECORD = "PX.Api.ContractBased.NoEntitySatisfiesTheConditionException"
HAS_ERRORS = "PX.Api.ContractBased.OutcomeEntityHasErrorsException"


def put(web: Web, place: str, *, headers: dict[str, str] | None = None, **body: Any) -> requests.Response:
    return web.put(place, json=body, headers=headers or {})


def stored(answer: requests.Response) -> dict[str, Any]:
    """Return the record that an answer shows; an update and an insert are both told by 200."""
    assert answer.status_code == 200, answer.text
    record: dict[str, Any] = answer.json()
    return record


def count(web: Web, entity: str) -> int:
    return len(web.get(entity).json())


@pytest.fixture
def customer(web: Web) -> dict[str, Any]:
    """The customer NEWTON, as it was before the test."""
    web.delete("Customer/NEWTON")
    return stored(put(web, "Customer", **wrapped(CustomerID="NEWTON", CustomerName="Newton", CreditLimit=10)))


@pytest.fixture
def order(web: Web, customer: dict[str, Any]) -> dict[str, Any]:
    """A new sales order of NEWTON with two lines."""
    put(web, "ItemClass", **wrapped(ClassID="PARTS"))
    put(web, "StockItem", **wrapped(InventoryID="PART1", ItemClass="PARTS"))
    lines = [wrapped(InventoryID="PART1", OrderQty=quantity, UnitPrice=2.5) for quantity in (1, 2)]
    return stored(put(web, "SalesOrder?$expand=Details", Details=lines, **wrapped(CustomerID="NEWTON")))


def lines(web: Web, order: dict[str, Any]) -> list[Any]:
    """Return the quantities of the lines as they are stored."""
    found = web.get(f"SalesOrder/{order['id']}?$expand=Details").json()
    return [row["OrderQty"]["value"] for row in found["Details"]]


def test_item_073_a_put_inserts_and_then_updates_the_same_record(web: Web) -> None:
    web.delete("Customer/KEPLER")
    made = stored(put(web, "Customer", **wrapped(CustomerID="KEPLER", CustomerName="Kepler")))
    changed = stored(put(web, "Customer", **wrapped(CustomerID="KEPLER ", CustomerName="Johannes")))
    assert (changed["id"], changed["rowNumber"]) == (made["id"], 1)
    read = web.get("Customer/KEPLER").json()
    assert read["CustomerName"] == {"value": "Johannes"}
    assert read["CustomerID"] == {"value": "KEPLER"}


def test_item_073_a_new_record_is_listed_at_the_place_of_its_keys(web: Web, customer: dict[str, Any]) -> None:
    keys = [row["CustomerID"]["value"] for row in web.get("Customer").json()]
    assert "NEWTON" in keys
    assert keys == sorted(keys)


def test_item_074_insert_only_and_update_only(web: Web, customer: dict[str, Any]) -> None:
    named = wrapped(CustomerID="NEWTON", CustomerName="Isaac")
    assert put(web, "Customer", headers={"If-None-Match": "*"}, **named).status_code == 412
    assert put(web, "Customer", headers={"If-Match": "*"}, **named).status_code == 200
    web.delete("Customer/NEWTON")
    assert put(web, "Customer", headers={"If-Match": "*"}, **named).status_code == 412
    assert put(web, "Customer", headers={"If-None-Match": "*"}, **named).status_code == 200


def test_item_075_a_filter_picks_the_record(web: Web, customer: dict[str, Any]) -> None:
    put(web, "Customer", id=customer["id"], MainContact=wrapped(Email="isaac@newton.example"))
    place = "Customer?$filter=MainContact/Email eq 'isaac@newton.example'"
    changed = stored(put(web, place, **wrapped(CustomerName="Sir Isaac")))
    assert changed["id"] == customer["id"]
    assert web.get("Customer/NEWTON").json()["CustomerName"] == {"value": "Sir Isaac"}


def test_item_075_a_filter_that_fits_several_records_is_refused(web: Web) -> None:
    answer = put(web, "Customer?$filter=CustomerID ne null", **wrapped(CustomerName="All"))
    assert answer.status_code == 500


def test_item_076_an_id_picks_the_record(web: Web, customer: dict[str, Any]) -> None:
    changed = stored(put(web, "Customer", id=customer["id"].upper(), **wrapped(CustomerName="Isaac")))
    assert (changed["id"], changed["CustomerName"]) == (customer["id"], {"value": "Isaac"})


def test_item_076_an_unknown_id_can_be_refused(start: Start) -> None:
    web = start(unknown_id="error")
    web.sign_in()
    answer = put(web, "Customer", id="8cd21d2c-6a4f-4d6f-9a15-000000000000", **wrapped(CustomerName="X"))
    assert answer.json()["exceptionType"] == NO_RECORD


@pytest.mark.parametrize("key", [{}, wrapped(OrderNbr="<NEW>"), wrapped(OrderNbr=""), wrapped(OrderNbr=None)])
def test_item_077_the_server_numbers_new_records(
    web: Web, order: dict[str, Any], key: dict[str, Any]
) -> None:
    made = stored(put(web, "SalesOrder", **wrapped(CustomerID="NEWTON"), **key))
    number = made["OrderNbr"]["value"]
    assert (len(number), int(number)) == (6, int(order["OrderNbr"]["value"]) + 1)
    assert web.get(f"SalesOrder/SO/{number}").json()["id"] == made["id"]


def test_item_077_numbers_go_on_after_the_last_one_with_the_same_prefix(
    web: Web, customer: dict[str, Any]
) -> None:
    made = stored(put(web, "SalesInvoice", **wrapped(Type="Invoice", CustomerID="NEWTON")))
    keys = [row["ReferenceNbr"]["value"] for row in web.get("SalesInvoice?$filter=Type eq 'Invoice'").json()]
    assert made["ReferenceNbr"]["value"] == keys[-1]
    assert keys[-1].startswith("INV")
    assert int(keys[-1][3:]) == int(keys[-2][3:]) + 1


def test_item_077_a_refused_record_has_no_number_yet(web: Web) -> None:
    answer = put(web, "SalesOrder", **wrapped(CustomerID="NOBODY"))
    assert answer.status_code == 422
    assert answer.json()["OrderNbr"] == {"value": "<NEW>"}


def test_item_078_details_are_answered_only_when_expanded(web: Web, order: dict[str, Any]) -> None:
    line = wrapped(InventoryID="PART1", OrderQty=3)
    plain = stored(put(web, "SalesOrder", id=order["id"], Details=[line]))
    assert "Details" not in plain
    expanded = stored(put(web, "SalesOrder?$expand=Details", id=order["id"]))
    assert len(expanded["Details"]) == 3


def test_item_078_sent_fields_are_answered_beside_selected_ones(web: Web, customer: dict[str, Any]) -> None:
    place = "Customer?$select=CustomerID"
    changed = stored(put(web, place, id=customer["id"], **wrapped(CreditLimit=7)))
    assert changed.keys() & {"CustomerID", "CustomerName", "CreditLimit"} == {"CustomerID", "CreditLimit"}


def test_item_079_rows_without_id_are_appended(web: Web, order: dict[str, Any]) -> None:
    again = [wrapped(InventoryID="PART1", OrderQty=quantity) for quantity in (1, 2)]
    stored(put(web, "SalesOrder", id=order["id"], Details=again))
    assert lines(web, order) == [1, 2, 1, 2]


def test_item_080_rows_are_changed_and_deleted_by_id(web: Web, order: dict[str, Any]) -> None:
    first, second = order["Details"]
    stored(put(web, "SalesOrder", id=order["id"], Details=[{"id": first["id"], **wrapped(OrderQty=9)}]))
    assert lines(web, order) == [9, 2]
    stored(put(web, "SalesOrder", id=order["id"], Details=[{"id": second["id"], "delete": True}]))
    assert lines(web, order) == [9]


def test_item_080_an_unknown_row_is_an_error(web: Web, order: dict[str, Any]) -> None:
    row = {"id": "8cd21d2c-6a4f-4d6f-9a15-000000000000", **wrapped(OrderQty=9)}
    assert put(web, "SalesOrder", id=order["id"], Details=[row]).status_code == 500
    assert lines(web, order) == [1, 2]


def test_item_081_attributes_are_recognised_by_their_key(web: Web, customer: dict[str, Any]) -> None:
    for value in ("Red", "Blue"):
        row = wrapped(AttributeID="COLOR", Value=value)
        stored(put(web, "Customer", id=customer["id"], Attributes=[row]))
    found = web.get("Customer/NEWTON?$expand=Attributes").json()["Attributes"]
    assert [(row["AttributeID"]["value"], row["Value"]["value"]) for row in found] == [("COLOR", "Blue")]
    stored(
        put(web, "Customer", id=customer["id"], Attributes=[{"delete": True, **wrapped(AttributeID="COLOR")}])
    )
    assert web.get("Customer/NEWTON?$expand=Attributes").json()["Attributes"] == []


def test_item_082_an_unknown_foreign_key_is_told_on_its_field(web: Web, customer: dict[str, Any]) -> None:
    before = count(web, "SalesOrder")
    answer = put(web, "SalesOrder", **wrapped(CustomerID="NOBODY", Description="x"))
    body = answer.json()
    assert answer.status_code == 422
    assert list(body)[:3] == ["id", "rowNumber", "error"]
    assert body["error"] == (
        "Inserting  'Sales Order' record raised at least one error. Please review the errors."
    )
    assert body["CustomerID"] == {
        "value": "NOBODY",
        "error": "CustomerID 'NOBODY' cannot be found in the system.",
    }
    assert body["Description"] == {"value": "x"}
    assert count(web, "SalesOrder") == before


def test_item_082_an_error_in_a_row_stands_in_the_row(web: Web, order: dict[str, Any]) -> None:
    rows = [wrapped(InventoryID="PART1"), wrapped(InventoryID="NOPE")]
    answer = put(web, "SalesOrder", id=order["id"], Details=rows)
    body = answer.json()
    assert answer.status_code == 422
    assert body["error"].startswith("Updating  'SO Line' record raised at least one error.")
    assert [row["InventoryID"].get("error") for row in body["Details"]] == [
        None,
        None,
        None,
        "InventoryID 'NOPE' cannot be found in the system.",
    ]
    assert lines(web, order) == [1, 2]


def test_item_082_older_builds_answer_an_exception(start: Start) -> None:
    web = start(validation="exception")
    web.sign_in()
    answer = put(web, "SalesOrder", **wrapped(CustomerID="NOBODY"))
    body = answer.json()
    assert (answer.status_code, body["exceptionType"]) == (500, HAS_ERRORS)
    assert body["exceptionMessage"].startswith("Inserting  'Sales Order' record raised")
    inner = body["innerException"]
    assert inner["exceptionType"] == "PX.Data.PXOuterException"
    assert inner["exceptionMessage"] == "Error: CustomerID 'NOBODY' cannot be found in the system."


@pytest.mark.parametrize("sent", [{}, wrapped(CustomerName=None), wrapped(CustomerName="")])
def test_item_083_a_required_field_must_be_there(web: Web, sent: dict[str, Any]) -> None:
    answer = put(web, "Customer", **wrapped(CustomerID="HALLEY"), **sent)
    assert answer.status_code == 422
    assert answer.json()["CustomerName"]["error"] == "'CustomerName' cannot be empty."


def test_item_083_a_key_that_is_not_numbered_must_be_there(web: Web) -> None:
    answer = put(web, "Customer", **wrapped(CustomerName="Halley"))
    assert answer.status_code == 422
    assert answer.json()["CustomerID"]["error"] == "'CustomerID' cannot be empty."


def test_item_083_a_required_field_cannot_be_cleared(web: Web, customer: dict[str, Any]) -> None:
    assert put(web, "Customer", id=customer["id"], **wrapped(CustomerName=None)).status_code == 422
    assert put(web, "Customer", id=customer["id"], **wrapped(CreditLimit=1)).status_code == 200


def test_item_084_a_drop_down_takes_its_labels_alone(web: Web, customer: dict[str, Any]) -> None:
    answer = put(web, "Customer", id=customer["id"], **wrapped(Status="Sleeping"))
    assert answer.status_code == 422
    assert "'Sleeping' is not allowed" in answer.json()["Status"]["error"]
    stored(put(web, "Customer", id=customer["id"], **wrapped(Status="On Hold")))


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ('{"CustomerID": "X"}', "entity.CustomerID"),
        ('{"CreditLimit": {"value": "much"}}', "entity.CreditLimit.value"),
        ('{"CreditLimit": {"value": true}}', "entity.CreditLimit.value"),
        ('{"CreditLimit": {"value": [1]}}', "entity.CreditLimit.value"),
        ('{"BAccountID": {"value": 1.5}}', "entity.BAccountID.value"),
        ('{"LeadTimedays": {"value": 40000}}', "entity.LeadTimedays.value"),
        ('{"PrintInvoices": {"value": "maybe"}}', "entity.PrintInvoices.value"),
        ('{"CreatedDateTime": {"value": "soon"}}', "entity.CreatedDateTime.value"),
        ('{"NoteID": {"value": "1"}}', "entity.NoteID.value"),
        ('{"id": "1"}', "entity.id"),
        ('{"MainContact": "x"}', "entity.MainContact"),
        ('{"MainContact": {"Email": 5}}', "entity.MainContact.Email"),
        ('{"Attributes": {}}', "entity.Attributes"),
        ('{"Attributes": [{"Value": "Red"}]}', "entity.Attributes[0].Value"),
        ('{"custom": {"CurrentCustomer": {"UsrVisitCount": {"value": "x"}}}}', "entity.custom."),
        ('{"CustomerID": ', "entity"),
        ('{"CreditLimit": {"value": "1e999999"}}', "entity.CreditLimit.value"),
        ('{"CreditLimit": {"value": NaN}}', "entity.CreditLimit.value"),
        ('{"CreditLimit": {"value": ' + "9" * 5000 + "}}", "entity"),
        ("[" * 100_000, "entity"),
        ("[]", "entity"),
        ("", "entity"),
    ],
)
def test_item_085_a_malformed_body_is_a_bad_request(web: Web, body: str, path: str) -> None:
    answer = web.put("Customer", data=body.encode(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["message"] == "The request is invalid."
    (place,) = answer.json()["modelState"]
    assert place.startswith(path)


def test_item_085_every_problem_is_told_at_once(web: Web) -> None:
    answer = web.put("Customer", json={"CustomerID": "X", "CreditLimit": {"value": "much"}})
    assert set(answer.json()["modelState"]) == {"entity.CustomerID", "entity.CreditLimit.value"}


def test_item_086_misspelled_fields_are_ignored(web: Web, customer: dict[str, Any]) -> None:
    sent: dict[str, Any] = {
        "CustomerNam": {"value": "x"},
        "customername": {"value": "x"},
        "CreditLimt": 5,
        "_links": {},
    }
    stored(put(web, "Customer", id=customer["id"], **sent))
    assert web.get("Customer/NEWTON").json()["CustomerName"] == {"value": "Newton"}


def test_item_086_fields_that_a_form_does_not_let_change_are_ignored(
    web: Web, customer: dict[str, Any]
) -> None:
    stored(put(web, "Customer", id=customer["id"], **wrapped(CustomerID="LEIBNIZ", BAccountID=1)))
    found = web.get(f"Customer/{customer['id']}").json()
    assert (found["CustomerID"], found["BAccountID"]) == (customer["CustomerID"], customer["BAccountID"])


def test_item_088_null_clears_and_absence_does_not(web: Web, customer: dict[str, Any]) -> None:
    stored(put(web, "Customer", id=customer["id"], CurrencyID={}, **wrapped(CreditLimit=None)))
    found = web.get("Customer/NEWTON").json()
    assert (found["CreditLimit"], found["CustomerName"]) == ({}, {"value": "Newton"})


def test_item_089_a_deleted_record_is_missing(web: Web) -> None:
    put(web, "ItemClass", **wrapped(ClassID="PARTS"))
    stored(put(web, "StockItem", **wrapped(InventoryID="PART2", ItemClass="PARTS")))
    assert web.delete("StockItem/PART2").status_code == 204
    assert web.get("StockItem/PART2").json()["exceptionType"] == NO_RECORD
    assert web.delete("StockItem/PART2").json()["exceptionType"] == NO_RECORD


def test_item_089_records_that_were_always_there_can_be_deleted(start: Start) -> None:
    web = start()
    web.sign_in()
    first, second, third = web.get("Customer?$top=3").json()
    assert web.delete(f"Customer/{second['id']}").status_code == 204
    left = web.get("Customer?$top=2").json()
    assert [row["id"] for row in left] == [first["id"], third["id"]]
    assert web.get(f"Customer/{second['id']}").status_code == 500


def test_linked_entities_are_merged(web: Web, customer: dict[str, Any]) -> None:
    for contact in (
        {**wrapped(Email="a@b.c", JobTitle="Boss"), "Address": wrapped(City="Zürich")},
        {**wrapped(JobTitle=None), "Address": wrapped(PostalCode="8001")},
    ):
        stored(put(web, "Customer", id=customer["id"], MainContact=contact))
    found = web.get("Customer/NEWTON?$expand=MainContact,MainContact/Address").json()["MainContact"]
    assert (found["Email"], found["JobTitle"]) == ({"value": "a@b.c"}, {})
    assert (found["Address"]["City"], found["Address"]["PostalCode"]) == (
        {"value": "Zürich"},
        {"value": "8001"},
    )


def test_custom_fields_are_written(web: Web, order: dict[str, Any]) -> None:
    sent = {
        "Document": {
            "UsrExpectedMargin": {"type": "CustomDecimalField", "value": 12.345678},
            "UsrConfirmedOn": {"type": "CustomDateTimeField", "value": "2024-05-01"},
            "UsrNope": {"type": "CustomStringField", "value": "x"},
        }
    }
    place = "SalesOrder?$custom=Document.UsrExpectedMargin,Document.UsrConfirmedOn,Document.UsrNope"
    made = stored(put(web, place, id=order["id"], custom=sent))
    margin = {"type": "CustomDecimalField", "value": 12.345678}
    day = {"type": "CustomDateTimeField", "value": "2024-05-01T00:00:00+00:00"}
    assert made["custom"] == {"Document": {"UsrExpectedMargin": margin, "UsrConfirmedOn": day}}


def test_notes_are_written_wrapped_or_bare(web: Web, customer: dict[str, Any]) -> None:
    for note in ({"value": "wrapped ✓"}, "bare"):
        stored(put(web, "Customer", id=customer["id"], note=note))
        expected = note["value"] if isinstance(note, dict) else note
        assert web.get("Customer/NEWTON").json()["note"] == {"value": expected}


def test_stamps_tell_the_time_of_the_write(web: Web, customer: dict[str, Any]) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    changed = stored(put(web, "Customer", id=customer["id"], **wrapped(CustomerName="Isaac")))
    stamp = datetime.fromisoformat(changed["LastModifiedDateTime"]["value"])
    assert before <= stamp <= datetime.now(UTC)
    assert changed["CreatedDateTime"] == customer["CreatedDateTime"]
    text = stamp.isoformat().replace("+", "%2B")
    since = web.get(f"Customer?$filter=LastModifiedDateTime ge datetimeoffset'{text}'").json()
    assert [row["id"] for row in since] == [customer["id"]]


@pytest.mark.parametrize("name", sorted(set(default_endpoint().entities) - INQUIRIES))
def test_what_was_read_can_be_sent_back(web: Web, name: str) -> None:
    structure = default_endpoint().entities[name].structure
    members = {*structure.linked, *structure.details} - set(structure.delegates)
    place = f"{name}?$expand={','.join(members)}"
    for row in web.get(f"{place}&$top=5").json():
        kept = [key for key in row if key != "rowNumber" and not key.startswith("LastModified")]
        back = stored(put(web, place, **row))
        assert {key: back[key] for key in kept} == {key: row[key] for key in kept}


def test_new_records_and_rows_are_numbered_and_have_a_note(web: Web, order: dict[str, Any]) -> None:
    rows, line = order["Details"], wrapped(InventoryID="PART1", OrderQty=1)
    assert order["NoteID"] == {"value": order["id"]}
    assert [row["NoteID"]["value"] for row in rows] == [row["id"] for row in rows]
    assert [row["LineNbr"]["value"] for row in rows] == [1, 2]
    added = stored(put(web, "SalesOrder?$expand=Details", id=order["id"], Details=[line]))
    assert added["Details"][-1]["LineNbr"] == {"value": 3}


def test_totals_follow_the_lines(web: Web, order: dict[str, Any]) -> None:
    assert [row["ExtendedPrice"]["value"] for row in order["Details"]] == [2.5, 5]
    assert (order["OrderTotal"], order["OrderedQty"]) == ({"value": 7.5}, {"value": 3})
    first, second = (row["id"] for row in order["Details"])
    rows = [{"id": first, **wrapped(OrderQty=10)}, {"id": second, "delete": True}]
    changed = stored(put(web, "SalesOrder", id=order["id"], Details=rows))
    assert (changed["OrderTotal"], changed["OrderedQty"]) == ({"value": 25}, {"value": 10})


@pytest.fixture
def hasty() -> Iterator[None]:
    """Let threads take turns as often as Python can."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def test_writes_at_the_same_time_give_every_record_its_own_number(hasty: None) -> None:
    ticket = Structure("Ticket", {"TicketNbr": "String"})
    entity = Entity("Ticket", ticket, "", "", "", ("TicketNbr",), numbering=Numbering("TicketNbr"))
    endpoint, told = Endpoint("Desk", "1", {"Ticket": entity}, {"Ticket": ticket}), SandboxSettings()
    store = Store(endpoint, {})
    editor = Editor(store, endpoint, told, Reader(store, endpoint, told, "/base"))

    def write() -> None:
        for _ in range(50):
            editor.put("Ticket", b"{}", {}, {})

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    table = store.table("Ticket")
    assert len({table.keys(slot) for slot in table.slots()}) == 400


def test_what_was_read_before_a_write_is_read_anew_after_it(web: Web) -> None:
    first = web.get("Customer?$top=1").json()[0]
    place = "Customer?$filter=CreditLimit eq 123456.75"
    assert web.get(place).json() == []
    stored(put(web, "Customer", id=first["id"], **wrapped(CreditLimit=123456.75)))
    assert [row["id"] for row in web.get(place).json()] == [first["id"]]
    assert web.get("Customer?$top=1").json()[0]["CreditLimit"] == {"value": 123456.75}
    stored(put(web, "Customer", id=first["id"], CreditLimit={"value": first["CreditLimit"].get("value")}))


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        ("01-2024", "String", "01-2024"),
        ("012024", "String", "012024"),
        (5, "String", "5"),
        ("true", "Boolean", True),
        ("12.50", "Decimal", 12.5),
        (100.0, "Decimal", 100),
        ("7", "Int", 7),
        ("1e300", "Double", 1e300),
        (5.0, "Double", 5),
        ("2024-05-01", "DateTime", "2024-05-01T00:00:00+00:00"),
        ("2024/05/01", "DateTime", "2024-05-01T00:00:00+00:00"),
        ("2024-05-01T10:31:28.402Z", "DateTime", "2024-05-01T10:31:28.402+00:00"),
        ("2024-05-01T10:31:28.402+04:00", "DateTime", "2024-05-01T10:31:28.402+04:00"),
        ("2024-05-01T10:31:28.040+04:00", "DateTime", "2024-05-01T10:31:28.04+04:00"),
        ("2024-05-01T10:31:28.000", "DateTime", "2024-05-01T10:31:28+00:00"),
        ("2024-05-01T00:00:00", "DateOnly", "2024-05-01"),
        ("A6295B33-C7F6-4811-B817-00155D408001", "Guid", "a6295b33-c7f6-4811-b817-00155d408001"),
        (None, "Decimal", None),
    ],
)
def test_values_are_stored_in_one_form(value: object, kind: str, expected: object) -> None:
    assert convert(value, kind) == expected
    assert type(convert(value, kind)) is type(expected)


@pytest.mark.parametrize(
    ("name", "kept"),
    [("PostPeriod", "123456"), ("Period", "123456"), ("CustomerID", "12-3456"), ("Phone1", "12-3456")],
)
def test_only_a_period_loses_its_dash(name: str, kept: str) -> None:
    assert convert_field(name, "12-3456", "String") == kept


@settings(deadline=None, max_examples=100)
@given(st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))])))
def test_instants_are_stored_as_sent(moment: datetime) -> None:
    stored_as = str(convert(moment.isoformat(), "DateTime"))
    assert datetime.fromisoformat(stored_as).isoformat() == moment.isoformat()
    assert convert(stored_as, "DateTime") == stored_as


@settings(deadline=None, max_examples=100)
@given(st.decimals(min_value=-(10**9), max_value=10**9, places=6))
def test_decimals_of_six_places_are_stored_as_sent(value: Any) -> None:
    assert convert(str(value), "Decimal") == convert(float(value), "Decimal") == float(value)


def test_the_clock_of_the_server_need_not_be_that_of_this_computer(start: Start) -> None:
    web = start(clock_ahead=-7200)
    told = web.sign_in().headers["Date"]
    record = stored(put(web, "ItemClass", **wrapped(ClassID="LATE")))
    late = web.get(f"ItemClass/{record['id']}").json()["LastModifiedDateTime"]["value"]
    for time in (parsedate_to_datetime(told), datetime.fromisoformat(late)):
        assert abs(datetime.now(UTC) - timedelta(hours=2) - time) < timedelta(minutes=1)


def test_item_087_what_is_sent_as_it_is_changes_no_stamp(web: Web, customer: dict[str, Any]) -> None:
    again = stored(put(web, "Customer", **wrapped(CustomerID="NEWTON", CreditLimit=10)))
    assert again["LastModifiedDateTime"] == customer["LastModifiedDateTime"]
    changed = stored(put(web, "Customer", **wrapped(CustomerID="NEWTON", CreditLimit=11)))
    assert changed["LastModifiedDateTime"] != customer["LastModifiedDateTime"]


def test_stamps_of_writes_have_the_offset_of_those_that_were_there(
    web: Web, customer: dict[str, Any]
) -> None:
    stamp = customer["LastModifiedDateTime"]["value"]
    assert stamp.endswith(("-04:00", "-05:00"))


@pytest.mark.parametrize(
    ("place", "body"),
    [
        ("Customer", {"id": "11111111-2222-3333-4444-555555555555"}),
        ("Customer?$filter=CustomerName eq 'nobody'", {}),
    ],
)
def test_keys_that_are_taken_are_refused(
    place: str, body: dict[str, Any], web: Web, customer: dict[str, Any]
) -> None:
    before = count(web, "Customer")
    answer = put(web, place, **body, **wrapped(CustomerID="NEWTON", CustomerName="Other"))
    assert answer.status_code == 500
    assert "Another process has added" in answer.json()["exceptionMessage"]
    assert count(web, "Customer") == before


@pytest.mark.parametrize("value", ['"1e999999999"', '"-1e999999999"', "1e999999999", '"\\ud800"', "9" * 4000])
def test_no_number_breaks_the_server(value: str, web: Web) -> None:
    answer = web.put("Customer", data=f'{{"CreditLimit": {{"value": {value}}}}}')
    assert (answer.status_code, list(answer.json()["modelState"])) == (400, ["entity.CreditLimit.value"])


def test_half_a_character_is_stored_as_a_question_mark(web: Web, customer: dict[str, Any]) -> None:
    put(web, "Customer", **wrapped(CustomerID="NEWTON", CustomerName="\ud800x"))
    assert web.get("Customer/NEWTON").json()["CustomerName"] == {"value": "?x"}
