"""What the documents of customers mean for a report: which count, with which sign, and how they are found once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from acudata.errors import AcumaticaUnknownNameError, AcumaticaValidationError
from acudata.naming import nearest

if TYPE_CHECKING:
    import pandas as pd

UNRELEASED = frozenset(
    {"On Hold", "Balanced", "Voided", "Pending Approval", "Rejected", "Scheduled", "Pending Processing"}
)
"""Statuses of documents that have not reached the ledger, or were taken back."""

CURRENCY = ("Currency", "CurrencyID")
CUSTOMER = ("Customer", "CustomerID")


def column(frame: pd.DataFrame, *names: str) -> pd.Series:
    """Return the first of several columns that a frame has; entities name the same thing differently.

    Raises:
        AcumaticaUnknownNameError: the frame has none of them.

    """
    for name in names:
        if name in frame:
            return frame[name]
    raise AcumaticaUnknownNameError(
        f"The report needs a column {' or '.join(names)}, which the frame lacks.",
        suggestions=nearest(names[0], map(str, frame.columns)),
    )


def optional(frame: pd.DataFrame, *names: str) -> pd.Series | None:
    """Return the first of several columns that a frame has, or None."""
    return next((frame[name] for name in names if name in frame), None)


def by_currency(frame: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield each currency of a report with its rows, the largest first; without currencies it is yielded whole."""
    if "Currency" not in frame.index.names:
        yield "", frame
        return
    sizes = frame.astype(float).abs().sum(axis=1).groupby(level="Currency").sum()
    for currency in sizes.sort_values(ascending=False).index:
        yield str(currency), frame.loc[currency]


def days(dates: pd.Series) -> pd.Series:
    """Return business dates, whatever their dtype, as naive midnights."""
    import pandas as pd

    times = pd.to_datetime(dates)
    naive = times.dt.tz_localize(None) if times.dt.tz is not None else times
    return naive.astype("datetime64[ns]").dt.normalize()


def released(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows whose document has reached the ledger; without a status all are taken for such."""
    status = optional(frame, "Status")
    return frame if status is None else frame[~status.isin(UNRELEASED).astype(bool)]


def once(frame: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Return each document once, though a frame of lines, or two entities, tell of it several times."""
    for key in keys:
        column(frame, key)
    return frame.drop_duplicates(list(keys))


def signed(amounts: pd.Series, types: pd.Series, signs: Mapping[str, int]) -> pd.Series:
    """Return amounts with the sign that their document's type gives them; 0 leaves a document out as missing.

    Raises:
        AcumaticaValidationError: a type has no sign, or a document has no amount.

    """
    _refuse_unknown(types, signs)
    if amounts.isna().any():
        raise AcumaticaValidationError(
            f"{int(amounts.isna().sum())} of {len(amounts)} documents have no amount."
        )
    sign = types.map(dict(signs)).astype(int)
    return amounts.where(sign > 0, -amounts).where(sign != 0)


def _refuse_unknown(types: pd.Series, signs: Mapping[str, int]) -> None:
    unknown = sorted({str(kind) for kind in types.unique()} - set(signs))
    if unknown:
        raise AcumaticaValidationError(
            f"Whether documents of {types.name} {', '.join(map(repr, unknown))} add or take away is not known.",
            suggestions=[
                f"give their signs, 1, -1 or 0 to leave them out: signs={{**SIGNS, {unknown[0]!r}: 1}}",
                f"types are labels in the language of the user; known are {', '.join(signs)}",
            ],
        )
