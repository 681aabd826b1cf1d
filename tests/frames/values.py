"""Values of JSON made together with what they mean, in whatever kind of column they stand.

A value knows the cell that it is in each kind of column; a kind that it does not name cannot hold it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

BROKEN = "\ue000"
"""The character in whose place bytes that are no UTF-8 are put."""
FIELDS = ("CustomerID", "Hold", "LineNbr", "Total", "Ratio", "Date", "LastModified", "StartDate")
SAME_KIND = {
    "Qty": "Total",
    "Due": "Date",
    **dict.fromkeys(("Contact.Email", "UsrRoute", "id", "Details.id"), "CustomerID"),
}


@dataclass(frozen=True)
class Value:
    """Holds a value as JSON, and the cell that it is in each kind of column, told by the name of one such column."""

    json: str
    cells: Mapping[str, Any] = field(default_factory=dict)
    is_nothing: bool = False

    def cell(self, column: str) -> Any:
        return self.cells.get(SAME_KIND.get(column, column))

    def is_misfit(self, column: str) -> bool:
        return not self.is_nothing and SAME_KIND.get(column, column) not in self.cells


NOTHING = Value("null", is_nothing=True)


def _digits(literal: str, *, quoted: bool) -> Value:
    exact = Fraction(literal)
    scaled = round(exact * 10**10)
    cells: dict[str, Any] = {}
    if abs(exact) < 10**28 and abs(scaled) < 10**38:
        cells["Total"] = Decimal(f"{scaled}E-10")
    if exact.denominator == 1 and -(2**63) <= exact < 2**63:
        cells["LineNbr"] = int(exact)
    with contextlib.suppress(OverflowError):
        cells["Ratio"] = float(exact)
    is_whole = re.fullmatch(r"-?\d+", literal)
    cells["CustomerID"] = literal if quoted else str(int(literal)) if is_whole else str(Decimal(literal))
    return Value(json.dumps(literal) if quoted else literal, cells)


def _text(text: str, *, is_ascii: bool) -> Value:
    has_halves = any("\ud800" <= character <= "\udfff" for character in text)
    escaped = json.dumps(text, ensure_ascii=is_ascii or has_halves)
    read = re.sub("[\ud800-\udbff][\udc00-\udfff]", lambda pair: json.loads(json.dumps(pair[0])), text)
    read = re.sub("[\ud800-\udfff]", "\ufffd", read)
    return Value(escaped, {"CustomerID": read.replace(BROKEN, "\ufffd" if BROKEN in escaped else BROKEN)})


def _time(day: dt.date, time: dt.time | None, fraction: str, offset: int | None, colon: str) -> Value:
    if time is None:
        return _moment(day.isoformat(), dt.datetime.combine(day, dt.time()), 0)
    zone = "" if offset is None else "Z" if offset == 0 else _zone(offset, colon)
    literal = f"{day}T{time.isoformat('seconds')}{fraction and '.' + fraction}{zone}"
    wall_clock = dt.datetime.combine(day, time).replace(microsecond=int(fraction[:6].ljust(6, "0")))
    return _moment(literal, wall_clock, offset or 0)


def _zone(offset: int, colon: str) -> str:
    hours, minutes = divmod(abs(offset), 60)
    return f"{'-' if offset < 0 else '+'}{hours:02}{colon}{minutes:02}"


def _moment(literal: str, wall_clock: dt.datetime, offset: int) -> Value:
    cells: dict[str, Any] = {
        "CustomerID": literal,
        "Date": wall_clock,
        "StartDate": wall_clock.date(),
    }
    with contextlib.suppress(OverflowError):  # in the year 0 or 10000
        cells["LastModified"] = (wall_clock - dt.timedelta(minutes=offset)).replace(tzinfo=dt.UTC)
    return Value(json.dumps(literal), cells)


def _flag(*, flag: bool, quoted: bool) -> Value:
    literal = str(flag) if quoted else str(flag).lower()
    return Value(json.dumps(literal) if quoted else literal, {"Hold": flag, "CustomerID": literal})


DIGITS = re.compile(r"\d")


def _texts(characters: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Draw texts that are no number, time or flag."""
    texts = st.text(characters, min_size=1, max_size=8)
    return texts.filter(lambda text: not DIGITS.search(text) and text.lower() not in ("true", "false"))


TEXTS = st.builds(
    _text,
    _texts(st.characters() | st.just(BROKEN)),
    is_ascii=st.booleans(),
)
"""Text of any characters, halves of surrogate pairs and bytes that are no UTF-8 among them."""
WELL_FORMED = st.builds(
    _text, _texts(st.characters(exclude_categories=["Cs"], exclude_characters=BROKEN)), is_ascii=st.booleans()
)
LITERALS = st.one_of(
    st.integers(-(10**45), 10**45).map(str),
    st.from_regex(r"-?(0|[1-9][0-9]{0,30})\.[0-9]{1,14}", fullmatch=True),
    st.from_regex(r"-?[1-9](\.[0-9]{1,3})?[eE][+-]?[0-9]{1,2}", fullmatch=True),
    st.sampled_from([
        "1e400", "1.8e308", "5e-324", "1e-400", "0.00000000005", "9" * 28 + ".99999999999", "9" * 28 + "." + "9" * 10,
        str(2**63), str(-(2**63)), str(10**28), str(10**29), str(2**118), "1" + "0" * 40, "7.0", "0e30", "1" * 500,
    ]),
)  # fmt: skip
NUMBERS = LITERALS.flatmap(lambda literal: st.booleans().map(lambda quoted: _digits(literal, quoted=quoted)))
FRACTIONS = st.from_regex(r"([0-9]{1,9})?", fullmatch=True)
TIMES = st.builds(
    _time,
    st.one_of(st.dates(), st.sampled_from([dt.date.min, dt.date.max])),
    st.one_of(st.none(), st.times()),
    FRACTIONS,
    st.one_of(st.none(), st.sampled_from([0, 600, -300, 330, 1439]), st.integers(-1439, 1439)),
    st.sampled_from([":", ""]),
)
FLAGS = st.builds(_flag, flag=st.booleans(), quoted=st.booleans())
MISFITS = st.one_of(
    st.sampled_from(["NaN", "-Infinity", "[]", "[1]", '{"x": 1}']).map(Value),
    st.sampled_from([
        "1_000", "1,000", "0x10", "٣", " ", "2024-02-30", "2024-01-0255", "2024-01-02T25:00:00", "0000-01-01T00:00:00",
        "2024-01-02T10:11:1234", "2024-01-02T10:11:12+24:00",
    ]).map(lambda text: _text(text, is_ascii=True)),
)  # fmt: skip
EMPTY = Value('""', {"CustomerID": ""}, is_nothing=True)
ODD = st.one_of(TEXTS, NUMBERS, TIMES, FLAGS, MISFITS, st.just(NOTHING), st.just(EMPTY))
"""Any value in any column."""
CLEAN: dict[str, st.SearchStrategy[Value]] = {
    "CustomerID": st.one_of(WELL_FORMED, TIMES, st.just(EMPTY)),
    "Hold": st.booleans().map(lambda flag: _flag(flag=flag, quoted=False)),
    "LineNbr": st.integers(-(2**63), 2**63 - 1).map(lambda number: _digits(str(number), quoted=False)),
    "Total": st.from_regex(r"-?(0|[1-9][0-9]{0,16})(\.[0-9]{1,10})?", fullmatch=True).map(
        lambda literal: _digits(literal, quoted=False)
    ),
    "Ratio": st.floats(allow_nan=False, allow_infinity=False).map(
        lambda number: _digits(repr(number), quoted=False)
    ),
    "Date": TIMES,
    "LastModified": st.builds(
        _time,
        st.dates(dt.date(2, 1, 1), dt.date(9998, 12, 31)),
        st.times(),
        st.from_regex(r"([0-9]{1,6})?", fullmatch=True),
        st.integers(-1439, 1439),
        st.just(":"),
    ),
    "StartDate": TIMES,
}
"""Values as a server of today sends them, which the fast reader must not refuse."""
