"""A sync in which nothing changed: at most two requests for an entity, whatever way it goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import pytest

from acudata import AcumaticaOptimizationError, EmptyAnswerWarning, F
from acudata.exports.reports import TableReport
from acudata.queries import custom
from acudata.sandbox import Sandbox, SandboxSettings
from acudata.sandbox.calls import Call
from acudata.sandbox.envelopes import not_optimizable, server_error
from acudata.services import sources
from tests.exports.lakes import Lake

COMPUTED = {"Warehouse": {"Locations": "LocationView"}, "Ledger": {"Description": "LedgerView"}}
QUESTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "plain": ("Employee", {}),
    "a filter": ("Customer", {"filter": F.Status == "Active"}),
    "a filter done here": ("Employee", {"filter": F.EmployeeID.tolower() != "nobody"}),
    "a filter that lets nothing through": ("PurchaseOrder", {"filter": F.Status == "No such status"}),
    "small pages": ("Customer", {"page_size": 50}),
    "chosen columns": ("Customer", {"columns": "CustomerName,Status"}),
    "lines": ("SalesOrder", {"expand": "Details", "filter": F.Status == "Open"}),
    "narrow, and nothing to leave out": ("Employee", {"on_unoptimised": "narrow"}),
    "narrow, without a field": ("Ledger", {"on_unoptimised": "narrow"}),
    "narrow, without lines": ("Warehouse", {"on_unoptimised": "narrow", "expand": "Locations"}),
    "by key, and no need to": ("Employee", {"on_unoptimised": "by_key"}),
    "by key, for a field": ("Ledger", {"on_unoptimised": "by_key"}),
    "by key, for lines": ("Warehouse", {"on_unoptimised": "by_key", "expand": "Locations"}),
}


@pytest.fixture(scope="module")
def served() -> Iterator[Sandbox]:
    """Serve an instance that computes more fields than others do."""
    with Sandbox(seats=100, settings=SandboxSettings(computed=COMPUTED)) as box:
        yield box


def sync(lake: Lake, entity: str, **question: Any) -> TableReport:
    service = lake.client[entity]
    assert service.entity.keys  # the schema is read before
    before = len(lake.box.requests)
    report = service.to_parquet(lake.path / entity, incremental=True, **question)
    lake.asked = [arrival.query for arrival in lake.box.requests[before:]]
    assert report.requests == len(lake.asked)
    return report


def everything(lake: Lake) -> dict[str, tuple[int, int]]:
    """Return time and identity of all files, the manifests among them."""
    found = (path for path in lake.path.rglob("*") if path.is_file())
    return {str(file): (file.stat().st_mtime_ns, file.stat().st_ino) for file in found}


@pytest.mark.filterwarnings("ignore::acudata.notices.NarrowedWarning")
@pytest.mark.filterwarnings("ignore::acudata.LocalFilterWarning", "ignore::acudata.EmptyAnswerWarning")
@pytest.mark.parametrize("deletes", [None, "keys"])
@pytest.mark.parametrize("question", QUESTIONS)
def test_nothing_changed(lake: Lake, question: str, deletes: Literal["keys"] | None) -> None:
    entity, asked = QUESTIONS[question]
    stored = sync(lake, entity, deletes=deletes, **asked)
    files = everything(lake)
    report = sync(lake, entity, deletes=deletes, **asked)
    assert report.mode == "changes" or not stored.rows
    assert (report.rows, report.left_out, report.has_changes) == (stored.rows, stored.left_out, False)
    assert everything(lake) == files
    is_doubted = question == "a filter that lets nothing through"
    assert len(lake.asked) <= (2 if deletes or is_doubted else 1), lake.asked


def test_a_doubted_filter_that_lets_nothing_through_any_more(lake: Lake) -> None:
    how: dict[str, Any] = {"filter": F.Status == "Confirmed", "deletes": "keys"}
    assert sync(lake, "Shipment", **how).rows > 0
    for number in lake.client.shipments.to_frame(F.Status == "Confirmed")["ShipmentNbr"]:
        lake.box.put("Shipment", ShipmentNbr=number, Status="Completed")
    with pytest.warns(EmptyAnswerWarning):
        assert sync(lake, "Shipment", **how).removed > 0
    assert not sync(lake, "Shipment", **how).has_changes
    assert len(lake.asked) <= 2, lake.asked


def test_many_keys_are_one_page(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "_LISTED", 100)
    sync(lake, "Customer", deletes="keys")
    report = sync(lake, "Customer", deletes="keys")
    assert report.rows > 2 * 100
    assert len(lake.asked) == 2, lake.asked


def test_where_one_page_of_keys_fails_several_are_read(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "_LISTED", 100)
    sync(lake, "Customer", deletes="keys")
    forget = lake.box.before(_out_of_memory, "*/Customer")
    report = sync(lake, "Customer", deletes="keys")
    forget()
    assert (report.mode, report.has_changes) == ("changes", False)
    assert [query["$top"] for query in lake.asked].count("100") >= 3, lake.asked


def test_more_keys_than_one_page_should_have_are_several(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "_LISTED", 100)
    monkeypatch.setattr(sources, "_GLANCED", 200)
    sync(lake, "Customer", deletes="keys")
    assert not sync(lake, "Customer", deletes="keys").has_changes
    assert {int(query["$top"]) for query in lake.asked if "$select" in query} <= {1, 100}, lake.asked


def _out_of_memory(call: Call) -> None:
    if int(call.query["$top"]) > 100 and "$select" in call.query:
        raise server_error("Insufficient memory to continue", exception="System.OutOfMemoryException")


@pytest.mark.filterwarnings("ignore::acudata.notices.NarrowedWarning")
@pytest.mark.parametrize(("way", "left_out"), [("narrow", ("Details",)), ("by_key", ())])
def test_a_list_that_is_refused_from_now_on_is_read_as_it_can_be(
    lake: Lake, way: str, left_out: tuple[str, ...]
) -> None:
    def export() -> list[TableReport]:
        return [*lake.sync("FinancialPeriod", on_unoptimised=way).values()]

    before = export()
    forget = lake.box.before(_no_list_of_lines, "*/FinancialPeriod")
    first, second = export(), export()
    forget()
    assert first[0].left_out == second[0].left_out == left_out
    assert [table.rows for table in second] == [table.rows for table in before][: len(second)]
    assert len(lake.asked) == 1, lake.asked


def test_what_cannot_be_listed_any_more_is_an_error_where_nothing_else_is_wanted(lake: Lake) -> None:
    assert sync(lake, "FinancialPeriod", expand="Details").rows
    forget = lake.box.before(_no_list_of_lines, "*/FinancialPeriod")
    with pytest.raises(AcumaticaOptimizationError, match="Details"):
        sync(lake, "FinancialPeriod", expand="Details")
    forget()


def _no_list_of_lines(call: Call) -> None:
    if "$expand" in call.query:
        raise not_optimizable({})


@pytest.mark.filterwarnings("ignore::acudata.notices.NarrowedWarning", "ignore::acudata.SchemaDriftWarning")
def test_another_way_is_not_the_one_that_was_seen(lake: Lake) -> None:
    """What one way learnt is of no use to the other, and tells nothing of the columns that come."""
    for way, has_text in (("narrow", False), ("by_key", True), ("narrow", False)):
        report = sync(lake, "Ledger", on_unoptimised=way)
        assert bool(report.reason) == (report.mode == "full")
        assert ("Description" in lake.frame("Ledger")) == has_text
    with pytest.raises(AcumaticaOptimizationError, match="Description"):
        sync(lake, "Ledger")


@pytest.mark.filterwarnings("ignore::acudata.notices.NarrowedWarning")
def test_reading_everything_shows_anew_what_can_be_listed(lake: Lake) -> None:
    """So does an instance that lists more than before: only then is it seen."""
    forget = lake.box.before(_no_list_of_lines, "*/FinancialPeriod")
    lake.sync("FinancialPeriod", on_unoptimised="narrow")
    forget()
    assert list(lake.sync("FinancialPeriod", on_unoptimised="narrow")) == ["FinancialPeriod"]
    tables = lake.sync("FinancialPeriod", on_unoptimised="narrow", incremental=False)
    assert list(tables) == ["FinancialPeriod", "FinancialPeriod.Details"]


def test_names_that_can_be_told_once_alone_are_the_same_question(lake: Lake) -> None:
    for mode in ("full", "changes"):
        assert sync(lake, "Employee", expand=iter(["Delegates"]), custom=iter(())).mode == mode


def test_custom_fields_in_chunks_cost_nothing_where_nothing_came(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(custom, "PER_REQUEST", 2)
    sync(lake, "Customer")
    assert len(lake.asked) > 2
    sync(lake, "Customer")
    assert len(lake.asked) == 1, lake.asked
