"""Business dates of reports: as ISO 8601 writes them, never guessed from another spelling."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from acudata.errors import AcumaticaValidationError

if TYPE_CHECKING:
    import pandas as pd


def days(dates: pd.Series) -> pd.Series:
    """Return business dates, whatever their dtype, as naive midnights.

    Raises:
        AcumaticaValidationError: a text is no ISO date; 05.12.2024 is December to some and May to others.

    """
    import pandas as pd

    # A number would be taken for nanoseconds since 1970.
    told = dates.astype("string") if pd.api.types.is_numeric_dtype(dates) else dates
    times = pd.to_datetime(told, format="ISO8601", errors="coerce")
    unread = told[times.isna() & told.notna()]
    if len(unread):
        raise AcumaticaValidationError(
            f"{len(unread)} of {len(dates)} values of {dates.name} are no ISO dates, such as {unread.iloc[0]!r}.",
            suggestions=["write 2024-12-31, or read them with pandas.to_datetime(…, format='%d.%m.%Y')"],
        )
    naive = times.dt.tz_localize(None) if times.dt.tz is not None else times
    return naive.astype("datetime64[ns]").dt.normalize()


def midnight(as_of: dt.date | str) -> pd.Timestamp:
    """Return the day on which a report stands as a naive midnight.

    >>> midnight("2024-12-31"), midnight(dt.date(2024, 12, 31))
    (Timestamp('2024-12-31 00:00:00'), Timestamp('2024-12-31 00:00:00'))

    Raises:
        AcumaticaValidationError: it is neither a date nor an ISO date in a text.

    """
    import pandas as pd

    try:
        date = dt.datetime.fromisoformat(as_of) if isinstance(as_of, str) else as_of
        return pd.Timestamp(f"{date:%Y-%m-%d}")
    except ValueError:
        raise AcumaticaValidationError(
            f"as_of is {as_of!r}, which is neither a date nor an ISO date.",
            suggestions=["write as_of='2024-12-31', or give a datetime.date or a Timestamp"],
        ) from None
