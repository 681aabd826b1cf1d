"""Actions: at once or as a long operation, with the status to poll and the failures to read."""

from __future__ import annotations

import re
from typing import Any

import pytest
import requests

from .conftest import BASE, ManualClock, Start, Web, wrapped

STATUS = re.compile(rf"/AcumaticaERP{BASE}/SalesInvoice/ReleaseSalesInvoice/status/[0-9a-f-]{{36}}")


def invoice(web: Web, **values: Any) -> dict[str, Any]:
    """Store an invoice that is not released."""
    said = wrapped(Type="Invoice", Status="Balanced", Hold=False, **values)
    customer = web.get("Customer?$top=1&$select=CustomerID").json()[0]["CustomerID"]
    answer = web.put("SalesInvoice", json={**said, "CustomerID": customer})
    answer.raise_for_status()
    record: dict[str, Any] = answer.json()
    return record


def order(web: Web, **values: Any) -> dict[str, Any]:
    """Store an order with two lines."""
    customer = web.get("Customer?$top=1&$select=CustomerID").json()[0]["CustomerID"]
    items = web.get("StockItem?$top=2&$select=InventoryID").json()
    lines = [{"InventoryID": item["InventoryID"], **wrapped(OrderQty=3)} for item in items]
    said = wrapped(OrderType="SO", Status="Open", Hold=False, **values)
    answer = web.put("SalesOrder", json={**said, "CustomerID": customer, "Details": lines})
    answer.raise_for_status()
    record: dict[str, Any] = answer.json()
    return record


def run(web: Web, path: str, record: dict[str, Any], **body: Any) -> requests.Response:
    return web.post(path, json={"entity": {"id": record["id"]}, **body})


def field(web: Web, entity: str, record: dict[str, Any], name: str) -> Any:
    return web.get(f"{entity}/{record['id']}").json()[name].get("value")


def test_item_092_an_action_answers_202_and_the_path_of_its_status(web: Web) -> None:
    answer = run(web, "SalesInvoice/ReleaseSalesInvoice", invoice(web))
    assert (answer.status_code, answer.content) == (202, b"")
    assert STATUS.fullmatch(answer.headers["Location"])


def test_item_093_the_status_is_202_for_the_polls_of_the_settings_then_204(start: Start) -> None:
    web = start(operation_polls=2)
    web.sign_in()
    record = invoice(web)
    location = run(web, "SalesInvoice/ReleaseSalesInvoice", record).headers["Location"]
    assert [web.follow(location).status_code for _ in range(3)] == [202, 202, 204]
    assert field(web, "SalesInvoice", record, "Status") == "Open"


def test_item_093_an_operation_lasts_the_seconds_of_the_settings(start: Start) -> None:
    clock = ManualClock()
    web = start({"clock": clock}, operation_polls=0, operation_seconds=30)
    web.sign_in()
    location = run(web, "SalesInvoice/ReleaseSalesInvoice", invoice(web)).headers["Location"]
    assert web.follow(location).status_code == 202
    clock.advance(30)
    assert web.follow(location).status_code == 204


def test_item_093_a_failing_operation_ends_in_a_500_with_the_text_of_the_business(web: Web) -> None:
    record = invoice(web)
    web.put("SalesInvoice", json={"id": record["id"], **wrapped(Hold=True)}).raise_for_status()
    location = run(web, "SalesInvoice/ReleaseSalesInvoice", record).headers["Location"]
    assert web.follow(location).status_code == 202
    failed = web.follow(location)
    assert failed.status_code == 500
    assert "On Hold" in failed.json()["exceptionMessage"]
    assert field(web, "SalesInvoice", record, "Status") == "On Hold"


def test_an_operation_that_nobody_polls_ends_by_itself(start: Start) -> None:
    clock = ManualClock()
    web = start({"clock": clock}, busy_form=False)
    web.sign_in()
    record = invoice(web)
    run(web, "SalesInvoice/ReleaseSalesInvoice", record)
    assert field(web, "SalesInvoice", record, "Status") == "Balanced"
    clock.advance(1)
    assert field(web, "SalesInvoice", record, "Status") == "Open"


@pytest.mark.parametrize("status", [404, 500])
def test_a_status_is_forgotten_once_it_told_the_end(start: Start, status: int) -> None:
    web = start(operation_polls=0, forgotten_operation=status)
    web.sign_in()
    location = run(web, "SalesInvoice/ReleaseSalesInvoice", invoice(web)).headers["Location"]
    assert [web.follow(location).status_code for _ in range(2)] == [204, status]


def test_a_status_belongs_to_its_session(web: Web) -> None:
    location = run(web, "SalesInvoice/ReleaseSalesInvoice", invoice(web)).headers["Location"]
    with Web(web.box) as other:
        other.sign_in()
        assert other.follow(location).status_code == 404


def test_item_094_the_form_is_busy_for_the_session_alone(web: Web) -> None:
    location = run(web, "SalesInvoice/ReleaseSalesInvoice", invoice(web)).headers["Location"]
    with Web(web.box) as other:
        other.sign_in()
        paths = ["SalesInvoice?$top=1", "Customer?$top=1"]
        assert [web.get(path).status_code for path in paths] == [500, 200]
        assert [other.get(path).status_code for path in paths] == [200, 200]
        other.sign_out()
    assert [web.follow(location).status_code for _ in range(2)] == [202, 204]
    assert web.get("SalesInvoice?$top=1").status_code == 200


def test_item_095_reopening_an_order_answers_204_and_the_path_of_the_order(web: Web) -> None:
    record = order(web, Description="to be cancelled")
    assert run(web, "SalesOrder/CancelSalesOrder", record).status_code == 204
    assert field(web, "SalesOrder", record, "Status") == "Canceled"
    answer = run(web, "SalesOrder/ReopenSalesOrder", record)
    assert answer.status_code == 204
    assert answer.headers["Location"] == f"/AcumaticaERP{BASE}/SalesOrder/{record['id']}"
    found = web.follow(answer.headers["Location"])
    assert (found.status_code, found.json()["Status"]["value"]) == (200, "Open")


def test_item_096_an_action_of_the_form_takes_the_fields_of_its_dialog(web: Web) -> None:
    case = web.put("Case", json=wrapped(Subject="Scratched", Status="Open")).json()
    reason = {"FilterPreview": {"Reason": {"type": "CustomStringField", "value": "Resolved"}}}
    answer = run(web, "Case/Close", case, parameters={"custom": reason})
    assert answer.status_code == 204
    assert [field(web, "Case", case, name) for name in ("Status", "Reason")] == ["Closed", "Resolved"]
    assert "/Case/Close" not in web.get("swagger.json").json()["paths"]


@pytest.mark.parametrize("path", ["Case/Explode", "SalesOrder/ReleaseSalesInvoice", "Nothing/Release"])
def test_item_096_an_unknown_action_is_a_404(web: Web, path: str) -> None:
    assert web.post(path, json={"entity": {}}).status_code == 404


def test_item_097_an_action_in_the_wrong_status_fails_with_a_text(web: Web) -> None:
    record = order(web)
    answer = run(web, "SalesOrder/ReleaseFromCreditHoldSalesOrder", record)
    assert answer.status_code == 500
    assert "Status is invalid" in answer.json()["exceptionMessage"]


@pytest.mark.parametrize("name", ["entity", "Entity"])
def test_item_098_the_entity_may_be_capitalised_and_the_parameters_missing(web: Web, name: str) -> None:
    body = {name: {"id": order(web)["id"]}}
    assert web.post("SalesOrder/ReopenSalesOrder", json=body).status_code == 204


@pytest.mark.parametrize("body", ["{", "[]", "{}", '{"entity": 1}', '{"parameters": {}}'])
def test_item_098_a_body_without_an_entity_is_a_bad_request(web: Web, body: str) -> None:
    answer = web.post("SalesOrder/ReopenSalesOrder", data=body)
    assert answer.status_code == 400
    assert answer.json()["modelState"]


def test_a_record_may_be_named_by_its_keys_and_changed_on_the_way(web: Web) -> None:
    record = order(web)
    keys = {name: record[name] for name in ("OrderType", "OrderNbr")}
    said = {"entity": {**keys, **wrapped(Description="in a hurry")}, "parameters": {}}
    assert web.post("SalesOrder/ReopenSalesOrder", json=said).status_code == 204
    assert field(web, "SalesOrder", record, "Description") == "in a hurry"


def test_a_missing_record_is_refused(web: Web) -> None:
    keys = wrapped(OrderType="SO", OrderNbr="999999")
    answer = web.post("SalesOrder/ReopenSalesOrder", json={"entity": keys})
    assert answer.status_code == 500
    assert "NoEntitySatisfiesTheCondition" in answer.json()["exceptionType"]


def test_a_shipment_is_made_out_of_what_is_open_on_an_order(web: Web) -> None:
    record = order(web)
    date = wrapped(ShipmentDate="2024-05-06")
    location = run(web, "SalesOrder/SalesOrderCreateShipment", record, parameters=date).headers["Location"]
    assert [web.follow(location).status_code for _ in range(2)] == [202, 204]
    shipped = web.get(f"SalesOrder/{record['id']}?$expand=Shipments").json()
    assert shipped["Status"]["value"] == "Shipping"
    (reference,) = shipped["Shipments"]
    shipment = web.get(f"Shipment/{reference['ShipmentNbr']['value']}?$expand=Details").json()
    assert shipment["ShipmentDate"]["value"] == "2024-05-06T00:00:00+00:00"
    assert [line["ShippedQty"]["value"] for line in shipment["Details"]] == [3, 3]
    assert shipment["ShippedQty"]["value"] == 6


def test_an_order_with_nothing_open_is_not_shipped_again(web: Web) -> None:
    record = order(web)
    for text in ("", "does not contain any items"):
        location = run(web, "SalesOrder/SalesOrderCreateShipment", record).headers["Location"]
        answer = [web.follow(location) for _ in range(2)][-1]
        assert text in answer.text
        run(web, "SalesOrder/OpenSalesOrder", record)


def test_a_parameter_of_another_type_is_a_bad_request(web: Web) -> None:
    date = wrapped(ShipmentDate="soon")
    answer = run(web, "SalesOrder/SalesOrderCreateShipment", order(web), parameters=date)
    assert answer.status_code == 400
    assert list(answer.json()["modelState"]) == ["invocation.parameters.ShipmentDate"]


def test_the_other_form_of_a_document_shows_its_new_status(web: Web) -> None:
    sales_invoice = invoice(web)
    keys = {name: sales_invoice[name] for name in ("Type", "ReferenceNbr")}
    twin = web.put("Invoice", json={**keys, "Customer": sales_invoice["CustomerID"]}).json()
    location = run(web, "SalesInvoice/ReleaseSalesInvoice", sales_invoice).headers["Location"]
    assert [web.follow(location).status_code for _ in range(2)] == [202, 204]
    assert field(web, "Invoice", twin, "Status") == "Open"
