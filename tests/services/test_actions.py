"""Actions: followed to their end, never started twice, failures in the server's own words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from acudata import (
    AcumaticaClient,
    AcumaticaError,
    AcumaticaNotFoundError,
    AcumaticaTimeoutError,
    AcumaticaUnknownNameError,
    AcumaticaValidationError,
    F,
)
from acudata.models import Record
from acudata.models.wrapping import custom_block
from acudata.sandbox import Sandbox, SandboxSettings
from tests.conftest import connect


@pytest.fixture(scope="module")
def acting() -> Iterator[AcumaticaClient]:
    with Sandbox(settings=SandboxSettings(operation_polls=2)) as box, connect(box) as client:
        yield client


def an_order(client: AcumaticaClient, status: str) -> Record:
    order = client.sales_orders.first((F.Status == status) & (F.OrderType == "SO"))
    assert order is not None
    return order


def test_a_long_action_is_followed_until_done(acting: AcumaticaClient) -> None:
    order = an_order(acting, "Open")
    result = acting.sales_orders.invoke_action_sales_order_create_shipment(
        order, {"ShipmentDate": datetime(2024, 12, 31)}, poll_interval=0.01
    )
    assert (result.action, result.is_finished) == ("SalesOrderCreateShipment", True)
    assert result.status_url is not None
    after = acting.sales_orders.get_by_id(str(order.id), expand="Shipments")
    assert after.Shipments


def test_a_quick_action_tells_its_record(acting: AcumaticaClient) -> None:
    order = an_order(acting, "Canceled")
    result = acting.sales_orders.invoke_action_reopen_sales_order(order)
    assert result.is_finished
    assert str(order.id) in str(result.record_url)


@pytest.mark.parametrize(
    "name",
    ["invoke_action_ReopenSalesOrder", "invoke_action_reopensalesorder", "invoke_action_reopen_sales_order"],
)
def test_every_spelling_finds_the_action(acting: AcumaticaClient, name: str) -> None:
    assert "Invoke ReopenSalesOrder" in str(getattr(acting.sales_orders, name).__doc__)
    assert "invoke_action_reopen_sales_order" in dir(acting.sales_orders)


def test_without_waiting_the_action_goes_on(acting: AcumaticaClient) -> None:
    order = an_order(acting, "Open")
    result = acting.sales_orders.invoke_action("SalesOrderCreateShipment", order, wait=False)
    assert not result.is_finished
    link = acting._session.link(str(result.status_url))
    statuses = [acting._session.get(link).status for _ in range(3)]
    assert statuses == [202, 202, 204]


def test_an_action_that_takes_too_long(acting: AcumaticaClient) -> None:
    order = an_order(acting, "Open")
    with pytest.raises(AcumaticaTimeoutError, match="do not start it again") as caught:
        acting.sales_orders.invoke_action("SalesOrderCreateShipment", order, timeout=0)
    assert "/status/" in caught.value.context["status_url"]
    link = acting._session.link(caught.value.context["status_url"])
    while acting._session.get(link).status == 202:
        pass


def test_a_form_action_that_no_document_lists(acting: AcumaticaClient) -> None:
    case = acting.cases.first(F.Status != "Closed")
    assert case is not None
    acting.cases.invoke_action("Close", case, custom={"FilterPreview.Reason": "Resolved"})
    assert acting.cases.get_by_id(str(case.id)).Status == "Closed"


def test_unknown_actions_and_parameters_name_the_nearest(acting: AcumaticaClient) -> None:
    order = an_order(acting, "Open")
    with pytest.raises(AcumaticaUnknownNameError, match="invoke_action_reopen_sales_order"):
        acting.sales_orders.invoke_action_reopen_sales_oder(order)
    with pytest.raises(AcumaticaUnknownNameError, match="ShipmentDate"):
        acting.sales_orders.invoke_action_sales_order_create_shipment(order, {"ShipmentDat": "2024-01-01"})
    with pytest.raises(AcumaticaNotFoundError, match="ReopenSalesOrder"):
        acting.sales_orders.invoke_action("ReopenSalesOder", order)
    with pytest.raises(AttributeError, match="has no attribute 'to_fram'"):
        _ = acting.sales_orders.to_fram


def test_a_failing_action_tells_why(acting: AcumaticaClient) -> None:
    order = an_order(acting, "Completed")
    with pytest.raises(AcumaticaError) as caught:
        acting.sales_orders.invoke_action("SalesOrderCreateShipment", order, poll_interval=0.01)
    assert "stackTrace" not in str(caught.value)
    assert caught.value.status_code is not None


def test_dialog_values_get_their_type_from_their_value() -> None:
    assert custom_block({"A.Text": "x", "A.Flag": True, "B.Number": 5, "B.Money": 1.5}) == {
        "A": {
            "Text": {"type": "CustomStringField", "value": "x"},
            "Flag": {"type": "CustomBooleanField", "value": True},
        },
        "B": {
            "Number": {"type": "CustomIntField", "value": 5},
            "Money": {"type": "CustomDecimalField", "value": 1.5},
        },
    }
    with pytest.raises(AcumaticaValidationError, match="View.Reason"):
        custom_block({"Reason": "x"})
