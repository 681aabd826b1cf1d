"""What a dataset holds, record by record: ids, keys, and a digest of the rows of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from acudata.exports.digests import row_digests, sums

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd
    import pyarrow as pa

    from acudata.exports.digests import Digests

    Mask = npt.NDArray[np.bool_]
    Values = Sequence[Any] | npt.NDArray[Any]
    Places = npt.NDArray[np.intp]

DELETED_AT = "_deleted_at"
"""The column that tells since when a record is known to be gone; missing for those that are there."""

_JOINT = "\x1f"


@dataclass(frozen=True, slots=True)
class Names:
    """Holds by what the records of some rows are known, a value for each row.

    `keys` are None where the key fields are not among the columns. Ids alone do not do: those of records without a
    note live only as long as a session. (Acumatica: such an id is a "session identifier".) Keys alone do not either: a
    record keeps its id when somebody gives it another key.
    """

    ids: npt.NDArray[np.object_]
    keys: npt.NDArray[np.object_] | None

    @classmethod
    def of(cls, rows: pa.RecordBatch | pa.Table, keys: Sequence[str]) -> Names:
        """Return the names of the records behind rows that have a column `id`."""
        return cls(_texts(rows.column("id")), _joined(rows, keys) if keys else None)

    @classmethod
    def joined(cls, parts: Sequence[Names], *, keyed: bool) -> Names:
        """Return the names of several batches as those of one."""
        import numpy as np

        nothing = np.zeros(0, dtype=object)
        keys = [part.keys for part in parts if part.keys is not None]
        return cls(
            np.concatenate([nothing, *(part.ids for part in parts)]),
            np.concatenate([nothing, *keys]) if keyed else None,
        )

    def are_among(self, others: Names) -> Mask:
        """Tell of each record whether it is one of the others."""
        by_id = _index(self.ids).isin(others.ids)
        if self.keys is None or others.keys is None:
            return by_id
        return by_id | _index(self.keys).isin(others.keys)


class Known:
    """Knows the records of a table and numbers them; a record without rows in it is not known."""

    def __init__(self, ids: Values, keys: Values | None, digests: Digests, *, deleted: Mask) -> None:
        import pandas as pd

        self.ids = pd.Index(ids, dtype=object)
        self.digests = digests
        self.deleted = deleted
        self._by_key = None if keys is None else _first_of_each(keys)

    @classmethod
    def of(cls, rows: Iterable[pa.RecordBatch], shape: Shape) -> Known:
        """Return what is known of stored rows."""
        import numpy as np
        import pandas as pd

        parts = [(Names.of(batch, shape.keys), shape.digests(batch), _deleted(batch)) for batch in rows]
        if not parts:
            nothing = np.zeros(0, dtype=np.uint64)
            return cls([], [] if shape.keys else None, nothing, deleted=nothing.astype(np.bool_))
        numbers, ids = pd.factorize(np.concatenate([names.ids for names, _, _ in parts]))
        first = pd.Series(numbers).drop_duplicates().index.to_numpy()
        every_key = [names.keys for names, _, _ in parts if names.keys is not None]
        return cls(
            ids,
            np.concatenate(every_key)[first] if every_key else None,
            sums(np.concatenate([digests for _, digests, _ in parts]), numbers, len(ids)),
            deleted=np.concatenate([deleted for _, _, deleted in parts])[first],
        )

    def __len__(self) -> int:
        return len(self.ids)

    def by_id(self, ids: Values) -> Places:
        """Return the number of each record that has one of these ids, -1 for none."""
        import numpy as np

        return np.asarray(self.ids.get_indexer(_index(ids)), dtype=np.intp)

    def by_key(self, names: Names) -> Places:
        """Return the number of each record that has one of these keys, -1 for none."""
        import numpy as np

        if names.keys is None or self._by_key is None:
            return np.full(len(names.ids), -1)
        found = self._by_key.index.get_indexer(_index(names.keys))
        places = np.append(self._by_key.to_numpy(), -1)
        return np.asarray(places[found], dtype=np.intp)

    def among(self, names: Names) -> Mask:
        """Tell of each known record whether it is one of these, by its id or its keys."""
        import numpy as np

        found = np.zeros(len(self), dtype=np.bool_)
        for places in (self.by_id(names.ids), self.by_key(names)):
            found[places[places >= 0]] = True
        return found

    def missing_in(self, names: Names) -> Mask:
        """Tell of each known record whether it should be among these and is not."""
        return ~self.among(names) & ~self.deleted


@dataclass(frozen=True, slots=True)
class Shape:
    """Tells which columns of a table say whose rows these are.

    `keys` are the key fields of the record, `ids` the columns with ids, which are left out of digests: those of detail
    rows, and of records without a stamp, can be others in every session.
    """

    keys: tuple[str, ...]
    ids: tuple[str, ...]

    def digests(self, rows: pa.RecordBatch) -> Digests:
        """Return the digest of each row."""
        left_out = {*self.ids, DELETED_AT}
        return row_digests(rows.select([name for name in rows.schema.names if name not in left_out]))


def _texts(column: Any) -> npt.NDArray[np.object_]:
    import numpy as np

    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=object)


def _joined(rows: pa.RecordBatch | pa.Table, keys: Sequence[str]) -> npt.NDArray[np.object_]:
    """Return the keys of each row as one text, without the padding that a server gives or not."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = [pc.utf8_rtrim_whitespace(rows.column(key).cast(pa.string()).fill_null("")) for key in keys]
    return _texts(pc.binary_join_element_wise(*texts, _JOINT))


def _deleted(rows: pa.RecordBatch) -> Mask:
    import numpy as np

    if DELETED_AT not in rows.schema.names:
        return np.zeros(rows.num_rows, dtype=np.bool_)
    return np.asarray(rows.column(DELETED_AT).is_valid().to_numpy(zero_copy_only=False), dtype=np.bool_)


def _index(values: Values) -> pd.Index[Any]:
    import pandas as pd

    return pd.Index(values, dtype=object)


def _first_of_each(keys: Values) -> pd.Series[Any]:
    """Return the number of the first record with each key; records whose keys are all empty cannot be told apart."""
    import pandas as pd

    numbers = pd.Series(range(len(keys)), index=_index(keys))
    named = numbers[numbers.index.str.strip(_JOINT) != ""] if len(keys) else numbers
    return named[~named.index.duplicated()]
