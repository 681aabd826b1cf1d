"""Plans to delete the records of a frame's rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from acudata.writeback.changes import Action, PlannedRecord, Problem
from acudata.writeback.columns import Columns
from acudata.writeback.identity import Identities

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


def deletions(frame: pd.DataFrame, columns: Columns, current: pa.Table) -> Iterator[PlannedRecord]:
    """Yield what becomes of each row of a frame whose records are to be deleted."""
    identities = Identities(frame, columns, current, mode="delete")
    problems: dict[int, list[Problem]] = {}
    for position, problem in identities.problems():
        problems.setdefault(position, []).append(problem)
    for position in range(len(frame)):
        told = tuple(problems.get(position, ()))
        action: Action = "invalid" if told else "delete"
        key, id_ = identities.key(position), identities.id(position)
        yield PlannedRecord((position,), action, key, id_, problems=told)
