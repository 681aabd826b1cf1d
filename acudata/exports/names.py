"""By what the records behind stored rows are known: their ids, and their keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from acudata.exports.digests import row_digests

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd
    import pyarrow as pa

    from acudata.exports.digests import Digests

    Mask = npt.NDArray[np.bool_]
    Places = npt.NDArray[np.intp]
    Texts = npt.NDArray[np.object_]

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

    ids: Texts
    keys: Texts | None

    @classmethod
    def of(cls, rows: pa.RecordBatch, keys: Sequence[str]) -> Names:
        """Return the names of the records behind rows that have a column `id`."""
        return cls(texts(rows.column("id")), _joined(rows, keys) if keys else None)

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
        by_id = index(self.ids).isin(others.ids)
        if self.keys is None or others.keys is None:
            return by_id
        return by_id | index(self.keys).isin(others.keys)


@dataclass(frozen=True, slots=True)
class Shape:
    """Tells which of a table's `columns` say whose rows these are.

    `keys` are the key fields of the record, `ids` the columns with ids, which are left out of digests: those of detail
    rows, and of records without a stamp, can be others in every session.
    """

    columns: tuple[str, ...]
    keys: tuple[str, ...]
    ids: tuple[str, ...]

    def digests(self, rows: pa.RecordBatch) -> Digests:
        """Return the digest of each row."""
        left_out = {*self.ids, DELETED_AT}
        return row_digests(rows.select([name for name in self.columns if name not in left_out]))

    @property
    def naming(self) -> list[str]:
        """Return the columns that tell what records there are, and which of them are marked as deleted."""
        return [name for name in self.columns if name in {"id", DELETED_AT, *self.keys}]


def is_named(key: str) -> bool:
    """Tell whether joined keys name a record: those that are all empty could be anybody's."""
    return bool(key.strip(_JOINT))


def index(values: Texts) -> pd.Index[Any]:
    """Return values as an index, to look others up in."""
    import pandas as pd

    return pd.Index(values, dtype=object)


def texts(column: pa.StringArray) -> Texts:
    """Return a column as Python's texts."""
    import numpy as np

    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=object)


def _joined(rows: pa.RecordBatch, keys: Sequence[str]) -> Texts:
    """Return the keys of each row as one text, without the padding that a server gives or not."""
    import pyarrow as pa
    import pyarrow.compute as pc

    parts = [pc.utf8_rtrim_whitespace(rows.column(key).cast(pa.string()).fill_null("")) for key in keys]
    return texts(pc.binary_join_element_wise(*parts, _JOINT))
