"""The seat is freed however a program ends: at its end, at an exception, at Ctrl-C, in the middle of a call."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import pytest

from acudata.sandbox import Sandbox
from tests.transport.conftest import SIGN_IN, SIGN_OUT, ScriptedServer, answer, settings_for, signed_in

CONNECT = """
import signal, threading
from acudata.config import AcumaticaConfig
from acudata.transport import Session
session = Session(AcumaticaConfig.load())
session.sign_in()
"""

ENDINGS = {
    "the last line": "",
    "an exception": "raise RuntimeError('of the program')",
    "Ctrl-C": "signal.raise_signal(signal.SIGINT)",
    "a SIGTERM that is made an exit": (
        "import sys; signal.signal(signal.SIGTERM, lambda *_: sys.exit(143)); signal.raise_signal(signal.SIGTERM)"
    ),
    "close, and the end": "session.close(); session.close()",
    "a call, and being part of a cycle": "session.get('entity'); session.me = session; del session",
    "a thread that outlives the program": "threading.Thread(target=session.get, args=('entity',)).start()",
}


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(seats=1) as box:
        yield box


HEARS_CTRL_C = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
"""A shell starts what runs in its background deaf to Ctrl-C, and programs hand that down."""


def begin(code: str, instance: Sandbox | ScriptedServer, folder: Path) -> subprocess.Popen[str]:
    """Start a program that signs in, by the settings in a `.env` file, and then runs the code."""
    config = settings_for(instance)
    lines = {
        "ACUMATICA_URL": config.base_url,
        "ACUMATICA_USERNAME": config.username,
        "ACUMATICA_PASSWORD": config.password.get_secret_value(),
    }
    (folder / ".env").write_text(
        "".join(f"{name}={text}\n" for name, text in lines.items()), encoding="utf-8"
    )
    program = [sys.executable, "-X", "dev", "-c", HEARS_CTRL_C + CONNECT + code]
    return subprocess.Popen(program, cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_seat_is_free_after(ending: str, box: Sandbox, tmp_path: Path) -> None:
    with begin("print('signed in')\n" + ENDINGS[ending], box, tmp_path) as program:
        output, errors = program.communicate(timeout=60)
    assert output == "signed in\n", errors
    assert box.instance.signin.seats_taken == 0
    assert "Exception ignored" not in errors
    assert "Warning" not in errors


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot send Ctrl-C to one process")
@pytest.mark.parametrize("path", ["entity", "entity/auth/login"])
def test_ctrl_c_during_a_call_signs_out(path: str, server: ScriptedServer, tmp_path: Path) -> None:
    started: Future[subprocess.Popen[str]] = Future()
    normal = signed_in() if "login" in path else answer(200)
    server.script(path, replace(normal, before=lambda: started.result(10).send_signal(signal.SIGINT)))
    with begin("session.get('entity')", server, tmp_path) as program:
        started.set_result(program)
        _, errors = program.communicate(timeout=60)
    assert "KeyboardInterrupt" in errors
    assert (server.count("POST", SIGN_IN), server.count("POST", SIGN_OUT)) == (1, 1)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no fork")
def test_a_forked_child_does_not_sign_its_parent_out(server: ScriptedServer, tmp_path: Path) -> None:
    code = "import os\nchild = os.fork()\nif child:\n    os.waitpid(child, 0)\n    session.get('entity')"
    with begin(code, server, tmp_path) as program:
        _, errors = program.communicate(timeout=60)
    assert program.returncode == 0, errors
    assert [asked.path for asked in server.asked] == [SIGN_IN, "/Live/entity", SIGN_OUT]
