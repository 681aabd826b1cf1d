"""Keeps rows on disk until somebody wants them, so that memory holds one page of them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    import pyarrow as pa


class Spool:
    """Takes rows as they come and gives them back in their order, as often as wanted; its file has no name.

    >>> import pyarrow as pa
    >>> with Spool(pa.schema([("a", pa.int64())])) as spool:
    ...     spool.add(pa.record_batch({"a": [1, 2]}))
    ...     spool.rows, [batch.num_rows for batch in spool.batches()]
    (2, [2])
    """

    def __init__(self, schema: pa.Schema) -> None:
        import pyarrow as pa

        self.schema = schema
        self.rows = 0
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - `close` does
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        self._writer: Any = pa.ipc.new_file(self._file, schema, options=options)

    def add(self, batch: pa.RecordBatch) -> None:
        """Keep the rows of a batch."""
        if batch.num_rows:
            self.rows += batch.num_rows
            self._writer.write_batch(batch)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows; nothing can be added any more."""
        import pyarrow as pa

        self._writer.close()
        self._file.seek(0)
        reader = pa.ipc.open_file(self._file)
        for number in range(reader.num_record_batches):
            yield reader.get_batch(number)

    def close(self) -> None:
        """Let the rows go."""
        self._writer.close()
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
