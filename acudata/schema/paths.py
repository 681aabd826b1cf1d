"""Finds the field or member that a path of names leads to, or says which names come near."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from acudata.errors import AcumaticaUnknownNameError
from acudata.naming import nearest
from acudata.schema.endpoint import Endpoint, Entity, Structure

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Says where a path leads: to a field of a kind, or to the structure of a linked entity or detail array.

    `rows` are the steps from detail array to detail array on the way, each a path of its own since an array may stand
    in a linked entity; `rest` is the way on from the last of them.
    """

    path: Path
    rows: tuple[Path, ...]
    rest: Path
    kind: str | None
    structure: Structure

    @property
    def is_field(self) -> bool:
        """Tell whether the path ends at a field rather than at a member with fields of its own."""
        return self.kind is not None


def split_paths(names: str | Iterable[str] | None) -> list[Path]:
    """Return the paths in a comma list or in a list of names; `/` and `.` both part a path.

    >>> split_paths("CustomerID, MainContact/Email")
    [('CustomerID',), ('MainContact', 'Email')]
    """
    if names is None:
        return []
    listed = names.split(",") if isinstance(names, str) else names
    cleaned = (str(name).strip() for name in listed)
    return [tuple(name.replace("/", ".").split(".")) for name in cleaned if name]


def find(endpoint: Endpoint, entity: Entity, path: Path) -> Place:
    """Return the place that a path leads to from an entity.

    Raises AcumaticaUnknownNameError with the nearest names when a step of it does not exist. Names are
    case-sensitive, as they are at the server.
    """
    structure = entity.structure
    rows: tuple[Path, ...] = ()
    rest: Path = ()
    for step, name in enumerate(path):
        is_last = step == len(path) - 1
        if is_last and name in structure.fields:
            return Place(path, rows, (*rest, name), structure.fields[name], structure)
        below = endpoint.member(structure, name)
        if below is None:
            raise _unknown(entity, path, step, structure)
        rest = (*rest, name)
        if name in structure.details:
            rows, rest = (*rows, rest), ()
        structure = below
    return Place(path, rows, rest, None, structure)


def _unknown(entity: Entity, path: Path, step: int, structure: Structure) -> AcumaticaUnknownNameError:
    where = "/".join((entity.name, *path[:step]))
    if path[step] in structure.fields:
        return AcumaticaUnknownNameError(f"{where}/{path[step]} is a plain field; it has nothing below it.")
    custom = (field.name for field in entity.custom if field.member == "/".join(path[:step]))
    members = (*structure.fields, *structure.linked, *structure.details, *custom)
    return AcumaticaUnknownNameError(
        f"{where} has no field or member {path[step]!r}.", suggestions=nearest(path[step], members)
    )
