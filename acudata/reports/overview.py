"""The page of the two reports: what is owed, by age, and what was sold, by month."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from acudata.reports.charts import ages_chart, months_chart, svg
from acudata.reports.documents import by_currency
from acudata.reports.page import Block, Check, Picture, Section, Table, Text, page

if TYPE_CHECKING:
    import pandas as pd

OWED = (
    "Open balances by days past the due date. Credit memos and payments that are not applied yet take away."
)
SOLD = (
    "Amounts without tax, in the month of the document. Quotes, transfers and what was canceled are no sales."
)

LARGEST = 15
"""How many customers are shown by name; the others are one row."""


def overview(
    ages: pd.DataFrame,
    months: pd.DataFrame,
    *,
    title: str,
    subtitle: str,
    names: Mapping[str, str] | None = None,
    checks: Sequence[Check] = (),
    footer: str = "",
) -> str:
    """Return an HTML page with pictures and tables of receivables by age and sales by month.

    `ages` and `months` are what `receivables_by_age` and `sales_by_month` return; `names` are those of
    the customers by id, `checks` stand below the receivables. Needs matplotlib.
    """
    owed, sold = Text(OWED), Text(SOLD)
    sections = [
        Section("Receivables by age", [owed, _ages_picture(ages), *checks, *_ages_tables(ages, names)]),
        Section("Sales by month", [sold, _months_picture(months), *_months_tables(months)]),
    ]
    return page(title, subtitle=subtitle, sections=sections, footer=footer)


def _ages_picture(ages: pd.DataFrame) -> Picture:
    totals = "; ".join(
        f"{currency} {label}: {amount:,.0f}"
        for currency, part in by_currency(ages)
        for label, amount in part.sum().items()
    )
    return Picture(svg(ages_chart(ages)), f"Bar chart of receivables by age. {totals}.", "Receivables by age")


def _months_picture(months: pd.DataFrame) -> Picture:
    totals = "; ".join(
        f"{currency} {part['Net'].sum():,.0f} in {len(part)} months" for currency, part in by_currency(months)
    )
    return Picture(
        svg(months_chart(months)),
        f"Bar chart of sales by month. Net: {totals}.",
        "Sales and returns by month",
    )


def _ages_tables(ages: pd.DataFrame, names: Mapping[str, str] | None) -> Iterator[Block]:
    for currency, part in by_currency(ages):
        rows = largest(part)
        if names is not None:
            rows.insert(0, "Name", [names.get(str(customer), "") for customer in rows.index])
        yield Table(rows, f"The customers who owe most in {currency}", totals=True)


def _months_tables(months: pd.DataFrame) -> Iterator[Block]:
    for currency, part in by_currency(months):
        yield Table(part, f"Sales by month in {currency}", totals=True)


def largest(ages: pd.DataFrame, *, count: int = LARGEST) -> pd.DataFrame:
    """Return the rows with the largest totals, and one row that adds up the others."""
    ordered = ages[ages["Total"] != 0].sort_values("Total", ascending=False)
    named, others = ordered.iloc[:count].copy(), ordered.iloc[count:]
    if not others.empty:
        named.loc[f"{len(others)} others"] = others.sum()
    return named
