"""What the sandbox knows of an endpoint: its entities, their members, actions, custom fields and rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from acudata.sandbox.records import Scalar


@dataclass(frozen=True, slots=True)
class CustomField:
    """Names a field outside the contract by its view and name; `kind` as in `Structure.fields`."""

    view: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Numbering:
    """Describes the numbers that the server gives to new records: a prefix and zero-padded digits."""

    field: str
    prefix: str = ""
    digits: int = 6


@dataclass(frozen=True, slots=True)
class Rules:
    """Holds what a write to a structure must keep.

    `references` maps a field to the entity whose record it names, or to several divided by ``|``;
    `required` fields cannot be empty; `labels` lists what a drop-down accepts; `read_only` fields are
    ignored when sent; `defaults` fill a new record, and `formulas` (see there) what is still empty or follows from
    a changed field, in their order; `sums` maps a field to the detail field that it adds up, as in
    ``{"OrderTotal": "Details/Amount"}``; `made` are the linked entities that a new record has at once.
    """

    references: Mapping[str, str] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    read_only: tuple[str, ...] = ()
    defaults: Mapping[str, Scalar] = field(default_factory=dict)
    formulas: Mapping[str, str] = field(default_factory=dict)
    sums: Mapping[str, str] = field(default_factory=dict)
    made: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Structure:
    """Describes the members of an entity or of a nested row.

    `fields` maps a scalar field to its kind: String, Boolean, Int, Short, Long, Byte, Decimal, Double,
    DateTime, Guid or DateOnly. `linked` and `details` map a member to the name of its structure. `view`
    is the view of the form that the rows come from; custom fields are addressed through it, and `caption`
    is what messages call one of its records ("AP Transactions").

    `keys` are the fields by which a row without id is recognised among its siblings (a top-level record
    is found by `Entity.keys`). `delegates` maps a detail to the view computed in code that no list can be
    optimised over. Rows with `attachments` take files.
    """

    name: str
    fields: Mapping[str, str]
    linked: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, str] = field(default_factory=dict)
    view: str = ""
    custom: tuple[CustomField, ...] = ()
    caption: str = ""
    keys: tuple[str, ...] = ()
    delegates: Mapping[str, str] = field(default_factory=dict)
    attachments: bool = True
    rules: Rules = Rules()


@dataclass(frozen=True, slots=True)
class Entity:
    """Describes a top-level entity: the form behind it, its keys and its actions.

    `actions` maps an action of the contract to the kinds of its parameters; `form_actions` maps an action
    that only the form knows to the custom fields of its dialog. `keys` are in the order of the form;
    `numbering` fills the key of a new record. An `inquiry` has a filter and rows that answer it, and no
    stored record.
    """

    name: str
    structure: Structure
    screen: str
    title: str
    graph: str
    keys: tuple[str, ...]
    actions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    form_actions: Mapping[str, tuple[CustomField, ...]] = field(default_factory=dict)
    numbering: Numbering | None = None
    inquiry: bool = False


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Describes one version of an endpoint."""

    name: str
    version: str
    entities: Mapping[str, Entity]
    structures: Mapping[str, Structure]
