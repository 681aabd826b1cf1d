"""A sandbox of its own for each test that writes, and a client whose journals go to a folder of the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from acudata import AcumaticaClient
from acudata.sandbox import Sandbox, SandboxSettings
from tests.conftest import connect

Connect = Callable[..., tuple[Sandbox, AcumaticaClient]]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Connect]:
    """Return what serves a sandbox with some settings and connects a client to it."""
    with ExitStack() as stack:

        def serve(**settings: Any) -> tuple[Sandbox, AcumaticaClient]:
            box = stack.enter_context(Sandbox(settings=SandboxSettings(**settings)))
            return box, stack.enter_context(connect(box, cache_dir=tmp_path / "kept"))

        yield serve
