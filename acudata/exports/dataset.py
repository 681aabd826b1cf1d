"""A stored table, as one parquet file or a folder of them, that knows what it holds."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from acudata.errors import AcumaticaUnknownNameError
from acudata.exports.changes import Change
from acudata.exports.locks import locked
from acudata.exports.manifest import Manifest
from acudata.exports.partitions import with_columns
from acudata.exports.places import Place
from acudata.exports.states import State
from acudata.frames.dtypes import Decimals, DtypeBackend, to_pandas
from acudata.naming import nearest

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


class Dataset:
    """Reads and changes one stored table: a folder of parquet files, or one file.

    >>> orders = Dataset.at("lake/SalesOrder")
    >>> orders.manifest.rows, orders.manifest.partition_by
    (2057, ('Status',))
    """

    def __init__(self, place: Place, *, is_file: bool = False) -> None:
        self.place = place
        self._state = State.of_file(place) if is_file else State(place)

    @classmethod
    def at(
        cls,
        path: str | os.PathLike[str],
        *,
        filesystem: Any = None,
        storage_options: Mapping[str, Any] | None = None,
        is_folder: bool = False,
    ) -> Dataset:
        """Return what is, or would be, stored at a path or address.

        `filesystem` and `storage_options` are those of `Place.of`. A table is a file where there is one, or where a
        name that is nobody's ends in `.parquet`; else, or with `is_folder`, it is a folder.
        """
        place = Place.of(path, filesystem=filesystem, storage_options=storage_options)
        is_file = place.is_file() or (place.name.endswith(".parquet") and not place.is_folder())
        return cls(place, is_file=is_file and not is_folder)

    @property
    def is_file(self) -> bool:
        """Tell whether the table is one file."""
        return self._state.file is not None

    def __repr__(self) -> str:
        return f"<Dataset {self.place}>"

    @property
    def manifest(self) -> Manifest | None:
        """Return what is stored, None if nothing is; a change whose writer died after its decision is finished first.

        Raises AcumaticaSchemaError when the manifest cannot be read.
        """
        manifest = self._state.stored()
        if manifest is None or manifest.pending is None:
            return manifest
        with locked(self._state.lock, target=self.place):
            return self._state.settle()

    def read(self, columns: Sequence[str] | None = None, *, files: Sequence[str] | None = None) -> pa.Table:
        """Return the rows with the types that they were written with, columns that stand in paths included.

        `files` are paths of the manifest; all if None.

        Raises AcumaticaUnknownNameError for a column that is not stored, FileNotFoundError if nothing is.
        """
        import pyarrow as pa

        manifest = self._known()
        schema = _selected(manifest.schema, columns)
        return pa.Table.from_batches(self._batches(manifest, schema, files), schema=schema)

    def to_frame(
        self,
        columns: Sequence[str] | None = None,
        *,
        dtype_backend: DtypeBackend = "numpy_nullable",
        decimals: Decimals = "float",
    ) -> pd.DataFrame:
        """Return the rows as the frame that was exported, with its dtypes and with its origin in `df.attrs`.

        `dtype_backend` and `decimals` are those of `acudata.frames.dtypes.to_pandas`.
        """
        frame = to_pandas(self.read(columns), dtype_backend=dtype_backend, decimals=decimals)
        frame.attrs.update(self._known().origin)
        return frame

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
        folder = self._state.folder
        self._state.check_room()
        is_new = not folder.is_folder()
        folder.make_folder()
        try:
            with locked(self._state.lock, target=self.place) as lock:
                before = self._state.settle()
                self._state.check_folder(before)
                try:
                    yield Change(self._state, before, lock)
                finally:
                    if lock.is_held():
                        self._state.settle()
        finally:
            if is_new:
                folder.delete_if_empty()

    def _known(self) -> Manifest:
        manifest = self.manifest
        if manifest is None:
            raise FileNotFoundError(f"Nothing is stored at {self.place}: there is no {self._state.manifest}.")
        return manifest

    def _batches(
        self, manifest: Manifest, schema: pa.Schema, files: Sequence[str] | None
    ) -> Iterator[pa.RecordBatch]:
        import pyarrow.parquet as pq

        for file in manifest.files:
            if files is None or file.path in files:
                own = [name for name in schema.names if name not in file.partition]
                place = self._state.folder / file.path
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
