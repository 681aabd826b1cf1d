"""`acudata export`: what it writes, what it says, and how it ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from acudata.sandbox import Sandbox

TIMEOUT = 60


def export(box: Sandbox, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder whose `.env` leads to a sandbox."""
    settings = {"URL": box.url, "USERNAME": box.username, "PASSWORD": box.password, "TENANT": box.tenant}
    lines = [f"ACUMATICA_{name}={value}\n" for name, value in settings.items()]
    (folder / ".env").write_text("".join(lines), encoding="utf-8")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ACUMATICA_")}
    return subprocess.run(
        [sys.executable, "-m", "acudata", "export", *arguments],
        cwd=folder,
        env={**clean, "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        encoding="utf-8",
        timeout=TIMEOUT,
        check=False,
    )


def test_entities_become_tables_and_the_next_run_only_looks_for_changes(box: Sandbox, tmp_path: Path) -> None:
    how = ("Warehouse", "ledgers", "--to", "lake/", "--incremental", "--deletes", "keys")
    first, second = export(box, tmp_path, *how), export(box, tmp_path, *how)
    assert (first.returncode, second.returncode) == (0, 0)
    assert first.stdout.splitlines()[:2] == [
        "Warehouse: 3 rows (3 added)",
        "Warehouse.Locations: 9 rows (3 added)",
    ]
    assert second.stdout.splitlines()[:2] == ["Warehouse: 3 rows", "Warehouse.Locations: 9 rows"]
    assert len(pd.read_parquet(tmp_path / "lake" / "Warehouse.Locations")) == 9


def test_an_entity_that_fails_is_told_and_makes_the_exit_code_1(box: Sandbox, tmp_path: Path) -> None:
    done = export(box, tmp_path, "Payment", "Warehouse", "--to", "lake", "--no-children", "--compare")
    assert (done.returncode, done.stdout.splitlines()[1]) == (0, "Warehouse: 3 rows (3 added)")
    done = export(box, tmp_path, "Payment", "Warehouse", "--to", "lake2", "--on-unoptimised", "raise")
    assert (done.returncode, done.stdout.splitlines()[0]) == (1, "Warehouse: 3 rows (3 added)")
    assert done.stderr.startswith("acudata: Payment: ")
    assert "Traceback" not in done.stderr


def test_what_no_list_shows_is_left_out_and_told(box: Sandbox, tmp_path: Path) -> None:
    done = export(box, tmp_path, "Payment", "--to", "lake")
    told = done.stdout.splitlines()[0]
    assert (done.returncode, told.partition(", without ")[2]) == (0, "ApplicationHistory, DocumentsToApply")
    assert "on_unoptimised='by_key' reads it, record by record" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["Warehose", "--to", "lake"], 1, "There is no entity 'Warehose'."),
        (["--to", "lake"], 2, "the following arguments are required: ENTITY"),
        (["Warehouse"], 2, "the following arguments are required: --to"),
        (["Warehouse", "--to", "lake", "--incremental", "--compare"], 2, "not allowed with argument"),
        (["Warehouse", "--to", "lake", "--increment"], 2, "Did you mean --incremental?"),
        (["Warehouse", "--to", "lake", "--env-file", "none"], 1, "none"),
        (["Warehouse", "--to", "lake", "--env", "none"], 1, "none"),
    ],
)
def test_what_makes_no_sense_is_told_in_one_line(
    box: Sandbox, tmp_path: Path, arguments: list[str], code: int, message: str
) -> None:
    done = export(box, tmp_path, *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert message in done.stderr.splitlines()[0]
    assert not (tmp_path / "lake").exists()


def test_a_file_in_place_of_the_folder_is_told(box: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "lake").write_text("mine", encoding="utf-8")
    done = export(box, tmp_path, "Warehouse", "--to", "lake")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"acudata: cannot write to the folder {tmp_path.resolve() / 'lake'}: a file of that name is in the way.\n"
        "  try: choose another folder with --to DIR\n"
    )
