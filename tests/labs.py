"""`acudata lab` as a process of its own, with a Jupyter that knows nothing of the user's."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import urllib3

GROUP = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)


@dataclass(frozen=True)
class Lab:
    """Holds a running lab: where it is, the token that lets in, what it said, and its process."""

    address: str
    token: str
    sandbox: str
    told: str
    process: subprocess.Popen[str]

    def page(self, path: str) -> str:
        """Return the address of a page, such as "lab/tree/01_first_minute.ipynb"."""
        return f"{self.address}/{path}?token={self.token}"


@contextmanager
def running_lab(folder: Path, *options: str) -> Iterator[Lab]:
    """Start `acudata lab` with a copy of the notebooks in `folder/notebooks`, and kill what is left of it."""
    command = [sys.executable, "-m", "acudata", "lab", "--no-browser", "--out", str(folder / "notebooks")]
    process = subprocess.Popen(
        [*command, "--", "--ServerApp.port=0", "--allow-root", *options],  # machines that test are often root
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        env=os.environ | own_places(folder),
        creationflags=GROUP,
    )
    try:
        yield _lab(process)
    finally:
        process.kill()
        process.communicate()


def own_places(folder: Path) -> dict[str, str]:
    """Return variables by which Jupyter and IPython keep everything in a folder."""
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    return {name: str(folder / name.lower()) for name in names}


def _lab(process: subprocess.Popen[str]) -> Lab:
    assert process.stdout is not None
    told = ""
    for line in process.stdout:
        told += line
        entry = re.search(r"(http://127\S+?)/lab/\S*token=(\w+)", line)
        if entry:
            _await(entry[1])
            return Lab(entry[1], entry[2], _sandbox(told), told, process)
    raise AssertionError(told)


def _await(address: str) -> None:
    """Return when Jupyter answers, which tells its address before it listens there."""
    patience = urllib3.Retry(connect=10, backoff_factor=0.05)
    with urllib3.PoolManager(retries=patience) as http:
        http.request("GET", f"{address}/api")


def _sandbox(told: str) -> str:
    (address,) = re.findall(r"sandbox at (\S+)\. ", told)
    return str(address)
