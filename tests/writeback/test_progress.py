"""Writing that takes long tells how far it is and how long it still takes; nothing when it is switched off."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from acudata import AcumaticaClient
from acudata import progress as module
from tests.conftest import connect
from tests.writeback.conftest import Connect


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(client: AcumaticaClient, monkeypatch: pytest.MonkeyPatch, **options: Any) -> str:
    """Return what a terminal shows while three records are written."""
    frame = client.customers.to_frame(columns=["CustomerID", "CreditLimit"], top=3)
    frame["CreditLimit"] += 1
    plan = client.customers.plan(frame)
    terminal = Terminal()
    monkeypatch.setattr(module, "BAR_DELAY", 0)
    monkeypatch.setattr(sys, "stderr", terminal)
    plan.apply(**options)
    return terminal.getvalue()


def test_a_bar_counts_records_and_estimates_the_time_left(
    served: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, client = served()
    text = shown(client, monkeypatch)
    assert re.search(r"Customer: 100%.* 3/3 \[\d\d:\d\d<\d\d:\d\d,.* records/s\]", text)


def test_switched_off_it_is_silent(served: Connect, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    box, client = served()
    assert shown(client, monkeypatch, progress=False) == ""
    with connect(box, cache_dir=tmp_path, progress=False) as silent:
        assert shown(silent, monkeypatch) == ""
