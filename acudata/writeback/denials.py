"""Remembers what the user has no right to do at all, so that it is tried once and not for every record."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from acudata.errors import AcumaticaError, AcumaticaPermissionError
from acudata.writeback.changes import Action, PlannedRecord
from acudata.writeback.outcomes import Outcome

_OF_THE_FORM = re.compile(r"rights to access the .+ form", re.IGNORECASE)
"""What Acumatica says of a right to the whole form; any other refusal may be about one record."""


@dataclass(slots=True)
class Denials:
    """Knows which actions the ERP refused for the whole entity; rights to make, change and delete are apart."""

    entity: str
    _actions: set[Action] = field(default_factory=set, init=False)

    def learn(self, record: PlannedRecord, error: AcumaticaError) -> None:
        """Remember a refusal, if it is about the form."""
        if isinstance(error, AcumaticaPermissionError) and _OF_THE_FORM.search(error.message):
            self._actions.add(record.action)

    def cover(self, record: PlannedRecord) -> bool:
        """Tell whether it is known that a record would be refused."""
        return record.action in self._actions

    def outcome(self, record: PlannedRecord) -> Outcome:
        """Return the outcome of a record that was not tried for that reason."""
        text = f"the user has no right to {record.action} any {self.entity}, as an earlier record was told"
        return Outcome("not tried", record.key, record.id, {"": text})
