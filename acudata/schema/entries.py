"""Everything that a tenant offers, as one flat list of entries to search: each with its way from an entity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from acudata.schema.endpoint import CustomField, Endpoint, Entity, Structure

What = Literal[
    "service", "model", "details", "linked", "action", "field", "custom field", "parameter", "form field"
]
"""What an entry is. A custom field is one that the tenant made; a form field another one outside the contract."""

WHATS: tuple[What, ...] = get_args(What)


@dataclass(frozen=True, slots=True)
class Entry:
    """Is one thing with a name.

    `path` leads to it from `entity`, which is empty for a model. `kind` is the kind of a value, or the structure of a
    linked entity or of detail rows. `view` is that of a custom field. `title` is what the form is called.

    >>> Entry("field", "Email", "String", "Customer", ("MainContact", "Email")).label
    'Customer.MainContact.Email'
    """

    what: What
    name: str
    kind: str = ""
    entity: str = ""
    path: tuple[str, ...] = ()
    view: str = ""
    title: str = ""

    @property
    def label(self) -> str:
        """Return the name with the way to it."""
        return ".".join((self.entity, *self.path)) if self.entity else self.name


def entries_of(endpoint: Endpoint) -> Iterator[Entry]:
    """Give all entries that the endpoint itself tells: no custom fields, which cost a request for each entity."""
    for entity in endpoint:
        yield Entry("service", entity.name, entity.structure.name, entity.name, title=entity.title)
        yield from _members(endpoint, entity, entity.structure, (), frozenset({entity.structure.name}))
        yield from _actions(entity)
    yield from (Entry("model", name) for name in endpoint.structures)


def custom_entries(entity: str, fields: Iterable[CustomField]) -> Iterator[Entry]:
    """Give the entries of an entity's custom fields, those of its members included."""
    for field in fields:
        what: What = "custom field" if field.is_tenants_own else "form field"
        path = (*filter(None, field.member.split("/")), field.name)
        yield Entry(what, field.name, field.kind, entity, path, view=field.view)


def _members(
    endpoint: Endpoint, entity: Entity, structure: Structure, path: tuple[str, ...], above: frozenset[str]
) -> Iterator[Entry]:
    """Give what a structure holds, and what its members hold; a structure in itself is not gone through again."""
    for name, kind in structure.fields.items():
        yield Entry("field", name, kind, entity.name, (*path, name))
    for name, target in structure.linked.items():
        yield Entry("linked", name, target, entity.name, (*path, name))
    for name, target in structure.details.items():
        yield Entry("details", name, target, entity.name, (*path, name))
    for name, target in {**structure.linked, **structure.details}.items():
        below = endpoint.structures.get(target)
        if below is not None and target not in above:
            yield from _members(endpoint, entity, below, (*path, name), above | {target})


def _actions(entity: Entity) -> Iterator[Entry]:
    for action, parameters in entity.actions.items():
        yield Entry("action", action, entity=entity.name, path=(action,))
        for name, kind in parameters.items():
            yield Entry("parameter", name, kind, entity.name, (action, name))
