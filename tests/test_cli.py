"""The command line, run as users run it: exit codes, one clear message, and a clean end on Ctrl-C."""

import errno
import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from acudata import __version__
from acudata.cli import main

TIMEOUT = 60
INTERRUPT = getattr(signal, "CTRL_BREAK_EVENT", signal.SIGINT)
GROUP = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)


def acudata(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "acudata", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", timeout=TIMEOUT, check=False)


@contextmanager
def serving(*arguments: object) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "acudata", "sandbox", *map(str, arguments)]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdout=pipe, stderr=pipe, encoding="utf-8", creationflags=GROUP)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def test_the_version() -> None:
    done = acudata("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"acudata {__version__}\n", "")


def test_help_names_every_command() -> None:
    done = acudata("--help")
    assert done.returncode == 0
    assert re.findall(r"^    (\w+) ", done.stdout, re.MULTILINE) == [
        "demo",
        "export",
        "lab",
        "sandbox",
        "stubs",
    ]


@pytest.mark.parametrize("command", ["demo", "sandbox"])
def test_help_of_a_command_names_its_options(command: str) -> None:
    done = acudata(command, "--help")
    assert done.returncode == 0
    assert "--scale N" in done.stdout


def test_help_keeps_the_capitals_of_names() -> None:
    sentence = "\nServe an imitation of an Acumatica instance until Ctrl-C.\n"
    assert sentence in acudata("sandbox", "--help").stdout


def test_no_command_shows_the_help_and_fails() -> None:
    done = acudata()
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("usage: acudata")


WRONG = [
    (["demoo"], "there is no command 'demoo'. Did you mean demo?"),
    (["xyz"], "there is no command 'xyz'."),
    (["demo", "--scael", "3"], "there is no option '--scael'. Did you mean --scale?"),
    (["demo", "--scale", "0"], "argument --scale: '0' is no number from 1 on"),
    (["demo", "--scale", "many"], "argument --scale: 'many' is no number from 1 on"),
    (["sandbox", "--port", "70000"], "argument --port: '70000' is no number from 0 to 65535"),
    (["sandbox", "--seats", "-1"], "argument --seats: '-1' is no number from 1 on"),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG, ids=[" ".join(arguments) for arguments, _ in WRONG])
def test_a_wrong_call_is_told_in_one_line_with_exit_code_2(arguments: list[str], message: str) -> None:
    done = acudata(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[0] == f"acudata: {message}"
    assert "Traceback" not in done.stderr


def test_help_needs_none_of_the_heavy_libraries() -> None:
    program = """
import sys
from acudata.cli import main
try:
    main(["--help"])
except SystemExit:
    heavy = {"pandas", "pyarrow", "numpy", "requests", "pydantic", "starlette", "uvicorn", "matplotlib"}
    print(sorted(heavy & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("stop", [INTERRUPT, signal.SIGTERM], ids=str)
def test_the_sandbox_tells_its_address_in_one_line_and_stops_cleanly(stop: signal.Signals) -> None:
    if os.name == "nt" and stop is signal.SIGTERM:
        pytest.skip("Windows has no SIGTERM to catch")
    with serving("--tenant", "ACME", "BETA", "--seats", "1") as process:
        line = first_line(process)
        match = re.fullmatch(
            r"(http://127\.0\.0\.1:\d+/AcumaticaERP) user=\w+ password=\S+ tenant=ACME \(.*\)\n", line
        )
        assert match
        with urllib.request.urlopen(f"{match[1]}/entity", timeout=TIMEOUT) as answer:
            assert "endpoints" in json.load(answer)
        process.send_signal(stop)
        assert process.communicate(timeout=TIMEOUT) == ("", "")
        assert process.returncode == 0


def test_a_port_that_is_taken_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = acudata("sandbox", "--port", taken.getsockname()[1])
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(
        r"acudata: .*port \d+: .*; a sandbox may be running there already\. .*\n", done.stderr
    )


def test_an_endpoint_document_that_is_missing_is_an_error(tmp_path: Path) -> None:
    done = acudata("sandbox", "--schema", tmp_path / "none.json")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"acudata: {tmp_path / 'none.json'}: ")


def test_an_endpoint_document_that_is_none_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("no JSON", encoding="utf-8")
    done = acudata("sandbox", "--schema", tmp_path / "bad.json")
    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("command", "option"), [(["export", "Customer"], "--to"), (["lab"], "--out"), (["stubs"], "--out")]
)
@pytest.mark.parametrize(
    ("number", "text", "below", "reason"),
    [
        (errno.EEXIST, "[Errno 17] Cannot create directory '{}'", None, "a file of that name is in the way"),
        (errno.ENOTDIR, "Not a directory", "acudata", "a file of that name is in the way"),
        (errno.EACCES, "Permission denied", ".", os.strerror(errno.EACCES)),
    ],
    ids=["a file", "a file above", "no right"],
)
def test_a_folder_that_cannot_be_written_is_told_with_what_to_try(
    command: list[str],
    option: str,
    number: int,
    text: str,
    below: str | None,
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path.resolve() / "lake"

    def fail(_: object) -> None:
        raise OSError(number, text.format(folder), below and str(folder / below))

    monkeypatch.setattr(f"acudata.cli._run_{command[0]}", fail)
    assert main([*command, option, str(folder)]) == 1
    assert capsys.readouterr().err == (
        f"acudata: cannot write to the folder {folder}: {reason}.\n"
        f"  try: choose another folder with {option} DIR\n"
    )


def test_a_file_elsewhere_that_fails_keeps_its_own_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", "elsewhere")

    monkeypatch.setattr("acudata.cli._run_stubs", fail)
    assert main(["stubs", "--out", "typings"]) == 1
    assert capsys.readouterr().err == "acudata: elsewhere: Permission denied\n"


def test_ctrl_c_in_an_export_says_how_it_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("acudata.cli._run_export", stop)
    assert main(["export", "Customer", "--to", "lake"]) == 130
    assert capsys.readouterr().err == (
        "acudata: stopped; what is stored stays, and the same command goes on where it was\n"
    )
