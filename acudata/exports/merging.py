"""Merges what came from the server into the rows of one table, record by record."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from acudata.exports.digests import sums
from acudata.exports.known import Known
from acudata.exports.names import DELETED_AT, Names, Shape
from acudata.exports.spool import Spool

if TYPE_CHECKING:
    import pyarrow as pa

    from acudata.exports.dataset import Dataset
    from acudata.exports.manifest import StoredFile
    from acudata.exports.names import Mask, Places

SMALL = 20_000
"""Rows below which a file counts as small."""
SMALL_FILES = 8
"""How many small files a partition may have before they become one, the next time that something changes."""


@dataclass(slots=True)
class Counts:
    """Counts the records whose rows in a table were touched, or were looked at and found the same.

    `removed` are records that are still there, but no longer among those that the filter lets through.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    deleted: int = 0
    removed: int = 0

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.deleted or self.removed)


class Merging:
    """Compares pages with what a table holds, and keeps on disk what is new or different.

    A record is always exchanged whole: all its rows go, and those that came take their place, so that lines which were
    removed from a document are gone.
    """

    def __init__(self, known: Known, shape: Shape, schema: pa.Schema) -> None:
        import numpy as np

        self.known = known
        self.counts = Counts()
        self.fresh = Spool(schema)
        self.seen: Mask = np.zeros(len(known), dtype=np.bool_)
        self._shape = shape
        self._exchanged: Mask = np.zeros(len(known), dtype=np.bool_)
        self._gone: Mask = np.zeros(len(known), dtype=np.bool_)
        self._buried: Mask = np.zeros(len(known), dtype=np.bool_)
        self._came = (0, 0)

    def take(self, records: Names, rows: pa.RecordBatch, *, changed: Mask | None = None) -> Mask:
        """Take the rows that came for some records, each of which came whole; a record may have none.

        Returns which records are new or others than before. Those that are `changed`, as another table tells, are
        exchanged even if their rows seem the same: a line that was removed and entered again has another id.
        """
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        owners = pc.index_in(rows.column("id"), value_set=pa.array(records.ids, pa.string())).to_numpy()
        has_rows = np.bincount(owners, minlength=len(records.ids)) > 0
        by_id, by_key = self.known.by_id(records.ids), self.known.by_key(records)
        place = np.where(by_id >= 0, by_id, by_key)
        is_fresh = ~self._is_same(place, owners, rows, has_rows)
        if changed is not None:
            is_fresh |= changed & (has_rows | (place >= 0))
        for places in (by_id, by_key):
            self.seen[places[places >= 0]] = True
            self._exchanged[places[is_fresh & (places >= 0)]] = True
        self.counts.changed += int((is_fresh & (place >= 0)).sum())
        self.counts.added += int((is_fresh & (place < 0)).sum())
        self.counts.unchanged += int((~is_fresh & has_rows).sum())
        self.fresh.add(_with_mark(rows.filter(pa.array(is_fresh[owners])), self.fresh.schema))
        return is_fresh

    def _is_same(self, place: Places, owners: Places, rows: pa.RecordBatch, has_rows: Mask) -> Mask:
        """Tell of each record whether the table holds just the rows that came; so it does where neither has any."""
        import numpy as np

        if not len(self.known):
            return ~has_rows
        digests = sums(self._shape.digests(rows), owners, len(place))
        wanted = np.zeros(len(self.known), dtype=np.bool_)
        wanted[place[place >= 0]] = True
        self._came = _added(self._came, int(has_rows.sum()), int(digests.sum()))
        is_equal: Mask = (self.known.digests(wanted)[place] == digests) & ~self.known.deleted[place]
        return (is_equal & (place >= 0)) | (~has_rows & (place < 0))

    def remove(self, records: Mask) -> None:
        """Let known records go that are no longer among those asked for."""
        self._gone |= records & ~self._exchanged & ~self.known.deleted
        self.counts.removed = int(self._gone.sum())

    def delete(self, records: Mask, *, keep: bool) -> None:
        """Let known records go that the server does not have any more; to `keep` them is to mark them."""
        lost = records & ~self._exchanged & ~self._gone & ~self.known.deleted
        self.counts.deleted += int(lost.sum())
        if keep:
            self._buried |= lost
        else:
            self._gone |= lost

    def settled(self) -> Counts:
        """Return the counts, when everything that came has been taken.

        Records without keys, whose ids are others in every session, all seem to be new; they are the same as before if
        their rows are.
        """
        there = ~self.known.deleted
        if not self._shape.keys and not self.seen.any() and self._came[0] == there.sum():
            digests = self.known.digests(there)[there]
            if self._came[1] == int(digests.sum()):
                self.counts = Counts(unchanged=len(digests))
        return self.counts

    def stale_files(self, files: Iterable[StoredFile]) -> list[str]:
        """Return the paths of the files that have to be written anew."""
        stale = self.known.files_with(self._exchanged | self._gone | self._buried)
        return list(dict.fromkeys([*stale, *_crowded(list(files))]))

    def rows_for(
        self, dataset: Dataset, stale: Iterable[str], *, deleted_at: dt.datetime
    ) -> Iterator[pa.RecordBatch]:
        """Yield what is written in place of stale files: those of their rows that stay, and what came."""
        import pyarrow as pa

        goes = self._exchanged | self._gone
        for path in stale:
            for batch in dataset.batches(files=[path]):
                numbers = self.known.by_id(Names.of(batch, ()).ids)
                rows = marked(batch, self._buried[numbers], deleted_at)
                yield rows.filter(pa.array(~goes[numbers]))
        yield from self.fresh.batches()


def _added(total: tuple[int, int], records: int, digest: int) -> tuple[int, int]:
    """Return how many records came so far, and the sum of their digests as 64 bits hold it."""
    return total[0] + records, (total[1] + digest) % 2**64


def _crowded(files: list[StoredFile]) -> list[str]:
    small = [file for file in files if file.rows < SMALL]
    by_partition = Counter(tuple(file.partition.items()) for file in small)
    return [file.path for file in small if by_partition[tuple(file.partition.items())] > SMALL_FILES]


def _with_mark(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """Return the rows as those of records that are there, if the table marks those that are not."""
    import pyarrow as pa

    columns = [
        pa.nulls(batch.num_rows, field.type) if field.name == DELETED_AT else batch.column(field.name)
        for field in schema
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def marked(batch: pa.RecordBatch, buried: Mask, deleted_at: dt.datetime) -> pa.RecordBatch:
    """Return the rows, those that are `buried` with the time of that."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not buried.any():
        return batch
    place = batch.schema.get_field_index(DELETED_AT)
    marks = pc.if_else(
        pa.array(buried), pa.scalar(deleted_at, batch.schema.types[place]), batch.column(place)
    )
    return batch.set_column(place, DELETED_AT, marks)
