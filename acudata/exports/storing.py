"""Stores a table whole: as one file, or as a folder of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from acudata.exports.dataset import Dataset
from acudata.exports.drift import SchemaDrift
from acudata.exports.locks import locked
from acudata.exports.manifest import Manifest, StoredFile, columns_of
from acudata.exports.parquet import METADATA_KEY, ParquetOptions, write_file
from acudata.exports.partitions import check_partition_by

if TYPE_CHECKING:
    import pyarrow as pa

    from acudata.exports.places import Place


def is_dataset(place: Place, partition_by: Sequence[str]) -> bool:
    """Tell whether a table goes into a folder: with partitions, where a folder is, and where no name of a file is."""
    if partition_by or place.is_folder():
        return True
    return not (place.name.endswith(".parquet") or place.is_file())


def store_dataset(
    batches: Iterable[pa.RecordBatch],
    place: Place,
    *,
    schema: pa.Schema,
    origin: Mapping[str, Any],
    partition_by: Sequence[str] = (),
    options: ParquetOptions | None = None,
) -> tuple[Manifest, SchemaDrift]:
    """Replace what a folder holds, and return its manifest and what became of the columns."""
    check_partition_by(schema, partition_by)
    with Dataset(place).change() as change:
        drift = change.before.drift(schema) if change.before else SchemaDrift()
        change.drop_all()
        change.add(batches, schema=schema, partition_by=partition_by, options=options, facts=origin)
        return change.commit(origin=origin), drift


def store_file(
    batches: Iterable[pa.RecordBatch],
    place: Place,
    *,
    schema: pa.Schema,
    origin: Mapping[str, Any],
    options: ParquetOptions | None = None,
) -> tuple[Manifest, SchemaDrift]:
    """Replace one file, and return what a manifest says of it and what became of the columns."""
    manifest = Manifest(columns=columns_of(schema), origin=origin)
    place.parent.make_folder()
    with locked(place.parent / f".{place.name}.lock", target=place) as lock:
        place.sweep()
        drift = SchemaDrift.between(_columns_in(place) or manifest.columns, manifest.columns)
        facts = {**origin, "fingerprint": manifest.fingerprint}
        with place.replaced() as temporary:
            written = write_file(
                batches, temporary, schema=schema, options=options or ParquetOptions(), facts=facts
            )
            lock.keep()
    file = StoredFile(path=place.name, **dataclasses.asdict(written))
    return dataclasses.replace(manifest, files=(file,)), drift


def _columns_in(place: Place) -> dict[str, str] | None:
    """Return the columns of a file that an export wrote, None if there is no such file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with place.filesystem.open_input_file(place.path) as file:
            schema = pq.read_schema(file)
    except (FileNotFoundError, pa.ArrowInvalid):
        return None
    return columns_of(schema) if METADATA_KEY in (schema.metadata or {}) else None
