"""Lists that the server cannot optimise: the cause is named, and each way out gives what it promises."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest

from acudata import AcumaticaClient, AcumaticaOptimizationError, F, NarrowedWarning
from acudata.queries import custom
from acudata.sandbox import Sandbox, SandboxSettings
from tests.conftest import connect
from tests.plain import cells

COMPUTED = {
    "Customer": {"CreditLimit": "CreditView"},
    "SalesOrder": {"Shipments": "ShipmentList"},
    "SalesOrderDetail": {"UnitCost": "CostView"},
}


@pytest.fixture(scope="module")
def computing() -> Iterator[Sandbox]:
    """Serve an instance that computes more fields than others do."""
    with Sandbox(settings=SandboxSettings(computed=COMPUTED)) as box:
        yield box


@pytest.fixture(scope="module")
def hampered(computing: Sandbox) -> Iterator[AcumaticaClient]:
    with connect(computing) as client:
        yield client


def same(found: pd.DataFrame, expected: pd.DataFrame) -> bool:
    return list(found) == list(expected) and all(
        cells(found[name]) == cells(expected[name]) for name in found
    )


@pytest.mark.parametrize(
    ("entity", "question", "causes"),
    [
        ("Payment", {"expand": "ApplicationHistory"}, ["ApplicationHistory"]),
        (
            "Payment",
            {"expand": "ApplicationHistory,DocumentsToApply"},
            ["ApplicationHistory", "DocumentsToApply"],
        ),
        (
            "Payment",
            {"select": "ReferenceNbr,ApplicationHistory/AmountPaid"},
            ["ApplicationHistory"],
        ),
        ("Customer", {}, ["CreditLimit"]),
        ("Customer", {"columns": "CustomerName,CreditLimit"}, ["CreditLimit"]),
        ("SalesOrder", {"expand": "Details,Shipments"}, ["Shipments"]),
    ],
)
def test_the_error_names_the_cause_and_the_ways_out(
    hampered: AcumaticaClient, entity: str, question: dict[str, Any], causes: list[str]
) -> None:
    with pytest.raises(AcumaticaOptimizationError) as caught:
        hampered[entity].to_frames(top=3, **question)
    assert sorted(caught.value.context["causes"]) == causes
    told = str(caught.value)
    for way_out in (*causes, "on_unoptimised='narrow'", "on_unoptimised='by_key'", "Generic Inquiry"):
        assert way_out in told


def test_the_error_says_what_to_expand_instead(hampered: AcumaticaClient) -> None:
    with pytest.raises(AcumaticaOptimizationError) as caught:
        hampered.sales_orders.to_frames(expand="Details,Shipments", top=1)
    assert "expand=['Details']" in caught.value.suggestions


def test_narrow_leaves_a_field_out_and_says_so(hampered: AcumaticaClient, client: AcumaticaClient) -> None:
    with pytest.warns(NarrowedWarning, match="cannot list CreditLimit of Customer") as caught:
        found = hampered.customers.to_frame(F.Status == "Active", on_unoptimised="narrow", top=40)
    assert caught[0].filename == __file__
    assert found.attrs["left_out"] == ["CreditLimit"]
    expected = client.customers.to_frame(F.Status == "Active", top=40).drop(columns="CreditLimit")
    assert same(found, expected)


def test_narrow_leaves_an_array_out(hampered: AcumaticaClient, client: AcumaticaClient) -> None:
    with pytest.warns(NarrowedWarning, match="Shipments"):
        found = hampered.sales_orders.to_frames(expand="Details,Shipments", on_unoptimised="narrow", top=5)
    expected = client.sales_orders.to_frames(expand="Details", top=5)
    assert list(found) == list(expected)
    assert all(same(found[name], expected[name]) for name in expected)


@pytest.mark.filterwarnings("ignore::acudata.notices.NarrowedWarning")
@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ({"select": "CustomerID,CreditLimit"}, ["CustomerID", "id"]),
        ({"columns": "CreditLimit,CustomerName"}, ["CustomerName", "id"]),
        ({"select": "CreditLimit"}, ["id"]),
    ],
)
def test_narrow_leaves_chosen_columns_out(
    hampered: AcumaticaClient, question: dict[str, Any], shown: list[str]
) -> None:
    assert list(hampered.customers.to_frame(on_unoptimised="narrow", top=2, **question)) == shown


def test_what_can_be_listed_is_not_narrowed(client: AcumaticaClient) -> None:
    found = client.customers.to_frame(on_unoptimised="narrow", top=2)
    assert found.attrs["left_out"] == []
    assert "CreditLimit" in found


@pytest.mark.parametrize("page_size", [7, 1000])
def test_by_key_gives_what_the_list_would(
    hampered: AcumaticaClient, client: AcumaticaClient, page_size: int
) -> None:
    question: dict[str, Any] = {"expand": "MainContact", "top": 20, "page_size": page_size}
    found = hampered.customers.to_frame(F.Status == "Active", on_unoptimised="by_key", **question)
    assert same(found, client.customers.to_frame(F.Status == "Active", **question))


def test_by_key_reads_custom_fields_as_lists_where_they_can_be(
    hampered: AcumaticaClient, client: AcumaticaClient, computing: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(custom, "PER_REQUEST", 2)
    before = len(computing.requests)
    found = hampered.customers.to_frame(on_unoptimised="by_key", top=10)
    asked = computing.requests[before:]
    assert len([arrival for arrival in asked if not arrival.path.endswith("/Customer")]) == 10
    assert same(found, client.customers.to_frame(top=10))


def test_by_key_reads_rows_that_no_list_has(client: AcumaticaClient) -> None:
    found = client.payments.to_frame(expand="ApplicationHistory", on_unoptimised="by_key", top=10)
    keys = client.payments.to_frame(select="Type,ReferenceNbr", top=10)
    one_by_one = [
        len(client.payments.get_by_keys(kind, number, expand="ApplicationHistory").ApplicationHistory)
        for kind, number in zip(cells(keys["Type"]), cells(keys["ReferenceNbr"]), strict=True)
    ]
    assert len(found) == sum(one_by_one) > 0
    assert found["AmountPaid"].notna().all()


def test_by_key_is_no_way_around_a_filter_on_such_a_field(hampered: AcumaticaClient) -> None:
    with pytest.raises(AcumaticaOptimizationError) as caught:
        hampered.customers.to_frame(F.CreditLimit > 0, on_unoptimised="by_key")
    assert "leave CreditLimit out of the filter, and choose here" in caught.value.suggestions


def test_a_record_that_is_gone_before_it_is_read_shortens_no_list() -> None:
    with Sandbox(settings=SandboxSettings(computed=COMPUTED)) as box, connect(box) as client:
        keys = cells(client.customers.to_frame(select="CustomerID")["CustomerID"])
        box.before(lambda _: box.delete("Customer", keys[3]), "*/Customer/*", number=2)
        found = client.customers.to_frame(
            on_unoptimised="by_key", columns="CustomerID,CreditLimit", page_size=10
        )
    assert cells(found["CustomerID"]) == [key for key in keys if key != keys[3]]


def test_every_stream_is_narrowed_alike(hampered: AcumaticaClient, tmp_path: Any) -> None:
    import pyarrow.parquet as pq

    with pytest.warns(NarrowedWarning):
        hampered.customers.to_parquet(tmp_path / "customers.parquet", on_unoptimised="narrow", top=30)
    table = pq.read_table(tmp_path / "customers.parquet")
    assert table.num_rows == 30
    assert "CreditLimit" not in table.column_names
