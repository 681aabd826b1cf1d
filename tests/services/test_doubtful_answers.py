"""Answers that may be untrue are told: emptiness where there are records, members that never appear."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from acudata import AcumaticaClient, AcumaticaServerError, EmptyAnswerWarning, F
from acudata.sandbox import Sandbox, SandboxSettings
from acudata.sandbox.calls import Answer, Call
from tests.conftest import connect

SILENT = SandboxSettings(
    key_filters=frozenset({"PurchaseOrder", "Shipment"}), one_view_filters=frozenset({"Customer"})
)
DOUBTFUL: list[tuple[str, Any, str]] = [
    ("PurchaseOrder", F.Status == "Open", "Status"),
    ("Shipment", "Status eq 'Completed'", "Status"),
    ("Customer", (F.Status == "Active") & F.MainContact.Email.contains("@"), "MainContact/Email"),
    ("Customer", (F.Status == "Active") & (F.UsrLoyaltyTier == "Gold"), "CurrentCustomer.UsrLoyaltyTier"),
]
BELIEVED: list[tuple[str, Any]] = [
    ("PurchaseOrder", F.OrderNbr == "nothing"),
    ("Customer", F.Status == "nothing"),
    ("StockItem", "ItemStatus eq 'nothing'"),
]


@pytest.fixture(scope="module")
def silent() -> Iterator[Sandbox]:
    """Serve an instance that answers some filters with nothing, whatever there is."""
    with Sandbox(settings=SILENT) as box:
        yield box


@pytest.fixture(scope="module")
def misled(silent: Sandbox) -> Iterator[AcumaticaClient]:
    with connect(silent) as client:
        yield client


@pytest.mark.parametrize(("entity", "filter", "field"), DOUBTFUL)
def test_an_empty_answer_is_probed_once_and_doubted(
    misled: AcumaticaClient,
    silent: Sandbox,
    entity: str,
    filter: Any,  # noqa: A002
    field: str,
) -> None:
    assert misled[entity].entity.keys  # the schema is read before
    before = len(silent.requests)
    with pytest.warns(EmptyAnswerWarning) as caught:
        found = misled[entity].to_frame(filter, select=misled[entity].entity.keys)
    [_, probe] = list(silent.requests)[before:]
    assert len(found) == 0
    assert "$filter" not in probe.query
    assert probe.query["$top"] == "1"
    assert caught[0].filename == __file__
    told = str(caught[0].message)
    assert field in told
    assert "to_frame()" in told
    assert all(key in told for key in misled[entity].entity.keys)


READERS: dict[str, Callable[[AcumaticaClient, Any], Any]] = {
    "iter_frames": lambda client, where: list(client.purchase_orders.iter_frames(where)),
    "to_arrow": lambda client, where: client.purchase_orders.to_arrow(where),
    "to_frames": lambda client, where: client.purchase_orders.to_frames(where, expand="Details"),
    "get_list": lambda client, where: client.purchase_orders.get_list(where),
    "first": lambda client, where: client.purchase_orders.first(where),
    "count": lambda client, where: client.purchase_orders.count(where),
}


@pytest.mark.parametrize("reader", READERS)
def test_every_way_of_reading_doubts_it(misled: AcumaticaClient, reader: str) -> None:
    with pytest.warns(EmptyAnswerWarning, match="PurchaseOrder has records"):
        READERS[reader](misled, F.Status == "Open")


@pytest.mark.parametrize(("entity", "filter"), BELIEVED)
def test_other_emptiness_is_believed(client: AcumaticaClient, box: Sandbox, entity: str, filter: Any) -> None:  # noqa: A002
    client[entity].entity.custom  # noqa: B018 - so that the list is the only request
    before = len(box.requests)
    assert len(client[entity].to_frame(filter)) == 0
    assert len(box.requests) == before + 1


def test_an_entity_that_is_empty_is_believed() -> None:
    with Sandbox() as box, connect(box) as client, warnings.catch_warnings():
        box.after(lambda _, __: Answer(b"[]"), "*/Shipment")
        assert len(client.shipments.to_frame(F.Status == "Open")) == 0


@pytest.mark.parametrize("reader", ["to_arrow", "get_list"])
def test_doubt_goes_by_what_there_is_now_whatever_is_kept(reader: str, tmp_path: Path) -> None:
    """An empty answer is never kept, and what there was before, or was not, says nothing of it."""
    with Sandbox(settings=SILENT) as box, caching(box, tmp_path) as client:
        forget = box.after(lambda _, __: Answer(b"[]"), "*/PurchaseOrder")
        READERS[reader](client, F.Status == "Open")
        forget()
        with pytest.warns(EmptyAnswerWarning):
            READERS[reader](client, F.Status == "Open")
        box.after(lambda _, __: Answer(b"[]"), "*/PurchaseOrder")
        READERS[reader](client, F.Status == "Open")


@pytest.mark.parametrize("is_empty", [False, True])
def test_offline_the_end_of_a_list_is_doubted_as_it_was(tmp_path: Path, *, is_empty: bool) -> None:
    with Sandbox(settings=SILENT) as box:
        if is_empty:
            box.after(lambda _, __: Answer(b"[]"), "*/PurchaseOrder")
        for settings in ({}, {"offline": True}):
            with (
                caching(box, tmp_path, **settings) as client,
                nullcontext() if is_empty else pytest.warns(EmptyAnswerWarning),
            ):
                assert not client.purchase_orders.get_list(F.Status == "Open", skip=10)


def caching(box: Sandbox, folder: Path, **settings: Any) -> AcumaticaClient:
    return connect(box, cache_dir=folder, http_cache=True, **settings)


def test_no_record_wanted_no_doubt(misled: AcumaticaClient) -> None:
    assert len(misled.purchase_orders.to_frame(F.Status == "Open", top=0)) == 0


def without(*members: str) -> Callable[[Call, Answer], Answer]:
    """Return what takes members out of every record and row of an answer."""

    def stripped(node: Any) -> Any:
        if isinstance(node, list):
            return [stripped(row) for row in node]
        if isinstance(node, dict):
            return {name: stripped(value) for name, value in node.items() if name not in members}
        return node

    return lambda _, answer: Answer(json.dumps(stripped(json.loads(answer.body))).encode())


@pytest.mark.parametrize(
    ("members", "expand", "missing"),
    [
        (["Details"], "Details", "Details"),
        (["Details"], "Details/Allocations", "Details"),
        (["Allocations"], "Details/Allocations", "Details/Allocations"),
        (["Totals"], "Details,Totals", "Totals"),
        (["files"], "files", "files"),
    ],
)
def test_a_member_that_never_appears_is_an_error(members: list[str], expand: str, missing: str) -> None:
    with Sandbox() as box, connect(box) as client:
        box.after(without(*members), "*/SalesOrder")
        with pytest.raises(
            AcumaticaServerError, match=f"never showed {missing}, which was expanded"
        ) as caught:
            client.sales_orders.to_frames(expand=expand, top=5)
    told = str(caught.value)
    assert f"expand='{missing}'" in told
    assert "rights" in told
    assert "SO301000" in told


@pytest.mark.parametrize("expand", ["Details/Allocations", "Totals", "files", "Details,Shipments"])
def test_members_that_are_there_are_no_error_though_empty(client: AcumaticaClient, expand: str) -> None:
    assert client.sales_orders.to_frames(expand=expand, top=5)


def test_rows_below_rows_that_nobody_has_are_not_missed() -> None:
    with Sandbox() as box, connect(box) as client:
        box.after(_no_lines, "*/SalesOrder")
        frames = client.sales_orders.to_frames(expand="Details/Allocations", top=3)
    assert [len(frame) for frame in frames.values()] == [3, 0, 0]


def _no_lines(call: Call, answer: Answer) -> Answer:
    return Answer(json.dumps([record | {"Details": []} for record in json.loads(answer.body)]).encode())


def test_no_records_no_error(client: AcumaticaClient) -> None:
    assert len(client.sales_orders.to_frame(F.OrderNbr == "nothing", expand="Details")) == 0
