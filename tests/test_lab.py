"""`acudata lab`: the copy of the notebooks, the sandbox that they share, and an end that leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import socket
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest

from acudata.errors import AcumaticaConfigError
from acudata.lab import VARIABLE, brought_notebooks, run_lab, shared_company
from acudata.sandbox import Sandbox
from tests.labs import TIMEOUT, running_lab

ROOT = Path(__file__).parents[1]
NAMES = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
INTERRUPT = getattr(signal, "CTRL_BREAK_EVENT", signal.SIGINT)


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Collect what JupyterLab would be started with, and what its kernels would know, in its place."""
    calls: list[dict[str, Any]] = []

    def serve(options: list[str]) -> None:
        calls.append({"options": options, "told": json.loads(os.environ[VARIABLE])})

    monkeypatch.setattr("acudata.lab._need_jupyterlab", lambda: None)
    monkeypatch.setattr("acudata.lab._serve", serve)
    return calls


def test_the_notebooks_of_the_project_are_brought() -> None:
    assert [path.name for path in brought_notebooks()] == NAMES


def test_the_notebooks_are_copied(tmp_path: Path, served: list[dict[str, Any]]) -> None:
    said: list[str] = []
    run_lab(tmp_path / "new" / "lab", say=said.append)
    copies = sorted((tmp_path / "new" / "lab").iterdir())
    assert [copy.read_bytes() for copy in copies] == [path.read_bytes() for path in brought_notebooks()]
    assert said[0] == f"{tmp_path / 'new' / 'lab'}: {len(NAMES)} notebooks, {len(NAMES)} of them new"
    assert len(said) == 2


def test_what_the_user_has_in_the_folder_is_kept_and_told(
    tmp_path: Path, served: list[dict[str, Any]]
) -> None:
    first, *others = NAMES
    (tmp_path / first).write_text("mine", encoding="utf-8")
    (tmp_path / "own.ipynb").write_text("mine too", encoding="utf-8")
    said: list[str] = []
    run_lab(tmp_path, say=said.append)
    assert (tmp_path / first).read_text(encoding="utf-8") == "mine"
    assert (tmp_path / "own.ipynb").read_text(encoding="utf-8") == "mine too"
    assert said[:2] == [
        f"{tmp_path}: {len(NAMES)} notebooks, {len(others)} of them new",
        f"kept as they are: {first} (what you delete is there anew the next time)",
    ]


def test_jupyter_is_told_where_and_kernels_how_to_sign_in(
    tmp_path: Path, served: list[dict[str, Any]]
) -> None:
    said: list[str] = []
    run_lab(tmp_path, say=said.append, options=["--port=9000"])
    ((options, told),) = [call.values() for call in served]
    assert options == [
        f"--ServerApp.root_dir={tmp_path.resolve()}",
        f"--LabApp.default_url=/lab/tree/{NAMES[0]}",
        "--port=9000",
    ]
    assert told["base_url"] in said[-1]
    assert told["password"] not in "\n".join([*options, *said])
    assert VARIABLE not in os.environ


def test_without_jupyterlab_the_error_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(AcumaticaConfigError, match=r"pip install 'acudata\[notebook\]'"):
        run_lab(tmp_path / "lab", say=lambda _text: None)
    assert not (tmp_path / "lab").exists()


def test_in_the_lab_all_notebooks_share_its_sandbox(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    how = {"base_url": box.url, "username": box.username, "password": box.password, "tenant": box.tenant}
    monkeypatch.setenv(VARIABLE, json.dumps(how))
    with shared_company() as client:
        assert client.config.base_url == box.url


def test_outside_of_the_lab_a_notebook_has_a_sandbox_of_its_own(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    with shared_company() as client:
        assert client.config.base_url != box.url
        assert len(client.customers.to_frame(top=5)) == 5


# The real one.


@pytest.mark.slow
@pytest.mark.parametrize("stop", [INTERRUPT, signal.SIGTERM], ids=str)
def test_a_signal_ends_jupyterlab_its_kernels_and_the_sandbox(tmp_path: Path, stop: signal.Signals) -> None:
    pytest.importorskip("jupyterlab", reason="JupyterLab is not installed: pip install 'acudata[notebook]'")
    if os.name == "nt" and stop is signal.SIGTERM:
        pytest.skip("Windows has no SIGTERM to catch")
    with running_lab(tmp_path) as lab:
        assert lab.ask("api/contents")["content"]
        assert "password" not in " ".join(psutil.Process(lab.process.pid).cmdline())
        kernel = lab.ask("api/kernels", method="POST", body={"name": "python3"})["id"]
        children = psutil.Process(lab.process.pid).children(recursive=True)
        assert any(kernel in " ".join(child.cmdline()) for child in children)
        lab.process.send_signal(stop)
        lab.process.communicate(timeout=TIMEOUT)
        assert lab.process.returncode == 0
        assert psutil.wait_procs(children, timeout=TIMEOUT)[1] == []
        assert not is_open(lab.address)
        assert not is_open(lab.sandbox)


def is_open(address: str) -> bool:
    """Return whether somebody listens at an address."""
    place = urlsplit(address)
    try:
        socket.create_connection((place.hostname or "", place.port or 0), timeout=TIMEOUT).close()
    except ConnectionError:
        return False
    return True
