"""JupyterLab in headless Chromium: what a user sees and does there, in the user's words."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
TIMEOUT = 30_000
"""Milliseconds that anything may take on a busy machine."""

PICTURES = "ACUDATA_TEST_PICTURES"
"""The environment variable that names a folder for screenshots that somebody wants to look at."""

v4: Any = nbformat.v4  # its functions have no types


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """Start the Chromium of this machine; skip where there is none."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("Chromium is not installed")
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def write_settings(folder: Path, *, theme: str = "JupyterLab Light") -> None:
    """Have JupyterLab ask for no news, and look as wanted; `folder` is that of its configuration."""
    settings = {
        "notification": {"fetchNews": "false", "checkForUpdates": False},
        "themes": {"theme": theme},
    }
    for name, values in settings.items():
        path = folder / "lab/user-settings/@jupyterlab/apputils-extension" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values), encoding="utf-8")


def write_notebook(path: Path, *cells: str) -> None:
    """Write a notebook of code cells that were not run."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = v4.new_notebook(
        cells=[v4.new_code_cell(cell) for cell in cells], metadata={"kernelspec": kernel}
    )
    nbformat.write(notebook, path)  # type: ignore[no-untyped-call]


class Notebook:
    """Is a notebook that is open in a tab of Chromium."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        page.set_default_timeout(TIMEOUT)
        page.goto(address)
        page.get_by_text("| Idle").wait_for()

    def cell(self, number: int) -> Locator:
        """Return a code cell, counted from 0."""
        return self.page.locator(".jp-Notebook .jp-CodeCell").nth(number)

    def run(self, number: int) -> Locator:
        """Run a cell and return its output when it is done."""
        cell = self.cell(number)
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Shift+Enter")
        cell.locator(".jp-InputPrompt", has_text=re.compile(r"\[\d+\]")).wait_for()
        return cell.locator(".jp-OutputArea")

    def browse(self, number: int) -> Browsing:
        """Run a cell that shows the schema browser."""
        return Browsing(self.run(number))

    def picture(self, name: str) -> None:
        """Take a screenshot where somebody named a folder for it."""
        folder = os.environ.get(PICTURES)
        if folder:
            self.page.screenshot(path=Path(folder) / f"{name}.png")


class Browsing:
    """Is the schema browser in the output of a cell."""

    def __init__(self, output: Locator) -> None:
        self.search = output.get_by_placeholder("customer email")
        self.list = output.locator(".widget-select select")
        self.line = output.locator("textarea")
        self.rows = output.get_by_role("button", name="Read 10 rows")
        self.pane = output.locator(".widget-html")

    def select(self, text: str, label: str) -> None:
        """Type a text and click what is listed under a label."""
        self.search.press_sequentially(text)
        shown = re.escape(label).replace(r"\ ", r"\s")  # ipywidgets makes spaces that do not break
        entry = self.list.locator("option", has_text=re.compile(rf"^{shown}(\s\s|$)"))
        entry.wait_for(state="attached")
        self.list.select_option(index=entry.evaluate("option => option.index"))

    def copy(self) -> None:
        """Copy the line of Python as a user does: click into it, select all, copy."""
        self.line.click()
        for keys in ("ControlOrMeta+a", "ControlOrMeta+c"):
            self.line.press(keys)
