"""Kept answers, seen by users: what a notebook that runs again asks for, who sees what, and work without a server."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from acudata import AcumaticaClient, AcumaticaOfflineError, F
from acudata.sandbox import Sandbox, SandboxSettings
from tests.conftest import connect
from tests.customised import requests_of

Open = Callable[..., AcumaticaClient]
CUSTOMER = "C000000004"
USERS = {"admin": "sandbox-password", "eve": "another-password"}


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(settings=SandboxSettings(users=USERS)) as box:
        yield box


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def caching(box: Sandbox, folder: Path, **settings: Any) -> AcumaticaClient:
    return connect(box, **{"cache_dir": folder, "http_cache": True, **settings})


def notebook(client: AcumaticaClient) -> list[pd.DataFrame]:
    """Read in every way there is."""
    orders = client.sales_orders.to_frames(F.OrderTotal > 20_000, expand=["Details"], page_size=7)
    client.customers.get_list(F.CustomerID < "C1", top=3)
    client.customers.count()
    return [
        client.customers.to_frame(),
        client.customers.to_frame(select="CustomerName", page_size=100),
        client.stock_items.to_frame(F.Description.tolower() > "p", page_size=50, strict=False, top=60),
        client.stock_items.to_frame(expand="Attributes", attributes="columns", page_size=50),
        *orders.values(),
    ]


@pytest.mark.filterwarnings("ignore::acudata.LocalFilterWarning")
def test_a_notebook_that_runs_again_asks_for_nothing(box: Sandbox, folder: Path) -> None:
    with caching(box, folder) as client:
        first = notebook(client)
        assert requests_of(client) > 20
    with caching(box, folder) as client:
        again = notebook(client)
        assert requests_of(client) == 0
    for frame, kept in zip(first, again, strict=True):
        pd.testing.assert_frame_equal(frame, kept)
        assert frame.attrs["cache_age"] is None
        assert 0 <= kept.attrs["cache_age"] < 600


@pytest.mark.filterwarnings("ignore::acudata.LocalFilterWarning")
def test_the_same_without_a_server(folder: Path) -> None:
    with Sandbox() as box, caching(box, folder) as client:
        first = notebook(client)
        services = client.list_services()
        info = client.get_service_info("Customer")
    with caching(box, folder, offline=True) as client:
        assert client.list_services() == services
        assert client.get_service_info("Customer") == info
        for frame, kept in zip(first, notebook(client), strict=True):
            pd.testing.assert_frame_equal(frame, kept)
        assert client.models.Customer(CustomerID="X").CustomerID == "X"
        assert client.test_connection()["reachable"] is False
        assert requests_of(client) == 0


def test_work_without_a_server_from_the_schemas_own_copy(folder: Path) -> None:
    with Sandbox() as box, caching(box, folder, cache_methods=True) as client:
        first = client.customers.to_frame()
    for settings in ({"cache_methods": True}, {"cache_ttl_hours": 0, "force_rebuild": True}):
        with caching(box, folder, offline=True, **settings) as client:
            pd.testing.assert_frame_equal(client.customers.to_frame(), first)


def test_what_cannot_be_done_without_a_server(folder: Path) -> None:
    with Sandbox() as box, caching(box, folder) as client:
        client.customers.to_frame()
    client = caching(box, folder, offline=True, http_cache=False)
    with pytest.raises(AcumaticaOfflineError, match=r"Customer\?\$select=CustomerName.* was not kept"):
        client.customers.to_frame(select="CustomerName", custom=None)
    with pytest.raises(AcumaticaOfflineError, match="has to be sent to the server"):
        client.customers.to_frame(cache=False)
    with pytest.raises(AcumaticaOfflineError, match="PUT .*/Customer has to be sent to the server"):
        client.customers.put_entity({"CustomerID": "X"})
    with pytest.raises(AcumaticaOfflineError, match="has to be sent"):
        client.account_summary_inquiries.inquire(Ledger="ACTUAL", Period="122024")
    assert len(client.customers.to_frame()) == 300, "nothing of this dropped what is kept"


def test_an_entity_that_was_never_read_is_not_there_offline(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with Sandbox() as box, caching(box, folder) as client:
        client.list_services()
    client = caching(box, folder, offline=True)
    with pytest.raises(AcumaticaOfflineError, match=r"/Vendor\S* was not kept"):
        client.vendors.to_frame()
    assert "the custom fields of Vendor are unknown" in caplog.text


OTHERS: dict[str, dict[str, Any]] = {
    "tenant": {"tenant": "T100"},
    "user": {"username": "eve", "password": USERS["eve"]},
    "branch": {"branch": "EAST"},
    "locale": {"locale": "de-DE"},
    "version": {"endpoint_version": "23.200.001"},
}


@pytest.mark.parametrize("which", OTHERS)
def test_nobody_gets_what_somebody_else_was_told(which: str, box: Sandbox, folder: Path) -> None:
    with caching(box, folder) as client:
        mine = client.customers.to_frame(custom=None)
    with caching(box, folder, **OTHERS[which]) as client:
        theirs = client.customers.to_frame(custom=None)
        assert theirs.attrs["cache_age"] is None
        assert theirs.equals(mine) == (which != "tenant")
    client = caching(box, folder, **OTHERS[which], offline=True)
    assert client.customers.to_frame(custom=None).equals(theirs)


def test_what_was_written_is_read(folder: Path) -> None:
    with Sandbox() as box, caching(box, folder) as client, caching(box, folder) as other:
        for _ in range(2):
            before = client.customers.to_frame(F.CustomerID == CUSTOMER, select="CustomerName")
            other.customers.to_frame(F.CustomerID == CUSTOMER, select="CustomerName")
        client.customers.put_entity({"CustomerID": CUSTOMER, "CustomerName": "Renamed"})
        for reader in (client, other):
            after = reader.customers.to_frame(F.CustomerID == CUSTOMER, select="CustomerName")
            assert after["CustomerName"].tolist() == ["Renamed"] != before["CustomerName"].tolist()


def test_an_action_outdates_what_it_changes_and_what_it_does_not_name(folder: Path) -> None:
    with Sandbox() as box, caching(box, folder) as client:
        [item] = client.stock_items.get_list(top=1)
        invoice = client.sales_invoices.put_entity(
            {
                "Type": "Invoice",
                "CustomerID": CUSTOMER,
                "Hold": False,
                "Details": [{"InventoryID": item.InventoryID, "Qty": 1, "UnitPrice": 5}],
            }
        )
        keys = {"Type": invoice.Type, "ReferenceNbr": invoice.ReferenceNbr}
        before = client.sales_invoices.get_by_keys(*keys.values())
        client.warehouses.to_frame()
        client.sales_invoices.invoke_action("ReleaseSalesInvoice", keys, poll_interval=0.01)
        assert (before.Status, client.sales_invoices.get_by_keys(*keys.values()).Status) == (
            "Balanced",
            "Open",
        )
        assert client.warehouses.to_frame().attrs["cache_age"] is None


def test_one_reading_decides_for_itself(box: Sandbox, folder: Path) -> None:
    with caching(box, folder, http_cache=False) as client:
        ages = [
            client.warehouses.to_frame(cache=cache).attrs["cache_age"] for cache in (True, True, None, False)
        ]
    assert [age is None for age in ages] == [True, False, True, True]


def test_one_record_can_be_asked_for_anew(folder: Path) -> None:
    with (
        Sandbox(settings=SandboxSettings(users=USERS)) as box,
        caching(box, folder) as client,
        caching(box, folder, **OTHERS["user"]) as eve,
    ):
        before = client.customers.get_by_keys(CUSTOMER).CustomerName
        eve.customers.put_entity({"CustomerID": CUSTOMER, "CustomerName": "Renamed"})
        assert client.customers.get_by_keys(CUSTOMER).CustomerName == before != "Renamed"
        assert client.customers.get_by_keys(CUSTOMER, cache=False).CustomerName == "Renamed"
        assert client.customers.get_by_id(CUSTOMER).CustomerName == "Renamed"


def test_what_somebody_else_changed_is_seen_after_clearing(folder: Path) -> None:
    question = F.CustomerID == CUSTOMER
    with (
        Sandbox(settings=SandboxSettings(users=USERS)) as box,
        caching(box, folder) as client,
        caching(box, folder, **OTHERS["user"]) as eve,
    ):
        client.customers.to_frame(question, select="CustomerName")
        eve.customers.put_entity({"CustomerID": CUSTOMER, "CustomerName": "Renamed"})
        kept = client.customers.to_frame(question, select="CustomerName")
        assert kept["CustomerName"].tolist() != ["Renamed"]
        assert kept.attrs["cache_age"] is not None
        assert client.get_cache_stats()["http"]["hits"] == 1
        assert client.clear_http_cache() == 4, "two of the schema, custom fields, one page"
        assert client.get_cache_stats()["http"]["answers"] == 0
        new = client.customers.to_frame(question, select="CustomerName")
        assert new["CustomerName"].tolist() == ["Renamed"]


def test_what_was_learnt_of_the_schema_is_kept_and_read_anew(folder: Path) -> None:
    with Sandbox() as box:
        for settings, requests in (
            ({}, 2),
            ({}, 0),
            ({"force_rebuild": True}, 2),
            ({"http_cache": False}, 2),
        ):
            with caching(box, folder, **settings) as client:
                client.list_services()
                assert requests_of(client) == requests
        with caching(box, folder) as client:
            client.list_services()
            client.refresh_schema()
            assert requests_of(client) == 2
            assert client.test_connection()["reachable"]
            assert requests_of(client) == 3, "whether there is a connection is not told by what is kept"


def test_clearing_everything(box: Sandbox, folder: Path) -> None:
    with caching(box, folder, cache_methods=True) as client:
        client.warehouses.to_frame()
        with caching(box, folder, tenant="T100") as other:
            other.warehouses.to_frame()
        stats = client.get_cache_stats()["http"]
        assert Path(stats["path"]).stat().st_size == stats["size_bytes"] > 1_000
        assert client.clear_cache() == 3
        assert [path for path in folder.rglob("*") if path.is_file()] == []
        assert len(client.warehouses.to_frame()) > 0


def test_the_environment_can_switch_it_on(box: Sandbox, folder: Path, tmp_path: Path) -> None:
    program = """
from acudata import AcumaticaClient
with AcumaticaClient() as client:
    print(client.warehouses.to_frame().attrs["cache_age"] is None, client.get_api_usage_stats()["total_requests"])
"""
    settings = {"URL": box.url, "USERNAME": box.username, "PASSWORD": box.password, "TENANT": box.tenant,
                "HTTP_CACHE": "8h", "CACHE_DIR": str(folder)}  # fmt: skip
    variables = os.environ | {f"ACUMATICA_{name}": text for name, text in settings.items()}
    first, second = (
        subprocess.check_output([sys.executable, "-c", program], env=variables, cwd=tmp_path, text=True)
        for _ in range(2)
    )
    assert first.startswith("True ")
    assert second == "False 0\n"


def test_the_age_of_a_frame_goes_into_a_file(box: Sandbox, folder: Path) -> None:
    with caching(box, folder) as client:
        client.warehouses.to_frame()
        frame = client.warehouses.to_frame()
    file = io.BytesIO()
    frame.to_parquet(file)
    assert pd.read_parquet(file).attrs["cache_age"] == frame.attrs["cache_age"] >= 0
