"""The notebooks run from top to bottom, on a sandbox of their own and on a server that settings lead to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from acudata.sandbox import Sandbox

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))

ONE_LINE = "client = %acu connect --demo"
OWN_LINE = "client = %acu connect"
TELLS_IT = "For your own tenant, write `client = %acu connect` in its second line"

CHART = ("image/png", "")
PICTURES = {
    "03": ("application/vnd.jupyter.widget-view+json", ""),
    "06": ("text/html", "changed by somebody else"),
}
"""Kind and text of what there is to see where it is no chart: the browser and the coloured plan."""

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def cells(path: Path, kind: str) -> list[dict[str, Any]]:
    every = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in every if cell["cell_type"] == kind]


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def test_there_are_seven() -> None:
    assert [path.stem[:3] for path in NOTEBOOKS] == [f"0{number}_" for number in range(1, 8)]


@each_notebook
def test_it_is_kept_without_outputs(path: Path) -> None:
    assert [cell for cell in cells(path, "code") if cell["outputs"] or cell["execution_count"]] == []
    assert "widgets" not in json.loads(path.read_text(encoding="utf-8"))["metadata"]
    nbformat.validate(nbformat.read(path, as_version=4))  # type: ignore[no-untyped-call,unused-ignore]


@each_notebook
def test_it_is_short(path: Path) -> None:
    assert 8 <= len(cells(path, "code")) + len(cells(path, "markdown")) <= 14


@each_notebook
def test_one_line_says_where_the_data_are_and_the_text_which(path: Path) -> None:
    first, *others = map(source, cells(path, "code"))
    assert first == f"%load_ext acudata\n{ONE_LINE}"
    assert "connect" not in "".join(others)
    assert TELLS_IT in source(cells(path, "markdown")[0])


@pytest.fixture(scope="module")
def server() -> Iterator[Sandbox]:
    """Serve what settings lead to, as a tenant of one's own."""
    with Sandbox() as server:
        yield server


@each_notebook
@pytest.mark.filterwarnings("ignore")  # of jupyter_client, zmq and asyncio, on the way to a kernel
def test_it_runs_and_shows_a_picture(
    path: Path, server: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACUMATICA_CACHE_DIR", str(tmp_path / "cache"))
    text = path.read_text(encoding="utf-8")
    demo, own = tmp_path / "demo", tmp_path / "own"
    for folder in (demo, own):
        folder.mkdir()
    (own / ".env").write_text(settings(server), encoding="utf-8")
    asked_before = len(server.requests)
    shown = asyncio.run(shown_by_both((text, demo), (text.replace(ONE_LINE, OWN_LINE), own)))
    kind, words = PICTURES.get(path.stem[:2], CHART)
    for outputs in shown:
        assert any(words in str(data) for data in of_kind(kind, outputs))
        assert "Warning" not in "".join(output.get("text", "") for output in outputs)
    assert len(server.requests) > asked_before


def of_kind(kind: str, outputs: list[dict[str, Any]]) -> list[Any]:
    return [output["data"][kind] for output in outputs if kind in output.get("data", ())]


def settings(server: Sandbox) -> str:
    told = {
        "URL": server.url,
        "USERNAME": server.username,
        "PASSWORD": server.password,
        "TENANT": server.tenant,
        "RATE_LIMIT": 1000,
    }
    return "\n".join(f"ACUMATICA_{name}={value}" for name, value in told.items())


async def shown_by_both(*runs: tuple[str, Path]) -> list[list[dict[str, Any]]]:
    """Run a notebook in two kernels at a time, each in a folder of its own."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(shown_by(text, folder)) for text, folder in runs]
    return [task.result() for task in tasks]


async def shown_by(text: str, folder: Path) -> list[dict[str, Any]]:
    """Run a notebook, which fails with the first of its cells, and return its outputs."""
    notebook: Any = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call,unused-ignore]
    resources = {"metadata": {"path": str(folder)}}
    await NotebookClient(notebook, timeout=120, resources=resources).async_execute()
    return [output for cell in notebook.cells for output in cell.get("outputs", ())]
