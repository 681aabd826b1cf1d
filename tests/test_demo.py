"""The demo, end to end: what it writes agrees with what it says, and what fails says so before any work."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

pytest.importorskip("matplotlib", reason="needs the extra charts")

from acudata import demo
from acudata.errors import AcumaticaError

FILES = [
    "customers.parquet",
    "open_invoices.parquet",
    "open_payments.parquet",
    "report.html",
    "sales_order_lines.parquet",
]
TIMEOUT = 120


@pytest.fixture(scope="module")
def tour(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Run the demo once; return the folder and what was said."""
    out = tmp_path_factory.mktemp("tour") / "new" / "folder"
    said: list[str] = []
    demo.run_demo(out, say=said.append)
    return out, "\n".join(said)


def acudata(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "acudata", "demo", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", timeout=TIMEOUT, check=False)


def visible(folder: Path) -> list[str]:
    """Return the names in a folder; the manifests of files begin with a dot."""
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def test_the_demo_leaves_parquet_files_and_a_report_and_nothing_else(tour: tuple[Path, str]) -> None:
    out, _ = tour
    assert visible(out) == FILES


def test_every_table_is_shown_with_its_dtypes_and_written_whole(tour: tuple[Path, str]) -> None:
    out, said = tour
    for question in demo.QUESTIONS:
        shown = re.search(rf"^{question.title}: ([\d,]+) rows of {question.source}$", said, re.MULTILINE)
        assert shown
        assert pq.read_metadata(out / question.file).num_rows == int(shown[1].replace(",", "")) > 0
    assert re.search(r"^UsrKeyAccount +boolean ", said, re.MULTILINE)
    assert re.search(r"^LastModifiedDateTime +datetime64\[us, UTC\] ", said, re.MULTILINE)


def test_what_is_only_a_part_of_an_entity_says_so(tour: tuple[Path, str]) -> None:
    _, said = tour
    titles = re.findall(r"^(.*): [\d,]+ rows of (.*)$", said, re.MULTILINE)
    assert titles == [
        ("Customers", "Customer"),
        ("Sales order lines", "SalesOrder"),
        ("Open invoices", "Invoice where Status eq 'Open'"),
        ("Open payments", "Payment where Status eq 'Open'"),
    ]


def test_what_is_missing_is_shown_the_same_whatever_its_dtype(tour: tuple[Path, str]) -> None:
    _, said = tour
    for name in ("AttributeINDUSTRY +string", "UsrKeyAccount +boolean", r"UsrLastVisit +datetime64\[us\]"):
        assert re.search(rf"^{name}.* <NA>", said, re.MULTILINE)
    assert not re.search(r"\b(NaN|nan|NaT|None)\b", said)


def test_what_is_said_fits_into_100_columns(tour: tuple[Path, str]) -> None:
    out, said = tour
    assert max(len(line) for line in said.splitlines() if str(out) not in line) <= 100


def test_lines_of_orders_are_rows_with_the_keys_of_their_order(tour: tuple[Path, str]) -> None:
    lines = pd.read_parquet(tour[0] / "sales_order_lines.parquet")
    assert not lines.duplicated(["OrderType", "OrderNbr", "LineNbr"]).any()
    assert len(lines) > len(lines.drop_duplicates(["OrderType", "OrderNbr"])) > 1000


def test_the_report_agrees_with_the_ledger(tour: tuple[Path, str]) -> None:
    out, said = tour
    report = (out / "report.html").read_text(encoding="utf-8")
    (agreement,) = re.findall(r"^Receivables of .* agree with the control account .*$", said, re.MULTILINE)
    owed, booked = re.findall(r"[\d,]+\.\d\d", agreement)
    assert owed == booked
    assert f'<p class="check">{agreement}</p>' in report
    assert f'<td class="number">{owed}</td></tr></tfoot>' in report
    assert report.count("<img") == 2


def test_a_report_that_does_not_agree_is_shown_and_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "_control_account", lambda *_: 0.0)
    with pytest.raises(AcumaticaError, match="do not agree with the ledger"):
        demo.run_demo(tmp_path, say=lambda _: None)
    assert '<p class="check failed">' in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_a_second_run_replaces_the_first_and_keeps_other_files(
    tour: tuple[Path, str], tmp_path: Path
) -> None:
    shutil.copytree(tour[0], tmp_path, dirs_exist_ok=True)
    (tmp_path / "report.html").write_text("old", encoding="utf-8")
    (tmp_path / "mine.txt").write_text("keep", encoding="utf-8")
    done = acudata("--out", tmp_path)
    assert done.returncode == 0, done.stderr
    assert visible(tmp_path) == sorted([*FILES, "mine.txt"])
    assert "Receivables and sales" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_a_folder_that_cannot_be_written_to_is_refused_before_any_work(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("", encoding="utf-8")
    for folder in (in_the_way, in_the_way / "below"):
        done = acudata("--out", folder)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith(f"acudata: The demo cannot write to the folder {folder}: ")
        assert "--out DIR" in done.stderr


def test_without_matplotlib_the_demo_says_what_to_install_before_any_work(tmp_path: Path) -> None:
    program = (
        "import sys; sys.modules['matplotlib'] = None; from acudata.cli import main;"
        f" sys.exit(main(['demo', '--out', {str(tmp_path / 'out')!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert "pip install 'acudata[charts]'" in done.stderr
    assert not (tmp_path / "out").exists()
