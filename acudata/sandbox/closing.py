"""Financial periods that were closed: which documents belong to them, and what is said of those."""

from __future__ import annotations

from collections.abc import Collection

from acudata.sandbox.records import Record


def closed(record: Record, periods: Collection[str]) -> dict[str, str]:
    """Return the problem of a document whose period is closed, by its field.

    A document belongs to its period, and to that of its date while it has none.

    >>> closed(Record("", {"PostPeriod": "", "Date": "2024-01-31T00:00:00+00:00"}), {"012024"})
    {'Date': 'The 01-2024 financial period is closed.'}
    """
    values = record.values
    if values.get("PostPeriod"):
        name, period = "PostPeriod", str(values["PostPeriod"])
    else:
        day = str(values.get("Date") or "")
        name, period = "Date", day[5:7] + day[:4]
    is_document = "PostPeriod" in values or "Date" in values
    if not is_document or period not in periods:
        return {}
    return {name: f"The {period[:2]}-{period[2:]} financial period is closed."}
