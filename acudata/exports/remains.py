"""What is left of a table that is read anew: the rows of records that the server does not have any more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from acudata.exports.known import Known
from acudata.exports.merging import marked
from acudata.exports.names import Names, Shape

if TYPE_CHECKING:
    import pyarrow as pa

    from acudata.exports.dataset import Dataset
    from acudata.exports.manifest import Manifest


class Remains:
    """Holds the rows of deleted records of a table as it was, in the columns that it has from now on.

    Those are the records that are marked already, and with `finds_lost` those that have not come by the end. A column
    that is new is empty in them, and so is a value that is none of the column's new type.
    """

    def __init__(
        self, dataset: Dataset, before: Manifest, *, keys: tuple[str, ...], finds_lost: bool
    ) -> None:
        import numpy as np

        shape = Shape(tuple(before.columns), keys if all(key in before.columns for key in keys) else (), ())
        self._dataset = dataset
        self._known = Known(dataset, [file.path for file in before.files], shape)
        self._seen = np.zeros(len(self._known), dtype=np.bool_)
        self._finds_lost = finds_lost and bool(shape.keys)

    def see(self, names: Names) -> None:
        """Take note of records that came."""
        self._seen |= self._known.among(names)

    @property
    def lost(self) -> int:
        """Return how many records are gone that were not marked."""
        return int((~self._seen & ~self._known.deleted).sum()) if self._finds_lost else 0

    def batches(self, schema: pa.Schema, *, deleted_at: dt.datetime) -> Iterator[pa.RecordBatch]:
        """Yield the rows, marked."""
        import pyarrow as pa

        stays = ~self._seen if self._finds_lost else ~self._seen & self._known.deleted
        for path in self._known.files_with(stays):
            for batch in self._dataset.batches(files=[path]):
                numbers = self._known.by_id(Names.of(batch, ()).ids)
                converted = _converted(batch, schema)
                buried = marked(converted, stays[numbers] & ~self._known.deleted[numbers], deleted_at)
                yield buried.filter(pa.array(stays[numbers]))


def _converted(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    import pyarrow as pa

    columns = [
        _cast(batch.column(field.name), field.type)
        if field.name in batch.schema.names
        else pa.nulls(batch.num_rows, field.type)
        for field in schema
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _cast(column: pa.Array, kind: pa.DataType) -> pa.Array:
    import pyarrow as pa

    try:
        return column.cast(kind)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return pa.nulls(len(column), kind)
