"""Draws a look at a plan or report: a table for a notebook, or text for a terminal.

What is drawn may have been written by anybody into the ERP or into a frame. In HTML all of it is escaped, there is no
script and nothing is loaded; characters that steer a terminal, or hide in a text, are written out.
"""

from __future__ import annotations

import datetime as dt
import decimal
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from acudata.looks.styles import AMBER, BLUE, CELL, GREEN, GREY, RED, TEXT
from acudata.looks.text import html, visible

LONGEST = 160
"""Characters of a text that are shown."""


@dataclass(frozen=True, slots=True)
class Line:
    """Is one thing to tell of a record: a field with `values`, of which the last is the new one, or a `note`, or both.

    `depth` is 1 for what belongs to a detail row.
    """

    name: str = ""
    values: tuple[Any, ...] = ()
    note: str = ""
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """Is one record: what becomes or became of it, the row of the frame, the values of its key, and what to tell."""

    action: str
    row: Any
    key: tuple[Any, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """Is what there is to see: entries, which may be only some of the `total`, and the number of records by action.

    `note` is what has to be known before any of it is read.
    """

    title: str
    keys: tuple[str, ...]
    entries: Sequence[Entry]
    total: int
    counts: Mapping[str, int]
    note: str = ""

    @property
    def summary(self) -> str:
        """Return the numbers in one line: "2 update, 1 invalid"."""
        return ", ".join(f"{n:,} {action}" for action, n in self.counts.items() if n) or "no records"

    @property
    def foot(self) -> str:
        """Return how much is shown, empty when it is all."""
        shown = len(self.entries)
        return f"{shown:,} of {self.total:,} records shown" if shown < self.total else ""


_SIGNS = {
    "create": "+",
    "created": "+",
    "update": "~",
    "updated": "~",
    "delete": "-",
    "deleted": "-",
    "unchanged": "=",
    "not tried": ".",
    "unknown": "?",
}
"""What stands before an action; others are an alarm."""


def as_text(look: Look) -> str:
    """Return a look as lines of text."""
    heads = [f"{visible(look.title)}: {look.summary}", *([visible(look.note)] if look.note else [])]
    rows = [text for entry in look.entries for text in _entry_text(entry, look.keys)]
    return "\n".join([*heads, *rows, *([look.foot] if look.foot else [])])


def _entry_text(entry: Entry, keys: Sequence[str]) -> Iterator[str]:
    key = ", ".join(f"{visible(name)}={_quoted(value)}" for name, value in zip(keys, entry.key, strict=True))
    yield f"{_SIGNS.get(entry.action, '!')} {entry.action:<9} row {_quoted(entry.row)}  {key}".rstrip()
    for line in entry.lines:
        told = " -> ".join(map(_quoted, _clipped(line.values)))
        parts = [part for part in (told, visible(line.note)) if part]
        name = f"{visible(line.name)}: " if line.name and parts else visible(line.name)
        yield f"{'    ' * (line.depth + 1)}{name}{'  '.join(parts)}"


def _quoted(value: Any) -> str:
    """Return a value as it is written in Python, so that blanks and empty texts can be seen."""
    return repr(value) if isinstance(value, str) else visible(worded(value))


_COLOURS = {"+": GREEN, "~": BLUE, "-": RED, "=": GREY, ".": GREY, "?": AMBER, "!": AMBER}
_FAILED = frozenset({"invalid", "failed"})


def as_html(look: Look) -> str:
    """Return a look as HTML that is legible on light and on dark ground; colour never says anything alone."""
    titles = ["", "row", *look.keys, "field", "value"]
    head = "".join(f'<th style="{CELL}">{html(title)}</th>' for title in titles)
    body = "".join(row for entry in look.entries for row in _entry_html(entry))
    note = (
        f'<div style="background:rgba({AMBER},.25);padding:4px">{html(look.note)}</div>' if look.note else ""
    )
    foot = f'<div style="opacity:.75;padding:4px 0">{html(look.foot)}</div>' if look.foot else ""
    table = (
        f'<table style="border-collapse:collapse;margin:0"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )
    return (
        f'<div style="overflow-x:auto"><div style="padding:4px 0"><strong>{html(look.title)}</strong>: '
        f"{html(look.summary)}</div>{note}{table if body else ''}{foot}</div>"
    )


def _entry_html(entry: Entry) -> Iterator[str]:
    """Yield a table row for each line of an entry; what all of them share spans them."""
    sign = _SIGNS.get(entry.action, "!")
    colour = RED if entry.action in _FAILED else _COLOURS[sign]
    lines = entry.lines or (Line(),)
    span = f' rowspan="{len(lines)}"' if len(lines) > 1 else ""
    chip = f"{CELL}background:rgba({colour},.25);white-space:nowrap;"
    shared = f'<td{span} style="{chip}">{html(f"{sign} {entry.action}")}</td>'
    shared += "".join(
        f'<td{span} style="{CELL}{TEXT}background:none">{html(worded(value))}</td>'
        for value in (entry.row, *entry.key)
    )
    for position, line in enumerate(lines):
        yield f"<tr>{shared if position == 0 else ''}{_line_html(line, colour)}</tr>"


def _line_html(line: Line, colour: str) -> str:
    indent = f"padding-left:{10 + 18 * line.depth}px;"
    *before, last = _clipped(line.values) or ("",)
    told = [f'<del style="background:rgba({RED},.22)">{html(worded(value))}</del>' for value in before]
    if line.values:
        told.append(
            f'<ins style="background:rgba({GREEN},.25);text-decoration:none">{html(worded(last))}</ins>'
        )
    note = f'<span style="background:rgba({colour},.16)">{html(line.note)}</span>' if line.note else ""
    value = " ".join(part for part in (" → ".join(told), note) if part)
    return (
        f'<td style="{CELL}{TEXT}{indent}background:none">{html(line.name)}</td>'
        f'<td style="{CELL}{TEXT}background:none">{value}</td>'
    )


def worded(value: Any) -> str:
    """Return a value as people write it; an empty one says so.

    >>> worded(decimal.Decimal("44.50")), worded(dt.datetime(2024, 12, 31)), worded(None)
    ('44.5', '2024-12-31', '(empty)')
    """
    if value is None:
        return "(empty)"
    if isinstance(value, decimal.Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, dt.datetime):
        return str(value).removesuffix(" 00:00:00")
    return f"({', '.join(map(worded, value))})" if isinstance(value, tuple) else str(value)


def _clipped(values: Sequence[Any]) -> tuple[Any, ...]:
    """Return values with long texts cut to the part in which they differ."""
    texts = [value for value in values if isinstance(value, str)]
    if max(map(len, texts), default=0) <= LONGEST:
        return tuple(values)
    start = max(0, _first_difference(texts) - LONGEST // 4)
    return tuple(_cut(value, start) if isinstance(value, str) else value for value in values)


def _first_difference(texts: Sequence[str]) -> int:
    one, other = min(texts), max(texts)
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)) if one != other else 0)


def _cut(text: str, start: int) -> str:
    part = text[start : start + LONGEST]
    return f"{'…' if start else ''}{part}{'…' if start + LONGEST < len(text) else ''}"
