"""Turns Arrow tables into pandas frames whose dtypes follow from the Arrow types alone."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

DtypeBackend = Literal["numpy_nullable", "pyarrow"]
Decimals = Literal["float", "exact"]
_PLACES = 4
"""Digits behind the point that nearly all amounts and quantities do with."""


def to_pandas(
    table: pa.Table, *, dtype_backend: DtypeBackend = "numpy_nullable", decimals: Decimals = "float"
) -> pd.DataFrame:
    """Return a frame with the dtypes that the table's types say, whatever the values, also for no rows at all.

    `dtype_backend` is pandas' own word: `"numpy_nullable"` gives string, boolean, Int64, Float64 and datetime64,
    `"pyarrow"` Arrow dtypes. `decimals="float"` gives money as Float64, with which everything in pandas works;
    `"exact"` keeps Arrow decimals, with which sums stay exact to the cent.
    """
    check_choice("dtype_backend", dtype_backend, get_args(DtypeBackend))
    check_choice("decimals", decimals, get_args(Decimals))
    if decimals == "float":
        table = decimals_as_double(table)
    mapper = _nullable_dtype if dtype_backend == "numpy_nullable" else _arrow_dtype
    frame: pd.DataFrame = _dates_as_times(table).to_pandas(types_mapper=mapper)
    return frame


def check_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    """Raise ValueError when an argument is none of its choices."""
    if value not in choices:
        raise ValueError(f"{name}={value!r} is not known; choose one of {', '.join(map(repr, choices))}.")


def decimals_as_double(table: pa.Table) -> pa.Table:
    """Return the table with each decimal as the float nearest to it."""
    import pyarrow as pa

    for at, field in enumerate(table.schema):
        if pa.types.is_decimal(field.type):
            doubles = [_nearest_doubles(chunk) for chunk in table.column(at).chunks]
            column = pa.chunked_array(doubles, pa.float64())
            table = table.set_column(at, field.with_type(column.type), column)
    return table


def _nearest_doubles(decimals: pa.Array) -> pa.DoubleArray:
    """Return the floats nearest to decimals; Arrow's own cast misses the last digit of some, such as 44.55."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for places in (decimals.type.scale, _PLACES):
        # A whole number below 2**53 divided by a power of ten is rounded once, so that it is right.
        with contextlib.suppress(pa.ArrowInvalid):
            whole = _without_point(decimals.cast(pa.decimal128(decimals.type.precision, places)))
            return pc.divide(whole.cast(pa.int64()).cast(pa.float64()), 10.0**places)
    return decimals.cast(pa.string()).cast(pa.float64())


def _without_point(decimals: pa.Decimal128Array) -> pa.Decimal128Array:
    import pyarrow as pa

    kept = pa.decimal128(decimals.type.precision, 0)
    return pa.Array.from_buffers(kept, len(decimals), decimals.buffers(), offset=decimals.offset)


def _dates_as_times(table: pa.Table) -> pa.Table:
    """Cast dates to midnights: pandas has no date dtype, and a midnight sorts, compares and resamples."""
    import pyarrow as pa

    return _cast(table, pa.types.is_date, pa.timestamp("us"))


def _cast(table: pa.Table, applies: Callable[[pa.DataType], bool], target: pa.DataType) -> pa.Table:
    import pyarrow as pa

    fields = [field.with_type(target) if applies(field.type) else field for field in table.schema]
    return table.cast(pa.schema(fields))


def _arrow_dtype(arrow_type: pa.DataType) -> Any:
    import pandas as pd

    return pd.ArrowDtype(arrow_type)


def _nullable_dtype(arrow_type: pa.DataType) -> Any:
    import pandas as pd
    import pyarrow as pa

    if pa.types.is_decimal(arrow_type):
        return pd.ArrowDtype(arrow_type)
    return {
        pa.string(): pd.StringDtype("pyarrow"),
        pa.bool_(): pd.BooleanDtype(),
        pa.int64(): pd.Int64Dtype(),
        pa.float64(): pd.Float64Dtype(),
    }.get(arrow_type)
