"""Reads a page value by value, for the pages that Arrow's JSON reader refuses as a whole.

A value that is not of its declared kind is converted when no information is lost (text that is a number, a number
where text was declared, a value without its wrapper); otherwise it becomes missing and is counted.
"""

from __future__ import annotations

import datetime as dt
import decimal
import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from acudata.errors import AcumaticaServerError
from acudata.frames.layout import Column, Layout, Page, Rows
from acudata.schema.kinds import DECIMAL_PRECISION, DECIMAL_SCALE, is_stamp

_Row = tuple[int, tuple[Any, ...]]
"""The position of a record, and the chain of objects behind one row of it: the record, its detail row, and so on."""
_NOTHING: tuple[Any, ...] = (None, "", {})
_TIME = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)"
    r"(?:[T ](?P<hour>\d\d)(?::(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.(?P<fraction>\d+))?)?)?"
    r"(?P<zone>Z|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?)?)?",
    re.ASCII,
)
_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?0*\d{1,9})?\s*", re.ASCII)
_ZERO = decimal.Decimal(0)
_QUANTUM = decimal.Decimal(1).scaleb(-DECIMAL_SCALE)
_LIMIT = decimal.Decimal(10) ** (DECIMAL_PRECISION - DECIMAL_SCALE)
_EXACT = decimal.Context(prec=2 * DECIMAL_PRECISION, rounding=decimal.ROUND_HALF_EVEN)
_INT64 = range(-(2**63), 2**63)
_MOST_DIGITS = 400


def read_tolerantly(page: bytes, tables: Mapping[str, Layout]) -> Page:
    """Return the tables of a page, and the values in it that are not as declared.

    Raises AcumaticaServerError when the page is no JSON array of records.
    """
    records = records_in(page)
    invalid = _Misfits()
    return Page(
        {name: _table(records, layout, invalid) for name, layout in tables.items()},
        len(records),
        invalid.found,
    )


def records_in(page: bytes) -> list[Any]:
    """Return the records of a page, numbers with a fraction as exact decimals; bytes that are no UTF-8 become U+FFFD.

    Raises AcumaticaServerError when the page is no JSON array.
    """
    try:
        records = json.loads(page.decode("utf-8-sig", "replace"), parse_float=_fraction, parse_int=_whole)
    except (ValueError, RecursionError) as error:
        raise AcumaticaServerError(f"The server's list is not JSON ({error}).") from error
    if not isinstance(records, list):
        raise AcumaticaServerError("The server answered a list with something that is no JSON array.")
    return records


def _whole(digits: str) -> int | decimal.Decimal:
    """Return a whole number; Python refuses to make an int of thousands of digits."""
    return int(digits) if len(digits) <= _MOST_DIGITS else decimal.Decimal(digits)


def _fraction(digits: str) -> decimal.Decimal | float:
    """Return a number with a fraction or exponent; infinity stands for one that a decimal cannot be."""
    try:
        return decimal.Decimal(digits)
    except decimal.InvalidOperation:
        return math.inf


class _Misfits:
    """Collects the values that are not as declared; those of one place in the page once, whatever tables show it."""

    def __init__(self) -> None:
        self.found: dict[str, list[Any]] = {}
        self._places: set[tuple[Any, ...]] = set()

    def add(self, name: str, place: tuple[Any, ...], values: list[Any]) -> None:
        """Take up the values of a column or array, unless those of its place are known."""
        if values and place not in self._places:
            self._places.add(place)
            self.found.setdefault(name, []).extend(values)


class _Misplaced:
    """Holds what stands where an object should be; no kind of column takes it."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def __repr__(self) -> str:
        return repr(self._value)


def _table(records: list[Any], layout: Layout, misfits: _Misfits) -> Rows:
    import pyarrow as pa

    rows: list[_Row] = [(at, (record,)) for at, record in enumerate(records)]
    for depth, step in enumerate(layout.rows, 1):
        rows, odd = _below(rows, step)
        misfits.add("/".join(step), (layout.rows[:depth],), odd)
    arrays = []
    for column in layout.columns:
        cells, odd = _cells(rows, column)
        misfits.add(column.name, (layout.rows[: column.depth], column.path), odd)
        arrays.append(pa.array(cells, column.arrow_type))
    batch = pa.RecordBatch.from_arrays(arrays, schema=layout.schema)
    return Rows(batch, pa.array([at for at, _ in rows], pa.int64()))


def _below(rows: list[_Row], step: tuple[str, ...]) -> tuple[list[_Row], list[Any]]:
    """Return the rows one detail array further down, and what stands where such an array should be."""
    found, odd = [], []
    for at, chain in rows:
        children = _find(chain[-1], step)
        if isinstance(children, list):
            found += [(at, (*chain, child)) for child in children]
        elif children not in _NOTHING:
            odd.append(children)
    return found, odd


def _cells(rows: list[_Row], column: Column) -> tuple[list[Any], list[Any]]:
    """Return the cells of a column, and the values that cannot be one."""
    convert = converter(column)
    cells, odd = [], []
    for _, chain in rows:
        value = _find(chain[column.depth], column.path)
        cell = None if value is None else convert(value)
        if cell is None and value not in _NOTHING:
            odd.append(value)
        cells.append(cell)
    return cells, odd


def _find(node: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        if node is None:
            return None
        if not isinstance(node, Mapping):
            # A bare value where a wrapper was declared is as good as a wrapped one.
            return node if name == "value" else _Misplaced(node)
        node = node.get(name)
    return node


def converter(column: Column) -> Callable[[Any], Any]:
    """Return the function that makes a cell of a column from a JSON value; it answers None for what cannot be one."""
    if is_stamp(column.field, column.kind):
        return _instant
    return _CONVERTERS[column.kind]


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        # Half a surrogate pair cannot be stored as UTF-8.
        return (
            value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        )
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | decimal.Decimal) else None


def _boolean(value: Any) -> bool | None:
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.lower())
    return value if isinstance(value, bool) else None


def _integer(value: Any) -> int | None:
    number = _number(value)
    if number is None or number != number.to_integral_value():
        return None
    return int(number) if int(number) in _INT64 else None


def _decimal(value: Any) -> decimal.Decimal | None:
    number = _number(value)
    if number is None or number.adjusted() >= DECIMAL_PRECISION - DECIMAL_SCALE:
        return None
    kept = number.quantize(_QUANTUM, context=_EXACT)
    return kept if -_LIMIT < kept < _LIMIT else None


def _double(value: Any) -> float | None:
    number = _number(value)
    nearest = math.inf if number is None else float(number)
    return nearest if math.isfinite(nearest) else None


def _number(value: Any) -> decimal.Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | str | decimal.Decimal):
        return None
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        return None
    number = decimal.Decimal(value) or _ZERO
    # An exponent beyond reason would make integers of millions of digits.
    return number if number.is_finite() and number.adjusted() < _MOST_DIGITS else None


def _instant(value: Any) -> dt.datetime | None:
    if (parsed := _time(value)) is None:
        return None
    return parsed.replace(tzinfo=dt.UTC) if parsed.tzinfo is None else _to_utc(parsed)


def _to_utc(value: dt.datetime) -> dt.datetime | None:
    try:
        return value.astimezone(dt.UTC)
    except OverflowError:
        return None


def _wall_clock(value: Any) -> dt.datetime | None:
    parsed = _time(value)
    return None if parsed is None else parsed.replace(tzinfo=None)


def _date(value: Any) -> dt.date | None:
    parsed = _time(value)
    return None if parsed is None else parsed.date()


def _time(value: Any) -> dt.datetime | None:
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    fraction = (match["fraction"] or "")[:6].ljust(6, "0")
    zone = (match["zone"] or "").replace("Z", "+00:00")
    time = f"{match['hour'] or '00'}:{match['minute'] or '00'}:{match['second'] or '00'}.{fraction}"
    try:
        return dt.datetime.fromisoformat(f"{match['date']}T{time}{zone}")
    except ValueError:
        return None


_CONVERTERS: dict[str, Callable[[Any], Any]] = {
    "String": _text,
    "Guid": _text,
    "Boolean": _boolean,
    "Int": _integer,
    "Short": _integer,
    "Long": _integer,
    "Byte": _integer,
    "Decimal": _decimal,
    "Double": _double,
    "DateTime": _wall_clock,
    "DateOnly": _date,
}
