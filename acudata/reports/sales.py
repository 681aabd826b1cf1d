"""Sales by month, from invoices or from orders."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from acudata.reports.documents import CURRENCY, column, days, once, optional, released, signed

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


def sales_by_month(documents: pd.DataFrame, *, signs: Mapping[str, int] | None = None) -> pd.DataFrame:
    """Return for each month how many documents there were and what they came to, without tax.

    Every month between the first and the last has a row. Amounts are never added across currencies: where the frame
    has a column Currency or CurrencyID, the index is (Currency, Month). Orders that were canceled and invoices that
    were not released are left out, and a document is counted once however often it occurs.

    Args:
        documents: documents of Invoice or SalesInvoice (Type, ReferenceNbr, Date, Amount) or of SalesOrder
            (OrderType, OrderNbr, Date, OrderTotal), and if there Status, TaxTotal and the currency.
        signs: 1, -1 or 0 for each type; by default `INVOICE_SIGNS` or `ORDER_SIGNS`.

    Returns:
        Columns Documents, Sold (what was sold), Returned (what was taken back, negative) and Net (their sum).

    Raises:
        AcumaticaUnknownNameError: a column is missing.
        AcumaticaValidationError: a type without a sign, or a document without an amount.

    Example:
        >>> import pandas as pd
        >>> orders = pd.DataFrame({
        ...     "OrderType": ["SO", "SO", "RC"], "OrderNbr": ["1", "2", "3"], "OrderTotal": [10.0, 20.0, 5.0],
        ...     "Date": pd.to_datetime(["2024-01-31", "2024-03-01", "2024-03-02"])})
        >>> sales_by_month(orders)  # doctest: +NORMALIZE_WHITESPACE
                 Documents  Sold  Returned   Net
        Month
        2024-01          1  10.0       0.0  10.0
        2024-02          0   0.0       0.0   0.0
        2024-03          2  20.0      -5.0  15.0

    """
    is_orders = "OrderType" in documents
    keys = ["OrderType", "OrderNbr"] if is_orders else ["Type", "ReferenceNbr"]
    counted = once(_ordered(documents) if is_orders else released(documents), keys)
    total = column(counted, "OrderTotal" if is_orders else "Amount")
    amounts = signed(
        _untaxed(total, counted), counted[keys[0]], signs or (ORDER_SIGNS if is_orders else INVOICE_SIGNS)
    )
    return _by_month(counted, amounts)


def _ordered(orders: pd.DataFrame) -> pd.DataFrame:
    status = optional(orders, "Status")
    return orders if status is None else orders[~status.isin(CANCELED).astype(bool)]


def _untaxed(total: pd.Series, documents: pd.DataFrame) -> pd.Series:
    tax = optional(documents, "TaxTotal")
    if tax is None:
        return total
    # One by one, because Arrow refuses to subtract decimals of 38 digits as columns.
    net: pd.Series = total.combine(tax.fillna(_zero(total)), operator.sub).astype(total.dtype)
    return net


def _by_month(documents: pd.DataFrame, amounts: pd.Series) -> pd.DataFrame:
    parts = {
        "Month": days(column(documents, "Date")).dt.to_period("M"),
        "Documents": amounts.notna().astype(int),
        "Sold": amounts.where(amounts > 0),
        "Returned": amounts.where(amounts < 0),
        "Net": amounts,
    }
    currency = optional(documents, *CURRENCY)
    keys = ["Month"] if currency is None else ["Currency", "Month"]
    counted = documents[[]].assign(**parts, **({} if currency is None else {"Currency": currency}))
    return _without_gaps(counted[amounts.notna()].groupby(keys).sum())


def _without_gaps(months: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    present = months.index.get_level_values("Month")
    every = pd.period_range(present.min(), present.max(), freq="M", name="Month") if len(present) else present
    if isinstance(months.index, pd.MultiIndex):
        every = pd.MultiIndex.from_product([months.index.unique("Currency"), every])
    zeros = {name: _zero(months[name]) for name in months}
    return months.reindex(every).fillna(zeros).astype(months.dtypes.to_dict())


def _zero(amounts: pd.Series) -> Any:
    """Return nothing in the type of the amounts, be it a float or a Decimal."""
    return abs(amounts.sum() * 0)
