"""A page that needs nothing but itself: tables and pictures in one HTML file, every text of the ERP escaped."""

from __future__ import annotations

import base64
import decimal
import numbers
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Text:
    """Is a paragraph."""

    text: str

    def html(self) -> str:
        """Return the paragraph."""
        return f"<p>{escape(self.text)}</p>"


@dataclass(frozen=True)
class Check:
    """Is a line that says whether figures agree."""

    text: str
    holds: bool

    def html(self) -> str:
        """Return the line, marked as good or bad."""
        kind = "check" if self.holds else "check failed"
        return f'<p class="{kind}">{escape(self.text)}</p>'


@dataclass(frozen=True)
class Picture:
    """Is an SVG picture; `alt` tells what it shows to those who do not see it."""

    svg: bytes
    alt: str
    caption: str

    def html(self) -> str:
        """Return the picture as part of the page."""
        data = base64.b64encode(self.svg).decode("ascii")
        image = f'<img src="data:image/svg+xml;base64,{data}" alt="{escape(self.alt)}">'
        caption = f"<figcaption>{escape(self.caption)}</figcaption>"
        return f'<figure><div class="wide">{image}</div>{caption}</figure>'


@dataclass(frozen=True)
class Table:
    """Is a frame with its index, the last row as the sum of the numbers if `totals` is set."""

    frame: pd.DataFrame
    caption: str
    totals: bool = False

    def html(self) -> str:
        """Return the table."""
        cells = self.frame.reset_index()
        heads = self.frame.index.nlevels
        numeric = [place >= heads and _is_numeric(cells.iloc[:, place]) for place in range(cells.shape[1])]
        titles = "".join(
            _cell(name, "col", numeric=counts) for name, counts in zip(cells, numeric, strict=True)
        )
        rows = "".join(_row(values, numeric, heads) for values in cells.itertuples(index=False))
        foot = f"<tfoot>{_row(_sums(cells, numeric), numeric, heads)}</tfoot>" if self.totals else ""
        return (
            f'<div class="wide"><table><caption>{escape(self.caption)}</caption>'
            f"<thead><tr>{titles}</tr></thead><tbody>{rows}</tbody>{foot}</table></div>"
        )


Block = Text | Check | Picture | Table


@dataclass(frozen=True)
class Section:
    """Is a heading with what stands under it."""

    title: str
    blocks: Sequence[Block]

    def html(self) -> str:
        """Return the section."""
        return f"<section><h2>{escape(self.title)}</h2>{''.join(block.html() for block in self.blocks)}</section>"


def page(title: str, *, subtitle: str, sections: Sequence[Section], footer: str = "") -> str:
    """Return a complete HTML page that loads nothing from anywhere and prints well.

    >>> "<h1>Sales</h1><p>A &amp; B</p>" in page("Sales", subtitle="A & B", sections=[])
    True
    """
    style = files("acudata.reports").joinpath("page.css").read_text(encoding="utf-8")
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>
{style}</style>
</head>
<body>
<header><h1>{escape(title)}</h1><p>{escape(subtitle)}</p></header>
<main>
{chr(10).join(section.html() for section in sections)}
</main>
<footer>{escape(footer)}</footer>
</body>
</html>
"""


def shown(value: Any) -> str:
    """Return a value as people read it: thousands apart, two decimals for amounts, nothing for what is missing.

    >>> shown(1234567), shown(1234.5), shown(decimal.Decimal("-0.1")), shown(None)
    ('1,234,567', '1,234.50', '-0.10', '')
    """
    import pandas as pd

    if pd.isna(value):
        return ""
    if isinstance(value, float | decimal.Decimal):
        return f"{value:z,.2f}"
    counts = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    return f"{value:,}" if counts else str(value)


def _is_numeric(values: pd.Series) -> bool:
    import pandas as pd

    return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)


def _sums(cells: pd.DataFrame, numeric: Sequence[bool]) -> list[Any]:
    sums = [cells[name].sum() if counts else "" for name, counts in zip(cells, numeric, strict=True)]
    return ["Total", *sums[1:]]


def _row(values: Sequence[Any], numeric: Sequence[bool], heads: int) -> str:
    scopes = ["row"] * heads + [""] * (len(values) - heads)
    cells = (
        _cell(value, scope, numeric=counts)
        for value, scope, counts in zip(values, scopes, numeric, strict=True)
    )
    return f"<tr>{''.join(cells)}</tr>"


def _cell(value: Any, heads: str, *, numeric: bool) -> str:
    """Return a cell; `heads` tells whether it is the head of its row or column."""
    tag, text = f'th scope="{heads}"' if heads else "td", shown(value)
    kind = f' class="{"number zero" if text in {"0", "0.00"} else "number"}"' if numeric else ""
    return f"<{tag}{kind}>{escape(text)}</{tag[:2]}>"
