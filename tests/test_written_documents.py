"""Documents that the least was written into still fit every report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from acudata import AcumaticaClient
from acudata.reports import receivables_by_age, sales_by_month
from acudata.sandbox import Sandbox, SandboxSettings

CUSTOMER = "C000000001"
LINE = {"InventoryID": "ACU00008", "OrderQty": 2}


@pytest.fixture(scope="module")
def client() -> Iterator[AcumaticaClient]:
    settings = SandboxSettings(business_date="2024-12-31")
    with (
        Sandbox(settings=settings) as box,
        AcumaticaClient(box.url, box.username, box.password, box.tenant, cache_dir=None) as client,
    ):
        yield client


def test_an_order_is_part_of_the_sales_of_its_month(client: AcumaticaClient) -> None:
    before = sales_by_month(client.sales_orders.to_frame())
    made: Any = client.sales_orders.put_entity({"CustomerID": CUSTOMER, "Details": [LINE]})
    after = sales_by_month(client.sales_orders.to_frame())
    assert made.OrderTotal > 0
    assert after.index.equals(before.index)
    grown = (after - before).sum()[["Documents", "Net"]].tolist()
    assert grown == pytest.approx([1, float(made.OrderTotal)])


def test_a_released_invoice_is_owed(client: AcumaticaClient) -> None:
    def owed() -> Any:
        invoices, payments = client.sales_invoices.to_frame(), client.payments.to_frame()
        return float(receivables_by_age(invoices, payments=payments, as_of="2024-12-31")["Total"].sum())

    before = owed()
    line = {"InventoryID": "INSTALL", "Qty": 2}
    made: Any = client.sales_invoices.put_entity({"CustomerID": CUSTOMER, "Details": [line]})
    client.payments.put_entity({"CustomerID": CUSTOMER, "PaymentAmount": 10})
    assert owed() == pytest.approx(before)
    client.sales_invoices.invoke_action("ReleaseSalesInvoice", made)
    assert owed() == pytest.approx(before + 190)
