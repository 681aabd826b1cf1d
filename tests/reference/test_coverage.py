"""The table of the reference names tests that exist, and all of them."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "docs" / "reference-coverage.md"
FILE = re.compile(r"^## .*`(tests/[\w/]+\.py)`", re.MULTILINE)
TEST = re.compile(r"`(?:(tests/[\w/]+\.py)::)?(test_\w+)`")


def names_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {
        node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def named() -> set[tuple[str, str]]:
    """Return the file and name of every test in the table."""
    _, *chapters = FILE.split(TABLE.read_text(encoding="utf-8"))
    return {
        (elsewhere or file, name)
        for file, text in zip(chapters[::2], chapters[1::2], strict=True)
        for elsewhere, name in TEST.findall(text)
    }


def test_every_test_in_the_table_exists() -> None:
    there = {path: names_in(path) for path, _ in named()}
    assert [f"{path}::{name}" for path, name in sorted(named()) if name not in there[path]] == []


def test_every_test_of_the_reference_is_in_the_table() -> None:
    files = sorted(path.relative_to(ROOT).as_posix() for path in Path(__file__).parent.glob("test_[0-9]*.py"))
    assert len(files) == 13
    assert [
        f"{path}::{name}" for path in files for name in sorted(names_in(path)) if (path, name) not in named()
    ] == []


def test_every_row_is_proved() -> None:
    text = TABLE.read_text(encoding="utf-8").partition("## Where acudata differs")[0]
    rows = [
        line
        for line in text.splitlines()
        if line.startswith("| ") and not line.startswith("| the reference |")
    ]
    assert len(rows) > 80
    assert [row for row in rows if not TEST.search(row)] == []
