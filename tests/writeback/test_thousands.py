"""A thousand customers, stock items and orders are edited while all goes wrong at once: the report is the truth."""

from __future__ import annotations

import decimal
import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from acudata import AcumaticaClient
from acudata.errors import AcumaticaAuthError, AcumaticaConnectionError, AcumaticaRateLimitError
from acudata.sandbox import Sandbox, SandboxSettings, cut
from acudata.sandbox.calls import Answer, Call
from acudata.sandbox.faults import in_use, refused
from acudata.writeback.report import WriteReport
from tests.conftest import connect

pytestmark = pytest.mark.slow

ROWS = 1000
EDITS = {
    "Customer": ("CustomerID", "CustomerName", "CreditLimit", "Terms"),
    "StockItem": ("InventoryID", "Description", "DefaultPrice", "ItemStatus"),
    "SalesOrder": ("OrderNbr", "Description", "ControlTotal", "CustomerOrder"),
}
"""The keys, and a text, an amount and a field that the ERP does not take, by entity."""


SCALES = {"Customer": 4, "StockItem": 25, "SalesOrder": 1}
"""How large a company has so many of them."""


@pytest.fixture
def box(entity: str) -> Iterator[Sandbox]:
    settings = SandboxSettings(
        discarded={name: frozenset({fields[-1]}) for name, fields in EDITS.items()},
        requests_per_minute=3000,
        minute=1.0,
    )
    with Sandbox(scale=SCALES[entity], settings=settings) as box:
        yield box


@pytest.fixture
def client(box: Sandbox, tmp_path: Path) -> Iterator[AcumaticaClient]:
    with connect(box, cache_dir=tmp_path) as client:
        yield client


def values(client: AcumaticaClient, entity: str) -> pd.DataFrame:
    names = list(EDITS[entity])
    kept = client[entity].entity.keys
    return client[entity].to_frame(columns=[*dict.fromkeys([*kept, *names])], top=ROWS, decimals="exact")


def edited(frame: pd.DataFrame, entity: str, chance: random.Random) -> pd.DataFrame:
    """Return the frame with texts, amounts and some fields that are not taken changed, each row differently."""
    _, text, amount, discarded = EDITS[entity]
    frame = frame.copy()
    frame[text] = [f"{entity} {number} {chance.random():.6f}" for number in range(len(frame))]
    change = [chance.choice([decimal.Decimal("0.01"), decimal.Decimal(7)]) for _ in range(len(frame))]
    frame[amount] = pd.Series(
        [(old if pd.notna(old) else 0) + more for old, more in zip(frame[amount], change, strict=True)],
        dtype=object,
    )
    frame.loc[frame.sample(40, random_state=1).index, discarded] = "X"
    return frame


def beset(box: Sandbox, entity: str, chance: random.Random, texts: set[str]) -> None:
    """Let answers be lost, connections be cut, sessions end, records be in use and some be refused."""
    path = f"*/{entity}"
    numbers = iter(chance.sample(range(1, ROWS), 60))
    text = EDITS[entity][1]
    box.before(
        refused(text, "It is taken.", when=lambda sent: sent.get(text, {}).get("value") in texts),
        path,
        method="PUT",
    )
    happenings: list[tuple[Callable[..., Any], Any, int]] = [
        (box.after, cut, 15),
        (box.before, cut, 15),
        (box.before, lambda _: box.recycle(), 5),
        (box.before, in_use, 5),
        (box.before, lambda _: Answer(b"too many", 429), 2),
    ]
    for hook, act, times in happenings:
        for _ in range(times):
            hook(act, path, method="PUT", number=next(numbers))


def applied(plan: Any, seats: Callable[[], None], **options: Any) -> WriteReport:
    """Apply a plan until it ends, with the seats given back when they were gone."""
    for _ in range(20):
        try:
            return plan.apply(**options)  # type: ignore[no-any-return]
        except (AcumaticaRateLimitError, AcumaticaAuthError, AcumaticaConnectionError):
            seats()
    raise AssertionError("it does not end")


@pytest.mark.parametrize(("entity", "concurrency"), [("Customer", 1), ("StockItem", 3), ("SalesOrder", 2)])
def test_the_report_is_the_truth(
    box: Sandbox, client: AcumaticaClient, entity: str, concurrency: int
) -> None:
    chance = random.Random(f"{entity} {concurrency}")
    before = values(client, entity)
    frame = edited(before, entity, chance)
    text = EDITS[entity][1]
    refused_texts = set(frame[text].sample(30, random_state=2))
    elsewhere = list(frame.sample(20, random_state=3).index)
    plan = client[entity].plan(frame)
    keys = client[entity].entity.keys
    for label in elsewhere:
        box.put(entity, **{key: frame.loc[label, key] for key in keys}, **{text: "Somebody else's"})
    occupied: list[Callable[[], None]] = []

    def occupy(_call: Call) -> None:
        box.recycle()
        occupied.append(box.occupy())

    def give_all_back() -> None:
        while occupied:
            occupied.pop()()

    beset(box, entity, chance, refused_texts)
    box.before(occupy, f"*/{entity}", method="PUT", number=500)
    report = applied(plan, give_all_back, concurrency=concurrency)
    check(report, before, frame, values(client, entity), entity)
    counted = Counter(outcome.status for outcome in report.outcomes)
    assert counted["conflict"] >= len(elsewhere)
    assert counted["discarded"] > 20
    assert counted["failed"] >= 20
    assert len(frame) == ROWS
    assert counted["updated"] > 850
    assert not counted["not tried"]
    assert not counted["unknown"]


def check(
    report: WriteReport, before: pd.DataFrame, frame: pd.DataFrame, there: pd.DataFrame, entity: str
) -> None:
    """Compare what the report tells of each cell with what the ERP has."""
    told = report.to_frame()["status"].tolist()
    _, text, amount, discarded = EDITS[entity]
    for row, status in enumerate(told):
        is_written = status in ("updated", "discarded")
        was, wanted, now = (cells(each, row) for each in (before, frame, there))
        if status != "conflict" or now[text] != "Somebody else's":
            assert now[text] == (wanted if is_written else was)[text], (row, status)
        assert now[amount] == (wanted if is_written else was)[amount], (row, status)
        assert now[discarded] == was[discarded]
        assert (status == "discarded") == (is_written and wanted[discarded] != was[discarded])


def cells(frame: pd.DataFrame, row: int) -> dict[str, Any]:
    """Return a row with None where nothing is."""
    return {str(name): None if pd.isna(cell) else cell for name, cell in frame.iloc[row].items()}
