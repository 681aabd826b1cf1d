"""Turns the columns of a user's frame, whatever their dtypes, into Arrow arrays of what the fields hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from acudata.frames.layout import Column
from acudata.scalars import python_value
from acudata.schema.kinds import is_stamp
from acudata.writeback.values import INTEGERS, MISSING_TEXTS, DoubtfulValueError, UnfitValueError, fitted

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Cells:
    """Holds a column as its field takes it; missing cells are null.

    `values` are of the field's Arrow type, or float64 for decimals that came as floats: a float is compared as a float,
    since it can only be near to the decimal that it was read from. `problems` maps the positions of cells that do not
    fit to the reasons. `doubts` are those of numbers where text is wanted, and of texts that may have been missing
    values: they only matter in cells that differ.
    """

    column: Column
    values: pa.Array
    problems: Mapping[int, str] = field(default_factory=dict)
    doubts: Mapping[int, str] = field(default_factory=dict)


def read_cells(series: pd.Series[Any], column: Column) -> Cells:
    """Return the cells of a frame's column as its field takes them; nothing is raised for a value that does not fit.

    Typed columns are converted as a whole, all others value by value, by the rules of `acudata.writeback.values`.
    """
    values = _as_arrow(series)
    if values is not None and (whole := _converted(values, column)) is not None:
        return Cells(column, whole)
    return _one_by_one(series, column)


def _as_arrow(series: pd.Series[Any]) -> pa.Array | None:
    """Return a column as Arrow has it, None for one of mixed values or of a dtype that Arrow does not know."""
    import pyarrow as pa

    try:
        values = pa.array(series, from_pandas=True)
    except (pa.ArrowException, TypeError, ValueError):
        return None
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    return values.dictionary_decode() if pa.types.is_dictionary(values.type) else values


def _converted(values: pa.Array, column: Column) -> pa.Array | None:
    """Return the values in the field's type, None where only a look at each value can tell."""
    import pyarrow as pa

    if pa.types.is_null(values.type):
        return values.cast(column.arrow_type)
    for applies, convert in _WAYS.get(column.kind, ()):
        if applies(values.type):
            try:
                return convert(values, column)
            except pa.ArrowInvalid:
                return None
    return None


def _cast(values: pa.Array, column: Column) -> pa.Array:
    return values.cast(column.arrow_type)


def _texts(values: pa.Array, column: Column) -> pa.Array | None:
    """Return texts with the empty ones missing, as they are in the ERP; None if a missing value was made text."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = values.cast(column.arrow_type)
    if pc.any(pc.is_in(texts, value_set=pa.array(MISSING_TEXTS, texts.type))).as_py():
        return None
    return without(texts, pc.equal(texts, ""))


def without(values: pa.Array, absent: pa.BooleanArray) -> pa.Array:
    """Return the values with those that are marked missing.

    The missing ones are given as an array: beside a scalar null, `if_else` of Arrow up to 22 at least cuts off the end
    of the texts of a slice, which the rows of a selected frame are.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.if_else(absent, pa.nulls(len(values), values.type), values)


def _whole_numbers(values: pa.Array, column: Column) -> pa.Array | None:
    import pyarrow as pa
    import pyarrow.compute as pc

    numbers = values.cast(pa.int64())
    extremes = pc.min_max(numbers).as_py().values()
    return numbers if all(value is None or value in INTEGERS[column.kind] for value in extremes) else None


def _finite(values: pa.Array, _column: Column) -> pa.Array | None:
    import pyarrow as pa
    import pyarrow.compute as pc

    doubles = values.cast(pa.float64())
    extremes = pc.min_max(doubles).as_py().values()
    return doubles if all(value is None or abs(value) < 1e28 for value in extremes) else None


def _times(values: pa.Array, column: Column) -> pa.Array | None:
    """Return instants, or what the clocks of their own zone show; fractions of a microsecond are dropped."""
    import pyarrow.compute as pc

    has_zone = values.type.tz is not None
    if column.is_business_time:
        wall = pc.local_timestamp(values) if has_zone else values
        return wall.cast(column.arrow_type, safe=False)
    return values.cast(column.arrow_type, safe=False) if has_zone else None


def _one_by_one(series: pd.Series[Any], column: Column) -> Cells:
    import pyarrow as pa

    problems: dict[int, str] = {}
    doubts: dict[int, str] = {}
    values: list[Any] = []
    fits = _rule(column)
    for position, cell in enumerate(series.array):
        values.append(None)
        if (value := _present(cell)) is None:
            continue
        try:
            values[-1] = fits(value)
        except DoubtfulValueError as doubt:
            values[-1], doubts[position] = doubt.text, str(doubt)
        except UnfitValueError as unfit:
            problems[position] = str(unfit)
    return Cells(column, pa.array(values, column.arrow_type), problems, doubts)


def _rule(column: Column) -> Callable[[Any], Any]:
    stamp = is_stamp(column.field, column.kind)
    return lambda value: fitted(value, column.kind, is_stamp=stamp)


def _present(cell: Any) -> Any:
    """Return a cell's value as Python's own, None for a missing one and, as in the ERP, for an empty text."""
    value = python_value(cell)
    return None if isinstance(value, str) and value == "" else value


def _is_text(arrow_type: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_string(arrow_type) or pa.types.is_large_string(arrow_type))


def _is_integer(arrow_type: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_integer(arrow_type))


def _is_float(arrow_type: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_floating(arrow_type))


def _is_number(arrow_type: pa.DataType) -> bool:
    import pyarrow as pa

    return _is_integer(arrow_type) or bool(pa.types.is_decimal(arrow_type))


def _is_time(arrow_type: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_timestamp(arrow_type))


def _is_day(arrow_type: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_date(arrow_type))


def _is_boolean(arrow_type: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_boolean(arrow_type))


_Way = tuple[Callable[["pa.DataType"], bool], Callable[["pa.Array", Column], "pa.Array | None"]]
_INTEGER_WAYS: tuple[_Way, ...] = ((_is_integer, _whole_numbers), (_is_float, _whole_numbers))
_WAYS: dict[str, tuple[_Way, ...]] = {
    "String": ((_is_text, _texts),),
    "Boolean": ((_is_boolean, _cast),),
    **dict.fromkeys(INTEGERS, _INTEGER_WAYS),
    "Decimal": ((_is_number, _cast), (_is_float, _finite)),
    "Double": ((_is_integer, _finite), (_is_float, _finite)),
    "DateTime": ((_is_time, _times), (_is_day, _cast)),
    "DateOnly": ((_is_day, _cast),),
}
