"""Which fields outside the contract are asked for, and by how many requests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from acudata.errors import AcumaticaUnknownNameError
from acudata.frames.layout import Column, value_column
from acudata.naming import nearest
from acudata.queries.places import Places
from acudata.questions import Custom
from acudata.schema import CustomField, Entity
from acudata.schema.addresses import by_name
from acudata.schema.paths import Path

PER_REQUEST = 20
"""How many custom fields one request asks for. (Acumatica: many at once are slow, or fail.)"""
LONGEST = 1_500
"""How many characters of `$custom` one request has at most: web servers refuse long addresses."""


def listed(entity: Entity, custom: Custom) -> list[CustomField]:
    """Return the custom fields that are asked for by name.

    Raises AcumaticaUnknownNameError, with the nearest names, for one that there is not.
    """
    if custom is None or isinstance(custom, bool) or custom in ("auto", "all"):
        return []
    known = by_name(entity.custom)
    names = custom.split(",") if isinstance(custom, str) else custom
    return [_named(entity, known, name.strip()) for name in names]


def chosen(entity: Entity, custom: Custom, expanded: Iterable[Path]) -> list[CustomField]:
    """Return the custom fields of the record, and of the members that are expanded, that `custom` means."""
    if custom is None or custom is False:
        return []
    members = {"", *("/".join(path) for path in expanded)}
    reachable = [field for field in entity.custom if field.member in members]
    if custom == "auto":
        return [field for field in reachable if field.is_tenants_own]
    return reachable if custom is True or custom == "all" else listed(entity, custom)


def custom_path(field: CustomField) -> Path:
    """Return the path that leads from the record to the values of a custom field."""
    member = tuple(field.member.split("/")) if field.member else ()
    return (*member, "custom", field.view, field.name)


def custom_column(places: Places, field: CustomField) -> Column:
    """Return the column of a custom field; it stands where the member that owns it does."""
    owner = places.find(tuple(field.member.split("/"))) if field.member else None
    above, depth = (owner.rest, len(owner.rows)) if owner else ((), 0)
    path = (*above, "custom", field.view, field.name)
    return value_column(".".join((*above, field.name)), field.kind, path, depth=depth)


def in_chunks(fields: Iterable[CustomField], *, before: int = 0) -> Iterator[list[CustomField]]:
    """Yield the fields in groups that one request can ask for; the first shares its request with `before` others."""
    chunk: list[CustomField] = []
    length = 0
    for field in fields:
        if len(chunk) + before >= PER_REQUEST or length + len(field.address) > LONGEST:
            yield chunk
            chunk, length, before = [], 0, 0
        chunk.append(field)
        length += len(field.address) + 1
    yield chunk


def _named(entity: Entity, known: Mapping[str, CustomField], name: str) -> CustomField:
    try:
        return known[name.replace("/", ".")]
    except KeyError:
        raise AcumaticaUnknownNameError(
            f"{entity.name} has no custom field {name!r}.", suggestions=nearest(name, known)
        ) from None
