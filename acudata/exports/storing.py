"""Stores a table whole, in place of the one before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, get_args

from acudata.errors import AcumaticaSchemaError
from acudata.exports.dataset import Dataset
from acudata.exports.drift import SchemaDrift, SchemaDriftWarning
from acudata.exports.manifest import Manifest
from acudata.exports.parquet import ParquetOptions
from acudata.exports.partitions import check_partition_by
from acudata.exports.stamps import NewestStamp
from acudata.frames.dtypes import check_choice
from acudata.notices import warn

if TYPE_CHECKING:
    import pyarrow as pa

OnDrift = Literal["warn", "raise"]


def store(
    batches: Iterable[pa.RecordBatch],
    dataset: Dataset,
    *,
    schema: pa.Schema,
    origin: Mapping[str, Any],
    partition_by: Sequence[str] = (),
    options: ParquetOptions | None = None,
    stamp: str | None = None,
    on_drift: OnDrift = "warn",
    read: Callable[[], Mapping[str, Any]] = dict,
) -> tuple[Manifest, SchemaDrift]:
    """Replace what is stored, and return the new manifest and what became of the columns.

    `origin` goes into files and manifest, what `read` tells of the reading when all is read into the manifest alone.
    `stamp` is the column that tells when a record last changed; the newest becomes the watermark.

    Before anything is read, a SchemaDriftWarning tells of columns that are others than before; with `on_drift="raise"`
    an AcumaticaSchemaError does.
    """
    check_choice("on_drift", on_drift, get_args(OnDrift))
    check_partition_by(schema, partition_by)
    newest = NewestStamp(stamp if stamp in schema.names else None)
    with dataset.change() as change:
        drift = change.before.drift(schema) if change.before else SchemaDrift()
        tell(drift, dataset, on_drift)
        change.drop_all()
        change.add(
            newest.watched(batches), schema=schema, partition_by=partition_by, options=options, facts=origin
        )
        facts = {**origin, **read()}
        return change.commit(origin=facts, records=facts.pop("records", None), watermark=newest.text), drift


def tell(drift: SchemaDrift, dataset: Dataset, on_drift: OnDrift) -> None:
    """Warn of columns that are others than before, or refuse them."""
    if drift and on_drift == "raise":
        raise AcumaticaSchemaError(
            f"{dataset.place} was stored with other columns: {drift}.",
            suggestions=["on_drift='warn' stores the new columns"],
        )
    if drift:
        warn(f"{dataset.place} gets other columns than it had: {drift}.", SchemaDriftWarning)
