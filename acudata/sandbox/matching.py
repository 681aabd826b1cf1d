"""Records against filters: the values that a filter looks at, in the form in which they are compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from acudata.sandbox.filters import Value
from acudata.sandbox.records import Record, Scalar
from acudata.sandbox.settings import SandboxSettings

Row = Sequence[Value]
"""What a filter looks at in one record."""
Test = Callable[[Row], bool]


@dataclass(frozen=True, slots=True)
class Field:
    """Finds a value in a record: through linked entities, then among the fields or in a view of `custom`.

    `type` is the EDM type of the value.
    """

    linked: tuple[str, ...]
    view: str | None
    name: str
    type: str

    def of(self, record: Record) -> Scalar:
        """Return the value of the field; None when it or a linked entity before it is empty."""
        holder: Record | None = record
        for name in self.linked:
            holder = holder and holder.linked.get(name)
        if holder is None:
            return None
        values = holder.values if self.view is None else holder.custom.get(self.view, {})
        return values.get(self.name)


@dataclass(frozen=True, slots=True)
class Predicate:
    """Decides which records match.

    A record is first reduced to a row: the values of `fields`, ready to be compared. The row of a record that
    does not change can be kept and tested again.
    """

    fields: tuple[Field, ...]
    test: Test
    settings: SandboxSettings

    def row(self, record: Record) -> Row:
        """Return what the filter looks at in a record."""
        return tuple([comparable(field.of(record), field.type, self.settings) for field in self.fields])

    def matches(self, record: Record) -> bool:
        """Tell whether a record matches."""
        return self.test(self.row(record))

    @property
    def names(self) -> tuple[str, ...]:
        """Return the fields of the record itself that the filter uses."""
        return tuple(field.name for field in self.fields if not field.linked and field.view is None)


def comparable(value: Value, edm: str, settings: SandboxSettings) -> Value:
    """Return a value, of a record or of a literal, in the form in which values of its type are compared."""
    if value is None:
        return None
    if edm == "Edm.String":
        text = str(value).rstrip()
        return text.lower() if settings.text_comparison == "ignore case" else text
    if edm == "Edm.DateTimeOffset":
        return _instant(value, settings)
    if isinstance(value, str):
        return UUID(value) if edm == "Edm.Guid" else date.fromisoformat(value)
    return float(value) if isinstance(value, Decimal) else value


def _instant(value: object, settings: SandboxSettings) -> datetime:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return moment if moment.tzinfo else datetime.fromisoformat(moment.isoformat() + settings.literal_offset)
