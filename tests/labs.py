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
from typing import Any

import urllib3

TIMEOUT = 60
GROUP = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)


@dataclass(frozen=True)
class Lab:
    """Holds a running lab: the page that it opens, the token that lets in, its sandbox, and its process."""

    opened: str
    token: str
    sandbox: str
    process: subprocess.Popen[str]

    @property
    def address(self) -> str:
        """Return the address of the Jupyter server."""
        return self.opened.partition("/lab")[0]

    def page(self, notebook: str) -> str:
        """Return the address of a notebook that is open alone."""
        return f"{self.address}/lab/workspaces/{Path(notebook).stem}/tree/{notebook}?token={self.token}"

    def ask(self, path: str, *, method: str = "GET", body: dict[str, str] | None = None) -> Any:
        """Return what Jupyter's REST interface says, None where it says nothing."""
        headers = {"Authorization": f"token {self.token}"}
        answer = urllib3.request(method, f"{self.address}/{path}", json=body, headers=headers)
        assert answer.status < 300, answer.data
        return answer.json() if answer.data else None


@contextmanager
def running_lab(folder: Path, *options: str) -> Iterator[Lab]:
    """Start `acudata lab` with a copy of the notebooks in `folder/notebooks`, and end what is left of it."""
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
        process.terminate()
        process.communicate(timeout=TIMEOUT)


def own_places(folder: Path) -> dict[str, str]:
    """Return variables by which Jupyter and IPython keep everything in a folder."""
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    return {name: str(folder / name.lower()) for name in names}


def _lab(process: subprocess.Popen[str]) -> Lab:
    assert process.stdout is not None
    told = ""
    for line in process.stdout:
        told += line
        opened = re.search(r"http://127\S+/lab\S*token=(\w+)", line)
        if opened:
            lab = Lab(opened[0], opened[1], _sandbox(told), process)
            _await(lab.address)
            return lab
    raise AssertionError(told)


def _await(address: str) -> None:
    """Return when Jupyter answers, which tells its address before it listens there."""
    patience = urllib3.Retry(connect=10, backoff_factor=0.05)
    with urllib3.PoolManager(retries=patience) as http:
        http.request("GET", f"{address}/api")


def _sandbox(told: str) -> str:
    (address,) = re.findall(r"sandbox at (\S+)\. ", told)
    return str(address)
