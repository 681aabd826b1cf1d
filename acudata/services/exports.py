"""Exports: the records of an entity, written to files as they come."""

from __future__ import annotations

from pathlib import Path
from typing import Unpack

from acudata.filters import Filter
from acudata.frames.dtypes import Decimals
from acudata.questions import Question, ReadOptions
from acudata.services.frames import FrameReading


class Exporting(FrameReading):
    """Writes the records of an entity to files."""

    def to_parquet(
        self,
        path: str | Path,
        *,
        filter: Filter | None = None,  # noqa: A002 - OData's own word, and the reference's
        decimals: Decimals = "exact",
        compression: str = "zstd",
        **options: Unpack[ReadOptions],
    ) -> int:
        """Write the records to one parquet file and return the number of its rows.

        Pages are written as they come, so memory holds one at a time. The types are the schema's. The file appears
        under its name only when it is complete; one that was there before stays as it was until then. Missing folders
        are made.

        `decimals="exact"` keeps money as decimals, which pandas reads back as objects (Python's Decimal); with "float"
        it reads them as Float64. The other arguments are those of `to_frame`.

        Raises AcumaticaValidationError when `path` is a folder, OSError when it cannot be written to.
        """
        from acudata.exports.parquet import write_parquet

        reading, table = self._one_table(Question(filter=filter, **options))
        return write_parquet(
            reading.batches(table),
            Path(path).expanduser(),
            schema=reading.tables[table].schema,
            decimals=decimals,
            compression=compression,
            facts=reading.origin(),
        )
