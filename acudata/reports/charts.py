"""Pictures of the reports, drawn by matplotlib's own objects: no pyplot, no window, no global state."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from acudata.reports.documents import by_currency

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, QUIET, GRID = "#1f2933", "#616e7c", "#e4e7eb"
SOLD, RETURNED, UNAPPLIED = "#3d6fb4", "#d9776c", "#9aa5b1"
AGES = ("#4b9c8c", "#e2bd4f", "#dd8a3e", "#b83f3a")
"""From calm to urgent; spans in between get colours in between."""

FONTS = ("Inter", "Segoe UI", "Helvetica Neue", "Arial", "Liberation Sans", "DejaVu Sans")
"""The first of these that the machine has; the last comes with matplotlib."""

PANEL = (9.0, 3.3)
"""Width and height in inches of the picture for one currency."""


def ages_chart(ages: pd.DataFrame, *, title: str = "") -> Figure:
    """Return a picture of what is owed by age: a bar for each span, a panel for each currency.

    `ages` is what `receivables_by_age` returns; `title` stands above, best saying what there is to see.
    """
    panels = list(by_currency(ages.drop(columns="Total")))
    figure, axes = _figure(len(panels), title)
    for axis, (currency, amounts) in zip(axes, panels, strict=True):
        sums = amounts.sum().astype(float)
        _value_axis(axis, currency)
        bars = axis.bar(range(len(sums)), sums, width=0.62, color=_age_colors(list(sums.index)))
        axis.bar_label(
            bars, [f"{value:,.0f}" for value in sums], padding=3, color=INK, fontsize=9, fontfamily=_font()
        )
        axis.set_xticks(range(len(sums)), [_dashed(str(label)) for label in sums.index])
        axis.margins(y=0.12)
        _label_up_to_the_top(axis)
    return figure


def months_chart(months: pd.DataFrame, *, title: str = "") -> Figure:
    """Return a picture of sales by month, returns below the line, a panel for each currency.

    `months` is what `sales_by_month` returns; `title` stands above, best saying what there is to see.
    """
    panels = list(by_currency(months))
    figure, axes = _figure(len(panels), title)
    for axis, (currency, amounts) in zip(axes, panels, strict=True):
        _value_axis(axis, currency)
        places = range(len(amounts))
        axis.bar(places, amounts["Sold"].astype(float), width=0.7, color=SOLD, label="Sold")
        axis.bar(places, amounts["Returned"].astype(float), width=0.7, color=RETURNED, label="Returned")
        axis.set_xticks(places, _month_labels(amounts.index))
        axis.margins(x=0.01, y=0.06)
        _label_up_to_the_top(axis)
    _legend(axes)
    return figure


def svg(figure: Figure) -> bytes:
    """Return a picture as SVG, its text drawn as outlines so that it looks the same everywhere."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


def _figure(panels: int, title: str) -> tuple[Figure, list[Axes]]:
    from matplotlib.figure import Figure

    width, height = PANEL
    figure = Figure(figsize=(width, height * max(panels, 1)), layout="constrained")
    axes = [figure.add_subplot(panels, 1, number + 1) for number in range(panels)]
    if title and axes:
        axes[0].set_title(
            title, loc="left", pad=14, color=INK, fontsize=12, fontweight="bold", fontfamily=_font()
        )
    return figure, axes


def _value_axis(axis: Axes, currency: str) -> None:
    from matplotlib.ticker import FuncFormatter

    axis.spines[:].set_visible(False)
    axis.axhline(0, color=QUIET, linewidth=0.8)
    axis.grid(axis="y", color=GRID, linewidth=0.8)
    axis.set_axisbelow(True)
    axis.tick_params(length=0, colors=QUIET, labelsize=9, labelfontfamily=_font())
    axis.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axis.set_ylabel(
        f"Amount in {currency}" if currency else "Amount", color=QUIET, fontsize=9, fontfamily=_font()
    )


def _label_up_to_the_top(axis: Axes) -> None:
    """Let an axis end with a label above its highest bar."""
    from matplotlib.ticker import MaxNLocator

    low, high = axis.get_ylim()
    labels = MaxNLocator(5).tick_values(low, high)
    axis.set_yticks([label for label in labels if label >= low])
    axis.set_ylim(low, labels[-1])


def _legend(axes: Sequence[Axes]) -> None:
    style = {"family": _font(), "size": 9}
    for axis in axes[:1]:
        axis.legend(
            loc="lower right",
            bbox_to_anchor=(1, 1),
            ncols=2,
            frameon=False,
            labelcolor=QUIET,
            prop=style,
            borderpad=0,
        )


@cache
def _font() -> str:
    from matplotlib.font_manager import fontManager

    present = {font.name for font in fontManager.ttflist}
    return next(name for name in FONTS if name in present)


def _age_colors(labels: Sequence[str]) -> list[str]:
    from matplotlib.colors import LinearSegmentedColormap, to_hex

    scale = LinearSegmentedColormap.from_list("ages", AGES)
    spans = max(len([label for label in labels if label != "Unapplied"]) - 1, 1)
    return [
        UNAPPLIED if label == "Unapplied" else to_hex(scale(place / spans))
        for place, label in enumerate(labels)
    ]


def _month_labels(months: pd.Index) -> list[str]:
    """Return the names of months, with the year below the first and every January."""
    starts = [month.to_timestamp() for month in months]
    return [
        f"{start:%b\n%Y}" if place == 0 or start.month == 1 else f"{start:%b}"
        for place, start in enumerate(starts)
    ]


def _dashed(label: str) -> str:
    return label.replace("-", "\N{EN DASH}")
