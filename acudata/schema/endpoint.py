"""One frozen description of an endpoint, from which everything dynamic is derived."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from acudata.looks.card import card_html, card_text
from acudata.looks.schema import endpoint_card, entity_card, members_line, structure_card
from acudata.schema.keys import KEYS

_STAMPS = ("LastModifiedDateTime", "LastModified", "LastModifiedDate")
"""The names of the stamp of the last change, the usual one first."""


@dataclass(frozen=True, slots=True)
class CustomField:
    """Describes a field outside the contract, addressed by view and name.

    `member` is the detail array or linked entity that owns it, empty for the record itself. The address in `$custom`
    is `address`; a filter names it `View.Field`.
    """

    view: str
    name: str
    kind: str
    member: str = ""

    @property
    def address(self) -> str:
        """Return the text that asks for this field in `$custom`, such as `Details/Transactions.UsrX`."""
        prefix = f"{self.member}/" if self.member else ""
        return f"{prefix}{self.view}.{self.name}"

    @property
    def is_tenants_own(self) -> bool:
        """Tell whether the tenant made it: a developer's `Usr…` field or a user-defined `Attribute…` field."""
        return self.name.startswith(("Usr", "Attribute"))


@dataclass(frozen=True, slots=True)
class Structure:
    """Describes the members that an entity or a row of it has.

    `fields` maps each scalar field to its kind (see `acudata.schema.kinds`), `linked` each linked single entity and
    `details` each array of rows to the name of the structure there, all in the order of the document.
    """

    name: str
    fields: Mapping[str, str]
    linked: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Structure {members_line(self)}>"

    def __str__(self) -> str:
        return card_text(structure_card(self))

    def _repr_html_(self) -> str:
        return card_html(structure_card(self))


@dataclass(frozen=True, slots=True)
class Entity:
    """Describes a top-level entity of an endpoint.

    `actions` maps each named action to its parameters and their kinds. `custom` is empty until the tenant's
    `$adHocSchema` was read. `keys` are in the order of the form; they are empty where nobody knows them, since no
    document of Acumatica tells.
    """

    name: str
    structure: Structure
    screen: str = ""
    title: str = ""
    methods: frozenset[str] = frozenset()
    actions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    custom: tuple[CustomField, ...] = ()

    def __repr__(self) -> str:
        return f"<Entity {members_line(self.structure)}>"

    def __str__(self) -> str:
        return card_text(entity_card(self))

    def _repr_html_(self) -> str:
        return card_html(entity_card(self))

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the key fields in the order of the form."""
        keys = KEYS.get(self.name, ())
        return keys if all(key in self.structure.fields for key in keys) else ()

    @property
    def watermark(self) -> str | None:
        """Return the field that is stamped with each change of a record, None where there is none.

        Where an entity has several, all show the same field of the database.
        """
        kinds = self.structure.fields
        return next((name for name in _STAMPS if kinds.get(name) == "DateTime"), None)

    @property
    def is_inquiry(self) -> bool:
        """Tell whether the entity answers questions (PUT with parameters) instead of listing records.

        No document flags inquiries: the name, or a screen id with 4 at its third place, gives them away.
        """
        return self.name.endswith("Inquiry") or self.screen[2:3] == "4"

    def members_of(self, structure: str) -> frozenset[str]:
        """Return the names of the detail arrays and linked entities that are of a structure."""
        members = {**self.structure.linked, **self.structure.details}
        return frozenset(name for name, target in members.items() if target == structure)

    def with_custom(self, custom: tuple[CustomField, ...]) -> Entity:
        """Return this entity with the tenant's custom fields."""
        return replace(self, custom=custom)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Describes one version of an endpoint as one tenant sees it.

    >>> endpoint = Endpoint("Default", "24.200.001", entities={}, structures={})
    >>> endpoint.path
    'entity/Default/24.200.001'
    """

    name: str
    version: str
    entities: Mapping[str, Entity]
    structures: Mapping[str, Structure]

    def __repr__(self) -> str:
        return f"<Endpoint {self.name}/{self.version}: {len(self.entities):,} entities>"

    def __str__(self) -> str:
        return card_text(endpoint_card(self))

    def _repr_html_(self) -> str:
        return card_html(endpoint_card(self))

    @property
    def path(self) -> str:
        """Return the path below the instance; built from name and version, since the server's `href` can lie."""
        return f"entity/{self.name}/{self.version}"

    def member(self, structure: Structure, name: str) -> Structure | None:
        """Return the structure behind a linked entity or detail array, None when there is none of that name."""
        target = structure.linked.get(name) or structure.details.get(name)
        return self.structures.get(target) if target else None

    def __iter__(self) -> Iterator[Entity]:
        return iter(self.entities.values())
