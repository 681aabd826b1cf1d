"""Numbers that the server gives to new records."""

from __future__ import annotations

import re

from acudata.sandbox.bodies import Change
from acudata.sandbox.endpoint import Entity, Numbering
from acudata.sandbox.records import Record, Scalar
from acudata.sandbox.store import NUMERIC, Table

NEW = "<NEW>"
"""What stands for a number that is still to be given."""


def wants_number(entity: Entity, change: Change) -> bool:
    """Tell whether the server numbers the record that a change inserts."""
    return entity.numbering is not None and change.values.get(entity.numbering.field) in {None, "", NEW}


def next_number(table: Table, record: Record, numbering: Numbering) -> Scalar:
    """Return the number that follows the last one of the records with the same other keys."""
    keys = table.keys_of(record)
    at = table.entity.keys.index(numbering.field)
    highest = numbering.prefix + "9" * numbering.digits
    last = table.last_before((*keys[:at], highest))
    match = last and last[:at] == keys[:at] and re.match(rf"{re.escape(numbering.prefix)}(\d+)", last[at])
    number = int(match[1]) + 1 if match else 1
    if table.entity.structure.fields[numbering.field] in NUMERIC:
        return number
    return f"{numbering.prefix}{number:0{numbering.digits}d}"
