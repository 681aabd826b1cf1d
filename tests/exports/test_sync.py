"""Incremental exports: what is asked for, what is written, and that it is what the server has."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

import pandas as pd
import pytest

from acudata import F
from acudata.exports.dataset import Dataset
from acudata.exports.reports import TableReport
from acudata.odata import Expression
from tests.exports.lakes import Lake

LOCATIONS = ("Warehouse", "Warehouse.Locations")


def new_warehouse(lake: Lake, name: str, *locations: str) -> None:
    lake.box.delete("Warehouse", name) if lake.box.table("Warehouse").find_keys([name]) is not None else None
    rows = [{"LocationID": location, "Description": f"Shelf {location}"} for location in locations]
    lake.client.warehouses.put_entity({"WarehouseID": name, "Description": "New", "Locations": rows})


def test_the_first_run_reads_everything(lake: Lake) -> None:
    reports = lake.sync("Warehouse")
    assert {name: report.mode for name, report in reports.items()} == dict.fromkeys(LOCATIONS, "full")
    assert reports["Warehouse"].added == reports["Warehouse"].rows > 0
    assert reports["Warehouse"].reason == "nothing is stored yet"
    lake.check("Warehouse", expand="Locations")


def test_a_run_in_which_nothing_changed_asks_once_and_writes_nothing(lake: Lake) -> None:
    lake.sync("SalesOrder", "Warehouse")
    files = lake.files()
    reports = lake.sync("SalesOrder", "Warehouse")
    assert len(lake.asked) == 2
    assert lake.files() == files
    assert not any(report.has_changes for report in reports.values())
    assert {report.mode for report in reports.values()} == {"changes"}


def test_looking_for_deleted_records_too_asks_twice(lake: Lake) -> None:
    lake.sync("Customer", deletes="keys")
    files = lake.files()
    reports = lake.sync("Customer", deletes="keys")
    assert len(lake.asked) == 2
    assert lake.files() == files
    assert reports["Customer"].requests == 2


def test_new_and_changed_records_come_with_all_of_their_lines(lake: Lake) -> None:
    new_warehouse(lake, "EAST", "A1", "A2")
    lake.sync("Warehouse")
    new_warehouse(lake, "WEST", "B1")
    lake.box.put("Warehouse", WarehouseID="EAST", Description="Changed")
    reports = lake.sync("Warehouse")
    assert [(report.added, report.changed) for report in reports.values()] == [(1, 1), (1, 1)]
    lake.check("Warehouse", expand="Locations")


def test_lines_that_were_removed_go(lake: Lake) -> None:
    new_warehouse(lake, "EAST", "A1", "A2")
    lake.sync("Warehouse")
    record = lake.client.warehouses.get_by_id("EAST", expand="Locations")
    [first, _] = record.Locations
    lake.client.warehouses.put_entity({"id": record.id, "Locations": [{"id": first.id, "delete": True}]})
    reports = lake.sync("Warehouse")
    assert reports["Warehouse.Locations"].changed == 1
    assert list(lake.frame("Warehouse.Locations").query("WarehouseID == 'EAST'")["LocationID"]) == ["A2"]
    lake.check("Warehouse", expand="Locations")


def test_the_last_line_of_a_document_goes_where_only_lines_are_stored(lake: Lake) -> None:
    new_warehouse(lake, "EAST", "A1")
    warehouses, path = lake.client.warehouses, lake.path / "lines"
    warehouses.to_parquet(path, expand="Locations", incremental=True)
    record = warehouses.get_by_id("EAST", expand="Locations")
    warehouses.put_entity({"id": record.id, "Locations": [{"id": record.Locations[0].id, "delete": True}]})
    report = warehouses.to_parquet(path, expand="Locations", incremental=True)
    assert (report.table, report.changed, report.requests) == ("Locations", 1, 1)
    assert "EAST" not in set(lake.frame("lines")["WarehouseID"])


def test_deleted_records_stay_as_tombstones(lake: Lake) -> None:
    new_warehouse(lake, "EAST", "A1", "A2")
    lake.sync("Warehouse", deletes="keys")
    before = dt.datetime.now(dt.UTC)
    lake.box.delete("Warehouse", "EAST")
    reports = lake.sync("Warehouse", deletes="keys")
    assert [reports[table].deleted for table in LOCATIONS] == [1, 1]
    for table, rows in zip(LOCATIONS, (1, 2), strict=True):
        gone = lake.frame(table).dropna(subset="_deleted_at")
        assert list(gone["WarehouseID"]) == ["EAST"] * rows
        assert (gone["_deleted_at"] - pd.Timestamp(before)).abs().max() < pd.Timedelta("1min")
    lake.check("Warehouse", expand="Locations")
    assert not lake.sync("Warehouse", deletes="keys")["Warehouse"].has_changes


def test_a_run_that_does_not_look_for_deleted_records_keeps_the_tombstones(lake: Lake) -> None:
    new_warehouse(lake, "EAST", "A1")
    lake.sync("Warehouse", deletes="keys")
    lake.box.delete("Warehouse", "EAST")
    lake.sync("Warehouse", deletes="keys")
    lake.box.put("Warehouse", WarehouseID="MAIN", Description=f"Changed {dt.datetime.now()}")
    assert lake.sync("Warehouse")["Warehouse"].mode == "changes"
    assert list(lake.frame("Warehouse").dropna(subset="_deleted_at")["WarehouseID"]) == ["EAST"]


def test_a_record_that_comes_back_is_there_once(lake: Lake) -> None:
    new_warehouse(lake, "EAST", "A1")
    lake.sync("Warehouse", deletes="keys")
    lake.box.delete("Warehouse", "EAST")
    lake.sync("Warehouse", deletes="keys")
    new_warehouse(lake, "EAST", "A9")
    lake.sync("Warehouse", deletes="keys")
    [east] = lake.frame("Warehouse").query("WarehouseID == 'EAST'").to_dict("records")
    assert east["_deleted_at"] is pd.NaT
    lake.check("Warehouse", expand="Locations")


def test_deleted_records_are_taken_out_where_no_tombstones_are_wanted(lake: Lake) -> None:
    new_warehouse(lake, "EAST", "A1", "A2")
    lake.sync("Warehouse", deletes="keys", tombstones=False)
    lake.box.delete("Warehouse", "EAST")
    reports = lake.sync("Warehouse", deletes="keys", tombstones=False)
    assert reports["Warehouse"].deleted == 1
    assert "_deleted_at" not in lake.frame("Warehouse")
    lake.check("Warehouse", expand="Locations")


def test_without_being_asked_nobody_looks_for_deleted_records(lake: Lake) -> None:
    new_warehouse(lake, "EAST")
    lake.sync("Warehouse")
    lake.box.delete("Warehouse", "EAST")
    lake.sync("Warehouse")
    assert "EAST" in set(lake.frame("Warehouse")["WarehouseID"])


def test_an_entity_without_a_stamp_is_compared_row_by_row(lake: Lake) -> None:
    lake.sync("Subaccount")
    files = lake.files()
    assert lake.sync("Subaccount")["Subaccount"].mode == "comparison"
    assert (len(lake.asked), lake.files()) == (1, files)
    lake.box.put("Subaccount", SubaccountCD="ZZZ", Description="New")
    first = lake.frame("Subaccount")["SubaccountCD"].iloc[0]
    lake.box.put("Subaccount", SubaccountCD=first, Description=f"Changed {dt.datetime.now()}")
    report = lake.sync("Subaccount")["Subaccount"]
    assert (report.added, report.changed, report.deleted) == (1, 1, 0)
    lake.box.delete("Subaccount", "ZZZ")
    report = lake.sync("Subaccount")["Subaccount"]
    assert (report.added, report.changed, report.deleted) == (0, 0, 1)
    lake.check("Subaccount")


def test_what_has_no_stamp_of_its_own_is_found_by_comparing(lake: Lake) -> None:
    """Quantities on hand change without the item, and its stamp does not tell."""
    lake.sync("StockItem")
    table = lake.box.table("StockItem")
    slot = next(slot for slot in table.slots() if table.record(slot).details.get("WarehouseDetails"))
    with table.change(slot) as record:
        record.details["WarehouseDetails"][0].values["QtyOnHand"] = 4711
    assert not lake.sync("StockItem")["StockItem.WarehouseDetails"].has_changes
    assert lake.sync("StockItem", incremental="compare")["StockItem.WarehouseDetails"].changed == 1
    assert lake.sync("StockItem")["StockItem"].mode == "changes"


@pytest.mark.parametrize("deletes", [None, "keys"])
def test_records_that_leave_the_filter_leave_the_table(lake: Lake, deletes: str | None) -> None:
    for name in ("EAST", "WEST"):
        new_warehouse(lake, name, "A1")
        lake.box.put("Warehouse", WarehouseID=name, Description="Open")
    how = {"filters": {"Warehouse": F.Description == "Open"}, "deletes": deletes}
    lake.sync("Warehouse", **how)
    lake.box.put("Warehouse", WarehouseID="EAST", Description="Closed")
    lake.box.put("Warehouse", WarehouseID="MAIN", Description="Open")
    reports = lake.sync("Warehouse", **how)
    assert (reports["Warehouse"].added, reports["Warehouse"].removed, reports["Warehouse"].deleted) == (
        1,
        1,
        0,
    )
    assert reports["Warehouse.Locations"].removed == 1
    lake.check("Warehouse", expand="Locations", filter=F.Description == "Open")
    lake.box.put("Warehouse", WarehouseID="MAIN", Description="Main")


@pytest.mark.parametrize("deletes", [None, "keys"])
@pytest.mark.parametrize(("entity", "how"), [("Subaccount", True), ("Warehouse", "compare")])
def test_what_is_compared_tells_those_that_left_the_filter_from_deleted_ones(
    lake: Lake, entity: str, how: Any, deletes: str | None
) -> None:
    key = lake.client[entity].entity.keys[0]
    for name in ("EAST", "WEST", "SOUTH"):
        lake.box.put(entity, **{key: name, "Description": "Open"})
    question = {"filters": {entity: F.Description == "Open"}, "deletes": deletes, "incremental": how}
    lake.sync(entity, **question)
    lake.box.put(entity, **{key: "EAST", "Description": "Closed"})
    lake.box.delete(entity, "WEST")
    report = lake.sync(entity, **question)[entity]
    assert (report.mode, report.removed, report.deleted) == ("comparison", 1, 1)
    assert set(lake.frame(entity)[key]) == ({"SOUTH", "WEST"} if deletes else {"SOUTH"})
    lake.check(entity, filter=F.Description == "Open")
    assert not lake.sync(entity, **question)[entity].has_changes
    assert len(lake.asked) == 1
    for name in ("EAST", "SOUTH"):
        lake.box.delete(entity, name)


def test_who_leaves_the_filter_without_a_stamp_is_not_taken_for_deleted(lake: Lake) -> None:
    """Balances change with the payments of others."""
    for name in ("EAST", "WEST"):
        new_warehouse(lake, name, "A1")
    how = {"filters": {"Warehouse": F.Description == "New"}, "deletes": "keys"}
    table = lake.box.table("Warehouse")
    slot = table.find_keys(["EAST"])
    assert slot is not None
    with table.change(slot) as record:
        record.values["LastModifiedDateTime"] = "2020-01-01T00:00:00+00:00"
    lake.sync("Warehouse", **how)
    with table.change(slot) as record:
        record.values["Description"] = "Old"
    lake.box.delete("Warehouse", "WEST")
    reports = lake.sync("Warehouse", **how)
    assert [(report.removed, report.deleted) for report in reports.values()] == [(1, 1)] * 2
    assert set(lake.frame("Warehouse")["WarehouseID"]) == {"WEST"}
    lake.box.delete("Warehouse", "EAST")


def test_a_filter_costs_a_request_more_at_most(lake: Lake) -> None:
    how = {"filters": {"Customer": "Status eq 'Active' or Status eq 'On Hold'"}}
    lake.sync("Customer", **how)
    lake.sync("Customer", **how)
    assert len(lake.asked) == 1
    lake.sync("Customer", deletes="keys", **how)
    lake.sync("Customer", deletes="keys", **how)
    assert len(lake.asked) == 2


def test_records_without_a_later_stamp_are_found_by_their_keys(lake: Lake) -> None:
    lake.sync("Warehouse", deletes="keys")
    table = lake.box.table("Warehouse")
    record = table.record(next(iter(table.slots()))).copy()
    record.id = "11111111-2222-3333-4444-555555555555"
    record.values |= {"WarehouseID": "RESTORED", "LastModifiedDateTime": "2020-01-01T00:00:00+00:00"}
    slot = table.insert(record)
    report = lake.sync("Warehouse", deletes="keys")["Warehouse"]
    assert (report.mode, report.added) == ("comparison", 1)
    assert report.reason == "the server lists records that no change told of"
    lake.check("Warehouse", expand="Locations")
    table.delete(slot)


def test_a_record_that_got_another_key_is_the_same_record(lake: Lake) -> None:
    new_warehouse(lake, "EAST", "A1")
    lake.sync("Warehouse", deletes="keys")
    table = lake.box.table("Warehouse")
    slot = table.find_keys(["EAST"])
    assert slot is not None
    with table.change(slot) as record:
        record.values["WarehouseID"] = "FAREAST"
    lake.box.put("Warehouse", WarehouseID="FAREAST", Description="Renamed")
    report = lake.sync("Warehouse", deletes="keys")["Warehouse"]
    assert (report.added, report.changed, report.deleted) == (0, 1, 0)
    lake.check("Warehouse", expand="Locations")
    lake.box.delete("Warehouse", "FAREAST")


def test_stamps_at_the_very_boundary_are_not_missed(lake: Lake) -> None:
    lake.sync("Warehouse", overlap=dt.timedelta())
    [watermark] = [Dataset.at(lake.path / "Warehouse").manifest.watermark]  # type: ignore[union-attr]
    at = dt.datetime.fromisoformat(str(watermark)).replace(microsecond=0)
    table = lake.box.table("Warehouse")
    with table.change(next(iter(table.slots()))) as record:
        record.values |= {"Description": "At the boundary", "LastModifiedDateTime": at.isoformat()}
    assert lake.sync("Warehouse", overlap=dt.timedelta())["Warehouse"].changed == 1


def test_what_was_saved_late_is_found_within_the_overlap(lake: Lake) -> None:
    lake.sync("Warehouse")
    table, late = lake.box.table("Warehouse"), dt.datetime.now(dt.UTC) - dt.timedelta(minutes=3)
    with table.change(next(iter(table.slots()))) as record:
        record.values |= {"Description": f"Late {late}", "LastModifiedDateTime": late.isoformat()}
    assert lake.sync("Warehouse", overlap=dt.timedelta(minutes=2))["Warehouse"].changed == 0
    assert lake.sync("Warehouse")["Warehouse"].changed == 1


@pytest.mark.filterwarnings("ignore::acudata.LocalFilterWarning")
@pytest.mark.parametrize("deletes", [None, "keys"])
@pytest.mark.parametrize(
    ("condition", "expand"),
    [(F.Description.tolower() == "open", None), (F.Locations.Description == "Shelf B1", "Locations")],
)
def test_what_the_server_cannot_filter_by_is_followed_too(
    lake: Lake, condition: Expression, expand: str | None, deletes: Literal["keys"] | None
) -> None:
    """A filter of lines lets those of them through that meet it."""

    def sync() -> TableReport:
        return lake.client.warehouses.to_parquet(
            lake.path / "one", filter=condition, expand=expand, incremental=True, deletes=deletes
        )

    def stored() -> set[str]:
        frame = Dataset.at(lake.path / "one").to_frame()
        gone = frame["_deleted_at"].notna() if "_deleted_at" in frame else False
        return set(frame["WarehouseID"][~gone] if deletes else frame["WarehouseID"]) & {"EAST", "WEST"}

    new_warehouse(lake, "EAST", "A1", "B1")
    new_warehouse(lake, "WEST", "A1")
    lake.box.put("Warehouse", WarehouseID="EAST", Description="OPEN")
    sync()
    assert stored() == {"EAST"}
    new_warehouse(lake, "WEST", "B1")
    lake.box.put("Warehouse", WarehouseID="WEST", Description="Open")
    assert sync().added == 1
    assert stored() == {"EAST", "WEST"}
    line = lake.client.warehouses.get_by_id("EAST", expand="Locations").Locations[1]
    lake.client.warehouses.put_entity(
        {"WarehouseID": "EAST", "Description": "Shut", "Locations": [{"id": line.id, "delete": True}]}
    )
    assert sync().removed == 1
    assert stored() == {"WEST"}
    assert not sync().has_changes
