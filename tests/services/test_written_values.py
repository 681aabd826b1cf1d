"""Values of every kind go into the ERP and come back the same: pandas', numpy's and Python's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from acudata import AcumaticaClient
from acudata.sandbox import Sandbox
from tests.conftest import connect


@pytest.fixture(scope="module")
def writing() -> Iterator[AcumaticaClient]:
    with Sandbox() as box, connect(box) as client:
        yield client


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        ("CreditLimit", Decimal("1234.56"), Decimal("1234.56")),
        ("CreditLimit", np.float64(0.1), Decimal("0.1")),
        ("CreditLimit", np.int64(7), Decimal(7)),
        ("UsrRebatePct", Decimal("2.5"), Decimal("2.5")),
        ("UsrVisitCount", np.int32(3), 3),
        ("UsrKeyAccount", np.True_, True),
        ("UsrLastVisit", pd.Timestamp("2024-05-06T07:08:09"), dt.datetime(2024, 5, 6, 7, 8, 9)),
        ("UsrLastVisit", dt.date(2024, 5, 6), dt.datetime(2024, 5, 6)),
        ("UsrLastVisit", np.datetime64("2024-05-06"), dt.datetime(2024, 5, 6)),
        ("CustomerName", "Ünïcode & Söhne \u6771\u4eac \U0001f600 <'\">", None),
        ("CreditLimit", np.nan, None),
        ("UsrLastVisit", pd.NaT, None),
        ("UsrLoyaltyTier", pd.NA, None),
        ("UsrVisitCount", None, None),
    ],
)
def test_a_value_comes_back_as_it_was_written(
    writing: AcumaticaClient, field: str, value: Any, kept: Any
) -> None:
    writing.customers.put_entity(writing.models.Customer(CustomerID="C000000001", **{field: value}))
    read = writing.customers.get_by_id("C000000001")
    assert read[field] == (value if isinstance(value, str) else kept)


def test_only_what_was_set_changes(writing: AcumaticaClient) -> None:
    before = writing.customers.get_by_id("C000000002", expand="MainContact")
    changed = writing.customers.get_by_id("C000000002", select="CustomerID,CreditLimit")
    changed.CreditLimit = 4711
    writing.customers.put_entity(changed)
    after = writing.customers.get_by_id("C000000002", expand="MainContact")
    different = {name for name in before if before[name] != after[name]}
    assert different == {"CreditLimit", "LastModifiedDateTime"}


def test_lines_come_with_their_custom_fields_and_are_written_with_them(writing: AcumaticaClient) -> None:
    order = writing.sales_orders.get_by_id(["SO", "000070"], expand="Details")
    count = len(order.Details)
    order.Details[0].UsrPickZone = "Z-42"
    item = order.Details[0].InventoryID
    order.Details.append(writing.models.SalesOrderDetail(InventoryID=item, OrderQty=2, UsrLabelCount=9))
    writing.sales_orders.put_entity(order)
    lines = writing.sales_orders.get_by_id(["SO", "000070"], expand="Details").Details
    assert (len(lines), lines[0].UsrPickZone, lines[-1].UsrLabelCount) == (count + 1, "Z-42", 9)
    lines[-1].delete = True
    writing.sales_orders.put_entity({"id": order.id, "Details": lines})
    assert len(writing.sales_orders.get_by_id(["SO", "000070"], expand="Details").Details) == count


def test_a_decimal_goes_out_with_all_of_its_digits() -> None:
    sent: list[bytes] = []
    with Sandbox() as box, connect(box) as client:
        box.before(lambda call: sent.append(call.body), "*/Customer", method="PUT")
        client.customers.put_entity(
            {"CustomerID": "C000000001", "CreditLimit": Decimal("12345678901234567.89")}
        )
    assert b'"CreditLimit": {"value": 12345678901234567.89}' in sent[0]


@pytest.mark.parametrize("missing", [np.nan, pd.NaT, pd.NA], ids=repr)
def test_what_a_row_of_a_frame_misses_stays_as_it_is(writing: AcumaticaClient, missing: Any) -> None:
    writing.customers.put_entity({"CustomerID": "C000000003", "CreditLimit": 900, "UsrVisitCount": 4})
    writing.customers.put_entity(
        {"CustomerID": "C000000003", "CreditLimit": missing, "UsrVisitCount": None, "CustomerName": "Kept"}
    )
    read = writing.customers.get_by_id("C000000003")
    assert (read.CreditLimit, read.UsrVisitCount, read.CustomerName) == (900, None, "Kept")
