"""Bulk reading: one stream of Arrow batches with thin ends, from DataFrames to parquet."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Unpack

from acudata.filters import Filter
from acudata.frames.dtypes import Decimals, DtypeBackend, to_pandas
from acudata.frames.layout import Layout
from acudata.queries import Query
from acudata.questions import Attributes, Custom, Errors, Names, OnUnoptimised, Question, ReadOptions
from acudata.readings import Reading
from acudata.services.base import EntityService

_log = logging.getLogger(__name__)

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


class FrameReading(EntityService):
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
        reading, table = self._one_table(question)
        frame = to_pandas(reading.to_tables()[table], dtype_backend=dtype_backend, decimals=decimals)
        frame.attrs.update(reading.facts())
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
        reading = self._reading(Question(filter=filter, **options))
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
        dtype_backend: DtypeBackend = "numpy_nullable",
        decimals: Decimals = "float",
        **options: Unpack[ReadOptions],
    ) -> Iterator[pd.DataFrame]:
        """Yield a frame per page, each as `to_frame` would give it, so that memory holds one page at a time."""
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
        reading, table = self._one_table(Question(filter=filter, **options))
        return reading.to_tables()[table]

    def _one_table(self, question: Question) -> tuple[Reading, str]:
        query = self._query_of(question)
        name = query.only_table()
        return self._reading_of(question, query, {name: query.tables[name]}), name

    def _reading(self, question: Question) -> Reading:
        query = self._query_of(question)
        return self._reading_of(question, query, query.tables)

    def _query_of(self, question: Question) -> Query:
        return self._asked(question)

    def _reading_of(self, question: Question, query: Query, tables: Mapping[str, Layout]) -> Reading:
        if self.entity.is_inquiry:
            _log.warning(
                "%s is an inquiry: inquire(…) asks it; a list of it is empty or not allowed", self.name
            )
        pages = self._pages(query, top=question.top, page_size=question.page_size)
        return Reading(
            query, pages, tables=tables, origin=self._origin(), top=question.top, errors=question.errors
        )

    def _origin(self) -> dict[str, Any]:
        """Return where the data of a frame come from."""
        return {
            "endpoint": f"{self._endpoint.name}/{self._endpoint.version}",
            "tenant": self._connection.tenant,
        }
