"""What there is to see of a tenant's schema, of which parts may not be known yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import inflection

from acudata.looks.card import Card, Fact, Word, listed
from acudata.naming import plural_attribute

if TYPE_CHECKING:
    from acudata.models import Record
    from acudata.schema import CustomField, Endpoint, Entity, Structure

MOST = 12
"""Names of a sort that are shown."""


def service_card(name: str, entity: Entity | None, custom: Sequence[CustomField] | None) -> Card:
    """Return what is known of the entity that a service reads; `custom` is None while nobody has asked for it."""
    attribute = f"client.{plural_attribute(name)}"
    if entity is None:
        return Card(
            f"{attribute}: {name}", [Fact("fields", text="not read yet")], f"{attribute}.to_frame(top=10)"
        )
    unread = [Fact("custom fields", text="not read yet; one request when they are first needed")]
    facts = [*_facts(entity, custom or ()), *(unread if custom is None else ())]
    return Card(f"{attribute}: {_title(entity)}", facts, _example(attribute, entity))


def entity_card(entity: Entity) -> Card:
    """Return what there is to see of an entity."""
    return Card(f"Entity {_title(entity)}", list(_facts(entity, entity.custom)))


def structure_card(structure: Structure) -> Card:
    """Return what there is to see of the members of an entity or a row."""
    return Card(f"Structure {structure.name}", list(_members(structure, ())))


def fields_card(where: str, structure: Structure, custom: Sequence[CustomField]) -> Card:
    """Return what there is to see of what a filter may name; `where` is the entity, and the way to a member."""
    entity, *members = where.split("/")
    below = "".join(f".{name}" for name in members)
    example = [f"F = client.{plural_attribute(entity)}.F"]
    example += [f"F{below}.{name}.is_not_null()" for name in list(structure.fields)[:1]]
    return Card(f"Fields of {where}", list(_members(structure, custom)), "\n".join(example))


def model_card(model: type[Record]) -> Card:
    """Return what there is to see of a model: the fields that its records may have."""
    facts = list(_members(model.structure, tuple(model.custom.values())))
    return Card(f"Model {model.structure.name}", facts, f"client.models.{model.structure.name}(…)")


def endpoint_card(endpoint: Endpoint) -> Card:
    """Return what there is to see of an endpoint."""
    entities = listed("entities", map(Word, endpoint.entities), MOST)
    return Card(f"Endpoint {endpoint.name}/{endpoint.version}", [entities, _models(endpoint)])


def models_card(endpoint: Endpoint | None) -> Card:
    """Return what is known of the models of a tenant."""
    facts = [Fact("models", text="not read yet")] if endpoint is None else [_models(endpoint)]
    return Card("Models", facts, 'client.models["Customer"]')


def members_line(structure: Structure) -> str:
    """Return in one line how many members there are: "Customer: 92 fields, 14 linked, 6 details"."""
    counts = {"fields": structure.fields, "linked": structure.linked, "details": structure.details}
    told = ", ".join(f"{len(names):,} {what}" for what, names in counts.items() if names)
    return f"{structure.name}: {told or 'no fields'}"


def _models(endpoint: Endpoint) -> Fact:
    return listed("models", map(Word, sorted(endpoint.structures)), MOST)


def _title(entity: Entity) -> str:
    form = " ".join(filter(None, (entity.screen, entity.title)))
    return f"{entity.name} ({form})" if form else entity.name


def _facts(entity: Entity, custom: Sequence[CustomField]) -> Iterator[Fact]:
    if entity.keys:
        yield Fact("keys", tuple(map(Word, entity.keys)))
    yield from _members(entity.structure, custom)
    if entity.actions:
        yield listed("actions", map(_action, entity.actions, entity.actions.values()), MOST)


def _members(structure: Structure, custom: Sequence[CustomField]) -> Iterator[Fact]:
    yield listed("fields", (Word(name, kind) for name, kind in structure.fields.items()), MOST)
    own = [field for field in custom if field.is_tenants_own]
    if own:
        yield listed("custom fields", (Word(field.address, field.kind, "custom") for field in own), MOST)
    for what, members in (("details", structure.details), ("linked", structure.linked)):
        if members:
            yield listed(what, (Word(name, target) for name, target in members.items()), MOST)


def _action(name: str, parameters: Iterable[str]) -> Word:
    takes = ", ".join(parameters)
    return Word(f"invoke_action_{inflection.underscore(name)}", takes and f"takes {takes}")


def _example(attribute: str, entity: Entity) -> str:
    if entity.is_inquiry:
        return f"{attribute}.inquire()"
    columns = list(entity.keys) or list(entity.structure.fields)[:2]
    return f"{attribute}.to_frame(columns={columns!r}, top=10)"
