"""Bulk reading: one stream of Arrow batches with thin ends, from DataFrames to parquet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Unpack

from acudata.filters import Filter
from acudata.finishing import Pivot
from acudata.frames.as_read import keep_as_read
from acudata.frames.dtypes import Decimals, DtypeBackend, to_pandas
from acudata.queries.attributes import ROWS
from acudata.questions import Attributes, Custom, Errors, Names, OnUnoptimised, Question, ReadOptions
from acudata.readings import Reading
from acudata.services.bulk import BulkReading

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


class FrameReading(BulkReading):
    """Reads the records of an entity into frames, tables and files."""

    def to_frame(  # noqa: PLR0913 - spelled out, because `to_frame?` is where analysts look
        self,
        filter: Filter | None = None,  # noqa: A002 - OData's own word, and the reference's
        *,
        columns: Names | None = None,
        select: Names | None = None,
        expand: Names | None = None,
        custom: Custom = "auto",
        attributes: Attributes = "rows",
        top: int | None = None,
        strict: bool = False,
        errors: Errors = "coerce",
        on_unoptimised: OnUnoptimised = "raise",
        page_size: int | None = None,
        cache: bool | None = None,
        progress: bool | None = None,
        dtype_backend: DtypeBackend = "numpy_nullable",
        decimals: Decimals = "float",
    ) -> pd.DataFrame:
        """Return the records as a DataFrame whose dtypes come from the tenant's schema.

        >>> client.customers.to_frame(F.Status == "Active", columns=["CustomerID", "MainContact.Email"], top=2)
          CustomerID   MainContact.Email                                    id
        ...

        **Which columns.** `columns` names them as frames show them (`CustomerID`, `MainContact.Email`, `UsrRoute`,
        `note`, `id`, those of the lines with `expand`), in their order; only what they need is asked for. Or say it as
        Acumatica does: `select` names fields, `expand` members, `/` parts levels. A linked entity becomes columns
        such as `MainContact.Email`; `expand="Details"` or `"Details/Allocations"` gives one row per line with the keys
        of its document, `expand="files"` one per attached file. `custom="auto"` adds the tenant's `Usr…` and
        `Attribute…` fields; a list adds just those, "all" every field outside the contract, None none.
        `attributes="columns"` makes a text column of each class attribute, such as `Attributes.COLOR`; where a record
        has one twice the first counts. The record's `id` is last unless `columns` names it: frames join on it.

        **Which records.** `filter` is an expression or OData text, `top` the number of records. What the server cannot
        filter by (`F.Name.tolower()`, `F.Date.year()`, fields of expanded lines …) is applied to the rows read, with a
        LocalFilterWarning; `strict=True` raises instead.

        **How.** `page_size` is the number of records per request, which follows the server by itself. `cache` says
        whether kept answers do, `progress` whether a bar is shown. `errors="raise"` refuses values that are not of
        their declared kind, "coerce" makes them missing and counts them. `dtype_backend` and `decimals` are those of
        `acudata.frames.dtypes.to_pandas`. `df.attrs` tells where the frame came from, and all that was odd.

        **What no list shows.** Fields that a form computes make the server refuse a list ("Optimization cannot be
        performed"). `on_unoptimised="raise"` names them and the ways out; "narrow" leaves them out with a
        NarrowedWarning, at the cost of one small request; "by_key" reads each record by itself. An empty answer to a
        filter that Acumatica is known to fail at silently is probed, and doubted by an EmptyAnswerWarning.

        Raises AcumaticaUnknownNameError, before any request, for a name that the entity does not have,
        AcumaticaOptimizationError for what cannot be listed, and AcumaticaServerError for a member that was expanded
        and never appears.
        """
        question = Question(
            filter=filter,
            columns=columns,
            select=select,
            expand=expand,
            custom=custom,
            attributes=attributes,
            top=top,
            strict=strict,
            errors=errors,
            on_unoptimised=on_unoptimised,
            page_size=page_size,
            cache=cache,
            progress=progress,
        )
        reading, tables = self._whole(question, one_table=True)
        [table] = tables.values()
        frame = to_pandas(table, dtype_backend=dtype_backend, decimals=decimals)
        frame.attrs.update(reading.facts())
        keep_as_read(frame, table)
        return frame

    def to_frames(
        self,
        filter: Filter | None = None,  # noqa: A002
        *,
        dtype_backend: DtypeBackend = "numpy_nullable",
        decimals: Decimals = "float",
        **options: Unpack[ReadOptions],
    ) -> dict[str, pd.DataFrame]:
        """Return a frame of the records, under the entity's name, and one for each detail array, under its path.

        All of them have the record's `id`, on which they join:

        >>> frames = client.sales_orders.to_frames(expand=["Details"], top=10)
        >>> lines = frames["Details"].merge(frames["SalesOrder"][["id", "Status"]], on="id")

        The arguments are those of `to_frame`. A filter on lines leaves the lines that meet it and the records that have
        such a line.
        """
        reading, tables = self._whole(Question(filter=filter, **options), one_table=False)
        frames = {
            name: to_pandas(table, dtype_backend=dtype_backend, decimals=decimals)
            for name, table in tables.items()
        }
        for name, frame in frames.items():
            frame.attrs.update(reading.facts() | {"table": name})
            keep_as_read(frame, tables[name])
        return frames

    def iter_frames(
        self,
        filter: Filter | None = None,  # noqa: A002
        *,
        dtype_backend: DtypeBackend = "numpy_nullable",
        decimals: Decimals = "float",
        **options: Unpack[ReadOptions],
    ) -> Iterator[pd.DataFrame]:
        """Yield a frame per page, each as `to_frame` would give it, so that memory holds one page at a time.

        With `attributes="columns"` a first, narrow reading learns which there are, since all pages have the same
        columns; naming them in `columns` saves it.
        """
        import pyarrow as pa

        reading, table = self._one_table(Question(filter=filter, **options))
        for batch in reading.batches(table):
            frame = to_pandas(pa.Table.from_batches([batch]), dtype_backend=dtype_backend, decimals=decimals)
            frame.attrs.update(reading.facts())
            yield frame

    def to_arrow(
        self,
        filter: Filter | None = None,  # noqa: A002
        **options: Unpack[ReadOptions],
    ) -> pa.Table:
        """Return the records as an Arrow table: exact decimals, instants in UTC.

        The arguments are those of `to_frame`.
        """
        _, tables = self._whole(Question(filter=filter, **options), one_table=True)
        [table] = tables.values()
        return table

    def _one_table(self, question: Question) -> tuple[Reading, str]:
        """Return the reading of the one table that a frame holds, and its name."""
        query = self._query_of(question)
        name = query.only_table()
        return self._reading_of(question, query, {name: query.tables[name]}), name

    def _whole(self, question: Question, *, one_table: bool) -> tuple[Reading, dict[str, pa.Table]]:
        """Return tables that were read to their end; what attributes there are is known only then."""
        query = self._query_of(question)
        tables = query.tables
        if one_table:
            name = query.only_table()
            tables = {name: tables[name]}
        if query.attributes is None or question.columns is not None:
            reading = self._reading_of(question, query, tables)
            return reading, reading.to_tables()
        pivot = Pivot(is_late=True)
        reading = self._begun(question, query, {**tables, ROWS: query.attributes.layout}, pivot=pivot)
        found = reading.to_tables()
        rows = found.pop(ROWS)
        return reading, {name: pivot.whole(table, tables[name], rows) for name, table in found.items()}
