"""What is told of a tenant: its endpoint, its own custom fields, and the names under which it goes."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from acudata.schema import CustomField, Endpoint, Entity, Structure
from acudata.schema.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Tenant:
    """Holds all that the stubs tell, in an order of its own, so that the same tenant gives the same files.

    `attributes` maps each attribute of a client to its entity, `custom` each structure to the kinds of the fields that
    the tenant made for it.
    """

    endpoint: Endpoint
    attributes: Mapping[str, str]
    entities: tuple[Entity, ...]
    structures: tuple[Structure, ...]
    custom: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(cls, catalogue: Catalogue, attributes: Mapping[str, str]) -> Tenant:
        """Return what a catalogue tells; each entity whose custom fields are not known yet costs a request."""
        endpoint = catalogue.endpoint
        entities = writable(endpoint.entities)
        structures = [endpoint.structures[name] for name in writable(endpoint.structures)]
        return cls(
            endpoint,
            {name: attributes[name] for name in writable(attributes) if attributes[name] in entities},
            tuple(catalogue.entity(name) for name in entities),
            tuple(structures),
            {structure.name: _own(catalogue.custom_fields(structure.name)) for structure in structures},
        )

    def fields(self, structure: Structure) -> dict[str, str]:
        """Return the kind of each field of a structure, custom ones included."""
        kinds = {**self.custom[structure.name], **structure.fields}
        return {name: kinds[name] for name in writable(kinds)}

    def linked(self, structure: Structure) -> dict[str, str]:
        """Return the structure of each linked entity."""
        return self._known(structure.linked)

    def details(self, structure: Structure) -> dict[str, str]:
        """Return the structure of each detail array."""
        return self._known(structure.details)

    def _known(self, members: Mapping[str, str]) -> dict[str, str]:
        return {
            name: members[name] for name in writable(members) if members[name] in self.endpoint.structures
        }


def writable(names: Iterable[str]) -> list[str]:
    """Return the names, sorted, that Python takes; others go by brackets alone."""
    return sorted(name for name in names if name.isidentifier() and not keyword.iskeyword(name))


def _own(fields: Iterable[CustomField]) -> dict[str, str]:
    return {field.name: field.kind for field in reversed(list(fields)) if field.is_tenants_own}
