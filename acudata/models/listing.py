"""A list of records that becomes a frame when asked."""

from __future__ import annotations

import decimal
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from acudata.frames.dtypes import Decimals, DtypeBackend, to_pandas
from acudata.frames.layout import Column, Layout
from acudata.frames.tolerant import converter
from acudata.looks.grid import Grid, grid_html, grid_text
from acudata.looks.records import records_grid
from acudata.models.record import Record
from acudata.schema.keys import KEYS

if TYPE_CHECKING:
    import pandas as pd


class Records(list[Record]):
    """Is a list of records; `to_frame()` gives the frame of the same question, with what was changed since."""

    __slots__ = ("_layout",)  # so that a field set on the list, in place of a record in it, raises

    def __init__(self, records: Iterable[Record], layout: Layout) -> None:
        super().__init__(records)
        self._layout = layout

    def __repr__(self) -> str:
        return grid_text(self._grid())

    def _repr_html_(self) -> str:
        return grid_html(self._grid())

    def _grid(self) -> Grid:
        """Return what there is to see."""
        return records_grid(self, KEYS.get(self[0].structure.name, ()) if self else ())

    def to_frame(
        self, *, dtype_backend: DtypeBackend = "numpy_nullable", decimals: Decimals = "float"
    ) -> pd.DataFrame:
        """Return a row per record, with the dtypes of the schema; the arguments are those of `Service.to_frame`."""
        import pyarrow as pa

        arrays = [pa.array(self._cells(column), column.arrow_type) for column in self._layout.columns]
        table = pa.Table.from_arrays(arrays, schema=self._layout.schema)
        return to_pandas(table, dtype_backend=dtype_backend, decimals=decimals)

    def _cells(self, column: Column) -> list[Any]:
        return [_cell(record, column) for record in self]


def _cell(record: Record, column: Column) -> Any:
    """Follow the path of a column through models: the wrappers of the wire are gone, custom fields are attributes."""
    path = [step for step in column.path if step != "value"]
    if "custom" in path:
        at = path.index("custom")
        path[at : at + 2] = []
    value: Any = record
    for step in path:
        value = getattr(value, step, None)
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, float | decimal.Decimal):
        return converter(column)(decimal.Decimal(str(value)))
    return value
