"""Bulk reading: one stream of Arrow batches with thin ends, from DataFrames to parquet."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acudata.filters import Filter
from acudata.frames.dtypes import Decimals, DtypeBackend, to_pandas
from acudata.frames.layout import Layout
from acudata.queries import Custom, Names, Query
from acudata.readings import Reading
from acudata.services.base import EntityService

_log = logging.getLogger(__name__)

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


class FrameReading(EntityService):
    """Reads the records of an entity into frames, tables and files."""

    def to_frame(
        self,
        filter: Filter | None = None,  # noqa: A002 - OData's own word, and the reference's
        *,
        select: Names | None = None,
        expand: Names | None = None,
        custom: Custom = "auto",
        top: int | None = None,
        strict: bool = False,
        dtype_backend: DtypeBackend = "numpy_nullable",
        decimals: Decimals = "float",
        page_size: int = 1000,
    ) -> pd.DataFrame:
        """Return the records as a DataFrame whose dtypes come from the tenant's schema.

        >>> client.customers.to_frame(F.Status == "Active", select="CustomerID,CustomerName", top=2)
          CustomerID      CustomerName                                    id
        ...

        `filter` is an expression or OData text. `select` and `expand` name fields and members, with `/` for the
        fields of a linked entity, which become columns such as `MainContact.Email`. `expand="Details"` gives one row
        per line with the keys of its document. `custom="auto"` adds the tenant's `Usr…` and `Attribute…` fields; a
        list adds just those, "all" every field outside the contract, None none. `top` is the number of records to
        read, `page_size` the number per request. `dtype_backend` and `decimals` are those of
        `acudata.frames.dtypes.to_pandas`. The column `id` comes last; `df.attrs` tells where the frame came from.

        What the server cannot filter by (`F.Name.tolower()`, `F.Date.year()`, fields of expanded lines …) is applied
        to the rows read, with a LocalFilterWarning; `strict=True` raises instead.

        Raises AcumaticaUnknownNameError, before any request, for a field that the entity does not have.
        """
        query = self._query(filter, select, expand, custom, strict=strict)
        reading, table = self._one_table(query, top, page_size)
        frame = to_pandas(reading.to_tables()[table], dtype_backend=dtype_backend, decimals=decimals)
        frame.attrs.update(reading.facts())
        return frame

    def to_frames(
        self,
        filter: Filter | None = None,  # noqa: A002
        *,
        expand: Names,
        select: Names | None = None,
        custom: Custom = "auto",
        top: int | None = None,
        strict: bool = False,
        dtype_backend: DtypeBackend = "numpy_nullable",
        decimals: Decimals = "float",
        page_size: int = 1000,
    ) -> dict[str, pd.DataFrame]:
        """Return a frame of the records, under the entity's name, and one for each detail array, under its path.

        All of them have the record's `id`, on which they join:

        >>> frames = client.sales_orders.to_frames(expand=["Details"], top=10)
        >>> lines = frames["Details"].merge(frames["SalesOrder"][["id", "Status"]], on="id")

        The arguments are those of `to_frame`. A filter on lines leaves the lines that meet it and the records that have
        such a line.
        """
        query = self._query(filter, select, expand, custom, strict=strict)
        reading = self._reading(query, query.tables, top, page_size)
        frames = {
            name: to_pandas(table, dtype_backend=dtype_backend, decimals=decimals)
            for name, table in reading.to_tables().items()
        }
        for name, frame in frames.items():
            frame.attrs.update(reading.facts() | {"table": name})
        return frames

    def iter_frames(
        self,
        filter: Filter | None = None,  # noqa: A002
        *,
        select: Names | None = None,
        expand: Names | None = None,
        custom: Custom = "auto",
        top: int | None = None,
        strict: bool = False,
        dtype_backend: DtypeBackend = "numpy_nullable",
        decimals: Decimals = "float",
        page_size: int = 1000,
    ) -> Iterator[pd.DataFrame]:
        """Yield a frame per page, each as `to_frame` would give it, so that memory holds one page at a time."""
        import pyarrow as pa

        query = self._query(filter, select, expand, custom, strict=strict)
        reading, table = self._one_table(query, top, page_size)
        for batch in reading.batches(table):
            frame = to_pandas(pa.Table.from_batches([batch]), dtype_backend=dtype_backend, decimals=decimals)
            frame.attrs.update(reading.facts())
            yield frame

    def to_arrow(
        self,
        filter: Filter | None = None,  # noqa: A002
        *,
        select: Names | None = None,
        expand: Names | None = None,
        custom: Custom = "auto",
        top: int | None = None,
        strict: bool = False,
        page_size: int = 1000,
    ) -> pa.Table:
        """Return the records as an Arrow table: exact decimals, instants in UTC.

        The arguments are those of `to_frame`.
        """
        query = self._query(filter, select, expand, custom, strict=strict)
        reading, table = self._one_table(query, top, page_size)
        return reading.to_tables()[table]

    def to_parquet(
        self,
        path: str | Path,
        *,
        filter: Filter | None = None,  # noqa: A002
        select: Names | None = None,
        expand: Names | None = None,
        custom: Custom = "auto",
        top: int | None = None,
        strict: bool = False,
        page_size: int = 1000,
        decimals: Decimals = "exact",
        compression: str = "zstd",
    ) -> int:
        """Write the records to one parquet file and return the number of its rows.

        Pages are written as they come, so memory holds one at a time. The types are the schema's. The file appears
        under its name only when it is complete; one that was there before stays as it was until then. Missing folders
        are made.

        `decimals="exact"` keeps money as decimals, which pandas reads back as objects (Python's Decimal); with "float"
        it reads them as Float64.

        Raises AcumaticaValidationError when `path` is a folder, OSError when it cannot be written to.
        """
        from acudata.exports.parquet import write_parquet

        query = self._query(filter, select, expand, custom, strict=strict)
        reading, table = self._one_table(query, top, page_size)
        return write_parquet(
            reading.batches(table),
            Path(path).expanduser(),
            schema=reading.tables[table].schema,
            decimals=decimals,
            compression=compression,
            facts=reading.origin(),
        )

    def _one_table(self, query: Query, top: int | None, page_size: int) -> tuple[Reading, str]:
        name = query.only_table()
        return self._reading(query, {name: query.tables[name]}, top, page_size), name

    def _reading(
        self, query: Query, tables: Mapping[str, Layout], top: int | None, page_size: int
    ) -> Reading:
        if self.entity.is_inquiry:
            _log.warning(
                "%s is an inquiry: inquire(…) asks it; a list of it is empty or not allowed", self.name
            )
        pages = self._pages(query, top=top, page_size=page_size)
        return Reading(query, pages, tables=tables, origin=self._origin(), top=top)

    def _origin(self) -> dict[str, Any]:
        """Return where the data of a frame come from."""
        return {
            "endpoint": f"{self._endpoint.name}/{self._endpoint.version}",
            "tenant": self._connection.tenant,
        }
