"""Makes columns of rows that each hold the name of an attribute and its value."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


def attribute_ids(rows: pa.Table) -> list[str]:
    """Return the attributes that rows have, in the order of the alphabet."""
    import pyarrow.compute as pc

    found: list[str | None] = pc.unique(rows["AttributeID"]).to_pylist()
    return sorted(attribute for attribute in found if attribute)


def attribute_values(ids: pa.Array, rows: pa.Table, attribute: str) -> pa.Array:
    """Return the value of an attribute for each of the records with some ids, missing where a record has none.

    `rows` have the columns `id`, `AttributeID` and `Value`. Of several rows of one record the first counts.
    """
    import pyarrow.compute as pc

    own = rows.filter(pc.equal(rows["AttributeID"], attribute)).combine_chunks()
    places = pc.index_in(ids, value_set=_array(own["id"]), skip_nulls=True)
    return _array(own["Value"]).take(places)


def repetitions(rows: pa.Table) -> int:
    """Return how many rows name an attribute that an earlier row of the record has already named."""
    named = rows.filter(rows["AttributeID"].is_valid())
    return int(named.num_rows - named.group_by(["id", "AttributeID"]).aggregate([]).num_rows)


def _array(column: pa.ChunkedArray) -> pa.Array:
    import pyarrow as pa

    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
