"""Sales by month, from invoices or from orders."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from acudata.reports.dates import days
from acudata.reports.documents import UNRELEASED, counted, signed

if TYPE_CHECKING:
    import pandas as pd

INVOICE_SIGNS: Mapping[str, int] = {
    "Invoice": 1,
    "Debit Memo": 1,
    "Cash Sale": 1,
    "Credit Memo": -1,
    "Cash Return": -1,
    "Overdue Charge": 0,
    "Credit WO": 0,
    "Balance WO": 0,
    "Prepmt. Invoice": 0,
}
"""What a document adds to sales: overdue charges, write-offs and prepayments are none."""

ORDER_SIGNS: Mapping[str, int] = {
    "SO": 1,
    "SA": 1,
    "IN": 1,
    "CS": 1,
    "DM": 1,
    "CM": -1,
    "CR": -1,
    "RC": -1,
    "RM": -1,
    "QT": 0,
    "BL": 0,
    "TR": 0,
}
"""What an order of a type adds to sales: quotes, blanket orders and transfers are none, returns take away."""

CANCELED = frozenset({"Canceled", "Cancelled", "Expired"})

DATED: Mapping[str, Sequence[str]] = {"Date": ["Date"], "Tax": ["TaxTotal"]}
INVOICED = {**DATED, "Type": ["Type"], "Number": ["ReferenceNbr"], "Amount": ["Amount"]}
ORDERED = {**DATED, "Type": ["OrderType"], "Number": ["OrderNbr"], "Amount": ["OrderTotal"]}


def sales_by_month(
    documents: pd.DataFrame, *, currency: str | None = None, signs: Mapping[str, int] | None = None
) -> pd.DataFrame:
    """Return for each month how many documents there were and what they came to, without tax.

    The index is (Currency, Month): amounts are never added across currencies, and every month between the first and
    the last has a row. Orders that were canceled and invoices that were not released are left out, and a document is
    counted once however often it occurs.

    Args:
        documents: documents of Invoice or SalesInvoice (Type, ReferenceNbr, Date, Amount) or of SalesOrder (OrderType,
            OrderNbr, Date, OrderTotal), with Status, TaxTotal and Currency (or CurrencyID).
        currency: the currency of all documents, such as "USD", where there is only one. Invoice has no currency;
            where there are several, take that of the customer: Customer.CurrencyID.
        signs: 1, -1 or 0 for each type; by default `INVOICE_SIGNS` or `ORDER_SIGNS`.

    Returns:
        Columns Documents, Sold (what was sold), Returned (what was taken back, negative) and Net (their sum).

    Raises:
        AcumaticaValidationError: a column is missing, a document lacks an amount, a tax, a date or a currency, or a
            type has no sign.

    Example:
        >>> import pandas as pd
        >>> orders = pd.DataFrame({
        ...     "OrderType": ["SO", "SO", "RC"], "OrderNbr": ["1", "2", "3"], "Status": "Completed",
        ...     "OrderTotal": [11.0, 20.0, 5.0], "TaxTotal": [1.0, 0.0, 0.0],
        ...     "Date": ["2024-01-31", "2024-03-01", "2024-03-02"]})
        >>> sales_by_month(orders, currency="USD")  # doctest: +NORMALIZE_WHITESPACE
                          Documents  Sold  Returned   Net
        Currency Month
        USD      2024-01          1  10.0       0.0  10.0
                 2024-02          0   0.0       0.0   0.0
                 2024-03          2  20.0      -5.0  15.0

    """
    is_orders = "OrderType" in documents
    sales = counted(
        documents,
        ORDERED if is_orders else INVOICED,
        left_out=CANCELED if is_orders else UNRELEASED,
        currency=currency,
    )
    sales["Net"] = _untaxed(sales["Amount"], sales["Tax"])
    return _by_month(sales, signed(sales, "Net", signs or (ORDER_SIGNS if is_orders else INVOICE_SIGNS)))


def _untaxed(total: pd.Series, tax: pd.Series) -> pd.Series:
    # One by one, because Arrow refuses to subtract decimals of 38 digits as columns.
    net: pd.Series = total.combine(tax.astype(total.dtype), operator.sub).astype(total.dtype)
    return net


def _by_month(sales: pd.DataFrame, amounts: pd.Series) -> pd.DataFrame:
    dated = sales[["Currency"]].assign(
        Month=days(sales["Date"]).dt.to_period("M"),
        Documents=1,
        Sold=amounts.where(amounts > 0),
        Returned=amounts.where(amounts < 0),
        Net=amounts,
    )
    return _without_gaps(dated[amounts.notna()].groupby(["Currency", "Month"]).sum())


def _without_gaps(months: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    present = months.index.unique("Month")
    spanned = (
        pd.period_range(present.min(), present.max(), freq="M", name="Month") if len(present) else present
    )
    every = pd.MultiIndex.from_product([months.index.unique("Currency"), spanned])
    return pd.DataFrame(
        {name: amounts.reindex(every, fill_value=_zero(amounts)) for name, amounts in months.items()}
    )


def _zero(amounts: pd.Series) -> Any:
    """Return nothing in the type of the amounts, be it a float or a Decimal."""
    return abs(amounts.sum() * 0)
