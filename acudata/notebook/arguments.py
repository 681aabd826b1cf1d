"""What `%acu` can be asked: its commands and their options, told once for parsing, help and completion."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NoReturn

from acudata import options as meaning
from acudata.errors import AcumaticaUnknownNameError, AcumaticaValidationError
from acudata.naming import nearest
from acudata.notebook import variables
from acudata.notebook.variables import Variables

Kind = Literal["text", "flag", "filter", "fields", "number", "choice", "service", "services", "variable"]

Read = Callable[[Any, Variables], Any]

_READ: Mapping[str, Read] = {
    "filter": variables.condition,
    "fields": variables.names,
    "services": variables.names,
    "number": variables.number,
    "flag": lambda given, _: given,
    "variable": lambda given, _: given,
}


@dataclass(frozen=True, slots=True)
class Option:
    """Describes one word of a command: `--top`, or `SERVICE` where it has no dashes; `also` is its other name."""

    name: str
    help: str
    kind: Kind = "text"
    choices: tuple[str, ...] = ()
    is_needed: bool = False
    also: str = ""

    @property
    def key(self) -> str:
        """Return the name under which the value is handed on."""
        return self.name.lstrip("-").replace("-", "_").lower()

    def read(self, given: Any, known: Variables) -> Any:
        """Return the value that was given, with Python variables in it."""
        read: Read = _READ.get(self.kind, variables.value)
        found = read(given, known)
        if self.choices and found not in self.choices:
            raise AcumaticaUnknownNameError(
                f"{self.name} knows no {found!r}, only {', '.join(self.choices)}.",
                suggestions=nearest(str(found), self.choices),
            )
        return found


@dataclass(frozen=True, slots=True)
class Command:
    """Describes what can follow `%acu`, with the words that it takes."""

    name: str
    help: str
    options: tuple[Option, ...] = ()
    example: str = ""

    @property
    def flags(self) -> dict[str, Option]:
        """Return the options with dashes, by their names."""
        return {option.name: option for option in self.options if option.name.startswith("--")}


@dataclass(frozen=True, slots=True)
class Asked:
    """Holds one question: the command, and the values that were given; `wants_help` asks what it takes."""

    command: Command
    values: dict[str, Any] = field(default_factory=dict)
    wants_help: bool = False


_PATTERN = Option("PATTERN", "words that the name holds, or a pattern such as Sales*")
_SERVICE = Option("SERVICE", "such as customers, sales_order or SalesOrder", "service", is_needed=True)
QUERY = Command(
    "SERVICE",
    "read records into a frame",
    (
        Option("--filter", "OData text in quotes, or {variable} with an expression of F", "filter"),
        Option("--columns", "columns of the frame, in their order, such as MainContact.Email", "fields"),
        Option("--select", "fields to ask for, such as Details/InventoryID", "fields"),
        Option("--expand", "members to read too, such as Details", "fields"),
        Option("--custom", "custom fields to read, or all", "fields"),
        Option("--attributes", "what becomes of class attributes", "choice", ("rows", "columns")),
        Option("--top", "how many records at most", "number"),
        Option("--page-size", "records per request", "number"),
        Option("--errors", "what becomes of values of a wrong kind", "choice", ("coerce", "raise")),
        Option("--on-unoptimised", "fields that no list can show", "choice", ("raise", "narrow", "by_key")),
        Option("--strict", "refuse a filter that the server cannot apply", "flag"),
        Option("--cache", "take kept answers", "flag"),
        Option("--decimals", "how amounts come", "choice", ("float", "exact")),
        Option("--dtype-backend", "dtypes of the frame", "choice", ("numpy_nullable", "pyarrow")),
    ),
    """%acu customers --filter "Status eq 'Active'" --columns CustomerID CreditLimit --top 100""",
)
COMMANDS = {
    command.name: command
    for command in (
        Command(
            "connect",
            "sign in, with the settings of .env and the environment, and return the client",
            (
                Option("--env", meaning.ENV_FILE, also="--env-file"),
                Option("--demo", "to a sandbox that runs until the kernel ends", "flag"),
            ),
            "%acu connect --demo",
        ),
        Command("status", "tell how %acu is connected"),
        Command("browse", "search services, fields and actions, with the line of Python for each"),
        Command("services", "list the services", (_PATTERN,), "%acu services sales"),
        Command(
            "fields",
            "list the fields of a service, custom ones included",
            (_SERVICE, _PATTERN),
            "%acu fields customers Usr*",
        ),
        Command(
            "export",
            "write services with their detail rows into a folder of parquet tables",
            (
                Option("SERVICES", _SERVICE.help, "services", is_needed=True),
                Option("--to", meaning.TO, is_needed=True),
                Option("--incremental", meaning.INCREMENTAL, "flag"),
                Option("--compare", meaning.COMPARE, "flag"),
                Option("--deletes", meaning.DELETES, "choice", meaning.DELETES_BY),
                Option("--no-children", meaning.NO_CHILDREN, "flag"),
                Option("--on-unoptimised", meaning.ON_UNOPTIMISED, "choice", meaning.UNOPTIMISED),
            ),
            "%acu export Customer SalesOrder --to lake/ --incremental",
        ),
        Command(
            "plan",
            "show what writing a frame back would change; nothing is written",
            (
                Option("FRAME", "name of the variable that holds the frame", "variable", is_needed=True),
                _SERVICE,
                Option("--mode", "what may become of records", "choice", ("upsert", "update", "insert")),
                Option("--clear-nulls", "missing cells clear the field", "flag"),
            ),
            "%acu plan df customers",
        ),
        Command(
            "apply",
            "write the last plan, or the one that a variable holds",
            (
                Option("PLAN", "name of the variable that holds the plan", "variable"),
                Option("--max-rows", "refuse to write more records", "number"),
                Option("--confirm-deletes", "number of records that are to go", "number"),
                Option("--accept-failures", "go on where records were not written as they were sent", "flag"),
            ),
            "%acu apply --max-rows 50",
        ),
    )
}


def split(text: str) -> list[str]:
    """Return the words of a line; quotes hold words together, and backslashes are those of Windows paths.

    >>> split("export Customer --to 'my lake'")
    ['export', 'Customer', '--to', 'my lake']
    """
    lexer = shlex.shlex(text, posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.escape, lexer.commenters = True, "", ""
    try:
        return list(lexer)
    except ValueError:
        raise AcumaticaValidationError(
            "A quote is opened and never closed.",
            suggestions=["""put a filter into double quotes: --filter "Status eq 'Active'" """.strip()],
        ) from None


def asked(text: str, known: Variables, check: Callable[[str], None]) -> Asked:
    """Return what a line asks; a first word that is no command names a service, which `check` holds it to.

    Raises AcumaticaUnknownNameError for an option that does not exist, AcumaticaValidationError for what is missing.
    """
    words = split(text)
    if not words or words[0] in ("--help", "-h", "help"):
        return Asked(Command("", ""), wants_help=True)
    command = COMMANDS.get(words[0], QUERY)
    given = {} if command is not QUERY else {"service": str(variables.value(words[0], known))}
    if "--help" in words or "-h" in words:
        return Asked(command, given, wants_help=True)
    if command is QUERY:
        check(given["service"])
    found, rest = _parser(command).parse_known_args(words[1:])
    if rest:
        raise _unknown(command, words[0], rest[0])
    options = {option.key: option for option in command.options}
    return Asked(command, given | {key: options[key].read(word, known) for key, word in vars(found).items()})


def usage(command: Command, name: str = "") -> str:
    """Return the help of a command; of all of them for the nameless one."""
    if not command.name:
        return _overview()
    parser = _parser(command)
    parser.prog = f"%acu {name or command.name}"
    return parser.format_help().rstrip()


def _overview() -> str:
    told = {_synopsis(command): command.help for command in (*COMMANDS.values(), QUERY)}
    width = max(map(len, told))
    lines = [f"  {synopsis:<{width}}  {text}" for synopsis, text in told.items()]
    return "\n".join(
        [
            "%acu COMMAND …, or %%acu [VARIABLE] with the command in the cell, over several lines",
            "",
            *lines,
            "",
            "{name} is the value of a Python variable, {{ and }} are braces. %acu COMMAND --help tells its options,",
            "%config AcuMagics their defaults.",
        ]
    )


def _synopsis(command: Command) -> str:
    words = [option.name if option.is_needed else f"[{option.name}]" for option in command.options]
    return " ".join([command.name, *words[:3], *(["…"] if len(words) > 3 else [])])


def _unknown(command: Command, name: str, word: str) -> Exception:
    if not word.startswith("-"):
        return AcumaticaValidationError(
            f"{word!r} is one word too many.", suggestions=["put text with blanks into quotes"]
        )
    near = nearest(word.partition("=")[0], command.flags)
    return AcumaticaUnknownNameError(f"%acu {name} has no option {word!r}.", suggestions=near)


class _Parser(argparse.ArgumentParser):
    """Raises what is wrong, as the rest of acudata does."""

    def error(self, message: str) -> NoReturn:
        raise AcumaticaValidationError(f"{self.prog}: {message}.", suggestions=[f"{self.prog} --help"])


def _parser(command: Command) -> _Parser:
    parser = _Parser(
        prog=f"%acu {command.name}",
        description=f"{command.help[0].upper()}{command.help[1:]}.",
        epilog=command.example and f"example: {command.example}",
        add_help=False,
        allow_abbrev=False,
        argument_default=argparse.SUPPRESS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for option in command.options:
        parser.add_argument(*_spellings(option), **_how(option))
    return parser


def _spellings(option: Option) -> list[str]:
    if not option.name.startswith("-"):
        return [option.key]
    return [option.name, option.also] if option.also else [option.name]


def _how(option: Option) -> dict[str, Any]:
    """Return how argparse takes an option."""
    told = option.help + (f": {', '.join(option.choices)}" if option.choices else "")
    if option.kind == "flag":
        return {"action": "store_true", "help": told}
    is_flag = option.name.startswith("--")
    metavar = (
        {"number": "N", "fields": "NAME", "choice": "WORD"}.get(option.kind, "TEXT")
        if is_flag
        else option.name
    )
    how: dict[str, Any] = {"help": told, "metavar": metavar}
    if option.kind in ("fields", "services"):
        how["nargs"] = "+"
    elif not is_flag and not option.is_needed:
        how["nargs"] = "?"
    return how | ({"required": True} if is_flag and option.is_needed else {})
