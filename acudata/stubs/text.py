"""Python as text: the few statements of which stubs are made."""

from __future__ import annotations

import json
from collections.abc import Iterable

MARK = "# Written by acudata"
NOTE = f"{MARK} for one tenant: `acudata stubs` does it anew, edits are lost.\n# fmt: off\n# ruff: noqa\n"
"""The head of each file; formatters would make `acudata stubs --check` find a difference."""


def file_of(imports: Iterable[str], parts: Iterable[str]) -> str:
    """Return the text of a stub file."""
    outside: list[str] = []
    own: list[str] = []
    for line in sorted(imports):
        (own if line.startswith("from acudata") else outside).append(line)
    head = "\n\n".join("\n".join(group) for group in (outside, own) if group)
    return "\n".join([NOTE, head, "", *parts]).rstrip("\n") + "\n"


def class_of(name: str, lines: Iterable[str]) -> str:
    """Return a class with some lines in it, and an empty line behind it.

    >>> print(class_of("Visit(Model)", ["VisitID: String"]), end="")
    class Visit(Model):
        VisitID: String
    """
    body = [f"    {line}\n" for line in lines]
    return f"class {name}:\n{''.join(body)}" if body else f"class {name}: ...\n"


def literal_of(name: str, choices: Iterable[str]) -> str:
    """Return a name for some texts, each in a line of its own, so that differences are easy to read."""
    listed = list(choices)
    if len(listed) == 1:
        return f"{name} = Literal[{quoted(listed[0])}]"
    return f"{name} = Literal[\n{''.join(f'    {quoted(choice)},{chr(10)}' for choice in listed)}]"


def quoted(text: str) -> str:
    """Return a text as Python and formatters write it."""
    return json.dumps(text, ensure_ascii=False)
