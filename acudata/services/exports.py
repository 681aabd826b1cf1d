"""Exports: the records of an entity, written to files as they come."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any, Unpack

from acudata.filters import Filter
from acudata.frames.dtypes import Decimals
from acudata.questions import Question, ReadOptions
from acudata.services.frames import FrameReading

if TYPE_CHECKING:
    from datetime import timedelta

    from acudata.exports.dataset import Dataset
    from acudata.exports.options import Deletes, Incremental, SyncOptions
    from acudata.exports.reports import TableReport
    from acudata.exports.storing import OnDrift


class Exporting(FrameReading):
    """Writes the records of an entity to files."""

    def to_parquet(  # noqa: PLR0913 - spelled out, because that is where people look
        self,
        path: str | PathLike[str],
        *,
        filter: Filter | None = None,  # noqa: A002 - OData's own word, and the reference's
        decimals: Decimals = "exact",
        compression: str = "zstd",
        partition_by: str | Sequence[str] | None = None,
        row_group_size: int | None = None,
        on_drift: OnDrift = "warn",
        incremental: Incremental = False,
        deletes: Deletes | None = None,
        tombstones: bool = True,
        overlap: timedelta | None = None,
        filesystem: Any = None,
        storage_options: Mapping[str, Any] | None = None,
        **question: Unpack[ReadOptions],
    ) -> TableReport:
        """Write the records to a parquet file, or to a folder of them, and tell what is stored.

        >>> client.sales_orders.to_parquet("lake/orders", partition_by="Status", decimals="float")
        <TableReport SalesOrder: 2,057 rows at lake/orders>

        `path` is a local one, or an address such as `s3://bucket/lake/orders`; keys and endpoint come from the
        environment (`AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT_URL` …), from `storage_options`, which are fsspec's, or with a
        `filesystem` of pyarrow or fsspec. A path that ends in `.parquet` is one file, any other is a folder, and so is
        every one with `partition_by`: columns whose values become folders such as `Status=Open`, as Hive has it.

        The rows are written as they come, with the types of the schema, in row groups of `row_group_size` rows; memory
        holds one of them. What was stored before stays as it was until all of the new is there. A manifest beside the
        data (`_acudata.json`, `.orders.parquet.json`) tells where they come from, what was asked, how much there is,
        and the hash of each file; `acudata.Dataset` reads both. Columns that differ from those stored before are
        told by a SchemaDriftWarning before anything is read; with `on_drift="raise"` nothing is stored then.

        `decimals="exact"` keeps money as decimals, which pandas reads back as objects (Python's Decimal); with "float"
        it reads them as Float64. `compression` is "zstd", "snappy", "gzip", "brotli", "lz4" or "none". The other
        arguments are those of `to_frame`.

        `incremental=True` reads only what changed since the run before, by the entity's stamp (`LastModifiedDateTime`)
        and the server's clock, and puts it in place of those records, all their lines included. `overlap`, five minutes
        by default, is how far the time asked for reaches back behind that run, for records that were being saved. An
        entity without a stamp is read whole, and only what differs is written. So it is with `incremental="compare"`,
        which also finds what changes without the record, such as the quantities of a StockItem: these come from
        the warehouses, and its stamp tells nothing of them. Records that left the filter leave the table. Another
        filter, selection or schema than the last run's makes everything be read anew; the report's `reason` says so.
        What no list shows (`on_unoptimised`) is seen once and kept in the manifest; `incremental=False` looks again.

        `deletes="keys"` looks for deleted records, too, by a list of all keys. They stay with the time at which that
        was seen in the column `_deleted_at`, also when another selection or schema makes everything be read anew; with
        `tombstones=False` they are taken out. An entity without a stamp shows them anyway.

        Raises AcumaticaConcurrencyError when somebody else is writing there, AcumaticaValidationError when the folder
        holds other files or rows cannot be partitioned so, OSError when it cannot be written to.
        """
        from acudata.exports.dataset import Dataset
        from acudata.exports.options import SyncOptions
        from acudata.exports.parquet import ParquetOptions
        from acudata.services.syncing import Syncing

        parquet = ParquetOptions(compression=compression, row_group_size=row_group_size)
        by = (partition_by,) if isinstance(partition_by, str) else tuple(partition_by or ())
        dataset = Dataset.at(path, filesystem=filesystem, storage_options=storage_options, is_folder=bool(by))
        options = SyncOptions.of(
            incremental,
            deletes=deletes,
            tombstones=tombstones,
            overlap=overlap,
            partition_by=by,
            on_drift=on_drift,
            parquet=parquet,
        )
        asked = Question(filter=filter, **question)
        if incremental is False:
            return self._store_whole(asked, dataset, options, decimals)
        return Syncing(self.name, self._connection).sync_table(asked, dataset, options, decimals)

    def _store_whole(
        self, question: Question, dataset: Dataset, options: SyncOptions, decimals: Decimals
    ) -> TableReport:
        from acudata.exports.parquet import with_decimals
        from acudata.exports.reports import TableReport
        from acudata.exports.storing import store

        usage, started = self._connection.session.usage, time.monotonic()
        calls = usage.calls
        reading, table = self._one_table(question)
        batches, schema = with_decimals(reading.batches(table), reading.tables[table].schema, decimals)
        instance = self._connection.session.config.base_url
        manifest, drift = store(
            batches,
            dataset,
            schema=schema,
            origin={**reading.origin(), "instance": instance, "table": table},
            partition_by=options.partition_by,
            options=options.parquet,
            stamp=self.entity.watermark,
            on_drift=options.on_drift,
            read=reading.facts,
        )
        return TableReport(
            entity=self.name,
            table=table,
            path=str(dataset.place),
            rows=manifest.rows,
            files=len(manifest.files),
            bytes=manifest.size,
            left_out=tuple("/".join(path) for path in reading.query.left_out),
            drift=drift,
            seconds=time.monotonic() - started,
            requests=usage.calls - calls,
        )
