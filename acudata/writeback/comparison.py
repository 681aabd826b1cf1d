"""Says which cells of a frame differ from what the ERP has.

Equal are: texts but for blanks at their ends (Acumatica pads keys), a float and the decimal that it stands for, a
number and the text that it was before pandas read a file, GUIDs whatever their case. Everything else is compared
exactly.
"""

from __future__ import annotations

import decimal
from typing import TYPE_CHECKING, Any

from acudata.frames.layout import Column
from acudata.writeback.cells import Cells, without
from acudata.writeback.values import exact

if TYPE_CHECKING:
    import pyarrow as pa

_NEAR = 1e-13
"""How far, as a share of a number, a float may lie from it and still have its digits."""


def differing(cells: Cells, current: pa.Array) -> pa.BooleanArray:
    """Tell for each cell that is not missing whether it differs from the current value beside it.

    `current` has the field's Arrow type. A missing cell differs from nothing: whether it clears is not asked here.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = cells.column.kind
    wanted, there = cells.values, current
    if kind in ("String", "Guid"):
        wanted, there = _trimmed(wanted, kind), _trimmed(there, kind)
    elif pa.types.is_floating(wanted.type) and pa.types.is_decimal(there.type):
        return _off(wanted, there)
    differs = pc.fill_null(pc.not_equal(wanted, there), True)  # noqa: FBT003 - Arrow's own signature
    differs = pc.and_(differs, pc.is_valid(wanted))
    return _without_lookalikes(cells, current, differs) if cells.doubts else differs


def unequal(column: Column, then: pa.Array, now: pa.Array) -> pa.BooleanArray:
    """Tell where two readings of a column differ, missing values included."""
    import pyarrow.compute as pc

    one = differing(Cells(column, then), now)
    return pc.or_(one, differing(Cells(column, now), then))


def positions_in(mask: pa.BooleanArray) -> list[int]:
    """Return where a mask is true."""
    import pyarrow.compute as pc

    positions: list[int] = pc.indices_nonzero(mask).to_pylist()
    return positions


def old_value(scalar: pa.Scalar) -> Any:
    """Return a current value as people write it."""
    value = scalar.as_py()
    return without_trailing_zeros(value) if isinstance(value, decimal.Decimal) else value


def new_value(cells: Cells, position: int) -> Any:
    """Return what a cell is to be in the ERP; a float becomes the decimal that it stands for."""
    import pyarrow as pa

    value = cells.values[position].as_py()
    if value is None or cells.column.kind != "Decimal":
        return value
    number = exact(value) if pa.types.is_floating(cells.values.type) else value
    return without_trailing_zeros(number)


def without_trailing_zeros(number: decimal.Decimal) -> decimal.Decimal:
    """Return a decimal as people write it: 492.4, not 492.4000000000, and 200, not 2E+2."""
    whole = number.to_integral_value()
    return whole.quantize(decimal.Decimal(1)) if number == whole else number.normalize()


def _off(wanted: pa.Array, there: pa.Array) -> pa.BooleanArray:
    """Tell which floats stand for another decimal than the current one.

    Few are only near to it: pandas' JSON reader makes 1.9300000000000002 of 1.93, and so do sums.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    floats = there.cast(pa.string()).cast(pa.float64())
    off = pc.subtract(wanted, floats)
    differs = pc.and_(pc.is_valid(wanted), pc.fill_null(pc.not_equal(off, 0.0), True))  # noqa: FBT003
    near = pc.less_equal(pc.abs(off), pc.multiply(pc.abs(floats), _NEAR))
    same = [
        position
        for position in positions_in(pc.and_(differs, pc.fill_null(near, False)))  # noqa: FBT003
        if exact(wanted[position].as_py()) == there[position].as_py()
    ]
    if not same:
        return differs
    told = differs.to_pylist()
    for position in same:
        told[position] = False
    return pa.array(told, pa.bool_())


def _trimmed(texts: pa.Array, kind: str) -> pa.Array:
    import pyarrow.compute as pc

    trimmed = pc.utf8_rtrim(texts, characters=" ")
    trimmed = pc.utf8_lower(trimmed) if kind == "Guid" else trimmed
    return without(trimmed, pc.equal(trimmed, ""))


def _without_lookalikes(cells: Cells, current: pa.Array, differs: pa.BooleanArray) -> pa.BooleanArray:
    """Take numbers for equal to the texts that they were: 70 to 000070."""
    import pyarrow as pa

    told = differs.to_pylist()
    for position in cells.doubts:
        texts = cells.values[position].as_py(), current[position].as_py()
        told[position] = told[position] and not _is_same_number(*texts)
    return pa.array(told, pa.bool_())


def _is_same_number(text: str, current: str | None) -> bool:
    if current is None:
        return False
    try:
        return decimal.Decimal(text) == decimal.Decimal(current.strip())
    except decimal.InvalidOperation:
        return False
