"""Values in the form in which they are compared, so that a comparison done here selects what the server would.

Text is compared without regard to case and to spaces at its end, numbers exactly (with a double: as doubles), dates as
their midnight, instants and moments with a zone as UTC. A business time is what its field shows, whatever the zone.
"""

from __future__ import annotations

import datetime as dt
import decimal
import uuid
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from acudata.odata.decimals import WIDEST, as_double, number
from acudata.odata.functions import folded, naive
from acudata.odata.nodes import Scalar

ORDERS: dict[str, Callable[[Any, Any], Any]] = {
    "lt": pc.less,
    "le": pc.less_equal,
    "gt": pc.greater,
    "ge": pc.greater_equal,
}


def constant(value: Scalar, like: pa.DataType) -> pa.Scalar:
    """Return a value of a filter as an Arrow scalar, to go with a column of a type."""
    if isinstance(value, dt.date):
        return pa.scalar(_in_utc(value), pa.timestamp("us"))
    if isinstance(value, bool) or not isinstance(value, int | float | decimal.Decimal):
        return pa.scalar(str(value) if isinstance(value, uuid.UUID) else value)
    if pa.types.is_floating(like):
        return pa.scalar(float(decimal.Decimal(str(value))), pa.float64())
    return number(value)


def comparable(values: Any) -> Any:
    """Return values in the form in which those of their type are compared."""
    if pa.types.is_string(values.type):
        return folded(pc.utf8_rtrim(values, characters=" "))
    if pa.types.is_temporal(values.type):
        return naive(values)
    is_exact = pa.types.is_integer(values.type) or pa.types.is_decimal(values.type)
    return values.cast(WIDEST) if is_exact else values


def aligned(left: Any, right: Any) -> tuple[Any, Any]:
    """Return both sides of a comparison, ready to be compared."""
    sides = comparable(left), comparable(right)
    if any(pa.types.is_floating(side.type) for side in sides):
        return as_double(sides[0]), as_double(sides[1])
    return sides


def _in_utc(value: dt.date) -> dt.datetime:
    moment = value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())
    wall = moment.replace(tzinfo=None)
    try:
        return wall - (moment.utcoffset() or dt.timedelta())
    except OverflowError:  # within hours of the first or last moment that there is
        return wall
