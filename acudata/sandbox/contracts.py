"""One endpoint of one tenant: what reads, writes and acts through it."""

from __future__ import annotations

from dataclasses import dataclass

from acudata.sandbox.actions import Actions
from acudata.sandbox.discovery import endpoint_path
from acudata.sandbox.endpoint import Endpoint, Entity
from acudata.sandbox.envelopes import forbidden, not_found, setup_missing
from acudata.sandbox.operations import Operations
from acudata.sandbox.reading import Reader
from acudata.sandbox.settings import SandboxSettings
from acudata.sandbox.store import Store
from acudata.sandbox.writing import Editor


@dataclass(frozen=True, slots=True)
class Contract:
    """Holds an endpoint with the parts that serve it; `path` is its absolute path."""

    endpoint: Endpoint
    path: str
    settings: SandboxSettings
    reader: Reader
    editor: Editor
    actions: Actions

    @classmethod
    def of(
        cls, endpoint: Endpoint, store: Store, settings: SandboxSettings, operations: Operations
    ) -> Contract:
        """Return an endpoint as it is served over the records of a tenant."""
        path = endpoint_path(endpoint, settings)
        reader = Reader(store, endpoint, settings, path)
        editor = Editor(store, endpoint, settings, reader)
        actions = Actions(store, endpoint, settings, editor=editor, operations=operations)
        return cls(endpoint, path, settings, reader, editor, actions)

    def entity(self, name: str) -> Entity:
        """Return an entity; raise a 404, 403 or 500 when it cannot be used."""
        entity = self.endpoint.entities.get(name)
        if entity is None:
            raise not_found(f"{self.path}/{name}")
        if name in self.settings.forbidden:
            raise forbidden(name, entity.screen)
        if name in self.settings.unconfigured:
            raise setup_missing(entity.title)
        return entity

    def refuse_readers(self, entity: Entity) -> None:
        """Raise a 403 when the users may only look at an entity."""
        if entity.name in self.settings.read_only:
            raise forbidden(entity.name, entity.screen)
