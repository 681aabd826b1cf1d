"""What a form works out by itself when a document is written: defaults, prices, dates and totals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from acudata.sandbox.builtin import default_endpoint
from acudata.sandbox.endpoint import Rules, Structure
from acudata.sandbox.formulas import Scope, evaluate
from acudata.sandbox.records import Record
from acudata.sandbox.settings import SandboxSettings
from acudata.sandbox.store import Store

from .conftest import Start, Web, wrapped

CUSTOMER, VENDOR, ITEM, SERVICE = "C000000001", "000006", "ACU00008", "INSTALL"
DAY = "2024-12-20"
MIDNIGHT = f"{DAY}T00:00:00+00:00"

LINES: dict[str, dict[str, Any]] = {
    "SalesOrder": {"InventoryID": ITEM, "OrderQty": 2},
    "SalesInvoice": {"InventoryID": ITEM, "Qty": 2},
    "Invoice": {"InventoryID": SERVICE, "Qty": 2},
    "PurchaseOrder": {"InventoryID": ITEM, "OrderQty": 2},
    "PurchaseReceipt": {"InventoryID": ITEM, "ReceiptQty": 2},
    "Bill": {"InventoryID": ITEM, "Qty": 2},
    "Shipment": {"InventoryID": ITEM, "ShippedQty": 2},
    "JournalTransaction": {"Account": "10200", "DebitAmount": 5},
}
"""The least that a user writes into a line of each document."""
HEADERS: dict[str, dict[str, Any]] = {
    "SalesOrder": {"OrderType": "SO", "CustomerID": CUSTOMER},
    "SalesInvoice": {"CustomerID": CUSTOMER},
    "Invoice": {"Customer": CUSTOMER},
    "Payment": {"CustomerID": CUSTOMER},
    "PurchaseOrder": {"VendorID": VENDOR},
    "PurchaseReceipt": {"VendorID": VENDOR},
    "Bill": {"Vendor": VENDOR},
    "Check": {"Vendor": VENDOR},
    "Shipment": {"CustomerID": CUSTOMER},
    "JournalTransaction": {},
}
"""The least that a user writes into the header."""


@pytest.fixture(scope="module")
def web(box: Any) -> Iterator[Web]:
    """A session whose business date is always the same."""
    with Web(box) as session:
        session.sign_in().raise_for_status()
        session.headers["PX-CbApiBusinessDate"] = DAY
        yield session
        session.sign_out()


def read(answer: requests.Response) -> dict[str, Any]:
    """Return the record of an answer with plain values."""
    assert answer.status_code == 200, answer.text
    return plain(answer.json())


def plain(record: dict[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in record.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [plain(row) for row in value]
    if isinstance(value, dict) and "id" in value:
        return plain(value)
    return value.get("value") if isinstance(value, dict) else value


def write(web: Web, entity: str, *lines: dict[str, Any], **header: Any) -> dict[str, Any]:
    """Write a document and return it with its lines."""
    structure = default_endpoint().entities[entity].structure
    body: dict[str, Any] = wrapped(**{name: value for name, value in header.items() if name != "id"})
    body |= {"id": header["id"]} if "id" in header else {}
    body |= {"Details": [_row(line) for line in lines]} if lines else {}
    members = [
        name for name in ("Details", *structure.linked) if name in {*structure.details, *structure.linked}
    ]
    return read(web.put(f"{entity}?$expand={','.join(members)}", json=body))


def _row(line: dict[str, Any]) -> dict[str, Any]:
    row = wrapped(**{name: value for name, value in line.items() if name != "id"})
    return row | {"id": line["id"]} if "id" in line else row


@pytest.fixture(scope="module")
def item(web: Web) -> dict[str, Any]:
    return read(web.get(f"StockItem/{ITEM}"))


@pytest.fixture(scope="module")
def customer(web: Web) -> dict[str, Any]:
    return read(web.get(f"Customer/{CUSTOMER}"))


def always_filled(web: Web, entity: str) -> set[str]:
    """Return the money, dates, statuses and currencies that no document of the company lacks."""
    fields = default_endpoint().entities[entity].structure.fields
    told = {name for name in fields if name in {"Status", "Hold", "Type"} or "Currency" in name}
    wanted = told | {name for name, kind in fields.items() if kind in {"Decimal", "DateTime"}}
    return {
        name for name in wanted if all("value" in row[name] for row in web.get(f"{entity}?$top=200").json())
    }


@pytest.mark.parametrize("entity", HEADERS)
def test_a_new_document_lacks_nothing_that_others_have(web: Web, entity: str) -> None:
    wanted = always_filled(web, entity)
    made = write(web, entity, *([LINES[entity]] if entity in LINES else []), **HEADERS[entity])
    assert "Status" in wanted
    assert {name for name in wanted if made[name] is None} == set()


@pytest.mark.parametrize(
    ("entity", "dates"),
    [
        ("SalesOrder", "Date EffectiveDate RequestedOn"),
        ("SalesInvoice", "Date"),
        ("Invoice", "Date"),
        ("Payment", "ApplicationDate"),
        ("PurchaseOrder", "Date PromisedOn"),
        ("PurchaseReceipt", "Date BillDate"),
        ("Bill", "Date"),
        ("Check", "ApplicationDate"),
        ("Shipment", "ShipmentDate"),
        ("JournalTransaction", "TransactionDate"),
    ],
)
def test_dates_are_those_of_the_business_date(web: Web, entity: str, dates: str) -> None:
    made = write(web, entity, **HEADERS[entity])
    assert [made[name] for name in dates.split()] == [MIDNIGHT] * len(dates.split())
    assert made.get("PostPeriod", "122024") == "122024"


def test_a_line_of_an_order_takes_everything_from_its_item(
    web: Web, item: dict[str, Any], customer: dict[str, Any]
) -> None:
    (line,) = write(web, "SalesOrder", LINES["SalesOrder"], **HEADERS["SalesOrder"])["Details"]
    amount = round(2 * item["DefaultPrice"], 2)
    expected = {
        "Account": item["SalesAccount"],
        "Amount": amount,
        "DiscountAmount": 0,
        "ExtendedPrice": amount,
        "LineDescription": item["Description"],
        "OpenQty": 2,
        "RequestedOn": MIDNIGHT,
        "TaxCategory": item["TaxCategory"],
        "UOM": item["SalesUOM"],
        "UnitCost": item["AverageCost"],
        "UnitPrice": item["DefaultPrice"],
        "WarehouseID": customer["WarehouseID"],
    }
    assert {name: line[name] for name in expected} == expected


def test_a_new_order_takes_everything_from_its_customer(web: Web, customer: dict[str, Any]) -> None:
    made = write(web, "SalesOrder", LINES["SalesOrder"], **HEADERS["SalesOrder"])
    assert (made["Status"], made["Hold"], made["OrderedQty"]) == ("Open", False, 2)
    assert (made["CurrencyID"], made["Branch"]) == (customer["CurrencyID"], customer["ShippingBranch"])
    assert made["FinancialSettings"]["Terms"] == customer["Terms"]
    assert made["FinancialSettings"]["DueDate"] > MIDNIGHT
    assert made["BillToContact"]["BusinessName"] == customer["CustomerName"]
    assert made["ShipToAddress"]["City"]
    assert made["Totals"]["LineTotalAmount"] == made["OrderTotal"] == made["Details"][0]["Amount"]


@pytest.mark.parametrize(
    ("entity", "total", "price"),
    [
        ("SalesOrder", "OrderTotal", "DefaultPrice"),
        ("SalesInvoice", "Amount Balance DetailTotal", "DefaultPrice"),
        ("PurchaseOrder", "OrderTotal LineTotal ControlTotal", "LastCost"),
        ("PurchaseReceipt", "TotalCost", "LastCost"),
        ("Bill", "Amount Balance", "LastCost"),
    ],
)
def test_totals_follow_quantity_and_price(
    web: Web, item: dict[str, Any], entity: str, total: str, price: str
) -> None:
    made = write(web, entity, LINES[entity], **HEADERS[entity])
    assert {made[name] for name in total.split()} == {round(2 * item[price], 2)}
    (quantity,) = LINES[entity].keys() - {"InventoryID"}
    changed = write(web, entity, {"id": made["Details"][0]["id"], quantity: 5}, id=made["id"])
    assert {changed[name] for name in total.split()} == {round(5 * item[price], 2)}


def test_an_order_of_the_company_keeps_its_tax_and_freight_when_a_quantity_changes(web: Web) -> None:
    order = next(
        row for row in map(plain, web.get("SalesOrder?$expand=Details,Totals&$top=300").json())
        if row["Status"] == "Open" and row["TaxTotal"] and row["Details"][0]["DiscountPercent"]
    )  # fmt: skip
    line = order["Details"][0]
    changed = write(web, "SalesOrder", {"id": line["id"], "OrderQty": line["OrderQty"] + 10}, id=order["id"])
    after = changed["Details"][0]
    discount = round(after["ExtendedPrice"] * line["DiscountPercent"] / 100, 2)
    assert after["ExtendedPrice"] == pytest.approx((line["OrderQty"] + 10) * line["UnitPrice"])
    assert after["DiscountAmount"] == pytest.approx(discount, abs=0.011)
    assert after["Amount"] == pytest.approx(after["ExtendedPrice"] - after["DiscountAmount"])
    rest = after["Amount"] - line["Amount"]
    assert changed["OrderTotal"] == pytest.approx(order["OrderTotal"] + rest)
    assert changed["Totals"]["LineTotalAmount"] == pytest.approx(order["Totals"]["LineTotalAmount"] + rest)
    assert (changed["TaxTotal"], changed["OrderedQty"]) == (order["TaxTotal"], order["OrderedQty"] + 10)


def test_item_087_what_is_sent_as_it_was_follows_the_form(web: Web) -> None:
    made = write(web, "SalesOrder", LINES["SalesOrder"], **HEADERS["SalesOrder"])
    line = made["Details"][0]
    unchanged = {name: line[name] for name in ("Amount", "ExtendedPrice", "UnitPrice", "OpenQty")}
    row = {"id": line["id"], **unchanged, "OrderQty": 3}
    changed = write(web, "SalesOrder", row, id=made["id"], OrderTotal=made["OrderTotal"])
    assert changed["OrderTotal"] == changed["Details"][0]["Amount"] == round(3 * line["UnitPrice"], 2)


def test_totals_that_are_sent_are_computed_all_the_same(web: Web, item: dict[str, Any]) -> None:
    made = write(web, "SalesOrder", LINES["SalesOrder"], OrderTotal=1, **HEADERS["SalesOrder"])
    assert made["OrderTotal"] == round(2 * item["DefaultPrice"], 2)


def test_a_price_that_is_sent_stays_until_the_item_changes(web: Web, item: dict[str, Any]) -> None:
    line = {**LINES["SalesOrder"], "UnitPrice": 1.25, "DiscountPercent": 10}
    made = write(web, "SalesOrder", line, **HEADERS["SalesOrder"])
    assert (made["OrderTotal"], made["Details"][0]["DiscountAmount"]) == (2.25, 0.25)
    row = {"id": made["Details"][0]["id"], "InventoryID": SERVICE}
    after = write(web, "SalesOrder", row, id=made["id"])["Details"][0]
    assert (after["UnitPrice"], after["UOM"], after["LineType"]) == (95, "HOUR", "Non-Inventory Goods")


def test_free_items_cost_nothing(web: Web) -> None:
    made = write(web, "SalesOrder", {**LINES["SalesOrder"], "FreeItem": True}, **HEADERS["SalesOrder"])
    assert (made["OrderTotal"], made["OrderedQty"]) == (0, 2)


@pytest.mark.parametrize("entity", ["SalesInvoice", "Invoice", "Bill"])
def test_a_line_may_be_an_amount_alone(web: Web, entity: str) -> None:
    made = write(web, entity, {"Amount": 12.5}, **HEADERS[entity])
    assert (made["Amount"], made["Balance"], made["Details"][0]["Qty"]) == (12.5, 12.5, 0)


@pytest.mark.parametrize(("entity", "off"), [("SalesOrder", "Open"), ("Bill", "Balanced")])
def test_the_status_follows_the_hold(web: Web, entity: str, off: str) -> None:
    made = write(web, entity, **HEADERS[entity], Hold=True)
    assert made["Status"] == "On Hold"
    assert write(web, entity, id=made["id"], Hold=False)["Status"] == off


def test_a_due_date_follows_its_date_and_terms(web: Web) -> None:
    made = write(web, "Bill", **HEADERS["Bill"], Terms="30D")
    assert made["DueDate"] == "2025-01-19T00:00:00+00:00"
    moved = write(web, "Bill", id=made["id"], Date="2024-02-01")
    assert (moved["DueDate"], moved["PostPeriod"]) == ("2024-03-02T00:00:00+00:00", "022024")


def test_a_payment_is_open_until_it_is_applied(web: Web) -> None:
    made = write(web, "Payment", **HEADERS["Payment"], PaymentAmount=100)
    assert (made["PaymentAmount"], made["AvailableBalance"]) == (100, 100)
    applied = wrapped(DocType="Invoice", ReferenceNbr="INV000100", AmountPaid=30)
    after = read(web.put("Payment", json={"id": made["id"], "DocumentsToApply": [applied]}))
    assert (after["AppliedToDocuments"], after["AvailableBalance"]) == (30, 70)


def test_a_check_pays_what_its_lines_say(web: Web) -> None:
    line = {"DocType": "Bill", "ReferenceNbr": "000100", "AmountPaid": 40}
    made = write(web, "Check", line, **HEADERS["Check"])
    assert (made["PaymentAmount"], made["UnappliedBalance"]) == (40, 0)


def test_orders_of_euro_customers_are_in_euros(web: Web) -> None:
    euro = web.get("Customer?$filter=CurrencyID eq 'EUR'&$top=1").json()[0]["CustomerID"]["value"]
    made = write(web, "SalesOrder", CustomerID=euro)
    assert (made["CurrencyID"], made["CurrencyRateTypeID"], made["CurrencyRate"]) == ("EUR", "SPOT", 1.0479)
    assert made["ReciprocalRate"] == 0.95428953


def test_the_business_date_can_be_set_for_a_sandbox(start: Start) -> None:
    web = start(business_date="2024-02-29")
    web.sign_in()
    assert write(web, "SalesOrder", CustomerID=CUSTOMER)["Date"] == "2024-02-29T00:00:00+00:00"


def test_a_business_date_that_is_none_is_refused(web: Web) -> None:
    answer = web.put("SalesOrder", json={}, headers={"PX-CbApiBusinessDate": "soon"})
    assert answer.status_code == 400
    with pytest.raises(ValueError, match="business_date is 'soon'"):
        SandboxSettings(business_date="soon")


def test_a_new_customer_has_a_main_contact_that_its_orders_show(web: Web) -> None:
    contact = {**wrapped(Email="a@b.example"), "Address": wrapped(City="Oslo")}
    body = {**wrapped(CustomerID="BOHR", CustomerName="Bohr"), "MainContact": contact}
    made = read(web.put("Customer?$expand=MainContact,MainContact/Address", json=body))
    assert (made["Status"], made["CurrencyID"]) == ("Active", "USD")
    assert (made["MainContact"]["CompanyName"], made["MainContact"]["Address"]["City"]) == ("Bohr", "Oslo")
    order = write(web, "SalesOrder", CustomerID="BOHR")
    assert (order["BillToContact"]["Email"], order["ShipToAddress"]["City"]) == ("a@b.example", "Oslo")


@pytest.mark.parametrize(
    ("entity", "field"),
    [
        ("Invoice", "Customer"),
        ("SalesInvoice", "CustomerID"),
        ("Payment", "CustomerID"),
        ("Contact", "LastName"),
    ],
)
def test_item_083_what_a_form_requires(web: Web, entity: str, field: str) -> None:
    answer = web.put(entity, json={})
    assert answer.status_code == 422
    assert answer.json()[field]["error"] == f"'{field}' cannot be empty."


def test_a_linked_contact_needs_no_last_name(web: Web) -> None:
    body = {**wrapped(CustomerID="PLANCK", CustomerName="Planck"), "MainContact": wrapped(JobTitle="Boss")}
    assert read(web.put("Customer", json=body))["CustomerName"] == "Planck"


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("2 * Price", 20.5),
        ("Price % Rate", 1.28),
        ("Price - Rate - 1", -3.25),
        ("1 / Rate", 0.08),
        ("1 / Zero", None),
        ("Missing * Price | Missing | 'none'", "none"),
        ("Zero | 5", 0),
        ("Date + 'COD'", "2024-01-31T00:00:00+00:00"),
        ("Date + '30D'", "2024-03-01T00:00:00+00:00"),
        ("period Date", "012024"),
        ("rate 'EUR'", 1.0479),
        ("rate 'XXX' | 1", 1),
        ("if Zero 'yes' | 'no'", "no"),
        ("if Price Price * 2", 20.5),
        ("'a b' & 'c'", "a b c"),
        ("Lines/Price", 3),
        ("../Price", None),
        ("Nobody/Price", None),
    ],
)
def test_formulas(formula: str, expected: object) -> None:
    structure = Structure("Sheet", {}, details={"Lines": "Line"}, rules=Rules())
    values: dict[str, Any] = {"Price": 10.25, "Rate": 12.5, "Zero": 0, "Date": "2024-01-31T00:00:00+00:00"}
    rows = [Record("1", {"Price": 1}), Record("2", {"Price": 2})]
    record = Record("0", values, details={"Lines": rows})
    scope = Scope(record, structure, Store(default_endpoint(), {}), SandboxSettings(), "2024-12-31")
    assert evaluate(formula, scope) == expected
