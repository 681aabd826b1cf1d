"""Completion inside `%acu` and `%%acu`: commands, services, options, fields and variables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from acudata.errors import AcumaticaError
from acudata.naming import plural_attribute
from acudata.notebook.arguments import COMMANDS, QUERY, Command, Option

if TYPE_CHECKING:
    from IPython.core.completer import CompletionContext, SimpleMatcherResult

    from acudata.client import AcumaticaClient

Connected = Callable[[], "AcumaticaClient | None"]
Matcher = Callable[["CompletionContext"], "SimpleMatcherResult"]

_CELL = re.compile(r"\A\s*%%acu\b[^\n]*\n")
_LINE = re.compile(r"^\s*(?:[\w.,\s\[\]'\"]+=\s*)?%acu\s+")
_WORD = re.compile(r"[^\s,\"'(=]*\Z")


def matcher(connected: Connected, known: Callable[[], Iterable[str]]) -> Matcher:
    """Return what completes `%acu` for IPython, with the client of the moment and the names of variables.

    Before IPython 8.6, which Colab stays with, no matcher is told the line; there nothing is completed.
    """
    try:
        from IPython.core.completer import SimpleCompletion, context_matcher
    except ImportError:
        return _nothing

    @context_matcher(identifier="acudata")  # type: ignore[untyped-decorator,unused-ignore]
    def complete(context: CompletionContext) -> SimpleMatcherResult:
        before = text_before(context.full_text, context.cursor_line, context.cursor_position)
        if before is None:
            return {"completions": []}
        word = _last_word(before)
        words = candidates(before[: len(before) - len(word)], connected(), known())
        fitting = [SimpleCompletion(one) for one in words if one.lower().startswith(word.lower())]
        return {"completions": fitting, "matched_fragment": word, "suppress": True}

    found: Matcher = complete
    return found


def _nothing(_: CompletionContext) -> Any:
    """Return what a matcher of old says where it knows nothing."""
    return []


def text_before(text: str, line: int, column: int) -> str | None:
    r"""Return what stands between `%acu` and the cursor, or None where no `%acu` is meant.

    >>> text_before("df = %acu cust", 0, 14), text_before("%%acu df\ncustomers --t", 1, 13), text_before("x = 1", 0, 5)
    ('cust', 'customers --t', None)
    """
    lines = text.split("\n")
    until = "\n".join([*lines[:line], lines[line][:column]])
    cell = _CELL.match(until)
    if cell:
        return until[cell.end() :]
    found = _LINE.match(lines[line][:column])
    return lines[line][found.end() : column] if found else None


def candidates(before: str, client: AcumaticaClient | None, known: Iterable[str]) -> list[str]:
    """Return the words that may come after others."""
    words = before.split()
    if not words:
        return [*COMMANDS, *_services(client)]
    command = COMMANDS.get(words[0], QUERY)
    option = _open_option(command, words[1:])
    if option is None:
        return [*command.flags, "--help"]
    found = _values(option, client, words[-1] if command is not QUERY else words[0], known)
    return found if option.name.startswith("--") else [*found, *command.flags]


def _values(option: Option, client: AcumaticaClient | None, service: str, known: Iterable[str]) -> list[str]:
    if option.kind in ("service", "services"):
        return _services(client)
    if option.kind in ("fields", "filter"):
        return _fields(client, service)
    if option.kind == "variable":
        return sorted(name for name in known if not name.startswith("_"))
    return list(option.choices)


def _open_option(command: Command, words: list[str]) -> Option | None:
    """Return the option or place that the next word belongs to."""
    flags = [place for place, word in enumerate(words) if word in command.flags]
    if flags:
        option, given = command.flags[words[flags[-1]]], len(words) - flags[-1] - 1
        is_open = option.kind in ("fields", "filter") or (option.kind != "flag" and not given)
        return option if is_open else None
    places = [option for option in command.options if not option.name.startswith("--")]
    if places and places[-1].kind == "services":
        return places[-1]
    return places[len(words)] if len(words) < len(places) else None


def _services(client: AcumaticaClient | None) -> list[str]:
    if client is None:
        return []
    names = client.list_services()
    return [*map(plural_attribute, names), *names]


def _fields(client: AcumaticaClient | None, service: str) -> list[str]:
    """Return the fields and members of a service; where it cannot be asked, none: completion never fails."""
    if client is None:
        return []
    try:
        name = client.get_service_info(service)["name"]
        return list(client.get_model_info(name)["fields"])
    except AcumaticaError:
        return []


def _last_word(text: str) -> str:
    found = _WORD.search(text)
    return found.group() if found else ""
