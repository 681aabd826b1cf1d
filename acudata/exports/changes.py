"""What becomes of a stored table in one change: files that go, files that come, and a manifest that tells of both."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from acudata.errors import AcumaticaSchemaError, AcumaticaValidationError
from acudata.exports.drift import SchemaDrift
from acudata.exports.locks import Lock
from acudata.exports.manifest import Manifest, Pending, StoredFile, columns_of
from acudata.exports.parquet import ParquetOptions, described, write_file
from acudata.exports.partitions import Partition, check_partition_by, folder_of, parted
from acudata.exports.states import State

if TYPE_CHECKING:
    import pyarrow as pa


class Change:
    """Gathers what becomes of a stored table; `before` is the manifest as it was, None for a new one."""

    def __init__(self, state: State, before: Manifest | None, lock: Lock) -> None:
        self.before = before
        self._state = state
        self._lock = lock
        self._staging = state.new_staging()
        self._kept = {file.path: file for file in before.files} if before else {}
        self._taken = {path.casefold() for path in self._kept}
        self._added: dict[str, tuple[str, StoredFile]] = {}
        self._numbers = itertools.count()
        self._columns = dict(before.columns) if before else {}
        self._partition_by = before.partition_by if before else ()

    @property
    def kept(self) -> tuple[StoredFile, ...]:
        """Return the files from before that stay."""
        return tuple(self._kept.values())

    def drop(self, *paths: str) -> None:
        """Take files out, by their paths in the manifest; a KeyError tells of one that is not there."""
        for path in paths:
            del self._kept[path]
            self._taken.discard(path.casefold())

    def drop_all(self) -> None:
        """Take every file out."""
        self.drop(*self._kept)

    def add(
        self,
        batches: Iterable[pa.RecordBatch],
        *,
        schema: pa.Schema,
        partition_by: Sequence[str] = (),
        options: ParquetOptions | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> list[StoredFile]:
        """Write rows into new files, one for each partition, and return them.

        Drop files first: what is added takes their names, and a change of one file is one step for every reader. A
        table without any rows is one empty file with all columns, so that types are known. `facts` go into the
        metadata of files.

        Raises AcumaticaSchemaError when files that stay have other columns, AcumaticaValidationError when they have
        other partitions or nothing can be parted so, AcumaticaUnknownNameError for a partition column that is missing.
        """
        import pyarrow as pa

        check_partition_by(schema, partition_by)
        self._drop_empty_files()
        self._agree(schema, tuple(partition_by))
        (self._state.folder / self._staging).make_folder()
        stored = described(
            pa.schema([field for field in schema if field.name not in partition_by]), facts or {}
        )
        rows = self._watched(batches)
        parts = parted(rows, schema=schema, by=partition_by) if partition_by else _unparted(rows)
        written = [self._write(part, partition, stored, options) for partition, part in parts]
        if not (written or self._kept or self._added):
            written = [self._write((), {}, described(schema, facts or {}), options)]
        return written

    def commit(
        self,
        *,
        origin: Mapping[str, Any],
        records: int | None = None,
        watermark: str | None = None,
        state: Mapping[str, Any] | None = None,
    ) -> Manifest:
        """Decide the change: from here on it is the data. The arguments are fields of the manifest, which is returned.

        Raises AcumaticaConcurrencyError when somebody else took the dataset over meanwhile.
        """
        self._lock.check()
        files = self._kept | {path: file for path, (_, file) in self._added.items()}
        moves = {staged: path for path, (staged, _) in self._added.items()}
        manifest = Manifest(
            columns=self._columns,
            files=tuple(files[path] for path in sorted(files)),
            partition_by=self._partition_by,
            origin=origin,
            records=records,
            watermark=watermark,
            state=state or {},
            pending=Pending(deletes=self._deletes(), moves=moves) or None,
        )
        self._state.store(manifest)
        return dataclasses.replace(manifest, pending=None)

    def _drop_empty_files(self) -> None:
        self.drop(*(file.path for file in self.kept if not file.rows))
        for path in [path for path, (_, file) in self._added.items() if not file.rows]:
            del self._added[path]
            self._taken.discard(path.casefold())

    def _deletes(self) -> tuple[str, ...]:
        before = {file.path for file in self.before.files} if self.before else set()
        return tuple(sorted(before - self._kept.keys() - self._added.keys()))

    def _agree(self, schema: pa.Schema, partition_by: tuple[str, ...]) -> None:
        """Let all files have the same columns and partitions: those that stay, and those that come."""
        columns = columns_of(schema)
        if self._kept or self._added:
            drift = SchemaDrift.between(self._columns, columns)
            if drift:
                raise AcumaticaSchemaError(
                    f"{self._state.place} has other columns than what is added to it: {drift}.",
                    suggestions=["write all of it anew"],
                )
            if partition_by != self._partition_by:
                raise AcumaticaValidationError(
                    f"{self._state.place} is partitioned by {list(self._partition_by)}, not by {list(partition_by)}.",
                    suggestions=["write all of it anew"],
                )
        self._columns, self._partition_by = columns, partition_by

    def _watched(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            self._lock.keep()
            yield batch

    def _write(
        self,
        rows: Iterable[pa.RecordBatch],
        partition: Partition,
        schema: pa.Schema,
        options: ParquetOptions | None,
    ) -> StoredFile:
        staged, path = f"{self._staging}/{next(self._numbers)}", self._free_name(folder_of(partition))
        place = self._state.folder / staged
        written = write_file(rows, place, schema=schema, options=options or ParquetOptions())
        file = StoredFile(path=path, partition=partition, **dataclasses.asdict(written))
        self._added[path] = staged, file
        self._taken.add(path.casefold())
        return file

    def _free_name(self, folder: str) -> str:
        """Return a name that no file has, also where upper and lower case are the same."""
        if self._state.file is not None:
            return self._state.file
        names = (f"{folder}/part-{number}.parquet".lstrip("/") for number in itertools.count())
        return next(name for name in names if name.casefold() not in self._taken)


def _unparted(batches: Iterator[pa.RecordBatch]) -> Iterator[tuple[Partition, Iterator[pa.RecordBatch]]]:
    """Yield all rows as one part, or nothing if there are none."""
    for batch in batches:
        if batch.num_rows:
            yield {}, itertools.chain([batch], batches)
