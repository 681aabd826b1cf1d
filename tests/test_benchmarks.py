"""The benchmarks run, in small, and every way of reading finds the same rows."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

import pytest

from benchmarks.measures import MEASURES, Measure, Target
from benchmarks.server import ENDPOINT, serving
from benchmarks.table import table
from benchmarks.work import Outcome

ROOT = Path(__file__).parents[1]
CUSTOMERS = 1100
LINES = 30


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(customers=CUSTOMERS) as address:
        yield f"{address}/{LINES // 3}"


def records(address: str, question: str) -> list[dict[str, Any]]:
    with urlopen(f"{address}{ENDPOINT}/{quote(question, safe='?$=&')}") as answer:
        found: list[dict[str, Any]] = json.load(answer)
    return found


def keys(address: str, question: str) -> list[str]:
    return [record["CustomerID"]["value"] for record in records(address, f"Customer?{question}")]


def test_the_server_pages_by_position_and_by_key(address: str) -> None:
    whole = keys(address, "$top=2000")
    assert len(whole) == CUSTOMERS
    assert keys(address, "$top=10&$skip=1095") == whole[1095:]
    assert keys(address, f"$top=3&$filter=CustomerID gt '{whole[4]}'") == whole[5:8]


def test_records_and_rows_are_numbered_as_acumatica_does(address: str) -> None:
    orders = records(address, "SalesOrder?$top=3&$skip=2&$expand=Details")
    assert [order["rowNumber"] for order in orders] == [1, 2, 3]
    assert [row["rowNumber"] for order in orders for row in order["Details"]] == 3 * [1, 2, 3]


@pytest.mark.slow
def test_the_command_measures_every_way_and_writes_the_table(tmp_path: Path) -> None:
    pytest.importorskip("easy_acumatica", reason="the peer, easy-acumatica, is not installed")
    out = tmp_path / "results.md"
    sizes = (
        "--customers",
        str(CUSTOMERS),
        "--orders",
        str(LINES // 3),
        "--lines",
        str(LINES),
        "--edited",
        "500",
        "--written",
        "20",
    )
    command = [sys.executable, "-m", "benchmarks", "--rounds", "1", *sizes, "--out", str(out)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    rows = [
        line.split(" | ") for line in out.read_text(encoding="utf-8").splitlines() if line.startswith("| ")
    ]
    counted = {row[0].removeprefix("| "): row[3] for row in rows if len(row) == 8}
    assert {way.name for measure in MEASURES.values() for way in measure.ways} <= counted.keys()
    assert counted["acudata, to_arrow"] == f"{CUSTOMERS:,}"
    assert counted["peer, json_normalize"] == counted["acudata, to_frame"] == str(LINES)
    assert counted["acudata, twice as many"] == str(2 * LINES)


@pytest.mark.parametrize(("most", "answer"), [(2.0, "yes"), (1.9, "**no**")])
def test_a_target_says_whether_it_is_met(most: float, answer: str) -> None:
    measure = Measure("x", "X", (), (Target("seconds", lambda found: found["work"].seconds, most=most),))
    took = [
        Outcome(rows=1, seconds=seconds, cpu_seconds=1, peak_mb=1, growth_mb=1, requests=0)
        for seconds in (1, 2, 9)
    ]
    assert list(table([measure], {"work": took}))[-1] == f"| seconds | at most {most:g} | 2 | {answer} |"


def test_a_target_is_left_out_where_it_was_not_measured() -> None:
    assert not any("faster" in line for line in table(MEASURES.values(), {}))
