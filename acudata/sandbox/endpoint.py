"""What the sandbox knows of an endpoint: its entities, their fields, members, actions and custom fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CustomField:
    """Names a field outside the contract by its view and name; `kind` as in `Structure.fields`."""

    view: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Structure:
    """Describes the members of an entity or of a nested row.

    `fields` maps a scalar field to its kind: String, Boolean, Int, Short, Long, Byte, Decimal, Double, DateTime, Guid
    or DateOnly. `linked` and `details` map a member to the name of its structure. `view` is the view of the form that
    the rows come from; custom fields are addressed through it.
    """

    name: str
    fields: Mapping[str, str]
    linked: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, str] = field(default_factory=dict)
    view: str = ""
    custom: tuple[CustomField, ...] = ()


@dataclass(frozen=True, slots=True)
class Entity:
    """Describes a top-level entity: the form behind it, its keys and its actions.

    `actions` maps a named action to the kinds of its parameters; `keys` are in the order of the form.
    """

    name: str
    structure: Structure
    screen: str
    title: str
    graph: str
    keys: tuple[str, ...]
    actions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Describes one version of an endpoint."""

    name: str
    version: str
    entities: Mapping[str, Entity]
    structures: Mapping[str, Structure]
