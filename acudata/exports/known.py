"""What a dataset holds, record by record: ids, keys, and a digest of the rows of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from acudata.exports.digests import sums
from acudata.exports.names import DELETED_AT, Names, Shape, index, is_named

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from acudata.exports.dataset import Dataset
    from acudata.exports.digests import Digests
    from acudata.exports.names import Mask, Places, Texts


class Known:
    """Knows the records of some files and numbers them; a record without rows in them is not known.

    Ids, keys and marks are read at once, all other columns only of the files that hold a record whose digest is wanted.
    """

    def __init__(self, dataset: Dataset, files: Sequence[str], shape: Shape) -> None:
        import numpy as np
        import pandas as pd

        self.files = list(files)
        self._dataset = dataset
        self._shape = shape
        found = [(number, part) for number, file in enumerate(self.files) for part in self._records_in(file)]
        names = Names.joined([Names.of(part, shape.keys) for _, part in found], keyed=bool(shape.keys))
        numbers, ids = pd.factorize(names.ids)
        first = np.unique(numbers, return_index=True)[1]
        file_of = np.repeat([number for number, _ in found], [part.num_rows for _, part in found])
        self.ids = index(ids)
        self.deleted = np.concatenate([np.zeros(0, dtype=np.bool_), *(_deleted(part) for _, part in found)])[
            first
        ]
        self._by_key = None if names.keys is None else _first_of_each(names.keys[first])
        self._in_file = [numbers[file_of == number] for number in range(len(self.files))]
        self._digests: Digests = np.zeros(len(ids), dtype=np.uint64)
        self._unread = set(range(len(self.files)))

    def __len__(self) -> int:
        return len(self.ids)

    def by_id(self, ids: Texts) -> Places:
        """Return the number of each record that has one of these ids, -1 for none."""
        import numpy as np

        return np.asarray(self.ids.get_indexer(index(ids)), dtype=np.intp)

    def by_key(self, names: Names) -> Places:
        """Return the number of each record that has one of these keys, -1 for none."""
        import numpy as np

        if names.keys is None or self._by_key is None:
            return np.full(len(names.ids), -1)
        found = self._by_key.index.get_indexer(index(names.keys))
        return np.asarray(np.append(self._by_key.to_numpy(), -1)[found], dtype=np.intp)

    def among(self, names: Names) -> Mask:
        """Tell of each known record whether it is one of these, by its id or its keys."""
        import numpy as np

        found = np.zeros(len(self), dtype=np.bool_)
        for places in (self.by_id(names.ids), self.by_key(names)):
            found[places[places >= 0]] = True
        return found

    def missing_in(self, names: Names) -> Mask:
        """Tell of each known record whether it should be among these and is not."""
        missing: Mask = ~self.among(names) & ~self.deleted
        return missing

    def files_with(self, records: Mask) -> list[str]:
        """Return the files that hold rows of some records."""
        return [
            file for file, numbers in zip(self.files, self._in_file, strict=True) if records[numbers].any()
        ]

    def digests(self, wanted: Mask) -> Digests:
        """Return the sum of the digests of each record's rows; only those of wanted records count for anything."""
        for number in sorted(self._unread):
            if wanted[self._in_file[number]].any():
                self._unread.remove(number)
                self._read(self.files[number])
        return self._digests

    def _read(self, file: str) -> None:
        for batch in self._dataset.batches(files=[file]):
            numbers = self.by_id(Names.of(batch, ()).ids)
            self._digests += sums(self._shape.digests(batch), numbers, len(self))

    def _records_in(self, file: str) -> Iterator[pa.RecordBatch]:
        """Yield the first row of each record, for its names alone."""
        for batch in self._dataset.batches(self._shape.naming, files=[file]):
            yield _first_rows(batch)


def _first_rows(rows: pa.RecordBatch) -> pa.RecordBatch:
    import numpy as np

    codes = rows.column("id").dictionary_encode().indices.to_numpy(zero_copy_only=False)
    return rows.take(np.unique(codes, return_index=True)[1])


def _deleted(rows: pa.RecordBatch) -> Mask:
    import numpy as np

    if DELETED_AT not in rows.schema.names:
        return np.zeros(rows.num_rows, dtype=np.bool_)
    return np.asarray(rows.column(DELETED_AT).is_valid().to_numpy(zero_copy_only=False), dtype=np.bool_)


def _first_of_each(keys: Texts) -> pd.Series[Any]:
    """Return the number of the first record with each key."""
    import pandas as pd

    numbers = pd.Series(range(len(keys)), index=index(keys))
    named = numbers[[is_named(key) for key in keys]]
    return named[~named.index.duplicated()]
