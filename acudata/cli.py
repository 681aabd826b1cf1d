"""The command line: `acudata demo`, `export`, `lab`, `sandbox`, `stubs`. The only place that writes to stdout."""

from __future__ import annotations

import argparse
import io
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

from acudata import __version__, options
from acudata.errors import AcumaticaError

if TYPE_CHECKING:
    from acudata.exports.options import Incremental

STOPPED = 130
"""The exit code after Ctrl-C, as shells have it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0 done, 1 failed, 2 asked in a wrong way, 130 stopped by Ctrl-C.

    `arguments` are those of the command line without the program's name; by default those that it was called with.
    """
    for stream in (sys.stdout, sys.stderr):
        _accept_all_letters(stream)
    asked = _parser().parse(sys.argv[1:] if arguments is None else arguments)
    try:
        return int(asked.run(asked) or 0)
    except KeyboardInterrupt:
        return _failed(asked.stopped, STOPPED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody listens to what is left
        return 1
    except OSError as error:
        return _failed(_told(error, asked), 1)
    except (AcumaticaError, ValueError) as error:
        return _failed(str(error), 1)


def _run_demo(asked: argparse.Namespace) -> None:
    from acudata.demo import run_demo

    run_demo(asked.out, scale=asked.scale, say=_say)


def _run_export(asked: argparse.Namespace) -> int:
    from acudata.client import AcumaticaClient

    how: Incremental = "compare" if asked.compare else bool(asked.incremental)
    with AcumaticaClient(env_file=asked.env_file) as client:
        report = client.export(
            asked.entities,
            asked.to,
            incremental=how,
            deletes=asked.deletes,
            children=not asked.no_children,
            on_unoptimised=asked.on_unoptimised,
        )
    for table in report:
        _say(str(table)) if table.ok else _failed(str(table), 1)
    return 0 if report.ok else 1


def _run_lab(asked: argparse.Namespace) -> None:
    from acudata.lab import run_lab

    if asked.jupyter and not asked.jupyter[0].startswith("-"):
        asked.parser.error(f"{asked.jupyter[0]!r} is no option. A folder is named by --out DIR.")
    options = ["--no-browser"] if asked.no_browser else []
    options += [] if asked.port is None else [f"--port={asked.port}"]
    run_lab(asked.out, options=[*options, *asked.jupyter], scale=asked.scale, say=_say)


def _run_stubs(asked: argparse.Namespace) -> int:
    from acudata.client import AcumaticaClient
    from acudata.stubs.changes import shortened

    with ExitStack() as stack:
        settings: dict[str, Any] = {"env_file": asked.env_file}
        if asked.demo:
            from acudata.sandbox import Sandbox

            box = stack.enter_context(Sandbox())
            settings = {name: getattr(box, name) for name in ("username", "password", "tenant")}
            settings |= {"base_url": box.url, "auto_load_env": False, "rate_limit_calls_per_second": 1000}
        client = stack.enter_context(AcumaticaClient(**settings))
        changes = client.write_stubs(asked.out, check=asked.check)
    for change in shortened(changes):
        _say(change)
    if changes and asked.check:
        return _failed(f"the stubs in {asked.out} are out of date: run acudata stubs --out {asked.out}", 1)
    written = f"written to {asked.out.resolve()}. {CHECKERS.format(asked.out)}"
    _say(written if changes else f"the stubs in {asked.out} are up to date")
    return 0


def _run_sandbox(asked: argparse.Namespace) -> None:
    from acudata.sandbox import Sandbox

    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)
    names = ("port", "scale", "schema", "tenants", "seats", "seed")
    chosen = {name: getattr(asked, name) for name in names if getattr(asked, name) is not None}
    with suppress(KeyboardInterrupt), Sandbox(**chosen) as box:
        _say(
            f"{box.url} user={box.username} password={box.password} tenant={box.tenant} (Ctrl-C stops the sandbox)"
        )
        while True:
            time.sleep(3600)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _failed(message: str, code: int) -> int:
    sys.stderr.write(f"acudata: {message}\n")
    return code


def _told(error: OSError, asked: argparse.Namespace) -> str:
    """Return what a failure of the system is about, in words; of the folder to write to with what to try."""
    option = getattr(asked, "folder", None)
    folder = str(Path(getattr(asked, option)).resolve()) if option else ""
    place = str(Path(error.filename).resolve()) if isinstance(error.filename, str) else str(error)
    if not folder or error.errno is None or folder not in place:
        return f"{error.filename}: {error.strerror}" if error.filename else str(error)
    is_file = isinstance(error, FileExistsError | NotADirectoryError)
    reason = "a file of that name is in the way" if is_file else os.strerror(error.errno)
    return f"cannot write to the folder {folder}: {reason}.\n  try: choose another folder with --{option} DIR"


def _accept_all_letters(stream: TextIO) -> None:
    # A Windows console or pipe of another code page would fail at the first name that it cannot write.
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")


class _Parser(argparse.ArgumentParser):
    """Says in one line what is wrong, with the nearest name."""

    def parse(self, arguments: Sequence[str]) -> argparse.Namespace:
        """Return what was asked, or leave with exit code 2."""
        if not arguments:
            self.print_help(sys.stderr)
            self.exit(2)
        if not arguments[0].startswith("-") and arguments[0] not in COMMANDS:
            self.error(_unknown("command", arguments[0], COMMANDS))
        asked, rest = self.parse_known_args(arguments)
        if rest:
            asked.parser.error(_unknown("option", rest[0], OPTIONS))
        return asked

    def error(self, message: str) -> NoReturn:
        """Tell what is wrong and leave with exit code 2."""
        self.exit(2, f"acudata: {message}\n  try: {self.prog} --help\n")


COMMANDS = ("demo", "export", "lab", "sandbox", "stubs")
OPTIONS = (
    *("--help", "--out", "--port", "--scale", "--schema", "--seats", "--seed", "--tenant"),
    *("--compare", "--deletes", "--env-file", "--incremental", "--no-children", "--on-unoptimised", "--to"),
    *("--check", "--demo", "--no-browser"),
)


def _parser() -> _Parser:
    parser = _Parser(
        prog="acudata", description="The pandas front door to Acumatica ERP.", allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=f"acudata {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND")
    for name, add_options, summary in (
        ("demo", _add_demo, "read a sandbox into typed frames, write parquet files and a report"),
        (
            "export",
            _add_export,
            "write entities of your ERP, with their detail rows, into a folder of parquet tables",
        ),
        ("lab", _add_lab, "open notebooks that show what acudata does in JupyterLab, a sandbox beside them"),
        ("sandbox", _add_sandbox, "serve an imitation of an Acumatica instance until Ctrl-C"),
        ("stubs", _add_stubs, "write files by which pyright, pylance and mypy know your ERP's fields"),
    ):
        command = commands.add_parser(
            name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.", allow_abbrev=False
        )
        command.set_defaults(parser=command, stopped="stopped")
        add_options(command)
    return parser


SCALE = "size of the company: 1 is about 300 customers and 2,000 orders"
ENTITIES = "entities, such as Customer or sales_orders"
STOPPED_EXPORT = "stopped; what is stored stays, and the same command goes on where it was"
STUBS = "folder of your project to write to (default: typings)"
CHECKERS = (
    "pyright and pylance look in typings by themselves, elsewhere with stubPath; mypy needs mypy_path = '{}'"
)
CHECK = "write nothing; tell what changed, and fail if anything did"
DEMO = "ask a sandbox instead of your ERP"
OUT = "folder to write to (default: acudata-demo)"
PORT = "TCP port (default: a free one)"
NOTEBOOKS = "folder that gets a copy of the notebooks; yours in it are kept (default: acudata-notebooks)"
LAB_PORT = "TCP port of JupyterLab (default: 8888, or the next free one)"
NO_BROWSER = "start no browser, only tell the address"
JUPYTER = "anything behind -- is for jupyter lab, such as -- --allow-root"
SCHEMA = "OpenAPI 3 or Swagger 2.0 document of a real endpoint, to serve with generated rows"
TENANT = "login names of the tenants, the default one first"
SEATS = "how many API sessions may be signed in at a time"
SEED = "another number is another company"


def _add_demo(parser: argparse.ArgumentParser) -> None:
    _add_scale(parser)
    parser.add_argument("--out", type=Path, default=Path("acudata-demo"), metavar="DIR", help=OUT)
    parser.set_defaults(run=_run_demo)


def _add_export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("entities", nargs="+", metavar="ENTITY", help=ENTITIES)
    parser.add_argument("--to", required=True, metavar="DIR", help=options.TO)
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--incremental", action="store_true", help=options.INCREMENTAL)
    how.add_argument("--compare", action="store_true", help=options.COMPARE)
    parser.add_argument("--deletes", choices=options.DELETES_BY, help=options.DELETES)
    parser.add_argument("--no-children", action="store_true", help=options.NO_CHILDREN)
    parser.add_argument("--on-unoptimised", choices=options.UNOPTIMISED, help=options.ON_UNOPTIMISED)
    parser.add_argument("--env-file", "--env", type=Path, metavar="FILE", help=options.ENV_FILE)
    parser.set_defaults(run=_run_export, folder="to", stopped=STOPPED_EXPORT)


def _add_lab(parser: argparse.ArgumentParser) -> None:
    _add_scale(parser)
    parser.add_argument("--out", type=Path, default=Path("acudata-notebooks"), metavar="DIR", help=NOTEBOOKS)
    parser.add_argument("--port", type=_number(1, 65535), metavar="N", help=LAB_PORT)
    parser.add_argument("--no-browser", action="store_true", help=NO_BROWSER)
    parser.add_argument("jupyter", nargs="*", metavar="-- OPTION", help=JUPYTER)
    parser.set_defaults(run=_run_lab, folder="out")


def _add_scale(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--scale", type=_number(1), default=1, metavar="N", help=SCALE)


def _add_sandbox(parser: argparse.ArgumentParser) -> None:
    _add_scale(parser)
    parser.add_argument("--port", type=_number(0, 65535), metavar="N", help=PORT)
    parser.add_argument("--schema", type=Path, metavar="FILE", help=SCHEMA)
    parser.add_argument("--tenant", dest="tenants", action="extend", nargs="+", metavar="NAME", help=TENANT)
    parser.add_argument("--seats", type=_number(1), metavar="N", help=SEATS)
    parser.add_argument("--seed", type=int, metavar="N", help=SEED)
    parser.set_defaults(run=_run_sandbox)


def _add_stubs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, default=Path("typings"), metavar="DIR", help=STUBS)
    parser.add_argument("--check", action="store_true", help=CHECK)
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--env-file", "--env", type=Path, metavar="FILE", help=options.ENV_FILE)
    where.add_argument("--demo", action="store_true", help=DEMO)
    parser.set_defaults(run=_run_stubs, folder="out")


def _number(low: int, high: int | None = None) -> Callable[[str], int]:
    def parse(text: str) -> int:
        number = int(text) if text.isascii() and text.isdigit() else -1
        if number < low or (high is not None and number > high):
            raise argparse.ArgumentTypeError(
                f"{text!r} is no number from {low} {f'to {high}' if high else 'on'}"
            )
        return number

    return parse


def _unknown(what: str, given: str, known: Sequence[str]) -> str:
    from acudata.naming import nearest

    near = nearest(given, known)
    return f"there is no {what} {given!r}." + (f" Did you mean {near[0]}?" if near else "")
