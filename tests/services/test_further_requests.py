"""Custom fields that are too many for one request come by several, joined by id whatever moves in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
import pytest

from acudata import AcumaticaClient, F
from acudata.frames.layout import Layout, id_column, value_column
from acudata.queries import custom
from acudata.queries.custom import in_chunks
from acudata.sandbox import Sandbox
from acudata.schema import CustomField
from tests.conftest import connect
from tests.plain import cells


@pytest.fixture
def two_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a request ask for two custom fields at most, so that a few are many."""
    monkeypatch.setattr(custom, "PER_REQUEST", 2)


@pytest.fixture(scope="module")
def whole(client: AcumaticaClient) -> pd.DataFrame:
    return client.customers.to_frame(expand="MainContact")


@pytest.fixture
def changing() -> Iterator[tuple[Sandbox, AcumaticaClient]]:
    """Serve a company that may be changed, to a client that asks for one page at a time."""
    with Sandbox() as box, connect(box, max_concurrent_requests=1) as client:
        yield box, client


def same(found: pd.DataFrame, expected: pd.DataFrame) -> bool:
    return list(found) == list(expected) and all(
        cells(found[name]) == cells(expected[name]) for name in found
    )


READERS: dict[str, Callable[[AcumaticaClient], Any]] = {
    "get_list": lambda client: client.customers.get_list(top=30, page_size=20, expand="MainContact"),
    "first": lambda client: client.customers.first(expand="MainContact"),
    "get_by_id": lambda client: client.customers.get_by_id("C000000004", expand="MainContact"),
    "get_by_keys": lambda client: client.sales_orders.get_by_keys("SO", "000070", expand="Details"),
    "lines": lambda client: client.sales_orders.get_list(top=5, expand="Details/Allocations"),
    "chosen": lambda client: client.customers.get_list(
        F.UsrVisitCount > 3, top=5, select="UsrKeyAccount,UsrLoyaltyTier,Status"
    ),
}


@pytest.mark.parametrize("reader", READERS)
def test_records_are_the_same_in_several_requests(
    client: AcumaticaClient, box: Sandbox, reader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = READERS[reader](client)
    monkeypatch.setattr(custom, "PER_REQUEST", 1)
    before = len(custom_requests(box))
    assert READERS[reader](client) == expected
    asked = custom_requests(box)[before:]
    assert len(asked) > 1
    assert not any("," in fields for fields in asked)


@pytest.mark.usefixtures("two_each")
def test_records_that_move_between_two_requests_are_looked_up(
    changing: tuple[Sandbox, AcumaticaClient],
) -> None:
    box, client = changing
    expected = client.customers.get_list(top=10)
    box.before(
        lambda _: box.put("Customer", CustomerID="!FIRST", CustomerName="first"), "*/Customer", number=2
    )
    assert client.customers.get_list(top=10) == expected


@pytest.mark.usefixtures("two_each")
def test_a_record_that_is_gone_is_told(
    changing: tuple[Sandbox, AcumaticaClient], caplog: pytest.LogCaptureFixture
) -> None:
    box, client = changing
    box.before(lambda _: box.delete("Customer", "C000000004"), "*/Customer", number=2)
    found = client.customers.get_list(top=10)
    assert [record.CustomerID for record in found].count("C000000004") == 1
    assert "1 records went before their custom fields were read" in caplog.text


def custom_requests(box: Sandbox) -> list[str]:
    return [arrival.query["$custom"] for arrival in box.requests if "$custom" in arrival.query]


@pytest.mark.usefixtures("two_each")
@pytest.mark.parametrize("page_size", [40, 1000])
def test_chunks_make_the_same_frame(client: AcumaticaClient, whole: pd.DataFrame, page_size: int) -> None:
    assert same(client.customers.to_frame(expand="MainContact", page_size=page_size), whole)


@pytest.mark.usefixtures("two_each")
def test_each_further_request_is_narrow(client: AcumaticaClient, box: Sandbox) -> None:
    before = len(box.requests)
    client.customers.to_frame(top=5)
    first, *further = [arrival.query for arrival in list(box.requests)[before:]]
    assert "$select" not in first
    assert [query["$select"] for query in further] == ["CustomerID", "CustomerID"]
    assert all(query["$custom"].count(",") <= 1 for query in (first, *further))
    assert {query["$top"] for query in (first, *further)} == {"5"}


@pytest.mark.usefixtures("two_each")
def test_custom_fields_of_lines_are_joined_by_the_ids_of_the_lines(client: AcumaticaClient) -> None:
    question: dict[str, Any] = {"expand": "Details/Allocations", "top": 60}
    found = client.sales_orders.to_frames(**question, page_size=25)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(custom, "PER_REQUEST", 20)
        expected = client.sales_orders.to_frames(**question)
    assert list(found) == list(expected)
    assert all(same(found[name], expected[name]) for name in expected)
    assert found["Details"]["UsrPickZone"].notna().any()


@pytest.mark.usefixtures("two_each")
def test_rows_that_move_between_two_requests_are_looked_up(changing: tuple[Sandbox, AcumaticaClient]) -> None:
    box, client = changing
    expected = client.customers.to_frame(top=10)
    box.before(
        lambda _: box.put("Customer", CustomerID="!FIRST", CustomerName="first of all"),
        "*/Customer",
        number=2,
    )
    found = client.customers.to_frame(top=10)
    assert found.attrs["incomplete"] == 0
    assert same(found, expected)


@pytest.mark.usefixtures("two_each")
def test_a_record_that_is_gone_is_marked_and_counted(changing: tuple[Sandbox, AcumaticaClient]) -> None:
    box, client = changing
    expected = client.customers.to_frame(top=10)
    own = [name for name in expected if str(name).startswith("Usr")]
    gone = cells(expected["CustomerID"])[4]
    box.before(lambda _: box.delete("Customer", gone), "*/Customer", number=2)
    found = client.customers.to_frame(top=10)
    assert found.attrs["incomplete"] == 2  # it is missing in either further request
    row = found.set_index("CustomerID").loc[gone]
    assert row["CustomerName"] == expected.set_index("CustomerID").loc[gone, "CustomerName"]
    assert row[own].isna().sum() >= len(own) - 1
    kept = found["CustomerID"] != gone
    assert same(found[kept], expected[kept])


@pytest.mark.usefixtures("two_each")
def test_values_of_another_kind_are_counted_wherever_they_come_from(
    changing: tuple[Sandbox, AcumaticaClient],
) -> None:
    from acudata.sandbox.calls import Answer

    box, client = changing
    box.after(
        lambda _, answer: Answer(answer.body.replace(b'"UsrVisitCount":{"type":"CustomIntField","value":',
                                                     b'"UsrVisitCount":{"type":"CustomIntField","value":"many","was":')),
        "*/Customer",
    )  # fmt: skip
    found = client.customers.to_frame(top=10)
    assert found["UsrVisitCount"].isna().all()
    assert found.attrs["invalid"]["UsrVisitCount"] > 0


def test_chunks_keep_to_number_and_length() -> None:
    fields = [CustomField("View", f"Usr{number:03}", "String") for number in range(50)]
    assert [len(chunk) for chunk in in_chunks(fields)] == [20, 20, 10]
    assert [len(chunk) for chunk in in_chunks(fields, before=5)] == [15, 20, 15]
    long = [CustomField("View", f"Usr{number}{'x' * 700}", "String") for number in range(5)]
    assert [len(chunk) for chunk in in_chunks(long)] == [2, 2, 1]
    assert [*in_chunks([])] == [[]]


def test_ids_are_found_by_their_depth() -> None:
    from acudata.finishing.further import id_name

    columns = (
        id_column("id"),
        id_column("Details.id", depth=1),
        value_column("Qty", "Decimal", ["Qty"], depth=1),
    )
    assert id_name(Layout(columns, rows=(("Details",),)), 1) == "Details.id"
