"""One stored table in a sync: what it holds, what it takes, and how it is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from acudata.errors import AcumaticaValidationError
from acudata.exports.drift import SchemaDrift
from acudata.exports.known import Known
from acudata.exports.merging import Counts, Merging
from acudata.exports.names import DELETED_AT, Names, Shape
from acudata.exports.options import SyncOptions
from acudata.exports.remains import Remains
from acudata.exports.reports import Mode, TableReport
from acudata.exports.sources import Source
from acudata.exports.storing import tell
from acudata.exports.watermarks import Mark

if TYPE_CHECKING:
    import pyarrow as pa

    from acudata.exports.changes import Change
    from acudata.exports.dataset import Dataset
    from acudata.exports.manifest import Manifest, StoredFile
    from acudata.exports.names import Mask

ROWS_PER_FILE = 100_000
"""A later change of one record reads and writes the file that holds it, so files must not be too large."""

_IDENTITY = ("entity", "table", "tenant", "instance")


class SyncedTable:
    """Takes the rows of one table of a source into the dataset that stores it, of which it holds the lock."""

    def __init__(
        self, name: str, dataset: Dataset, change: Change, *, source: Source, options: SyncOptions
    ) -> None:
        self.name = name
        self.before = change.before
        self.schema = source.tables[name]
        if options.marks or (options.deletes is None and _has_marks(self.before)):
            self.schema = _with_marks(self.schema)
        self._dataset = dataset
        self._change = change
        self._source = source
        self._options = options
        self._shape = _shape(self.schema, source)
        self._is_new = True
        self._remains: Remains | None = None
        self._merging: Merging | None = None
        self._after: Manifest | None = self.before

    def tell_drift(self) -> None:
        """Warn of columns that are others than those stored, or refuse them; not of marks, which are of this run."""
        drift = self.before.drift(self._source.tables[self.name]) if self.before else SchemaDrift()
        if DELETED_AT in drift.removed:
            drift = replace(drift, removed={k: v for k, v in drift.removed.items() if k != DELETED_AT})
        tell(drift, self._dataset, self._options.on_drift)

    def reason_to_read_all(self) -> str | None:
        """Return why what is stored cannot be built upon, None if it can.

        Raises AcumaticaValidationError when it is of another tenant or entity.
        """
        if self.before is None:
            return "nothing is stored yet"
        self._check_identity(self.before)
        if self._options.anew:
            return "it was asked for"
        question = self.before.state.get("question")
        if question is None:
            return "what is stored was not written incrementally"
        if question != self._source.question:
            return _difference(question, self._source.question)
        if self._drift:
            return f"the columns are others: {self._drift}"
        by = self.before.partition_by
        return f"partition_by was {list(by)}" if by != self._options.partition_by else None

    def begin(self, *, anew: bool) -> None:
        """Take everything anew from now on, or what is to be compared with the rows that are stored."""
        self.close()
        self._is_new = anew
        self._remains = self._remaining(self.before) if anew and self.before else None

    def take(self, records: Names, rows: pa.RecordBatch, *, changed: Mask | None = None) -> Mask:
        """Take the rows that came for some records, as `Merging.take` does."""
        if self._remains is not None:
            self._remains.see(records)
        return self.merging.take(records, rows, changed=changed)

    @property
    def merging(self) -> Merging:
        """Return what compares; the stored rows are read only when somebody wants to."""
        if self._merging is None:
            files = [] if self._is_new else [file.path for file in self._change.kept]
            known = Known(self._dataset, files, self._shape)
            self._merging = Merging(known, self._shape, self.schema)
        return self._merging

    def lacks(self, listed: Names, came: Iterable[Names]) -> bool:
        """Tell whether a record is listed that is neither stored nor among those that came."""
        import numpy as np

        known = self.merging.known
        places = np.maximum(known.by_id(listed.ids), known.by_key(listed))
        is_here = np.append(~known.deleted, [False])[places]
        for names in came:
            is_here |= listed.are_among(names)
        return not is_here.all()

    def without(self, there: Names, *, among: Mask) -> Mask:
        """Take out those `among` some known records that are there all the same, and return the others."""
        found: Mask = among & self.merging.known.among(there)
        self.merging.remove(found)
        return among & ~found

    def delete(self, records: Mask) -> None:
        """Let known records go that the server does not have any more, or mark them where the table has marks."""
        self.merging.delete(records, keep=DELETED_AT in self.schema.names)

    def store(self, *, deleted_at: dt.datetime, mark: Mark | None = None) -> None:
        """Write what changed, and the mark beside it; where nothing did, only a mark that spares work."""
        merging = self.merging if self._is_new else self._merging
        has_changes = merging is not None and (self._is_new or bool(merging.settled()))
        if merging is not None and has_changes:
            self._write(merging, deleted_at)
        elif mark is None or not (mark.is_worth_keeping(self.before) or self._is_listed_otherwise):
            return
        self._after = self._change.commit(
            origin={**self._source.origin, "table": self.name},
            watermark=mark.watermark.isoformat() if mark else None,
            state={
                "question": dict(self._source.question),
                "by_key": self._source.by_key,
                **(mark.state if mark else {}),
            },
        )

    def report(self, mode: Mode, reason: str | None) -> TableReport:
        """Return what was done."""
        counts = Counts() if self._merging is None else self._merging.counts
        return TableReport(
            entity=self._source.name,
            table=self.name,
            path=str(self._dataset.place),
            mode=mode,
            rows=self._after.rows if self._after else 0,
            files=len(self._after.files) if self._after else 0,
            bytes=self._after.size if self._after else 0,
            added=counts.added,
            changed=counts.changed,
            unchanged=counts.unchanged,
            deleted=counts.deleted,
            removed=counts.removed,
            reason=reason,
            drift=self._drift,
        )

    def close(self) -> None:
        """Let go of what was taken."""
        if self._merging is not None:
            self._merging.fresh.close()
            self._merging = None

    def _write(self, merging: Merging, deleted_at: dt.datetime) -> None:
        if self._is_new:
            remains: Iterable[pa.RecordBatch] = ()
            if self._remains is not None:
                remains = self._remains.batches(self.schema, deleted_at=deleted_at)
                merging.counts.deleted = self._remains.lost
            self._change.drop_all()
            self._add(chain(merging.fresh.batches(), remains))
        else:
            stale = self._stale_files(merging)
            self._change.drop(*stale)
            self._add(merging.rows_for(self._dataset, stale, deleted_at=deleted_at))

    def _stale_files(self, merging: Merging) -> list[str]:
        if self._dataset.is_file:
            return [file.path for file in self._change.kept]
        return merging.stale_files(self._change.kept)

    def _remaining(self, before: Manifest) -> Remains | None:
        """Return what stays of a table of the same records that marks those that are deleted.

        A record that does not come may also have left the filter; then only those that are marked already stay.
        """
        question, now = before.state.get("question") or {}, self._source.question
        is_same = all(name in question and question[name] == now[name] for name in ("filter", "local_filter"))
        if self._options.anew or not is_same or DELETED_AT not in self.schema.names:
            return None
        finds_lost = self._options.deletes is not None and not self._source.is_filtered
        return Remains(self._dataset, before, keys=self._source.keys, finds_lost=finds_lost)

    @property
    def _is_listed_otherwise(self) -> bool:
        return self.before is not None and self.before.state.get("by_key", False) != self._source.by_key

    @property
    def _drift(self) -> SchemaDrift:
        return self.before.drift(self.schema) if self.before else SchemaDrift()

    def _check_identity(self, before: Manifest) -> None:
        mine = {**self._source.origin, "table": self.name}
        for name in _IDENTITY:
            if before.origin.get(name, mine.get(name)) != mine.get(name):
                raise AcumaticaValidationError(
                    f"{self._dataset.place} holds {name} {before.origin[name]!r}, not {mine.get(name)!r}.",
                    suggestions=[
                        "name another folder",
                        "delete the folder if its data are not wanted any more",
                    ],
                )

    def _add(self, rows: Iterable[pa.RecordBatch]) -> None:
        by = self._options.partition_by
        pieces = [rows] if by or self._dataset.is_file else _pieces(rows, ROWS_PER_FILE)
        files = [file for piece in pieces for file in self._written(piece)]
        if not (files or self._change.kept):
            self._written(())

    def _written(self, rows: Iterable[pa.RecordBatch]) -> list[StoredFile]:
        return self._change.add(
            rows,
            schema=self.schema,
            partition_by=self._options.partition_by,
            options=self._options.parquet,
            facts={**self._source.origin, "table": self.name},
        )


def _has_marks(manifest: Manifest | None) -> bool:
    return manifest is not None and DELETED_AT in manifest.columns


def _with_marks(schema: pa.Schema) -> pa.Schema:
    import pyarrow as pa

    return schema.append(pa.field(DELETED_AT, pa.timestamp("us", tz="UTC")))


def _shape(schema: pa.Schema, source: Source) -> Shape:
    """Return whose rows a table has; ids count for contents where they stay, and are not what records are known by."""
    keys = source.keys if all(key in schema.names for key in source.keys) else ()
    id_stays = source.stamp is not None and bool(keys)
    ids = [name for name in schema.names if name.endswith(".id") or (name == "id" and not id_stays)]
    return Shape(tuple(schema.names), keys, tuple(ids))


def _difference(before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    names = dict.fromkeys([*before, *now])
    changed = [name for name in names if before.get(name) != now.get(name)]
    return "; ".join(f"{name} was {before.get(name)!r}, is {now.get(name)!r}" for name in changed)


def _pieces(rows: Iterable[pa.RecordBatch], size: int) -> Iterator[Iterator[pa.RecordBatch]]:
    """Yield the rows in pieces of about a size, each of which has to be used up before the next."""
    batches = iter(rows)
    for first in batches:
        yield _piece(first, batches, size)


def _piece(batch: pa.RecordBatch, others: Iterator[pa.RecordBatch], size: int) -> Iterator[pa.RecordBatch]:
    rows = batch.num_rows
    yield batch
    while rows < size and (following := next(others, None)) is not None:
        rows += following.num_rows
        yield following
