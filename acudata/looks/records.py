"""What there is to see of records: a table of a list, the values of one."""

from __future__ import annotations

import decimal
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from acudata.looks.card import Card, Fact
from acudata.looks.grid import MOST_ROWS, Grid, first_rows
from acudata.looks.text import cut

if TYPE_CHECKING:
    from acudata.models import Record, Records

MOST_VALUES = 60
"""Values that are shown of one record."""
LONGEST = 160
"""Characters of a value that are shown."""


def records_grid(records: Records, keys: Iterable[str]) -> Grid:
    """Return what there is to see of a list of records: keys first, what is empty in all of them last."""
    first = records[:MOST_ROWS]
    names = _columns(first, [*keys])
    rows = first_rows(_row(record, names) for record in first)
    entity = f" of {first[0].structure.name}" if first else ""
    return Grid(
        f"{len(records):,} record{'' if len(records) == 1 else 's'}{entity}", names, rows, len(records)
    )


def record_card(record: Record) -> Card:
    """Return what there is to see of a record: the values that were read or set."""
    names = list(record)
    facts = [Fact(name, text=cut(_told(getattr(record, name)), LONGEST)) for name in names[:MOST_VALUES]]
    rest = [Fact("…", text=f"{len(names) - MOST_VALUES:,} more")] if len(names) > MOST_VALUES else []
    return Card(record.structure.name, [*facts, *rest])


def _columns(records: Sequence[Record], keys: Sequence[str]) -> list[str]:
    read = dict.fromkeys(name for record in records for name in record)
    empty = {name for name in read if not any(_told(getattr(record, name)) for record in records)}
    others = sorted((name for name in read if name not in keys), key=empty.__contains__)
    return [*(key for key in keys if key in read), *others]


def _row(record: Record, names: list[str]) -> Iterator[str]:
    return (_told(getattr(record, name)) for name in names)


def _told(value: Any) -> str:
    """Return a value in a word; rows are counted, a linked record is named."""
    if value is None:
        return ""
    if isinstance(value, list):
        return f"{len(value):,} row{'' if len(value) == 1 else 's'}"
    if isinstance(value, decimal.Decimal):
        return f"{value:f}"
    structure = getattr(value, "structure", None)
    return str(value) if structure is None else f"({structure.name})"
