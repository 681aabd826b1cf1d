"""Writes Arrow batches to one parquet file, which appears under its name only when it is complete."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from acudata.errors import AcumaticaValidationError
from acudata.frames.dtypes import Decimals, check_choice, decimals_as_double, to_pandas
from acudata.replacement import replacing

if TYPE_CHECKING:
    import pyarrow as pa

METADATA_KEY = b"acudata"
COMPRESSIONS = ("zstd", "snappy", "gzip", "brotli", "lz4", "none")


def write_parquet(
    batches: Iterable[pa.RecordBatch],
    path: Path,
    *,
    schema: pa.Schema,
    decimals: Decimals = "exact",
    compression: str = "zstd",
    facts: Mapping[str, Any] | None = None,
) -> int:
    """Write the batches, one row group each, and return the number of rows.

    `decimals="float"` writes decimals as the floats nearest to them. `facts` go into the file's metadata under
    `acudata`, as JSON.

    Raises AcumaticaValidationError when `path` is a folder, ValueError for an unknown compression.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    check_choice("compression", compression, COMPRESSIONS)
    check_choice("decimals", decimals, get_args(Decimals))
    if path.is_dir():
        raise AcumaticaValidationError(
            f"{path} is a folder.", suggestions=[f"name a file, such as {path / 'data.parquet'}"]
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    described = _described(_with_decimals(schema.empty_table(), decimals).schema, facts or {})
    rows = 0
    with (
        replacing(path) as temporary,
        pq.ParquetWriter(temporary, described, compression=compression) as writer,
    ):
        for batch in batches:
            rows += batch.num_rows
            if batch.num_rows:
                table = _with_decimals(pa.Table.from_batches([batch]), decimals)
                writer.write_table(table.replace_schema_metadata(described.metadata))
    return rows


def _with_decimals(table: pa.Table, decimals: Decimals) -> pa.Table:
    return decimals_as_double(table) if decimals == "float" else table


def _described(schema: pa.Schema, facts: Mapping[str, Any]) -> pa.Schema:
    """Add what pandas needs to give the same dtypes back, and where the data came from."""
    import pyarrow as pa

    frame = to_pandas(schema.empty_table(), decimals="exact")
    pandas_metadata = pa.Schema.from_pandas(frame, preserve_index=False).metadata
    return schema.with_metadata({**pandas_metadata, METADATA_KEY: json.dumps(dict(facts)).encode()})
