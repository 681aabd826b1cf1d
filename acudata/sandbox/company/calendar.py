"""The company's time: days counted from its first one, and how the ERP writes days, instants and periods."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from functools import cache

FIRST = date(2023, 1, 1)
TODAY = (date(2024, 12, 31) - FIRST).days
"""The day on which the company is seen; nothing happened after it."""
EPOCH = FIRST.toordinal()

MONTHS = 24
"""Months from the first day to today."""


@cache
def day_of(year: int, month: int, day: int) -> int:
    """Return a date as days since the first one; negative before it."""
    return date(year, month, day).toordinal() - EPOCH


@cache
def calendar_date(day: int) -> date:
    """Return the date of a day."""
    return date.fromordinal(EPOCH + day)


@cache
def date_text(day: int) -> str:
    """Return a business date as the ERP writes it: midnight without an offset of its own.

    >>> date_text(0)
    '2023-01-01T00:00:00+00:00'
    """
    return f"{calendar_date(day).isoformat()}T00:00:00+00:00"


def stamp_text(day: int, bits: int) -> str:
    """Return an instant of office hours on a day; the bits choose it to the millisecond.

    Instants carry the offset of the signed-in user's time zone, and no zeros at the end of a fraction.

    >>> stamp_text(60, 0), stamp_text(200, 40_350_693)
    ('2023-03-02T07:00:00-05:00', '2023-07-20T18:12:30.693-04:00')
    """
    seconds, thousandths = divmod(bits % 43_200_000, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    fraction = f".{thousandths:03d}".rstrip("0") if thousandths else ""
    return f"{_iso(day)}T{hour + 7:02d}:{minute:02d}:{second:02d}{fraction}{_offset(day)}"


def now_text(moment: datetime) -> str:
    """Return an instant outside the company's own time, with the offset of the same user.

    >>> now_text(datetime.fromisoformat("2024-07-01T02:30:00.120+00:00"))
    '2024-06-30T22:30:00.120-04:00'
    """
    hours = int(_offset(moment.toordinal() - EPOCH)[:3])
    return moment.astimezone(timezone(timedelta(hours=hours))).isoformat(timespec="milliseconds")


@cache
def _iso(day: int) -> str:
    return calendar_date(day).isoformat()


@cache
def _offset(day: int) -> str:
    """Return the offset of New York, where the user sits: summer time from March to November."""
    year = calendar_date(day).year
    begins, ends = _sunday(year, 3, nth=2), _sunday(year, 11, nth=1)
    return "-04:00" if begins <= day < ends else "-05:00"


def _sunday(year: int, month: int, *, nth: int) -> int:
    first = date(year, month, 1)
    return first.toordinal() - EPOCH + (6 - first.weekday()) + 7 * (nth - 1)


@cache
def month_of(day: int) -> int:
    """Return the month of a day, counted from the first month of the company."""
    when = calendar_date(day)
    return (when.year - FIRST.year) * 12 + when.month - 1


@cache
def month_start(month: int) -> int:
    """Return the first day of a month."""
    years, months = divmod(month, 12)
    return day_of(FIRST.year + years, months + 1, 1)


def period_text(day: int) -> str:
    """Return the financial period of a day as the ERP writes it, month first.

    >>> period_text(59)
    '032023'
    """
    return month_period(month_of(day))


@cache
def month_period(month: int) -> str:
    """Return the financial period of a month: ``MMYYYY``."""
    years, months = divmod(month, 12)
    return f"{months + 1:02d}{FIRST.year + years}"


@cache
def is_weekend(day: int) -> bool:
    """Tell whether a day is a Saturday or a Sunday."""
    return calendar_date(day).weekday() >= 5


@cache
def working_day(day: int) -> int:
    """Return the day itself, or the Monday after a weekend."""
    return day + (7 - calendar_date(day).weekday() if is_weekend(day) else 0)


@cache
def next_friday(day: int) -> int:
    """Return the day itself if it is a Friday, else the next one."""
    return day + (4 - calendar_date(day).weekday()) % 7
