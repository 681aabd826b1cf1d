"""What an export did, table by table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from acudata.exports.drift import SchemaDrift
from acudata.looks.card import Card, Fact, card_html

if TYPE_CHECKING:
    import pandas as pd

Mode = Literal["full", "changes", "comparison", "done before", "failed", "left out"]
"""How the server was asked: for everything, for what changed, for everything to compare; or why it was not."""


def folder_of(entity: str, table: str) -> str:
    """Return the name of a table's folder in an export.

    >>> folder_of("SalesOrder", "SalesOrder"), folder_of("SalesOrder", "Details/Allocations")
    ('SalesOrder', 'SalesOrder.Details.Allocations')
    """
    return table if table == entity else f"{entity}.{table.replace('/', '.')}"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class TableReport:
    """Tells what became of one stored table.

    `rows` are in it now, in so many `files` and `bytes`. `added`, `changed`, `unchanged`, `deleted` and `removed` count
    records of the entity whose rows were looked at: `removed` ones still exist, but the filter no longer lets them
    through. `reason` says why everything was read. `seconds` and `requests` are those of the whole entity. `mode` is
    "done before" for a table that the same run had stored before it was interrupted, "left out" where an error ended
    the run. `left_out` names, at the first table of an entity, what the server cannot list of it and is not stored.
    """

    entity: str
    table: str
    path: str
    mode: Mode = "full"
    rows: int = 0
    files: int = 0
    bytes: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    deleted: int = 0
    removed: int = 0
    reason: str | None = None
    left_out: tuple[str, ...] = ()
    drift: SchemaDrift = field(default_factory=SchemaDrift)
    seconds: float = 0.0
    requests: int = 0
    error: Exception | None = None

    @property
    def ok(self) -> bool:
        """Tell whether the table is stored as it was asked for."""
        return self.error is None and self.mode != "left out"

    @property
    def has_changes(self) -> bool:
        """Tell whether any row of the table was written or taken out."""
        return bool(self.added or self.changed or self.deleted or self.removed)

    def __repr__(self) -> str:
        return f"<TableReport {self} at {self.path}>"

    def __str__(self) -> str:
        return f"{self.name}: {self.told}"

    @property
    def name(self) -> str:
        """Return the name of the table's folder in an export."""
        return folder_of(self.entity, self.table)

    @property
    def told(self) -> str:
        """Return in a line what became of the table."""
        if self.mode in ("failed", "left out"):
            return str(self.error or self.mode)
        counts = ("added", "changed", "unchanged", "deleted", "removed")
        told = [f"{getattr(self, count):,} {count}" for count in counts if getattr(self, count)]
        left_out = f", without {', '.join(self.left_out)}" if self.left_out else ""
        return f"{self.rows:,} rows" + (f" ({', '.join(told)})" if told else "") + left_out


class ExportReport(list[TableReport]):
    """Is the list of table reports, in the order in which the entities were named."""

    @property
    def failed(self) -> list[TableReport]:
        """Return the reports of tables that could not be stored."""
        return [table for table in self if not table.ok]

    @property
    def ok(self) -> bool:
        """Tell whether every table is stored."""
        return not self.failed

    def raise_for_failure(self) -> None:
        """Raise the first error, if there is any."""
        for table in self.failed:
            if table.error is not None:
                raise table.error

    def to_frame(self) -> pd.DataFrame:
        """Return a row for each table; errors, drift and what was left out as text."""
        import pandas as pd

        return pd.DataFrame.from_records([_row(table) for table in self], columns=list(_columns()))

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        return "\n".join(map(str, self)) or "no tables"

    def _repr_html_(self) -> str:
        stored = sum(table.ok for table in self)
        title = f"{stored:,} of {len(self):,} tables stored" if self.failed else f"{stored:,} tables stored"
        return card_html(Card(title, [Fact(table.name, text=table.told) for table in self]))


def _columns() -> Iterable[str]:
    return TableReport.__dataclass_fields__


def _row(table: TableReport) -> dict[str, object]:
    told = {
        "drift": str(table.drift) if table.drift else None,
        "error": str(table.error) if table.error else None,
        "left_out": ", ".join(table.left_out) or None,
    }
    return {name: getattr(table, name) for name in _columns()} | told
