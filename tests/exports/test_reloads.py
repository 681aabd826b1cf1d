"""What makes an incremental run read everything again, and what it is told; clocks that differ; many files."""

from __future__ import annotations

import datetime as dt
import json
import logging
import uuid
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from acudata import (
    AcumaticaClient,
    AcumaticaSchemaError,
    AcumaticaValidationError,
    F,
    SchemaDriftWarning,
)
from acudata.exports import merging, synced
from acudata.exports.dataset import Dataset
from acudata.sandbox import Sandbox, SandboxSettings
from acudata.sandbox.calls import Answer, Call
from acudata.schema.keys import KEYS
from tests.conftest import connect
from tests.exports.lakes import Lake

WHOLE = {"select": None}
SOON = dt.timedelta(minutes=1)


def test_another_filter_reads_everything_and_says_why(lake: Lake, caplog: pytest.LogCaptureFixture) -> None:
    lake.sync("Warehouse", filters={"Warehouse": F.WarehouseID == "RETAIL"})
    with caplog.at_level(logging.WARNING, "acudata.exports"):
        report = lake.sync("Warehouse")["Warehouse"]
    assert (report.mode, report.rows) == ("full", 3)
    assert report.reason == """filter was "WarehouseID eq 'RETAIL'", is None"""
    assert "Warehouse is read whole: filter was" in caplog.text
    lake.check("Warehouse", expand="Locations")


def test_another_selection_drifts_and_is_never_mixed(lake: Lake) -> None:
    lake.sync("Warehouse", children=False, select={"Warehouse": "Description"})
    with pytest.warns(SchemaDriftWarning, match="gets other columns than it had: added Active"):
        report = lake.sync("Warehouse", children=False, select={"Warehouse": "Description,Active"})[
            "Warehouse"
        ]
    assert report.drift.added == {"Active": "bool"}
    assert report.mode == "full"
    assert lake.frame("Warehouse")["Active"].notna().all()


def test_drift_can_be_refused(lake: Lake) -> None:
    path = lake.path / "one"
    lake.client.subaccounts.to_parquet(path, incremental=True, select="Description")
    files = lake.files()
    with pytest.raises(AcumaticaSchemaError, match="added Active"):
        lake.client.subaccounts.to_parquet(
            path, incremental=True, select="Description,Active", on_drift="raise"
        )
    assert lake.files() == files


@pytest.mark.parametrize(
    ("before", "now", "reason"),
    [
        ({}, {"partition_by": "Active"}, "partition_by was []"),
        ({"decimals": "exact"}, {"custom": None, "select": "Description"}, "custom was 'auto'"),
        ({"incremental": False, **WHOLE}, WHOLE, "what is stored was not written incrementally"),
        ({}, {"deletes": "keys"}, "the columns are others: added _deleted_at"),
    ],
)
def test_every_other_question_reads_everything(
    lake: Lake, before: dict[str, Any], now: dict[str, Any], reason: str
) -> None:
    def store(**how: Any) -> Any:
        asked = {"incremental": True, "select": "Description,Active", **how}
        return lake.client.warehouses.to_parquet(lake.path / "one", **asked)

    store(**before)
    with pytest.warns(SchemaDriftWarning) if now.get("select") else nullcontext():
        report = store(**now)
    assert report.mode == "full"
    assert reason in str(report.reason)
    assert store(**now).mode == "changes"


def test_the_data_of_another_entity_are_not_touched(lake: Lake) -> None:
    path = lake.path / "one"
    lake.client.warehouses.to_parquet(path, incremental=True)
    with pytest.raises(AcumaticaValidationError, match="holds entity 'Warehouse', not 'Subaccount'"):
        lake.client.subaccounts.to_parquet(path, incremental=True)


@pytest.mark.parametrize(("option", "value"), [("top", 5), ("attributes", "columns")])
def test_what_would_leave_out_records_is_refused(lake: Lake, option: str, value: Any) -> None:
    with pytest.raises(AcumaticaValidationError, match=f"{option}=.* and incremental= do not go together"):
        lake.client.customers.to_parquet(lake.path / "one", incremental=True, **{option: value})


def test_a_single_file_and_partitions_follow_too(lake: Lake) -> None:
    places: dict[str, dict[str, Any]] = {"one.parquet": {}, "parts": {"partition_by": "Active"}}
    for name, how in places.items():
        lake.client.warehouses.to_parquet(lake.path / name, incremental=True, **how)
    lake.box.put("Warehouse", WarehouseID="NORTH", Active=False)
    lake.box.put("Warehouse", WarehouseID="RETAIL", Active=False)
    for name, how in places.items():
        report = lake.client.warehouses.to_parquet(lake.path / name, incremental=True, **how)
        assert (report.added, report.changed) == (1, 1)
        rows = Dataset.at(lake.path / name).read().to_pandas().set_index("WarehouseID")["Active"].to_dict()
        assert rows == {"EAST 2": True, "WHOLESALE": True, "NORTH": False, "RETAIL": False}
    lake.box.put("Warehouse", WarehouseID="RETAIL", Active=True)
    lake.box.delete("Warehouse", "NORTH")


@pytest.mark.parametrize("ahead", [-7200.0, 7200.0])
def test_the_clock_that_counts_is_the_servers(ahead: float, tmp_path: Path) -> None:
    with Sandbox(settings=SandboxSettings(clock_ahead=ahead)) as box, connect(box) as client:
        lake = Lake(box, client, tmp_path)
        lake.sync("Warehouse", overlap=dt.timedelta(seconds=1))
        manifest = Dataset.at(tmp_path / "Warehouse").manifest
        assert manifest is not None
        there = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=ahead)
        assert abs(dt.datetime.fromisoformat(str(manifest.watermark)) - there) < SOON
        lake.box.put("Warehouse", WarehouseID="RETAIL", Description="Changed")
        assert lake.sync("Warehouse", overlap=dt.timedelta(seconds=1))["Warehouse"].changed == 1


def test_a_server_that_does_not_find_by_stamp_is_seen_through(
    lake: Lake, caplog: pytest.LogCaptureFixture
) -> None:
    """(Acumatica: some filters are answered with an empty list, and no error, though there are records.)"""

    def nothing(call: Call) -> Answer | None:
        return Answer(b"[]") if "LastModified" in call.query.get("$filter", "") else None

    take_away = lake.box.before(nothing, "*/Warehouse")
    with caplog.at_level(logging.WARNING, "acudata.exports"):
        lake.sync("Warehouse")
    assert "finds no record by LastModifiedDateTime, not even the newest" in caplog.text
    lake.box.put("Warehouse", WarehouseID="RETAIL", Description=f"Changed {dt.datetime.now()}")
    report = lake.sync("Warehouse")["Warehouse"]
    assert (report.mode, report.changed) == ("comparison", 1)
    assert len(lake.asked) == 2
    take_away()
    assert [lake.sync("Warehouse")["Warehouse"].mode for _ in range(2)] == ["comparison", "changes"]


@pytest.mark.parametrize("has_keys", [True, False])
def test_ids_that_live_for_a_session_do_not_make_records_others(
    lake: Lake,
    monkeypatch: pytest.MonkeyPatch,
    has_keys: bool,  # noqa: FBT001
) -> None:
    """(Acumatica: the id of a record without a note is made up for each session.)"""
    if not has_keys:
        monkeypatch.delitem(KEYS, "Subaccount")
    take_away = lake.box.after(with_other_ids, "*/Subaccount")
    lake.sync("Subaccount")
    files = lake.files()
    report = lake.sync("Subaccount")["Subaccount"]
    assert (report.unchanged, report.has_changes, lake.files()) == (report.rows, False, files)
    lake.box.put("Subaccount", SubaccountCD="RET000", Description=f"Changed {dt.datetime.now()}")
    lake.sync("Subaccount")
    assert lake.frame("Subaccount")["SubaccountCD"].is_unique
    take_away()


def test_ids_of_lines_that_live_for_a_session_do_not_make_lines_others(lake: Lake) -> None:
    """(Acumatica: so it is with the ids of most rows.)"""
    take_away = lake.box.after(with_other_ids_of_rows, "*/Warehouse")
    lake.box.put("Warehouse", WarehouseID="RETAIL", Description=f"Changed {dt.datetime.now()}")
    lake.sync("Warehouse")
    report = lake.sync("Warehouse")["Warehouse.Locations"]
    assert report.unchanged > 0
    assert not report.has_changes
    take_away()


def with_other_ids(_: Call, answer: Answer) -> Answer:
    return Answer(
        json.dumps([{**record, "id": str(uuid.uuid4())} for record in json.loads(answer.body)]).encode()
    )


def with_other_ids_of_rows(_: Call, answer: Answer) -> Answer:
    records = json.loads(answer.body)
    for row in (row for record in records for row in record.get("Locations", [])):
        row["id"] = str(uuid.uuid4())
    return Answer(json.dumps(records).encode())


def test_an_empty_entity_is_followed_from_its_first_record_on(lake: Lake) -> None:
    for slot in list(lake.box.table("Case").slots()):
        lake.box.table("Case").delete(slot)
    assert lake.sync("Case", children=False)["Case"].rows == 0
    assert lake.sync("Case", children=False)["Case"].rows == 0
    assert len(lake.asked) == 1


def test_small_files_are_put_together_in_time(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "SMALL_FILES", 3)
    lake.sync("Subaccount")
    counts = []
    for number in range(6):
        lake.box.put("Subaccount", SubaccountCD=f"ZZ{number}", Description="New")
        counts.append(lake.sync("Subaccount")["Subaccount"].files)
    assert counts == [2, 3, 4, 1, 2, 3]
    lake.check("Subaccount")


def test_only_files_with_changes_are_written(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(synced, "ROWS_PER_FILE", 100)
    lake.sync("Customer", children=False, page_size=50)
    before = lake.files()
    assert len(before) == 3
    lake.box.put("Customer", CustomerID=lake.frame("Customer")["CustomerID"][0], CustomerName="Changed")
    assert lake.sync("Customer", children=False, page_size=50)["Customer"].changed == 1
    assert len(before.items() & lake.files().items()) == 2


NAMES = st.sampled_from(["A", "B", "C"])
LINES = st.lists(st.sampled_from(["L1", "L2", "L3"]), max_size=2, unique=True)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), NAMES, LINES),
        st.tuples(st.just("delete"), NAMES, st.just([])),
        st.tuples(st.just("sync"), NAMES, st.just([])),
    ),
    max_size=8,
)


@given(steps=STEPS, tombstones=st.booleans())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_in_between_the_lake_holds_what_the_server_has(
    lake: Lake,
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[Any],
    tombstones: bool,  # noqa: FBT001
) -> None:
    lake.path = tmp_path_factory.mktemp("lake")
    for action, key, lines in [*steps, ("sync", "", [])]:
        if action == "sync":
            lake.sync("Warehouse", deletes="keys", tombstones=tombstones)
            lake.check("Warehouse", expand="Locations")
        elif action == "put":
            put(lake.client, key, lines)
        elif lake.box.table("Warehouse").find_keys([key]) is not None:
            lake.box.delete("Warehouse", key)


def put(client: AcumaticaClient, key: str, lines: list[str]) -> None:
    """Give a warehouse just these locations."""
    found = client.warehouses.first(F.WarehouseID == key, expand="Locations")
    old = [{"id": line.id, "delete": True} for line in found.Locations] if found else []
    new = [{"LocationID": line, "Description": f"Shelf {line}"} for line in lines]
    client.warehouses.put_entity(
        {"WarehouseID": key, "Description": f"With {len(new)}", "Locations": [*old, *new]}
    )
