"""A grid: the first rows of something longer, and the first of its columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from acudata.looks.styles import CELL, QUIET, TABLE
from acudata.looks.text import cut, html, visible

MOST_ROWS = 10
MOST_COLUMNS = 8
_LONGEST = {"text": 24, "html": 40}


@dataclass(frozen=True, slots=True)
class Grid:
    """Is a title over rows of words, of which there are `total`; `columns` are all of them, `rows` only what shows."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    total: int

    @property
    def shown(self) -> Sequence[str]:
        """Return the names of the columns that show."""
        return self.columns[:MOST_COLUMNS]

    @property
    def foot(self) -> str:
        """Return how much is shown, empty when it is all."""
        parts = ((len(self.rows), self.total, "rows"), (len(self.shown), len(self.columns), "columns"))
        return ", ".join(f"{few:,} of {every:,} {what}" for few, every, what in parts if few < every)


def first_rows(rows: Iterable[Iterable[str]]) -> list[list[str]]:
    """Return the words of as many rows and columns as are shown."""
    return [list(islice(row, MOST_COLUMNS)) for row in islice(rows, MOST_ROWS)]


def grid_text(grid: Grid) -> str:
    """Return a grid as lines of text."""
    rows = [[visible(cut(word, _LONGEST["text"])) for word in row] for row in (grid.shown, *grid.rows)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    return "\n".join(
        [visible(grid.title), *(lines if grid.rows else ()), *([grid.foot] if grid.foot else ())]
    )


def grid_html(grid: Grid) -> str:
    """Return a grid as HTML that is legible on light and on dark ground."""
    head = f"<thead>{_row(grid.shown, 'th')}</thead>"
    table = (
        f'<table style="{TABLE}">{head}<tbody>{"".join(_row(row, "td") for row in grid.rows)}</tbody></table>'
    )
    foot = f'<div style="{QUIET};padding:4px 0">{html(grid.foot)}</div>' if grid.foot else ""
    return (
        f'<div style="overflow-x:auto"><div style="padding:4px 0"><strong>{html(grid.title)}</strong></div>'
        f"{table if grid.rows else ''}{foot}</div>"
    )


def _row(words: Sequence[str], tag: str) -> str:
    style = f"{CELL}background:none;white-space:pre"
    cells = (f'<{tag} style="{style}">{html(cut(word, _LONGEST["html"]))}</{tag}>' for word in words)
    return f"<tr>{''.join(cells)}</tr>"
