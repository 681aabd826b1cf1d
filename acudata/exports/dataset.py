"""A folder of parquet files that knows what it holds."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from acudata.errors import AcumaticaUnknownNameError
from acudata.exports.changes import Change
from acudata.exports.locks import locked
from acudata.exports.manifest import Manifest
from acudata.exports.partitions import with_columns
from acudata.exports.places import Place
from acudata.exports.states import LOCK, MANIFEST, check_folder, settle, stored
from acudata.naming import nearest

if TYPE_CHECKING:
    import pyarrow as pa


class Dataset:
    """Reads and changes one stored table.

    >>> orders = Dataset.at("lake/SalesOrder")
    >>> orders.manifest.rows, orders.manifest.partition_by
    (1024, ('Status',))
    """

    def __init__(self, place: Place) -> None:
        self.place = place

    @classmethod
    def at(cls, path: str | os.PathLike[str], **where: Any) -> Dataset:
        """Return the dataset at a path or address; the other arguments are those of `Place.of`."""
        return cls(Place.of(path, **where))

    def __repr__(self) -> str:
        return f"<Dataset {self.place}>"

    @property
    def manifest(self) -> Manifest | None:
        """Return what is stored, None if nothing is; a change whose writer died after its decision is finished first.

        Raises AcumaticaSchemaError when the manifest cannot be read.
        """
        manifest = stored(self.place)
        if manifest is None or manifest.pending is None:
            return manifest
        with locked(self.place / LOCK, target=self.place):
            return settle(self.place)

    def read(self, columns: Sequence[str] | None = None, *, files: Sequence[str] | None = None) -> pa.Table:
        """Return the rows with the types that they were written with, columns that stand in paths included.

        `files` are paths of the manifest; all if None.

        Raises AcumaticaUnknownNameError for a column that is not stored, FileNotFoundError if nothing is.
        """
        import pyarrow as pa

        manifest = self._known()
        schema = _selected(manifest.schema, columns)
        return pa.Table.from_batches(self._batches(manifest, schema, files), schema=schema)

    def batches(
        self, columns: Sequence[str] | None = None, *, files: Sequence[str] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Yield the rows that `read` returns, so that memory holds some of them at a time."""
        manifest = self._known()
        return self._batches(manifest, _selected(manifest.schema, columns), files)

    @contextlib.contextmanager
    def change(self) -> Iterator[Change]:
        """Give a change. It counts from its `commit` on, and without one nothing of it stays.

        Raises AcumaticaConcurrencyError when somebody else is changing the dataset, AcumaticaValidationError when the
        folder holds files that are not of a dataset.
        """
        self.place.make_folder()
        try:
            with locked(self.place / LOCK, target=self.place) as lock:
                before = settle(self.place)
                check_folder(self.place, before)
                try:
                    yield Change(self.place, before, lock)
                finally:
                    settle(self.place)
        finally:
            self.place.delete_if_empty()

    def _known(self) -> Manifest:
        manifest = self.manifest
        if manifest is None:
            raise FileNotFoundError(f"{self.place} holds no dataset: there is no {MANIFEST} in it.")
        return manifest

    def _batches(
        self, manifest: Manifest, schema: pa.Schema, files: Sequence[str] | None
    ) -> Iterator[pa.RecordBatch]:
        import pyarrow.parquet as pq

        for file in manifest.files:
            if files is None or file.path in files:
                own = [name for name in schema.names if name not in file.partition]
                place = self.place / file.path
                with place.filesystem.open_input_file(place.path) as source:
                    for batch in pq.ParquetFile(source).iter_batches(columns=own):
                        yield with_columns(batch, file.partition, schema)


def _selected(schema: pa.Schema, columns: Sequence[str] | None) -> pa.Schema:
    import pyarrow as pa

    for name in columns or ():
        if name not in schema.names:
            raise AcumaticaUnknownNameError(
                f"No column {name!r} is stored.", suggestions=nearest(name, schema.names)
            )
    return schema if columns is None else pa.schema([schema.field(name) for name in columns])
