"""A run that is killed leaves the old or the new state, and nothing of it after the next one."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from acudata.exports.dataset import Dataset
from tests.exports.stored import assert_as_told, batch, names_in, numbers, put

ROOT = Path(__file__).parents[2]
OLD, NEW = list(range(9)), list(range(100, 107))
FILE, FOLDER, PARTED = ("orders.parquet", ""), ("orders", ""), ("orders", "Status")
POINTS = [
    (FILE, "State.store call 1", OLD),
    (FILE, "_flush return 2", OLD),
    (FILE, "_move call 1", NEW),
    (FOLDER, "_move return 1", NEW),
    (PARTED, "write_file return 2", OLD),
    (PARTED, "State.store return 1", NEW),
    (PARTED, "_move return 2", NEW),
    (PARTED, "_file_lock line 3", NEW),
]


def run(path: Path, by: str, point: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.exports.killed", str(path), by, point]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)


def stored_before(path: Path, by: str) -> Dataset:
    dataset = Dataset.at(path)
    put(dataset, batch(9), by=(by,) if by else ())
    return dataset


def read_plainly(path: Path) -> list[int] | None:
    """Return what pandas reads, None where it refuses to."""
    try:
        return sorted(pd.read_parquet(path, columns=["LineNbr"], partitioning=None)["LineNbr"])
    except pa.ArrowInvalid:
        return None


def check_after_a_kill(dataset: Dataset, path: Path) -> list[int]:
    assert read_plainly(path) in (OLD, NEW, None)
    manifest = dataset.manifest
    assert manifest is not None
    assert_as_told(dataset, manifest)
    left = numbers(dataset.read())
    assert left == read_plainly(path)
    return left


@pytest.mark.parametrize(("where", "point", "expected"), POINTS)
def test_a_kill_leaves_the_old_or_the_new_and_the_next_run_tidies_up(
    tmp_path: Path, where: tuple[str, str], point: str, expected: list[int]
) -> None:
    path, by = tmp_path / where[0], where[1]
    dataset = stored_before(path, by)
    before = names_in(tmp_path)
    killed = run(path, by, point)
    assert killed.returncode != 0
    assert not killed.stdout
    assert check_after_a_kill(dataset, path) == expected
    stored_before(path, by)
    assert names_in(tmp_path) == before
    assert numbers(dataset.read()) == OLD


@pytest.mark.slow
@pytest.mark.parametrize("where", [FILE, FOLDER, PARTED])
def test_kills_anywhere(tmp_path: Path, where: tuple[str, str]) -> None:
    path, by = tmp_path / where[0], where[1]
    dataset = stored_before(path, by)
    lines = int(run(path, by, "line 0").stdout)
    for line in random.Random(4).sample(range(1, lines), 8):
        stored_before(path, by)
        assert run(path, by, f"line {line}").returncode != 0
        assert check_after_a_kill(dataset, path) in (OLD, NEW)
