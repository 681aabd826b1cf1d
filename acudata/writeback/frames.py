"""Which of the frames that a user gives is of the records, and which are of their lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from acudata.errors import AcumaticaUnknownNameError, AcumaticaValidationError
from acudata.naming import nearest
from acudata.schema import Endpoint, Entity

if TYPE_CHECKING:
    import pandas as pd

    Details = str | Mapping[str, pd.DataFrame]


def parted(
    endpoint: Endpoint,
    entity: Entity,
    frame: pd.DataFrame | Mapping[str, pd.DataFrame],
    details: Details | None,
) -> tuple[pd.DataFrame | None, dict[str, pd.DataFrame]]:
    """Return the frame of records, None where a frame of lines stands for it, and the frames of lines by array.

    Arrays are named as reports name them: `Details`, `Contact.Activities`.

    Raises AcumaticaUnknownNameError for what is no detail array of the entity.
    """
    arrays = dict(_arrays(endpoint, entity))
    if isinstance(frame, Mapping):
        frames = {**frame, **(details if isinstance(details, Mapping) else {})}
        records = frames.pop(entity.name, None)
        lines = {_array(entity, arrays, name): each for name, each in frames.items()}
        if records is None and len(lines) != 1:
            raise AcumaticaValidationError(
                f"There is no frame of the records among {', '.join(frames) or 'none'}.",
                suggestions=[f"plan({{{entity.name!r}: frame, …}})"],
            )
        return records, lines
    if isinstance(details, Mapping):
        return frame, {_array(entity, arrays, name): each for name, each in details.items()}
    array = details or _told(frame, arrays)
    return (frame, {}) if array is None else (None, {_array(entity, arrays, array): frame})


def _arrays(endpoint: Endpoint, entity: Entity) -> Iterator[tuple[str, str]]:
    """Yield the paths of the detail arrays of an entity, with the name of their structure."""
    yield from entity.structure.details.items()
    for owner, target in entity.structure.linked.items():
        structure = endpoint.structures.get(target)
        for name, rows in (structure.details if structure else {}).items():
            yield f"{owner}.{name}", rows


def _told(frame: pd.DataFrame, arrays: Mapping[str, str]) -> str | None:
    """Return the array that a frame itself says its rows are of."""
    names = set(map(str, frame.columns))
    told = [array for array in arrays if f"{array.rpartition('.')[2]}.id" in names]
    return told[0] if len(told) == 1 else None


def _array(entity: Entity, arrays: Mapping[str, str], name: str) -> str:
    array = name.replace("/", ".")
    if array in arrays:
        return array
    if array.partition(".")[0] in entity.structure.details:
        raise AcumaticaValidationError(
            f"{name} holds lines of lines, which no plan writes.",
            suggestions=["leave this frame out", "put_entity writes a record with all that is in it"],
        )
    raise AcumaticaUnknownNameError(
        f"{entity.name} has no detail array {name!r}.", suggestions=nearest(array, arrays, limit=3)
    )
