"""The registry of services: one for each entity of the tenant, found by attribute, in brackets, and by words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from acudata import discovery
from acudata.errors import AcumaticaUnknownNameError
from acudata.models import Models
from acudata.naming import attribute_index, nearest, plural_attribute
from acudata.schema import Endpoint
from acudata.schema.catalogue import Catalogue
from acudata.services import Connection, Service


class Registry:
    """Gives a service for each entity: one look-up behind attributes, brackets, `dir()`, `in`, `len()` and iteration.

    Brackets and `in` take entities and attributes alike, an entity first. A name that does not exist is told with the
    nearest ones.
    """

    models: Models
    _catalogue: Catalogue
    _connection: Connection
    _index: dict[str, str] | None = None

    def __getattr__(self, name: str) -> Service:
        if name.startswith("_"):
            raise AttributeError(name)
        if name in self._attributes():
            return self[self._attributes()[name]]
        raise AcumaticaUnknownNameError(
            f"There is no service {name!r}.", suggestions=[plural_attribute(n) for n in self._near(name)]
        )

    def __getitem__(self, name: str) -> Service:
        if name in self._catalogue.endpoint.entities:
            return Service(name, self._connection)
        if name in self._attributes():
            return Service(self._attributes()[name], self._connection)
        raise AcumaticaUnknownNameError(f"There is no entity {name!r}.", suggestions=self._near(name))

    def __contains__(self, name: object) -> bool:
        return name in self._catalogue.endpoint.entities or name in self._attributes()

    def __iter__(self) -> Iterator[Service]:
        return (self[entity] for entity in self._catalogue.endpoint.entities)

    def __len__(self) -> int:
        return len(self._catalogue.endpoint.entities)

    def __dir__(self) -> list[str]:
        return [
            *super().__dir__(),
            *(plural_attribute(entity) for entity in self._catalogue.endpoint.entities),
        ]

    def _ipython_key_completions_(self) -> list[str]:
        return self.list_services()

    def _attributes(self) -> dict[str, str]:
        if self._index is None:
            self._index = attribute_index(self._catalogue.endpoint.entities)
        return self._index

    def _near(self, name: str) -> list[str]:
        index = {**{entity: entity for entity in self._catalogue.endpoint.entities}, **self._attributes()}
        return list(dict.fromkeys(index[near] for near in nearest(name, index)))

    @property
    def endpoint(self) -> Endpoint:
        """Return the schema of the tenant's endpoint as its document tells it: nothing is asked for custom fields."""
        return self._catalogue.endpoint

    def list_services(self) -> list[str]:
        """Return the names of all entities, sorted."""
        return sorted(self._catalogue.endpoint.entities)

    def list_models(self) -> list[str]:
        """Return the names of all models: entities, and the rows and linked entities in them."""
        return sorted(self._catalogue.endpoint.structures)

    def search_services(self, text: str) -> list[str]:
        """Return the names of the entities that contain every word of `text`, whatever its case."""
        return discovery.search(self._catalogue.endpoint.entities, text)

    def search_models(self, text: str) -> list[str]:
        """Return the names of the models that contain every word of `text`, whatever its case."""
        return discovery.search(self._catalogue.endpoint.structures, text)

    def get_service_info(self, name: str) -> dict[str, Any]:
        """Return what a service is about: keys, methods, actions, members; `name` as in brackets or as attribute."""
        return discovery.service_info(self._catalogue, self[name].entity)

    def get_model_info(self, name: str) -> dict[str, Any]:
        """Return the fields of a model with their types, and their number, custom fields included."""
        structure = discovery.structure_named(self._catalogue, name)
        return discovery.model_info(structure, self._catalogue.custom_fields(name))

    def list_endpoints(self) -> list[dict[str, str]]:
        """Return name and version of each endpoint that the server offers."""
        return self._catalogue.list_endpoints()
