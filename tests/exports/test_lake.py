"""Exports of several entities: a report for each table, errors that stay where they are, runs that go on."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from acudata import (
    AcumaticaClient,
    AcumaticaConcurrencyError,
    AcumaticaOptimizationError,
    AcumaticaUnknownNameError,
    AcumaticaValidationError,
    F,
    NarrowedWarning,
)
from acudata.exports.dataset import Dataset
from acudata.exports.locks import locked
from acudata.exports.places import Place
from acudata.exports.reports import ExportReport, TableReport
from acudata.exports.runs import LOCK, RECORD, Run, running
from acudata.sandbox import Sandbox
from tests.conftest import connect
from tests.exports import killed_export
from tests.exports.lakes import Lake

ROOT = Path(__file__).parents[2]


def folders(lake: Lake) -> set[str]:
    return {path.name for path in lake.path.iterdir()}


def test_every_entity_becomes_tables_that_join_on_the_id(lake: Lake) -> None:
    reports = lake.sync("Warehouse", "ledgers", incremental=False)
    assert list(reports) == [
        "Warehouse",
        "Warehouse.Locations",
        "Ledger",
        "Ledger.Branches",
        "Ledger.Companies",
    ]
    assert folders(lake) == set(reports)
    locations = lake.frame("Warehouse.Locations").merge(
        lake.frame("Warehouse"), on="id", suffixes=("", "_of")
    )
    assert len(locations) == reports["Warehouse.Locations"].rows
    assert pd.read_parquet(lake.path / "Warehouse")["WarehouseID"].is_unique
    for entity, expand in (("Warehouse", "Locations"), ("Ledger", "Branches,Companies")):
        lake.check(entity, expand=expand)


@pytest.mark.parametrize(
    ("children", "expected"),
    [
        (False, {"Ledger", "Warehouse"}),
        ({"Ledger": "Branches"}, {"Ledger", "Ledger.Branches", "Warehouse"}),
    ],
)
def test_children_are_chosen(lake: Lake, children: Any, expected: set[str]) -> None:
    lake.sync("Ledger", "Warehouse", children=children)
    assert folders(lake) == expected


def test_filters_and_selections_are_those_of_an_entity(lake: Lake) -> None:
    lake.sync(
        "Warehouse",
        "Subaccount",
        children=False,
        filters={"Warehouse": F.WarehouseID == "RETAIL"},
        select={"Warehouse": "Description"},
    )
    assert lake.frame("Warehouse").columns.tolist() == [
        "Description",
        "WarehouseID",
        "LastModifiedDateTime",
        "id",
    ]
    assert lake.frame("Warehouse")["WarehouseID"].tolist() == ["RETAIL"]
    assert len(lake.frame("Subaccount")) > 1


def test_unknown_names_are_refused_together_before_anything_is_asked(lake: Lake) -> None:
    lake.client.list_services()
    before = len(lake.box.requests)
    with pytest.raises(AcumaticaUnknownNameError) as caught:
        lake.export("Warehouse", "SalesOrdr", "Custumer")
    assert "'SalesOrdr' or 'Custumer'" in str(caught.value)
    assert caught.value.suggestions[0] == "SalesOrder"
    assert "Customer" in caught.value.suggestions
    assert len(lake.box.requests) == before
    assert not lake.path.exists()


@pytest.mark.parametrize(
    ("entities", "options", "message"),
    [
        (("AccountSummaryInquiry",), {}, "is an inquiry"),
        ((), {}, "No entity is named"),
        (("Warehouse",), {"on_error": "ignore"}, "on_error='ignore' is not known"),
        (("Warehouse",), {"incremental": "yes"}, "incremental='yes' is not known"),
        (("Warehouse",), {"deletes": "all"}, "deletes='all' is not known"),
        (("Warehouse",), {"overlap": 5}, "overlap=5 makes no sense"),
        (("Warehouse",), {"on_unoptimised": "skip"}, "on_unoptimised='skip' is not known"),
        (("Warehouse",), {"filters": {"Customer": "x"}}, "filters= names 'Customer', which is not exported"),
        (("Warehouse",), {"children": {"Custumer": "x"}}, "children= names 'Custumer'"),
    ],
)
def test_what_makes_no_sense_is_refused(
    lake: Lake, entities: tuple[str, ...], options: dict[str, Any], message: str
) -> None:
    with pytest.raises((AcumaticaValidationError, AcumaticaUnknownNameError), match=message):
        lake.export(*entities, **options)
    assert not lake.path.exists()


def test_an_error_of_one_entity_does_not_lose_the_others(lake: Lake) -> None:
    report = lake.client.export(["Warehouse", "Payment", "Subaccount"], lake.path, on_unoptimised="raise")
    assert [table.table for table in report.failed] == ["Payment"]
    assert not report.ok
    assert {"Warehouse", "Warehouse.Locations", "Subaccount"} == folders(lake)
    with pytest.raises(Exception, match="cannot be answered as a list"):
        report.raise_for_failure()
    frame = report.to_frame().set_index("table")
    assert "Optimization cannot be performed" in str(frame.loc["Payment", "error"])
    assert frame["mode"].tolist() == ["full", "full", "failed", "full"]
    assert str(report).splitlines()[0].startswith("Warehouse: 3 rows")
    assert repr(report) == str(report)
    assert "<strong>3 of 4 tables stored</strong>" in report._repr_html_()
    assert "Warehouse.Locations" in report._repr_html_()


def test_what_a_report_tells_does_nothing_in_a_notebook() -> None:
    failed = TableReport(entity="A", table="A", path="A", mode="failed", error=OSError("<script>x</script>"))
    assert "&lt;script&gt;" in ExportReport([failed])._repr_html_()
    assert "<script>" not in ExportReport([failed])._repr_html_()
    assert "0 tables stored" in ExportReport()._repr_html_()


UNLISTED = ("ApplicationHistory", "DocumentsToApply")


def test_what_no_list_shows_is_left_out_and_told(lake: Lake, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.warns(NarrowedWarning, match="cannot list ApplicationHistory, DocumentsToApply of Payment"):
        first = lake.client.export("Payment", lake.path, incremental=True)
    assert (first.ok, first[0].left_out) == (True, UNLISTED)
    assert str(first[0]).endswith("added), without ApplicationHistory, DocumentsToApply")
    assert first.to_frame()["left_out"].dropna().tolist() == [", ".join(UNLISTED)]
    assert "Payment.Charges" in folders(lake)
    stored = Dataset.at(lake.path / "Payment").to_frame(["ReferenceNbr"])
    assert stored.attrs["left_out"] == list(UNLISTED)
    with pytest.warns(NarrowedWarning):
        second = lake.client.export("Payment", lake.path, incremental=True)
    assert (second[0].mode, second[0].left_out, second[0].requests) == ("changes", UNLISTED, 1)
    assert not caplog.records


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::acudata.notices.NarrowedWarning")
def test_everything_can_be_exported_and_asked_for_again_at_two_requests_each(
    box: Sandbox, client: AcumaticaClient, tmp_path: Path
) -> None:
    entities = [service.name for service in client if not service.entity.is_inquiry]
    client.export(entities, tmp_path, incremental=True, deletes="keys").raise_for_failure()
    before = len(box.requests)
    again = client.export(entities, tmp_path, incremental=True, deletes="keys")
    assert not any(table.has_changes for table in again)
    assert len(box.requests) - before <= 2 * len(entities)


@pytest.mark.parametrize(
    "named", [{"children": {"Payment": "ApplicationHistory"}}, {"select": {"Payment": "DocumentsToApply"}}]
)
def test_what_was_named_is_never_left_out_unasked(lake: Lake, named: dict[str, Any]) -> None:
    report = lake.client.export("Payment", lake.path, **named)
    [failed] = report.failed
    assert isinstance(failed.error, AcumaticaOptimizationError)
    for way_out in ("on_unoptimised='by_key'", "on_unoptimised='narrow'"):
        assert way_out in str(failed.error)
    assert not folders(lake)


def test_what_no_list_shows_is_read_by_key_where_that_is_wanted(lake: Lake) -> None:
    some = {"Payment": "ReferenceNbr lt '000040'"}
    children = {"Payment": "ApplicationHistory"}
    report = lake.client.export(
        "Payment", lake.path, filters=some, children=children, on_unoptimised="by_key"
    )
    report.raise_for_failure()
    assert [table.table for table in report] == ["Payment", "ApplicationHistory"]
    assert report[1].rows > 0
    assert report[0].requests > report[0].rows


def test_tables_that_are_no_longer_exported_are_told(lake: Lake, caplog: pytest.LogCaptureFixture) -> None:
    lake.sync("Warehouse")
    assert not caplog.records
    lake.sync("Warehouse", children=False)
    assert "Warehouse.Locations stay as they were" in caplog.text


def test_an_error_ends_the_export_where_that_is_wanted(lake: Lake) -> None:
    report = lake.client.export(["Payment", "Warehouse"], lake.path, on_error="stop", on_unoptimised="raise")
    assert [(table.table, table.mode) for table in report] == [
        ("Payment", "failed"),
        ("Warehouse", "left out"),
    ]
    assert not folders(lake)


def test_an_export_that_was_interrupted_goes_on(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    take_away = lake.box.before(interrupt, "*/FinancialPeriod")
    monkeypatch.setattr(Run, "note", interrupted_after(Run.note, "Subaccount"))
    with pytest.raises(KeyboardInterrupt):
        lake.sync("Warehouse", "Subaccount", "FinancialPeriod")
    take_away()
    monkeypatch.undo()
    reports = lake.sync("Warehouse", "Subaccount", "FinancialPeriod")
    assert [report.mode for report in reports.values()] == ["done before"] * 3 + ["full"] * 2
    assert reports["Warehouse"].rows == 3
    assert RECORD not in folders(lake)
    assert {report.mode for report in lake.sync("Warehouse").values()} == {"changes"}


def interrupt(_: Any) -> None:
    raise AssertionError("nobody should have come here")


def interrupted_after(note: Any, entity: str) -> Any:
    def noted(run: Run, done: str, tables: list[TableReport]) -> None:
        note(run, done, tables)
        if done == entity:
            raise KeyboardInterrupt

    return noted


def test_another_export_is_no_continuation(tmp_path: Path) -> None:
    place = Place.of(tmp_path)
    interrupted(place, {"entities": ["A"]}, TableReport(entity="A", table="A", path="A", rows=7))
    with running(place, {"entities": ["A", "B"]}) as run:
        assert run.stored("A") is None


def test_what_an_interrupted_export_had_stored_is_told(tmp_path: Path) -> None:
    place = Place.of(tmp_path)
    table = TableReport(entity="A", table="A", path="A", rows=7, left_out=("B", "C"))
    interrupted(place, {"entities": ["A"]}, table)
    with running(place, {"entities": ["A"]}) as run:
        assert [(table.rows, table.left_out) for table in run.stored("A") or []] == [(7, ("B", "C"))]
    assert not (tmp_path / RECORD).exists()


def interrupted(place: Place, asked: dict[str, Any], *done: TableReport) -> None:
    with suppress(KeyboardInterrupt), running(place, asked) as run:
        run.note("A", done)
        raise KeyboardInterrupt


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"asked": {}, "done": {"A": []}}', b'{"asked": {}, "at": 5}']
)
def test_a_record_that_cannot_be_read_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / RECORD).write_bytes(content)
    with running(Place.of(tmp_path), {}) as run:
        assert run.stored("A") is None


def test_an_old_run_does_not_go_on(tmp_path: Path) -> None:
    facts = {"asked": {}, "done": {"A": []}, "at": "2024-01-01T00:00:00+00:00"}
    (tmp_path / RECORD).write_text(json.dumps(facts), encoding="utf-8")
    with running(Place.of(tmp_path), {}) as run:
        assert run.stored("A") is None


def test_two_exports_into_one_folder_are_refused(lake: Lake) -> None:
    place = Place.of(lake.path)
    place.make_folder()
    with locked(place / LOCK, target=place), pytest.raises(AcumaticaConcurrencyError):
        lake.export("Warehouse")


def test_data_of_another_instance_are_not_touched(lake: Lake, own_client: AcumaticaClient) -> None:
    lake.sync("Warehouse")
    report = own_client.export(["Warehouse"], lake.path, incremental=True)
    assert "holds instance" in str(report.failed[0].error)
    assert lake.sync("Warehouse")["Warehouse"].mode == "changes"


@pytest.mark.slow
@pytest.mark.parametrize("is_first", [True, False])
def test_a_killed_export_ends_with_just_what_the_server_has(is_first: bool, tmp_path: Path) -> None:  # noqa: FBT001
    with Sandbox(seats=100) as box:
        whole = run(box, tmp_path / "whole", is_first=is_first)
        assert whole.returncode == 0, whole.stderr
        for number in range(4):
            line = random.Random(number).randrange(int(whole.stdout))
            killed = run(box, tmp_path / str(number), is_first=is_first, line=line)
            assert (killed.returncode != 0, killed.stdout) == (True, "")
            check_after(box, tmp_path / str(number))


def run(box: Sandbox, path: Path, *, is_first: bool, line: int = -1) -> subprocess.CompletedProcess[str]:
    """Export what changed into a lake that holds nothing or an earlier state, and die at a line."""
    if not is_first:
        with connect(box) as client:
            client.export(killed_export.ENTITIES, path, incremental=True, deletes="keys")
    change(box)
    settings = {"base_url": box.url, "username": box.username, "password": box.password, "tenant": box.tenant}
    command = [sys.executable, "-m", killed_export.__name__, json.dumps(settings), str(path), str(line)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)


def change(box: Sandbox) -> None:
    """Insert, change and delete a record of each kind."""
    number = len(box.requests)
    for entity, key in (("Warehouse", "WarehouseID"), ("Subaccount", "SubaccountCD")):
        table = box.table(entity)
        box.put(entity, **{key: f"NEW{number}", "Description": "New"})
        first, *_, last = [table.keys(slot)[0] for slot in table.slots()]
        box.put(entity, **{key: first, "Description": f"Changed {number}"})
        box.delete(entity, last)


def check_after(box: Sandbox, path: Path) -> None:
    """Let the next run finish, and compare what is stored then with the server."""
    with connect(box) as client:
        lake = Lake(box, client, path)
        lake.sync(*killed_export.ENTITIES, deletes="keys")
        lake.check("Warehouse", expand="Locations")
        lake.check("Subaccount")
        for table in folders(lake):
            kept = Dataset.at(path / table)
            assert kept.manifest is not None
            assert kept.manifest.pending is None
        assert not {name for name in folders(lake) if name.startswith("_")}


def test_a_bucket_is_a_lake_too(lake: Lake, bucket: str) -> None:
    assert [table.rows for table in export_to(lake, bucket)] == [3, 9]
    lake.box.put("Warehouse", WarehouseID="RETAIL", Description="In the bucket")
    assert [table.changed for table in export_to(lake, bucket)] == [1, 1]
    stored = Dataset.at(f"{bucket}/Warehouse").to_frame()
    assert stored.set_index("WarehouseID")["Description"]["RETAIL"] == "In the bucket"


def export_to(lake: Lake, bucket: str) -> list[TableReport]:
    return lake.client.export(["Warehouse"], bucket, incremental=True)
