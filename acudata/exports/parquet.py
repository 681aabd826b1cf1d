"""Writes Arrow batches as one parquet file, with what pandas needs to give the same dtypes back."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, get_args

from acudata.exports.row_groups import check_row_group_size, row_groups
from acudata.frames.dtypes import Decimals, check_choice, decimals_as_double, to_pandas

if TYPE_CHECKING:
    import pyarrow as pa

    from acudata.exports.places import Place

METADATA_KEY = b"acudata"
COMPRESSIONS = ("zstd", "snappy", "gzip", "brotli", "lz4", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class ParquetOptions:
    """Holds how parquet is written.

    `row_group_size` is in rows; without it row groups are of a size that suits most readers.

    Raises ValueError for an unknown compression, AcumaticaValidationError for a size that makes no sense.
    """

    compression: str = "zstd"
    row_group_size: int | None = None

    def __post_init__(self) -> None:
        check_choice("compression", self.compression, COMPRESSIONS)
        check_row_group_size(self.row_group_size)


@dataclass(frozen=True, slots=True)
class Written:
    """Holds what a file that was just written holds."""

    rows: int
    bytes: int
    sha256: str


def write_file(
    batches: Iterable[pa.RecordBatch],
    place: Place,
    *,
    schema: pa.Schema,
    options: ParquetOptions,
) -> Written:
    """Write the batches to a file with the schema's metadata, and return its size and hash, taken on the way.

    An error leaves a file that is not whole behind, so give a name that is no data's.
    """
    import pyarrow.parquet as pq

    rows = 0
    with place.writing() as stream:
        digest = _Digest(stream)
        with pq.ParquetWriter(digest, schema, compression=options.compression) as writer:
            for table in row_groups(batches, size=options.row_group_size):
                writer.write_table(table.replace_schema_metadata(schema.metadata), table.num_rows)
                rows += table.num_rows
    return Written(rows, digest.tell(), digest.sha256)


def with_decimals(
    batches: Iterable[pa.RecordBatch], schema: pa.Schema, decimals: Decimals
) -> tuple[Iterable[pa.RecordBatch], pa.Schema]:
    """Return the batches and their schema with decimals as they are, or as the floats nearest to them."""
    check_choice("decimals", decimals, get_args(Decimals))
    if decimals == "exact":
        return batches, schema
    return _as_floats(batches), decimals_as_double(schema.empty_table()).schema


def _as_floats(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    for batch in batches:
        yield from decimals_as_double(pa.Table.from_batches([batch])).to_batches()


def described(schema: pa.Schema, facts: Mapping[str, Any]) -> pa.Schema:
    """Return the schema with what pandas needs for the same dtypes, and with `facts` as JSON under `acudata`."""
    import pyarrow as pa

    frame = to_pandas(schema.empty_table(), decimals="exact")
    pandas_metadata = pa.Schema.from_pandas(frame, preserve_index=False).metadata
    return schema.with_metadata({**pandas_metadata, METADATA_KEY: json.dumps(dict(facts)).encode()})


class _Digest(io.RawIOBase):
    """Takes the hash and the size of what passes through it."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__()
        self._stream = stream
        self._hash = hashlib.sha256()
        self._size = 0

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._size

    def write(self, content: Any) -> int:
        self._hash.update(content)
        self._stream.write(content)
        self._size += len(content)
        return len(content)
