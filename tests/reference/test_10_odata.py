"""The reference's chapter on OData: `F`, `QueryOptions`, and every filter of it put to an instance.

The instance's endpoint was extended, as tenants do: its Customer has the Balance, Type, CreatedDate … of the examples.
What the server cannot do is applied to the rows read, with a warning.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from acudata import AcumaticaClient, LocalFilterWarning
from acudata.models import Record
from acudata.odata import Expression, F, QueryOptions
from acudata.sandbox import Sandbox
from tests.conftest import connect

STRUCTURES: dict[str, dict[str, str]] = {
    "Customer": {
        **dict.fromkeys(("CustomerID", "CustomerName", "Status", "Type", "Description", "Terms"), "String"),
        "Balance": "Decimal",
        "CreatedDate": "DateTime",
        "OrderDate": "DateTime",
        "MainContact": "Contact",
    },
    "Contact": {"Email": "String", "Address": "Address"},
    "Address": {"City": "String"},
}
CUSTOMERS: list[dict[str, Any]] = [
    {
        "CustomerID": "A", "CustomerName": "ACME Tools LLC", "Status": "Active", "Type": "Business", "Terms": "30D",
        "Description": "An important one", "Balance": 10000.01, "OrderDate": "2023-03-31",
        "MainContact": {"Email": "a@acme.example", "Address": {"City": "New York"}},
    },
    {
        "CustomerID": "B", "CustomerName": "Tech & Sons", "Status": "Active", "Type": "Corporate", "Terms": "60D",
        "Description": "Not so important", "Balance": 5000, "OrderDate": "2024-03-01",
        "MainContact": {"Email": "b@tech.example", "Address": {"City": "Boston"}},
    },
    {
        "CustomerID": "C", "CustomerName": "techno llc", "Status": "OnHold", "Type": "Person", "Terms": "30D",
        "Balance": 5000.01, "OrderDate": "2024-02-29",
        "MainContact": {"Address": {"City": "new york"}},
    },
    {"CustomerID": "D", "CustomerName": "Technology First", "Status": "Active", "Terms": "90D", "Balance": 20000},
    {"CustomerID": "E"},
]  # fmt: skip


def document() -> dict[str, Any]:
    """Return the endpoint as its document tells it."""
    kinds = ("String", "Decimal", "DateTime")
    schemas: dict[str, Any] = {"Entity": {"properties": {"id": {"type": "string"}}}}
    for kind in kinds:
        wrapper = {"value": {"type": "string"}, "error": {"type": "string"}}
        schemas[f"{kind}Value"] = {"type": "object", "properties": wrapper}
    for name, members in STRUCTURES.items():
        properties = {
            member: {"$ref": f"#/components/schemas/{kind}{'Value' * (kind in kinds)}"}
            for member, kind in members.items()
        }
        own = {"type": "object", "properties": properties}
        schemas[name] = {"allOf": [{"$ref": "#/components/schemas/Entity"}, own]}
    paths: dict[str, Any] = {
        "/Customer": {"get": {}, "put": {}},
        "/Customer/{ids}": {"get": {}, "delete": {}},
    }
    return {
        "openapi": "3.0.1",
        "info": {"title": "Extended/24.200.001", "version": "4"},
        "paths": paths,
        "components": {"schemas": schemas},
    }


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AcumaticaClient]:
    path: Path = tmp_path_factory.mktemp("endpoint") / "swagger.json"
    path.write_text(json.dumps(document()), encoding="utf-8")
    with Sandbox(schema=path) as box, connect(box, endpoint_name="Extended") as client:
        for given in CUSTOMERS:
            client.customers.put_entity(given)
        yield client


def found(client: AcumaticaClient, condition: Expression) -> str:
    """Return the keys of those of the customers above that a filter selects."""
    keys = {customer["CustomerID"] for customer in CUSTOMERS}
    return "".join(sorted(keys & {one.CustomerID for one in client.customers.get_list(filter=condition)}))


def chosen(client: AcumaticaClient, choose: Callable[[Record], bool]) -> set[str | None]:
    """Return the ids of the customers that plain Python chooses from all."""
    return {record.id for record in client.customers.get_list() if choose(record)}


def test_simple_equality_filter(client: AcumaticaClient) -> None:
    active_filter = F.Status == "Active"
    assert found(client, active_filter) == "ABD"
    assert str(active_filter) == "Status eq 'Active'"


def test_comparison_operators(client: AcumaticaClient) -> None:
    high_value = F.Balance > 10000
    recent = F.CreatedDate >= "2024-01-01"
    assert found(client, high_value) == "AD"
    beginning = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    expected = chosen(client, lambda one: one.CreatedDate is not None and one.CreatedDate >= beginning)
    assert {one.id for one in client.customers.get_list(filter=recent)} == expected
    assert str(high_value) == "Balance gt 10000"


def test_logical_operators(client: AcumaticaClient) -> None:
    combined = (F.Status == "Active") & (F.Balance > 5000)
    either_or = (F.Type == "Business") | (F.Type == "Corporate")
    assert found(client, combined) == "AD"
    assert found(client, either_or) == "AB"
    assert str(either_or) == "Type eq 'Business' or Type eq 'Corporate'"


def test_string_functions(client: AcumaticaClient) -> None:
    # String functions (lowercase for OData compatibility)
    name_starts = F.CustomerName.tolower().startswith("acme")
    contains_text = F.Description.contains("important")
    name_ends = F.CustomerName.endswith("LLC")
    with pytest.warns(LocalFilterWarning, match="tolower"):
        assert found(client, name_starts) == "A"
    assert found(client, contains_text) == "AB"
    assert found(client, name_ends) == "AC"
    assert str(name_starts) == "startswith(tolower(CustomerName),'acme')"
    assert str(contains_text) == "contains(Description,'important')"


def test_date_functions(client: AcumaticaClient) -> None:
    this_year = F.CreatedDate.year() == 2024
    this_month = F.OrderDate.month() == 3
    expected = chosen(client, lambda one: one.CreatedDate is not None and one.CreatedDate.year == 2024)
    with pytest.warns(LocalFilterWarning, match="year"):
        assert {one.id for one in client.customers.get_list(filter=this_year)} == expected
    assert 0 < len(expected) < 20
    with pytest.warns(LocalFilterWarning, match="month"):
        assert found(client, this_month) == "AB"
    assert str(this_year) == "year(CreatedDate) eq 2024"


def test_navigation_properties(client: AcumaticaClient) -> None:
    has_email = F.MainContact.Email != None  # noqa: E711 - as the reference writes it
    contact_city = F.MainContact.Address.City == "New York"
    assert found(client, has_email) == "AB"
    assert found(client, contact_city) == "AC"
    assert str(contact_city) == "MainContact/Address/City eq 'New York'"


def test_complex_nested_conditions_need_brackets_in_the_last_line() -> None:
    """As it stands the example compares with `"30D" | F.Terms`, so that the 60D customers would silently be lost."""
    with pytest.raises(
        TypeError, match=r"Put each comparison into brackets: \(F.X == '30D'\) \| \(F.Terms =="
    ):
        (
            ((F.Status == "Active") | (F.Status == "OnHold")) &
            (F.Balance > 1000) &
            F.CustomerName.tolower().startswith("tech") &
            (F.Terms == "30D" | F.Terms == "60D")
        )  # fmt: skip


def test_complex_nested_conditions_with_list_operations(client: AcumaticaClient) -> None:
    # Complex nested conditions
    complex_filter = (
        ((F.Status == "Active") | (F.Status == "OnHold"))
        & (F.Balance > 1000)
        & F.CustomerName.tolower().startswith("tech")
        & ((F.Terms == "30D") | (F.Terms == "60D"))
    )
    # Use with list operations
    with pytest.warns(LocalFilterWarning):
        results = client.customers.get_list(filter=complex_filter)
    assert {"B", "C"} <= {customer.CustomerID for customer in results}
    assert all(customer.CustomerName.lower().startswith("tech") for customer in results)
    with pytest.warns(LocalFilterWarning):
        attrs = client.customers.to_frame(complex_filter).attrs
    assert attrs["local_filter"] == "startswith(tolower(CustomerName),'tech')"
    assert attrs["filter"] == (
        "(Status eq 'Active' or Status eq 'OnHold') and Balance gt 1000 and (Terms eq '30D' or Terms eq '60D')"
    )


def test_query_options(client: AcumaticaClient) -> None:
    """The example of the chapter on services, as it stands, on an endpoint that has a Balance."""
    opts = QueryOptions(filter=F.CustomerID == "A", select=["CustomerID", "CustomerName", "Balance"])
    customer = client.customers.get_list(options=opts)
    assert [(one.CustomerName, float(one.Balance)) for one in customer] == [("ACME Tools LLC", 10000.01)]


def test_every_option_of_a_query(client: AcumaticaClient) -> None:
    options = QueryOptions(
        filter=F.CustomerID.isin(["A", "B", "C"]) & (F.Balance > 1000),
        select="CustomerID,MainContact/Email",
        expand="MainContact",
        skip=1,
        top=2,
        orderby="Balance desc",
    )
    records = client.customers.get_list(options=options)
    assert [record.CustomerID for record in records] == ["C", "B"]
    assert records[1].MainContact.Email == "b@tech.example"
