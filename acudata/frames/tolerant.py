"""Reads a page value by value, for the pages that Arrow's JSON reader refuses as a whole.

A value that is not of its declared kind is converted when no information is lost (text that is a number, a number
where text was declared, a value without its wrapper); otherwise it becomes missing and is counted.
"""

from __future__ import annotations

import datetime as dt
import decimal
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from acudata.errors import AcumaticaServerError
from acudata.frames.layout import Column, Layout, Rows
from acudata.schema.kinds import DECIMAL_PRECISION, DECIMAL_SCALE, is_stamp

_TIME = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)"
    r"(?:[T ](?P<time>\d\d:\d\d(?::\d\d)?)(?:\.(?P<fraction>\d+))?(?P<zone>Z|[+-]\d\d:?\d\d)?)?"
)
_QUANTUM = decimal.Decimal(1).scaleb(-DECIMAL_SCALE)
_LIMIT = decimal.Decimal(10) ** (DECIMAL_PRECISION - DECIMAL_SCALE)
_EXACT = decimal.Context(prec=2 * DECIMAL_PRECISION, rounding=decimal.ROUND_HALF_EVEN)
_INT64 = range(-(2**63), 2**63)


def read_tolerantly(page: bytes, layout: Layout) -> tuple[Rows, Counter[str]]:
    """Return the rows of a page, and how many values of each column are not as declared.

    Raises AcumaticaServerError when the page is no JSON array of records.
    """
    import pyarrow as pa

    records = records_in(page)
    placed = [(at, row) for at, record in enumerate(records) for row in _rows(record, layout.rows)]
    rows = [row for _, row in placed]
    invalid: Counter[str] = Counter()
    arrays = [pa.array(_cells(rows, column, invalid), column.arrow_type) for column in layout.columns]
    batch = pa.RecordBatch.from_arrays(arrays, schema=layout.schema)
    return Rows(batch, pa.array([at for at, _ in placed], pa.int64()), len(records)), invalid


def records_in(page: bytes) -> list[Any]:
    """Return the records of a page, numbers with a fraction as exact decimals.

    Raises AcumaticaServerError when the page is no JSON array.
    """
    try:
        records = json.loads(page, parse_float=decimal.Decimal)
    except (ValueError, RecursionError) as error:
        raise AcumaticaServerError(f"The server's list is not JSON ({error}).") from error
    if not isinstance(records, list):
        raise AcumaticaServerError("The server answered a list with something that is no JSON array.")
    return records


def _rows(record: Any, steps: tuple[tuple[str, ...], ...]) -> Iterator[tuple[Any, ...]]:
    """Yield the chain of objects behind each row that a record has: the record, its detail row, the row below that."""
    if not steps:
        yield (record,)
        return
    children = _find(record, steps[0])
    for child in children if isinstance(children, list) else []:
        for below in _rows(child, steps[1:]):
            yield (record, *below)


def _cells(rows: list[tuple[Any, ...]], column: Column, invalid: Counter[str]) -> list[Any]:
    convert = converter(column)
    cells = []
    for row in rows:
        value = _find(row[column.depth], column.path)
        cell = None if value is None else convert(value)
        if cell is None and value not in (None, ""):
            invalid[column.name] += 1
        cells.append(cell)
    return cells


def _find(node: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        if not isinstance(node, Mapping):
            # A bare value where a wrapper was declared.
            return node if name == "value" and not isinstance(node, list) else None
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
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
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
    if number is None or abs(number) >= _LIMIT:
        return None
    return number.quantize(_QUANTUM, context=_EXACT)


def _double(value: Any) -> float | None:
    number = _number(value)
    return None if number is None else float(number)


def _number(value: Any) -> decimal.Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | str | decimal.Decimal):
        return None
    try:
        number = decimal.Decimal(value)
    except decimal.InvalidOperation:
        return None
    # An exponent beyond reason would make integers of millions of digits.
    return number if number.is_finite() and number.adjusted() < 400 else None


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
    time = match["time"] or "00:00:00"
    seconds = time if len(time) == 8 else f"{time}:00"
    try:
        return dt.datetime.fromisoformat(f"{match['date']}T{seconds}.{fraction}{zone}")
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
