"""Receivables by age: who owes how much, for how long."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from acudata.errors import AcumaticaValidationError
from acudata.reports.dates import days, midnight
from acudata.reports.documents import CUSTOMER, KEY, UNRELEASED, column, counted, signed

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

NAMES: Mapping[str, Sequence[str]] = {"Type": ["Type"], "Number": ["ReferenceNbr"], "Customer": CUSTOMER}
INVOICED = {**NAMES, "Open": ["Balance"], "Due": ["DueDate", "Date"]}
PAID = {**NAMES, "Open": ["AvailableBalance"]}


def receivables_by_age(
    invoices: pd.DataFrame,
    *,
    payments: pd.DataFrame | None = None,
    as_of: dt.date | str | None = None,
    currency: str | None = None,
    buckets: Sequence[int] = (30, 60, 90),
    signs: Mapping[str, int] = SIGNS,
) -> pd.DataFrame:
    """Return what each customer owes, a column for each span of days past the due date.

    The index is (Currency, Customer): amounts are never added across currencies. Documents on hold are left out, and
    a document is counted once however often it occurs.

    Args:
        invoices: documents of Invoice or SalesInvoice with Type, ReferenceNbr, Status, Customer (or CustomerID),
            Balance, DueDate, Date and Currency (or CurrencyID). A missing DueDate is taken as Date.
        payments: documents of Payment with Type, ReferenceNbr, Status, CustomerID, AvailableBalance and CurrencyID;
            what of them is not applied yet becomes the column "Unapplied".
        as_of: the day on which ages are counted, a date or text such as "2024-12-31", today by default. The ERP
            tells balances of now only, so another day changes the ages and not the amounts.
        currency: the currency of all documents, such as "USD", where there is only one. Invoice has no currency;
            where there are several, take that of the customer: Customer.CurrencyID.
        buckets: the last days of the spans, in ascending order.
        signs: 1 or -1 for each type of document, 0 to leave it out; give your own for labels in another language.

    Raises:
        AcumaticaValidationError: a column is missing, a document lacks a currency, balance or date, a type has no
            sign, `as_of` is no date, or the buckets do not ascend.

    Example:
        >>> import pandas as pd
        >>> invoices = pd.DataFrame({
        ...     "Type": ["Invoice", "Invoice", "Credit Memo"], "ReferenceNbr": ["1", "2", "3"], "Status": "Open",
        ...     "Customer": ["ADA", "ADA", "BOB"], "DueDate": ["2024-03-01", "2024-04-10", "2024-03-31"],
        ...     "Balance": [100.0, 50.0, 20.0]})
        >>> owed = receivables_by_age(invoices, as_of="2024-04-01", currency="USD", buckets=[30])
        >>> owed  # doctest: +NORMALIZE_WHITESPACE
        Age                Not due  1-30 days  Over 30 days  Total
        Currency Customer
        USD      ADA          50.0        0.0         100.0  150.0
                 BOB           0.0      -20.0           0.0  -20.0

    """
    import pandas as pd

    labels = _labels(buckets)
    today = pd.Timestamp.today().normalize() if as_of is None else midnight(as_of)
    owed = counted(invoices.assign(DueDate=_due(invoices)), INVOICED, left_out=UNRELEASED, currency=currency)
    owed["Age"] = _ages(today - days(owed.pop("Due")), buckets, labels)
    if payments is not None:
        labels.append(UNAPPLIED)
        paid = counted(payments, PAID, left_out=UNRELEASED, currency=currency).assign(Age=UNAPPLIED)
        owed = pd.concat([owed, paid], ignore_index=True).drop_duplicates(KEY)
    owed["Open"] = signed(owed, "Open", signs)
    return _spread(owed.dropna(subset="Open"), labels)


def _labels(buckets: Sequence[int]) -> list[str]:
    edges = [0, *buckets]
    if len(edges) < 2 or any(high <= low for low, high in pairwise(edges)):
        raise AcumaticaValidationError(
            f"Buckets are ascending numbers of days, such as (30, 60, 90), not {buckets}."
        )
    return ["Not due", *(f"{low + 1}-{high} days" for low, high in pairwise(edges)), f"Over {edges[-1]} days"]


def _due(invoices: pd.DataFrame) -> pd.Series:
    due = days(column(invoices, *INVOICED["Due"]))
    return due.fillna(days(invoices["Date"])) if "Date" in invoices else due


def _ages(overdue: pd.Series, buckets: Sequence[int], labels: list[str]) -> pd.Series:
    import pandas as pd

    edges = [-float("inf"), 0, *buckets, float("inf")]
    ages: pd.Series = pd.cut(overdue.dt.days, edges, labels=labels).astype(str)
    return ages


def _spread(documents: pd.DataFrame, labels: list[str]) -> pd.DataFrame:
    columns = {label: documents["Open"].where(documents["Age"] == label) for label in labels}
    keys = ["Currency", "Customer"]
    spread = documents[keys].assign(**columns, Total=documents["Open"]).groupby(keys).sum()
    return spread.rename_axis(columns="Age")
