"""What became of each record of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Status = Literal[
    "created",
    "updated",
    "deleted",
    "unchanged",
    "failed",
    "discarded",
    "conflict",
    "invalid",
    "unknown",
    "not tried",
]
WRITTEN: Mapping[str, Status] = {"create": "created", "update": "updated", "delete": "deleted"}
"""What an action becomes when it was done."""
UNWRITTEN: Mapping[str, Status] = {"unchanged": "unchanged", "conflict": "conflict", "invalid": "invalid"}
"""What an action is told as that nothing was to be sent for."""
SETTLED: frozenset[Status] = frozenset({"created", "updated", "deleted", "discarded"})
"""What is done and not to be sent again."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Tells what became of one record.

    `key` and `id` are the ones that the ERP gave or has, `lines` what it gave to new lines: `Details[3].id` is of the
    fourth row of their frame. `errors` maps columns, "" for the whole record, to the server's texts. `discarded` maps
    each column that the server did not take to the value it has instead, `altered` each that it took in another form;
    both are sure once the record was read back (`is_verified`). `lines_written` is how many of a document's lines
    were written before it failed, in the order of sending. `seconds` is the time that the calls took.
    """

    status: Status
    key: Mapping[str, Any] = field(default_factory=dict)
    id: str | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    discarded: Mapping[str, Any] = field(default_factory=dict)
    altered: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[str, Any] = field(default_factory=dict)
    is_verified: bool = False
    lines_written: int = 0
    seconds: float = 0.0

    @property
    def is_settled(self) -> bool:
        """Tell whether the record is written and must not be sent again."""
        return self.status in SETTLED

    @property
    def error(self) -> str | None:
        """Return everything that went wrong in one line, None when nothing did."""
        told = [f"{column}: {text}" if column else text for column, text in self.errors.items()]
        told += [f"{column}: the ERP kept {value!r}" for column, value in self.discarded.items()]
        return "; ".join(told) or None
