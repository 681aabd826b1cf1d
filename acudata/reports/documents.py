"""What the documents of customers mean for a report: which count, with which sign, and how they are found once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from acudata.errors import AcumaticaValidationError
from acudata.naming import nearest

if TYPE_CHECKING:
    import pandas as pd

UNRELEASED = frozenset(
    {"On Hold", "Balanced", "Voided", "Pending Approval", "Rejected", "Scheduled", "Pending Processing"}
)
"""Statuses of documents that have not reached the ledger, or were taken back."""

KEY = ["Type", "Number"]
CURRENCY = ("Currency", "CurrencyID")
CUSTOMER = ("Customer", "CustomerID")

ADVICE: Mapping[str, Sequence[str]] = {
    "Currency": (
        'give currency="USD" if all documents are in one currency',
        "read it: SalesInvoice has Currency, Payment and SalesOrder have CurrencyID, Invoice has none",
        "take the customer's for invoices:\n"
        '       customers = client.customers.to_frame(select="CustomerID,CurrencyID").set_index("CustomerID")\n'
        '       invoices["Currency"] = invoices["Customer"].map(customers["CurrencyID"])',
    ),
    "Status": (
        "read it, so that what was canceled or not released is left out: add Status to select",
        'give .assign(Status="Open") to the frame if every document in it counts',
    ),
    "TaxTotal": (
        "read it, so that tax can be taken off: add TaxTotal to select",
        "give .assign(TaxTotal=0) to the frame if its amounts are without tax",
    ),
}
"""How to get what a report cannot do without, where that is more than adding a column to `select`."""


def counted(
    frame: pd.DataFrame,
    sources: Mapping[str, Sequence[str]],
    *,
    left_out: frozenset[str],
    currency: str | None = None,
) -> pd.DataFrame:
    """Return the documents that count, each once, with what a report needs of them and their Currency.

    Args:
        frame: rows of an entity; a document may have several, one for each line.
        sources: for each column of the result, among them Type and Number, the names it may have in the frame.
        left_out: the statuses of documents that do not count.
        currency: the currency of all documents; by default the frame tells that of each.

    Raises:
        AcumaticaValidationError: a column, or a value in it, is missing, or a document is in another currency.

    """
    import pandas as pd

    sources = {**sources, "Status": ("Status",), "Currency": CURRENCY}
    frame = frame if currency is None else _in_currency(frame, currency)
    parts = pd.DataFrame({name: column(frame, *names) for name, names in sources.items()})
    _refuse_missing(parts, "Status", "Status")
    chosen = parts[~parts["Status"].isin(left_out).astype(bool)].drop_duplicates(KEY)
    for name, names in sources.items():
        _refuse_missing(chosen, name, " or ".join(names))
    if currency is not None:
        _refuse_others(chosen, currency)
    return chosen.drop(columns="Status")


def column(frame: pd.DataFrame, *names: str) -> pd.Series:
    """Return the first of several columns that a frame has; entities name the same thing differently.

    Raises:
        AcumaticaValidationError: the frame has none of them.

    """
    for name in names:
        if name in frame:
            return frame[name]
    near = nearest(names[0], map(str, frame.columns), limit=1)
    simple = [f"add {names[0]} to select", *(f"rename {other!r} if that is what it holds" for other in near)]
    raise AcumaticaValidationError(
        f"The report needs a column {' or '.join(names)}, which the frame lacks.",
        suggestions=ADVICE.get(names[0], simple),
    )


def by_currency(report: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield each currency of a report with its rows, the largest first."""
    sizes = report.astype(float).abs().sum(axis=1).groupby(level="Currency").sum()
    for currency in sizes.sort_values(ascending=False).index:
        yield str(currency), report.loc[currency]


def signed(documents: pd.DataFrame, name: str, signs: Mapping[str, int]) -> pd.Series:
    """Return amounts with the sign that their document's type gives them; 0 leaves a document out as missing.

    Raises:
        AcumaticaValidationError: a type has no sign.

    """
    amounts, types = documents[name], documents["Type"]
    _refuse_unknown(types, signs)
    sign = types.map(dict(signs)).astype(int)
    return amounts.where(sign > 0, -amounts).where(sign != 0)


def _in_currency(frame: pd.DataFrame, currency: str) -> pd.DataFrame:
    """Return a frame whose documents are in a currency where they do not say so themselves."""
    told = next((frame[name].fillna(currency) for name in CURRENCY if name in frame), currency)
    return frame.assign(Currency=told)


def _refuse_missing(documents: pd.DataFrame, name: str, told: str) -> None:
    missing = documents[documents[name].isna()]
    if len(missing):
        raise AcumaticaValidationError(
            f"{len(missing)} of {len(documents)} documents have no {told}: {_listed(missing)}.",
            suggestions=ADVICE.get(name, ()),
        )


def _refuse_others(documents: pd.DataFrame, currency: str) -> None:
    others = documents[documents["Currency"] != currency]
    if len(others):
        raise AcumaticaValidationError(
            f"{len(others)} of {len(documents)} documents are not in {currency} but in"
            f" {', '.join(sorted(map(str, others['Currency'].unique())))}: {_listed(others)}.",
            suggestions=[
                "leave currency= out; the column Currency or CurrencyID tells that of each document"
            ],
        )


def _listed(documents: pd.DataFrame, *, count: int = 3) -> str:
    """Return the types and numbers of the first documents.

    >>> import pandas as pd
    >>> _listed(pd.DataFrame({"Type": "Invoice", "Number": ["1", "2", "3", "4"]}), count=2)
    'Invoice 1, Invoice 2 and 2 more'
    """
    named = [" ".join(map(str, key)) for key in documents[KEY].head(count).itertuples(index=False)]
    more = len(documents) - len(named)
    return ", ".join(named) + (f" and {more} more" if more else "")


def _refuse_unknown(types: pd.Series, signs: Mapping[str, int]) -> None:
    unknown = sorted({str(kind) for kind in types.unique()} - set(signs))
    if unknown:
        raise AcumaticaValidationError(
            f"Whether documents of type {', '.join(map(repr, unknown))} add or take away is not known.",
            suggestions=[
                f"give their signs, 1, -1 or 0 to leave them out: signs={{**SIGNS, {unknown[0]!r}: 1}}",
                f"types are labels in the language of the user; known are {', '.join(signs)}",
            ],
        )
