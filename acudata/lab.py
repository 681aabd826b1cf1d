"""JupyterLab on a copy of the notebooks, with a sandbox that all of them share."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from acudata.demo import Say, demo_company
from acudata.errors import AcumaticaConfigError

if TYPE_CHECKING:
    from acudata.client import AcumaticaClient
    from acudata.sandbox import Sandbox

VARIABLE = "ACUDATA_LAB"
"""The environment variable that leads kernels to the shared sandbox.

It is none of `ACUMATICA_…`, so that what a notebook has of its own settings still leads to the user's own tenant.
"""

SEATS = 100
"""A seat for each kernel, more than anybody starts."""


def run_lab(folder: Path, *, say: Say, options: Sequence[str] = (), scale: int = 1) -> None:
    """Copy the notebooks into a folder and serve it in JupyterLab, a sandbox beside it, until Ctrl-C or a signal.

    `options` are those of `jupyter lab`, `scale` is that of the sandbox. What was copied goes to `say`. No file that
    is there already is changed.

    Raises:
        AcumaticaConfigError: JupyterLab is missing; nothing was done yet.
        OSError: the folder cannot be written to.

    """
    _need_jupyterlab()
    first = _copy(brought_notebooks(), folder, say)
    from acudata.sandbox import Sandbox

    with Sandbox(scale=scale, seats=SEATS) as box, _told(box):
        say(f"%acu connect --demo leads to the sandbox at {box.url}. Ctrl-C ends it and JupyterLab.")
        _serve(
            [f"--ServerApp.root_dir={folder.resolve()}", f"--LabApp.default_url=/lab/tree/{first}", *options]
        )


@contextmanager
def shared_company() -> Iterator[AcumaticaClient]:
    """Give a client of the sandbox that `acudata lab` runs, and anywhere else one of a sandbox of its own."""
    from acudata.client import AcumaticaClient

    told = os.environ.get(VARIABLE)
    if told is None:
        with demo_company() as client:
            yield client
    else:
        with AcumaticaClient(
            **json.loads(told), auto_load_env=False, rate_limit_calls_per_second=1000
        ) as client:
            yield client


def brought_notebooks() -> list[Path]:
    """Return the notebooks that acudata brings: those of the clone that it runs from, else the installed ones."""
    above = Path(__file__).parents[1]
    if (above / "pyproject.toml").is_file():
        return sorted((above / "notebooks").glob("*.ipynb"))
    files = importlib.metadata.files("acudata") or []
    return sorted(Path(file.locate()) for file in files if file.suffix == ".ipynb")


def _need_jupyterlab() -> None:
    if importlib.util.find_spec("jupyterlab") is None:
        raise AcumaticaConfigError(
            "acudata lab starts JupyterLab, which is not installed.",
            suggestions=["pip install 'acudata[notebook]'"],
        )


def _copy(notebooks: Sequence[Path], folder: Path, say: Say) -> str:
    """Copy what is not there yet, and return the name of the first notebook."""
    folder.mkdir(parents=True, exist_ok=True)
    contents = {notebook.name: notebook.read_bytes() for notebook in notebooks}
    new = [name for name, content in contents.items() if _is_put(folder / name, content)]
    say(f"{folder}: {len(contents)} notebooks, {len(new)} of them new")
    kept = [name for name, content in contents.items() if (folder / name).read_bytes() != content]
    if kept:
        say(f"kept as they are: {', '.join(kept)} (what you delete is there anew the next time)")
    return next(iter(contents))


def _is_put(path: Path, content: bytes) -> bool:
    """Write a file unless there is one, and return whether it was written."""
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        return False
    return True


@contextmanager
def _told(box: Sandbox) -> Iterator[None]:
    """Let processes that are started in the block know how to sign in to a sandbox."""
    how = {"base_url": box.url, "username": box.username, "password": box.password, "tenant": box.tenant}
    os.environ[VARIABLE] = json.dumps(how)
    try:
        yield
    finally:
        del os.environ[VARIABLE]


def _serve(options: Sequence[str]) -> None:
    """Run JupyterLab in this process, so that neither outlives the other, until a signal ends it with its kernels."""
    from jupyterlab.labapp import LabApp

    app: Any = LabApp.initialize_server(argv=["--Application.log_level=WARN", *options])
    with _on_signals(lambda: app.stop(from_signal=True)):
        app.start()


@contextmanager
def _on_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` at the first signal that asks to end, instead of asking back as Jupyter does; a second one forces."""

    def heard(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        stop()

    known = [
        getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP") if hasattr(signal, name)
    ]
    before = [(number, signal.signal(number, heard)) for number in known]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)
