"""`to_parquet` stores what was asked, and tells what it was."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from acudata import AcumaticaClient, Dataset, F, SchemaDriftWarning
from acudata.errors import AcumaticaUnknownNameError, AcumaticaValidationError
from acudata.sandbox import Sandbox


def test_a_folder_of_partitions_gives_the_frame_back(client: AcumaticaClient, tmp_path: Path) -> None:
    expected = client.sales_orders.to_frame(top=500)
    report = client.sales_orders.to_parquet(
        tmp_path / "orders", partition_by="Status", top=500, page_size=100
    )
    assert (report.entity, report.rows, report.files) == ("SalesOrder", 500, expected["Status"].nunique())
    assert report.bytes > 0
    assert report.requests >= 5
    assert repr(report) == f"<TableReport SalesOrder: 500 rows at {tmp_path / 'orders'}>"
    stored = Dataset.at(tmp_path / "orders").to_frame()
    keys = ["OrderType", "OrderNbr"]
    pd.testing.assert_frame_equal(
        stored.sort_values(keys, ignore_index=True), expected.sort_values(keys, ignore_index=True)
    )
    assert stored.attrs["filter"] is None


@pytest.mark.parametrize("path", ["orders.parquet", "orders"])
def test_the_manifest_tells_what_was_asked(
    client: AcumaticaClient, box: Sandbox, tmp_path: Path, path: str
) -> None:
    report = client.sales_orders.to_parquet(
        tmp_path / path, filter=F.Status == "Open", expand="Details", page_size=50
    )
    manifest = Dataset.at(tmp_path / path).manifest
    assert manifest is not None
    assert manifest.rows == report.rows > (manifest.records or 0) > 0
    told = {
        name: manifest.origin[name]
        for name in ("entity", "table", "tenant", "filter", "endpoint", "instance")
    }
    assert told == {
        "entity": "SalesOrder",
        "table": "Details",
        "tenant": box.tenant,
        "filter": "Status eq 'Open'",
        "endpoint": "Default/24.200.001",
        "instance": box.url,
    }


def test_the_newest_change_is_the_watermark(client: AcumaticaClient, tmp_path: Path) -> None:
    newest = client.customers.to_frame()["LastModifiedDateTime"].max()
    client.customers.to_parquet(tmp_path / "customers")
    manifest = Dataset.at(tmp_path / "customers").manifest
    assert manifest is not None
    assert manifest.watermark is not None
    assert pd.Timestamp(manifest.watermark) == newest


def test_small_pages_do_not_make_small_row_groups(client: AcumaticaClient, tmp_path: Path) -> None:
    path = tmp_path / "customers.parquet"
    client.customers.to_parquet(path, page_size=20, select="CustomerID")
    assert pq.read_metadata(path).num_row_groups == 1
    client.customers.to_parquet(path, page_size=20, select="CustomerID", row_group_size=130)
    metadata = pq.read_metadata(path)
    assert [metadata.row_group(number).num_rows for number in range(3)] == [130, 130, 40]


def test_columns_that_drift_are_told(client: AcumaticaClient, tmp_path: Path) -> None:
    path = tmp_path / "customers.parquet"
    client.customers.to_parquet(path, select="CustomerID,CreditLimit", custom=None)
    with pytest.warns(SchemaDriftWarning, match=r"removed CreditLimit \(decimal128") as warned:
        report = client.customers.to_parquet(path, select="CustomerID,Status", custom=None)
    assert warned[0].filename == __file__
    assert (list(report.drift.added), list(report.drift.removed)) == (["Status"], ["CreditLimit"])
    assert not client.customers.to_parquet(path, select="CustomerID,Status", custom=None).drift


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"partition_by": "Statu"}, AcumaticaUnknownNameError),
        ({"partition_by": "OrderTotal"}, AcumaticaValidationError),
        ({"row_group_size": 0}, AcumaticaValidationError),
        ({"compression": "zip"}, ValueError),
        ({"on_drift": "ignore"}, ValueError),
    ],
)
def test_what_makes_no_sense_is_refused_before_any_request(
    client: AcumaticaClient, box: Sandbox, tmp_path: Path, options: dict[str, object], error: type[Exception]
) -> None:
    client.sales_orders.to_frame(top=1)
    before = len(box.requests)
    with pytest.raises(error):
        client.sales_orders.to_parquet(tmp_path / "orders", **options)  # type: ignore[arg-type]
    assert len(box.requests) == before
    assert not list(tmp_path.iterdir())


def test_an_export_by_another_process_is_read_here(box: Sandbox, tmp_path: Path) -> None:
    settings = {"base_url": box.url, "username": box.username, "password": box.password, "tenant": box.tenant}
    program = (
        "from acudata import AcumaticaClient\n"
        f"with AcumaticaClient(auto_load_env=False, **{settings!r}) as client:\n"
        f"    client.customers.to_parquet({str(tmp_path / 'customers')!r})\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
    assert len(Dataset.at(tmp_path / "customers").to_frame()) == 300
