"""Measures acudata beside easy-acumatica and beside the bytes alone, in one run, and writes a table.

Every piece of work runs in a fresh process, against one server of canned bytes; each round does all of them, so that
what else the machine does disturbs all alike.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from benchmarks.measures import MEASURES, Measure, Sizes, Way
from benchmarks.server import serving
from benchmarks.table import table
from benchmarks.work import Outcome

RESULTS = Path(__file__).with_name("results.md")
VERSIONS = ("acudata", "easy-acumatica", "pandas", "pyarrow", "orjson")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what the command line asks for."""
    asked = _parser().parse_args(arguments)
    sizes = Sizes(asked.customers, asked.orders, asked.lines, asked.edited, asked.written)
    measures = [MEASURES[name] for name in asked.only or MEASURES]
    outcomes: dict[str, list[Outcome]] = {}
    with serving(customers=sizes.customers) as address, tempfile.TemporaryDirectory() as folder:
        for number in range(1, asked.rounds + 1):
            for measure, way in _ways(measures):
                url = f"{address}/{measure.orders(sizes) * way.times}"
                outcome = _run(way, url, folder)
                outcomes.setdefault(way.key, []).append(outcome)
                _tell(f"round {number}: {way.work} {outcome.seconds:.3f} s")
    report = "\n".join([*_head(asked.rounds), *table(measures, outcomes)]) + "\n"
    asked.out.write_text(report, encoding="utf-8")
    print(report)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    usual = Sizes()
    parser.add_argument("--rounds", type=int, default=5, help="how often each piece of work is done")
    parser.add_argument("--only", nargs="+", choices=list(MEASURES), help="leave out all others")
    parser.add_argument("--customers", type=int, default=usual.customers)
    parser.add_argument(
        "--orders", type=int, default=usual.orders, help="orders of three lines, for the frames"
    )
    parser.add_argument("--lines", type=int, default=usual.lines, help="lines for the parquet files")
    parser.add_argument("--edited", type=int, default=usual.edited, help="orders that are planned")
    parser.add_argument("--written", type=int, default=usual.written, help="orders that are put")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the table goes")
    return parser


def _ways(measures: Sequence[Measure]) -> Iterator[tuple[Measure, Way]]:
    """Yield every way of which the libraries are there."""
    peer_is_there = find_spec("easy_acumatica") is not None
    for measure in measures:
        for way in measure.ways:
            if peer_is_there or "peer" not in way.work:
                yield measure, way


def _run(way: Way, url: str, folder: str) -> Outcome:
    command = [sys.executable, "-m", "benchmarks.work", way.work, url, folder]
    kept = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=kept, check=True)
    return Outcome(**json.loads(done.stdout.splitlines()[-1]))


def _tell(progress: str) -> None:
    print(progress, file=sys.stderr, flush=True)


def _head(rounds: int) -> Iterator[str]:
    versions = (f"{name} {importlib.metadata.version(name)}" for name in VERSIONS if _is_there(name))
    yield "# Benchmarks"
    yield ""
    yield f"Medians of {rounds} rounds; Python {platform.python_version()} on {os.cpu_count()} cores;"
    yield f"{', '.join(versions)}."


def _is_there(distribution: str) -> bool:
    return bool(list(importlib.metadata.distributions(name=distribution)))


if __name__ == "__main__":
    main()
