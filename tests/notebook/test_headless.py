"""Notebooks that are executed headless: what fails there fails the run, and progress is plain lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

v4: Any = nbformat.v4  # its functions have no types


def executed(*cells: str, folder: Path) -> list[str]:
    """Run cells in a kernel and return what each has shown."""
    notebook = v4.new_notebook(cells=[v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}}).execute()
    return [str(cell.outputs) for cell in notebook.cells]


pytestmark = pytest.mark.filterwarnings(
    "ignore"
)  # of jupyter_client, zmq and asyncio, on the way to a kernel


def test_a_notebook_runs_and_tells_its_progress_in_lines(tmp_path: Path) -> None:
    *_, read, off = executed(
        "%load_ext acudata",
        "c = %acu connect --demo",
        "df = %acu customers --columns CustomerID\nlen(df)",
        "%config AcuMagics.progress = False\ndf = %acu customers --columns CustomerID",
        folder=tmp_path,
    )
    assert "Customer: 300 records\\n" in read
    assert "%|" not in read
    assert off == "[]"


def test_a_magic_that_fails_fails_the_run(tmp_path: Path) -> None:
    with pytest.raises(CellExecutionError) as failed:
        executed(
            "%load_ext acudata",
            "c = %acu connect --demo",
            "%acu custmers",
            "open('reached', 'w')",
            folder=tmp_path,
        )
    assert failed.value.ename == "AcumaticaUnknownNameError"
    assert "did you mean: Customer" in str(failed.value)
    assert "magics.py" not in str(failed.value)
    assert not (tmp_path / "reached").exists()
