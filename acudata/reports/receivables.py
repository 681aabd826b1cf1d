"""Receivables by age: who owes how much, for how long."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from acudata.errors import AcumaticaValidationError
from acudata.reports.documents import CURRENCY, CUSTOMER, column, days, once, optional, released, signed

if TYPE_CHECKING:
    import pandas as pd

SIGNS: Mapping[str, int] = {
    "Invoice": 1,
    "Debit Memo": 1,
    "Overdue Charge": 1,
    "Credit WO": 1,
    "Refund": 1,
    "Customer Refund": 1,
    "Voided Refund": 1,
    "Prepmt. Invoice": 1,
    "Credit Memo": -1,
    "Payment": -1,
    "Prepayment": -1,
    "Voided Payment": -1,
    "Balance WO": -1,
    "Cash Sale": 0,
    "Cash Return": 0,
}
"""What an open document of a type does to what a customer owes: the ERP keeps every balance as a positive number."""

UNAPPLIED = "Unapplied"


def receivables_by_age(
    invoices: pd.DataFrame,
    *,
    payments: pd.DataFrame | None = None,
    as_of: dt.date | str | None = None,
    buckets: Sequence[int] = (30, 60, 90),
    signs: Mapping[str, int] = SIGNS,
) -> pd.DataFrame:
    """Return what each customer owes, a column for each span of days past the due date.

    Amounts are never added across currencies: where the frames have a column Currency or CurrencyID, the index is
    (Currency, Customer). Documents on hold are left out, and a document is counted once however often it occurs.

    Args:
        invoices: documents of Invoice or SalesInvoice with Type, ReferenceNbr, Customer (or CustomerID), DueDate,
            Date, Balance and, if there, Status and Currency. A missing DueDate is taken as Date.
        payments: documents of Payment with Type, ReferenceNbr, CustomerID and AvailableBalance; what of them is not
            applied yet becomes the column "Unapplied".
        as_of: the day on which ages are counted, today by default. The ERP tells balances of now only, so another
            day changes the ages and not the amounts.
        buckets: the last days of the spans, in ascending order.
        signs: 1 or -1 for each type of document, 0 to leave it out; give your own for labels in another language.

    Raises:
        AcumaticaUnknownNameError: a column is missing.
        AcumaticaValidationError: a type without a sign, a document without a balance or date, bad buckets.

    Example:
        >>> import pandas as pd
        >>> invoices = pd.DataFrame({
        ...     "Type": ["Invoice", "Invoice", "Credit Memo"], "ReferenceNbr": ["1", "2", "3"],
        ...     "Customer": ["ADA", "ADA", "BOB"], "DueDate": ["2024-03-01", "2024-04-10", "2024-03-31"],
        ...     "Balance": [100.0, 50.0, 20.0]})
        >>> receivables_by_age(invoices, as_of="2024-04-01", buckets=[30])  # doctest: +NORMALIZE_WHITESPACE
        Age       Not due  1-30 days  Over 30 days  Total
        Customer
        ADA          50.0        0.0         100.0  150.0
        BOB           0.0      -20.0           0.0  -20.0

    """
    import pandas as pd

    labels = _labels(buckets)
    documents = _invoiced(released(invoices))
    documents["Age"] = _ages(documents.pop("Due"), as_of, buckets, labels)
    if payments is not None:
        labels.append(UNAPPLIED)
        parts = _same_currency(documents, _unapplied(released(payments)))
        documents = pd.concat(parts, ignore_index=True)
    documents = once(documents, ["Type", "ReferenceNbr"])
    documents["Open"] = signed(documents["Open"], documents["Type"], signs)
    return _spread(documents.dropna(subset="Open"), labels)


def _labels(buckets: Sequence[int]) -> list[str]:
    edges = [0, *buckets]
    if len(edges) < 2 or any(high <= low for low, high in pairwise(edges)):
        raise AcumaticaValidationError(
            f"Buckets are ascending numbers of days, such as (30, 60, 90), not {buckets}."
        )
    return ["Not due", *(f"{low + 1}-{high} days" for low, high in pairwise(edges)), f"Over {edges[-1]} days"]


def _invoiced(frame: pd.DataFrame) -> pd.DataFrame:
    due, date = optional(frame, "DueDate"), optional(frame, "Date")
    if due is None:
        due = column(frame, "DueDate", "Date")
    documents = _documents(frame, column(frame, "Balance"))
    documents["Due"] = days(due) if date is None else days(due).fillna(days(date))
    return documents


def _unapplied(frame: pd.DataFrame) -> pd.DataFrame:
    return _documents(frame, column(frame, "AvailableBalance")).assign(Age=UNAPPLIED)


def _documents(frame: pd.DataFrame, balance: pd.Series) -> pd.DataFrame:
    import pandas as pd

    parts = {name: column(frame, name) for name in ("Type", "ReferenceNbr")}
    currency = optional(frame, *CURRENCY)
    if currency is not None:
        parts["Currency"] = currency
    return pd.DataFrame({**parts, "Customer": column(frame, *CUSTOMER), "Open": balance})


def _same_currency(invoiced: pd.DataFrame, unapplied: pd.DataFrame) -> list[pd.DataFrame]:
    """Return both with a currency or both without; Invoice has no such field, Payment always has one."""
    parts = [invoiced, unapplied]
    told = [part for part in parts if "Currency" in part]
    if len(told) == 2:
        return parts
    if any(part["Currency"].nunique() > 1 for part in told):
        raise AcumaticaValidationError(
            "Documents in several currencies cannot be told from the others, which have no column Currency.",
            suggestions=["read SalesInvoice.Currency and join it by Type and ReferenceNbr"],
        )
    return [part.drop(columns="Currency", errors="ignore") for part in parts]


def _ages(
    due: pd.Series, as_of: dt.date | str | None, buckets: Sequence[int], labels: list[str]
) -> pd.Series:
    import pandas as pd

    if due.isna().any():
        raise AcumaticaValidationError(
            f"{int(due.isna().sum())} documents have neither a DueDate nor a Date."
        )
    today = pd.Timestamp.today() if as_of is None else pd.Timestamp(as_of)
    overdue = (today.tz_localize(None).normalize() - due).dt.days
    ages: pd.Series = pd.cut(overdue, [-float("inf"), 0, *buckets, float("inf")], labels=labels).astype(str)
    return ages


def _spread(documents: pd.DataFrame, labels: list[str]) -> pd.DataFrame:
    keys = [name for name in ("Currency", "Customer") if name in documents]
    columns = {label: documents["Open"].where(documents["Age"] == label) for label in labels}
    spread = documents[keys].assign(**columns, Total=documents["Open"]).groupby(keys, dropna=False).sum()
    return spread.rename_axis(columns="Age")
