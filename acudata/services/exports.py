"""Exports: the records of an entity, written to files as they come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any, Unpack

from acudata.filters import Filter
from acudata.frames.dtypes import Decimals
from acudata.questions import Question, ReadOptions
from acudata.services.frames import FrameReading


class Exporting(FrameReading):
    """Writes the records of an entity to files."""

    def to_parquet(
        self,
        path: str | PathLike[str],
        *,
        filter: Filter | None = None,  # noqa: A002 - OData's own word, and the reference's
        decimals: Decimals = "exact",
        compression: str = "zstd",
        partition_by: str | Sequence[str] | None = None,
        row_group_size: int | None = None,
        filesystem: Any = None,
        storage_options: Mapping[str, Any] | None = None,
        **question: Unpack[ReadOptions],
    ) -> int:
        """Write the records to one parquet file and return the number of its rows.

        Pages are written as they come, so memory holds one at a time. The types are the schema's. The file appears
        under its name only when it is complete; one that was there before stays as it was until then. Missing folders
        are made.

        `decimals="exact"` keeps money as decimals, which pandas reads back as objects (Python's Decimal); with "float"
        it reads them as Float64. The other arguments are those of `to_frame`.

        Raises AcumaticaValidationError when `path` is a folder, OSError when it cannot be written to.
        """
        from acudata.exports.parquet import ParquetOptions, with_decimals
        from acudata.exports.places import Place
        from acudata.exports.storing import is_dataset, store_dataset, store_file

        options = ParquetOptions(compression=compression, row_group_size=row_group_size)
        by = [partition_by] if isinstance(partition_by, str) else list(partition_by or ())
        place = Place.of(path, filesystem=filesystem, storage_options=storage_options)
        reading, table = self._one_table(Question(filter=filter, **question))
        batches, schema = with_decimals(reading.batches(table), reading.tables[table].schema, decimals)
        origin = reading.origin() | {"table": table, "address": self._endpoint.path}
        if is_dataset(place, by):
            manifest, _ = store_dataset(
                batches, place, schema=schema, origin=origin, partition_by=by, options=options
            )
        else:
            manifest, _ = store_file(batches, place, schema=schema, origin=origin, options=options)
        return manifest.rows
