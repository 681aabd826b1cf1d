"""The company: its size, that it is always the same, what its records look like, and what is odd about them."""

from __future__ import annotations

import doctest
import hashlib
import importlib
import pkgutil
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise

import pytest

from acudata.sandbox import company as company_package
from acudata.sandbox.builtin import default_endpoint
from acudata.sandbox.company import Company
from acudata.sandbox.endpoint import Structure
from acudata.sandbox.records import Record, Scalar
from tests.sandbox.companies import CREDITS, PERIODS, Books, count, exact, total

ENDPOINT = default_endpoint()
LISTED = [name for name, entity in ENDPOINT.entities.items() if not entity.inquiry]
PYTHON_TYPES: Mapping[str, tuple[type, ...]] = {
    "String": (str,),
    "Boolean": (bool,),
    "Int": (int,),
    "Short": (int,),
    "Decimal": (int, float),
    "DateTime": (str,),
    "Guid": (str,),
}
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{0,2}[1-9])?-0[45]:00")
DATE = re.compile(r"\d{4}-\d\d-\d\dT00:00:00\+00:00")
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.fixture(scope="module")
def books() -> Books:
    return Books(1, 0)


@pytest.fixture(scope="module")
def company(books: Books) -> Company:
    return books.company


def nested(structure: Structure, record: Record) -> Iterator[tuple[Structure, Record]]:
    """Yield a record and everything below it, each with its structure."""
    yield structure, record
    for name, linked in record.linked.items():
        yield from nested(ENDPOINT.structures[structure.linked[name]], linked)
    for name, rows in record.details.items():
        for row in rows:
            yield from nested(ENDPOINT.structures[structure.details[name]], row)


def sample(books: Books, entity: str) -> Iterator[tuple[Structure, Record]]:
    """Yield some records of an entity with everything below them."""
    records = books.records(entity)
    for record in records[:: max(1, len(records) // 100)]:
        yield from nested(ENDPOINT.entities[entity].structure, record)


def digest(company: Company) -> str:
    """Return a number that stands for every record of a company, and for the answers of its inquiries."""
    digested = hashlib.sha256()
    for name in sorted(company.sources):
        source = company.sources[name]
        for position in range(0, len(source), 5):
            digested.update(repr(_plain(source.record(position))).encode())
    digested.update(
        repr([row.values for row in company.inquire("AccountSummaryInquiry", {"Period": "062024"})]).encode()
    )
    return digested.hexdigest()


def _plain(record: Record) -> object:
    linked = {name: _plain(linked) for name, linked in record.linked.items()}
    details = {name: [_plain(row) for row in rows] for name, rows in record.details.items()}
    return record.id, record.values, record.custom, record.note, linked, details


MODULES = [
    name for _, name, _ in pkgutil.walk_packages(company_package.__path__, f"{company_package.__name__}.")
]


@pytest.mark.parametrize("module", [*MODULES, "acudata.sandbox.builtin"])
def test_examples_in_docstrings_are_true(module: str) -> None:
    assert doctest.testmod(importlib.import_module(module)).failed == 0


@pytest.mark.parametrize(
    ("scale", "customers", "orders", "lines"), [(1, 300, 2000, 6000), (2, 600, 4000, 12_000)]
)
def test_the_company_grows_with_the_scale(scale: int, customers: int, orders: int, lines: int) -> None:
    facts = Company(scale).facts
    assert len(facts.customers) == customers
    assert orders <= len(facts.orders) <= orders * 1.05
    assert lines * 0.95 <= len(facts.orders.item) <= lines * 1.05


def test_every_entity_that_is_no_inquiry_is_listed(company: Company) -> None:
    assert sorted(company.sources) == sorted(LISTED)
    assert all(len(source) for source in company.sources.values())


def test_another_process_finds_the_same_company(company: Company) -> None:
    code = "from tests.sandbox.test_company import Company, digest; print(digest(Company()))"
    run = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    assert run.stdout.strip() == digest(company)


@pytest.mark.parametrize("other", [{"seed": 1}, {"tenant": "T100"}, {"scale": 2}])
def test_another_seed_or_tenant_is_another_company(company: Company, other: dict[str, int]) -> None:
    names = [record.values["CustomerName"] for record in map(company.sources["Customer"].record, range(300))]
    source = Company(**other).sources["Customer"]  # type: ignore[arg-type]
    assert [source.record(position).values["CustomerName"] for position in range(300)] != names


@pytest.mark.parametrize("entity", LISTED)
def test_records_are_listed_in_the_order_of_their_keys(books: Books, entity: str) -> None:
    source, described = books.company.sources[entity], ENDPOINT.entities[entity]
    keys = [source.keys(position) for position in range(len(source))]
    assert all(before < after for before, after in pairwise(keys))
    for key, record in zip(keys, books.records(entity), strict=True):
        assert tuple(str(record.values[field]) for field in described.keys) == key


@pytest.mark.parametrize("entity", LISTED)
def test_records_are_found_by_keys_and_by_id(books: Books, entity: str) -> None:
    source = books.company.sources[entity]
    for position in range(0, len(source), 7):
        record = books.records(entity)[position]
        assert source.find_id(record.id) == position == source.find_keys(source.keys(position))


@pytest.mark.parametrize("entity", LISTED)
def test_other_keys_and_ids_find_nothing(company: Company, entity: str) -> None:
    source = company.sources[entity]
    wrong = [key + "0" for key in source.keys(0)]
    unpadded = [*source.keys(0)[:-1], source.keys(0)[-1].lstrip("0")[:-1]]
    nobody = company.sources["Customer" if entity != "Customer" else "Vendor"].record(0).id
    assert source.find_keys(wrong) is source.find_keys(unpadded) is source.find_keys([]) is None
    assert (
        source.find_id(nobody) is source.find_id("no guid") is source.find_id(nobody[:24] + "f" * 12) is None
    )


@pytest.mark.parametrize("entity", LISTED)
def test_values_have_the_kinds_of_the_definition(books: Books, entity: str) -> None:
    for structure, record in sample(books, entity):
        assert GUID.fullmatch(record.id)
        assert record.values.keys() <= structure.fields.keys(), structure.name
        for field, value in record.values.items():
            if value is not None:
                assert type(value) in PYTHON_TYPES[structure.fields[field]], (structure.name, field, value)
                assert not (isinstance(value, float) and value.is_integer()), (structure.name, field)


@pytest.mark.parametrize("entity", LISTED)
def test_stamps_have_an_offset_of_the_user_and_dates_are_midnight(books: Books, entity: str) -> None:
    for structure, record in sample(books, entity):
        for field, value in record.values.items():
            if structure.fields[field] == "DateTime" and value is not None:
                is_stamp = "Modified" in field or "Created" in field or entity == "Case"
                assert (INSTANT if is_stamp else DATE).fullmatch(str(value)), (structure.name, field, value)


@pytest.mark.parametrize("entity", LISTED)
def test_values_keep_the_rules_for_writes(books: Books, entity: str) -> None:
    for structure, record in sample(books, entity):
        # What a form requires of a record of its own, it does not require of one that is linked.
        own = structure.name == entity or structure.name not in LISTED
        for field in structure.rules.required if own else ():
            assert record.values.get(field) not in {None, ""}, (structure.name, field)
        for field, labels in structure.rules.labels.items():
            assert record.values.get(field) in {*labels, None}, (structure.name, field)
        for field, entities in structure.rules.references.items():
            assert _is_known(books.company, entities, record.values.get(field)), (structure.name, field)


def _is_known(company: Company, entities: str, key: Scalar) -> bool:
    sources = [company.sources[name] for name in entities.split("|")]
    return key is None or any(source.find_keys([str(key)]) is not None for source in sources)


@pytest.mark.parametrize("entity", ["Customer", "SalesOrder", "StockItem"])
def test_custom_fields_have_values_on_many_records(books: Books, entity: str) -> None:
    found: Counter[tuple[str, str]] = Counter()
    records = list(sample(books, entity))
    for structure, record in records:
        kinds = {(field.view, field.name): field.kind for field in structure.custom}
        for view, values in record.custom.items():
            for name, value in values.items():
                assert value is None or type(value) in PYTHON_TYPES[kinds[view, name]]
                found[view, name] += value is not None
    for name, number in Counter(structure.name for structure, _ in records).items():
        for field in ENDPOINT.structures[name].custom:
            assert 0 < found[field.view, field.name] < number


def test_a_record_can_be_changed_without_changing_the_company(company: Company) -> None:
    source = company.sources["SalesOrder"]
    changed = source.record(500)
    changed.values["Description"] = "changed"
    changed.details["Details"].clear()
    changed.linked["Totals"].values.clear()
    again = source.record(500)
    assert again.values["Description"] != "changed"
    assert again.details["Details"]
    assert again.linked["Totals"].values


def test_keys_ask_for_care(company: Company) -> None:
    customers = {company.sources["Customer"].keys(position)[0] for position in range(300)}
    assert {"#1 DINER", "O'BRIEN", "A&B DELI", "HANDELS 50%"} <= customers
    assert company.sources["ItemClass"].find_keys(["A/C"]) == 0
    assert company.sources["Warehouse"].find_keys(["EAST 2"]) is not None
    assert company.sources["SalesOrder"].find_keys(["SO", "000070"]) is not None
    assert company.sources["SalesOrder"].find_keys(["SO", "70"]) is None


def test_names_hold_markup_and_letters_beyond_ascii(books: Books) -> None:
    names = {
        record.values["CustomerID"]: record.values["CustomerName"] for record in books.records("Customer")
    }
    assert names["O'BRIEN"] == "O'Brien & Söhne <GmbH>"
    assert "東京" in str(names["SUSHI"])


def test_orders_have_types_and_states_of_all_sorts(books: Books) -> None:
    orders = books.records("SalesOrder")
    assert set(count(orders, "OrderType")) == {"CM", "QT", "SO"}
    assert {"Open", "Completed", "Canceled", "On Hold", "Back Order", "Shipping"} <= set(
        count(orders, "Status")
    )
    assert set(count(books.records("Invoice"), "Type")) == {"Invoice", "Credit Memo", "Debit Memo"}


def test_credit_memos_and_adjustments_have_positive_amounts(books: Books) -> None:
    for entity in ("Invoice", "Bill"):
        memos = [record for record in books.records(entity) if record.values["Type"] in CREDITS]
        assert memos
        assert all(exact(memo.values["Amount"]) > 0 for memo in memos)


def test_some_trade_is_in_euro(books: Books) -> None:
    euro = [order for order in books.records("SalesOrder") if order.values["CurrencyID"] == "EUR"]
    assert 20 < len(euro) < 400
    assert all(1 < exact(order.values["CurrencyRate"]) < 2 for order in euro)


def test_sales_have_a_season_and_grow(books: Books) -> None:
    sold = {period: exact(0) for period in PERIODS}
    for invoice in books.released("Invoice"):
        sold[str(invoice.values["PostPeriod"])] += exact(invoice.values["Amount"])
    assert sold["112023"] + sold["122023"] > sold["012023"] + sold["022023"]
    assert sum(sold[period] for period in PERIODS[12:]) > sum(sold[period] for period in PERIODS[:12])


def test_many_customers_pay_late_and_some_owe_for_months(books: Books) -> None:
    due = {
        record.values["ReferenceNbr"]: str(record.values["DueDate"]) for record in books.records("Invoice")
    }
    late = Counter(
        str(payment.values["ApplicationDate"]) > due[row.values["AdjustedRefNbr"]]
        for payment in books.records("Payment")
        for row in payment.details["ApplicationHistory"]
    )
    assert late[True] > 200 < late[False]
    overdue = [record for record in books.released("Invoice") if record.values["Balance"]]
    assert any(str(record.values["DueDate"]) < "2024-09" for record in overdue)


def test_periods_are_closed_up_to_the_last_months(books: Books) -> None:
    periods = [row.values for year in books.records("FinancialPeriod") for row in year.details["Details"]]
    states = {values["FinancialPeriodID"]: values["Status"] for values in periods}
    assert [states[period] for period in ("012023", "102024", "112024", "122024", "012025")] == [
        "Closed",
        "Closed",
        "Open",
        "Open",
        "Inactive",
    ]


def test_drafts_wait_to_be_posted(books: Books) -> None:
    assert {"On Hold", "Balanced", "Unposted"} < set(count(books.records("JournalTransaction"), "Status"))
    assert {"Balanced", "Open", "Closed"} <= set(count(books.records("Bill"), "Status"))


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"InventoryID": "AALEGO500"}, True),
        ({"InventoryID": "AALEGO500", "WarehouseID": "WHOLESALE"}, True),
        ({"InventoryID": "AALEGO500", "WarehouseID": "NOWHERE"}, False),
        ({"WarehouseID": "WHOLESALE"}, False),
        ({}, False),
    ],
)
def test_the_stock_of_an_item_is_asked_for_by_its_id(
    company: Company, filters: dict[str, Scalar], *, found: bool
) -> None:
    assert bool(company.inquire("InventorySummaryInquiry", filters)) is found


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"Period": "122024"}, True),
        ({"Period": "12-2024", "Ledger": "ACTUAL", "Branch": "RETAIL"}, True),
        ({"Period": "122024", "AccountClass": "AR"}, True),
        ({"Period": "122024", "Ledger": "BUDGET"}, False),
        ({"Period": "122030"}, False),
        ({}, False),
    ],
)
def test_accounts_are_asked_for_by_period(
    company: Company, filters: dict[str, Scalar], *, found: bool
) -> None:
    rows = company.inquire("AccountSummaryInquiry", filters)
    assert bool(rows) is found
    for name in {"Branch", "AccountClass"} & filters.keys():
        assert {row.values[name] for row in rows} == {filters[name]}


def test_commissions_are_a_percentage_of_what_was_sold(books: Books) -> None:
    for invoice in books.records("SalesInvoice")[:200]:
        row = invoice.linked["Commissions"].details["SalesPersons"][0]
        sold = total(invoice.details["Details"], "Amount") - exact(invoice.values["DiscountTotal"])
        assert exact(row.values["CommissionableAmount"]) == sold
