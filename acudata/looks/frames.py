"""How old a frame is that came from kept answers, beside what pandas shows of it, which tells nothing of `attrs`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from acudata.looks.styles import QUIET
from acudata.looks.text import html

if TYPE_CHECKING:
    import pandas as pd


def frame_html(frame: pd.DataFrame) -> str | None:
    """Return what pandas shows of a frame, and a line of its age if it came from kept answers."""
    shown: str | None = frame._repr_html_()  # type: ignore[operator]
    line = age_line(frame.attrs)
    return f'{shown}<div style="{QUIET}">{html(line)}</div>' if line and shown else shown


def frame_text(frame: pd.DataFrame) -> str:
    """Return a frame as pandas prints it, and a line of its age if it came from kept answers."""
    line = age_line(frame.attrs)
    return f"{frame!r}\n{line}" if line else repr(frame)


def age_line(attrs: Mapping[Any, Any]) -> str:
    """Return how old the data of a frame are, empty for what came from the server.

    >>> age_line({"cache_age": 7200.0, "read_at": "2026-01-05T10:00:00+00:00"})
    'from kept answers, 2 hours old when read: as of 2026-01-05 08:00 UTC'
    """
    age = attrs.get("cache_age")
    if age is None:
        return ""
    told = f"from kept answers, {span(age)} old when read"
    try:
        then = dt.datetime.fromisoformat(attrs["read_at"]) - dt.timedelta(seconds=age)
    except (LookupError, TypeError, ValueError, OverflowError):  # anybody may have set attrs
        return told
    return f"{told}: as of {then.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC"


def span(seconds: float) -> str:
    """Return a time in its largest unit, cut off.

    >>> span(59), span(60), span(7199), span(200_000)
    ('59 seconds', '1 minute', '1 hour', '2 days')
    """
    units = (("day", 86_400), ("hour", 3_600), ("minute", 60))
    unit, length = next((each for each in units if seconds >= each[1]), ("second", 1))
    number = int(seconds // length)
    return f"{number:,} {unit}{'' if number == 1 else 's'}"
