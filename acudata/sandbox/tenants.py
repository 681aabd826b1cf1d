"""The tenants of an instance: each has its own data and its own endpoints."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from threading import Lock
from typing import Any

from acudata.sandbox.builtin import default_endpoint
from acudata.sandbox.discovery import document, endpoint_path, relocated, restricted
from acudata.sandbox.endpoint import Endpoint, Entity
from acudata.sandbox.envelopes import forbidden, not_found, setup_missing
from acudata.sandbox.files import Files
from acudata.sandbox.reading import Reader
from acudata.sandbox.settings import SandboxSettings
from acudata.sandbox.store import Store

Address = tuple[str, str]
"""Name and version of an endpoint."""


class Tenant:
    """Holds the records of one tenant and the endpoints through which they are seen.

    Args:
        system: the endpoints that every tenant has.
        custom: the endpoints that this tenant made.
        real: the document of a real instance that is served instead of a written one.
    """

    def __init__(
        self,
        name: str,
        store: Store,
        settings: SandboxSettings,
        *,
        system: Mapping[Address, Endpoint],
        custom: Mapping[Address, Endpoint],
        real: Mapping[str, Any] | None = None,
    ) -> None:
        self.name = name
        self.store = store
        self.settings = settings
        self.files = Files(store, settings)
        self.system = system
        self.endpoints: Mapping[Address, Endpoint] = {**system, **custom}
        self._real = real
        self._lock = Lock()
        self._documents: dict[tuple[Address, str], bytes] = {}
        self._readers = {address: self._reader(one) for address, one in self.endpoints.items()}

    def endpoint(self, parts: Mapping[str, str]) -> Endpoint:
        """Return the endpoint that a path names, or raise a 404."""
        address = (parts["endpoint"], parts["version"])
        if address not in self.endpoints:
            raise not_found("/".join(("entity", *address)))
        return self.endpoints[address]

    def entity(self, parts: Mapping[str, str]) -> Entity:
        """Return the entity that a path names; raise a 404, 403 or 500 when it cannot be used."""
        entity = self.endpoint(parts).entities.get(parts["entity"])
        if entity is None:
            raise not_found("/".join(("entity", *parts.values())))
        if entity.name in self.settings.forbidden:
            raise forbidden(entity.name, entity.screen)
        if entity.name in self.settings.unconfigured:
            raise setup_missing(entity.title)
        return entity

    def reader(self, endpoint: Endpoint) -> Reader:
        """Return what reads records through an endpoint."""
        return self._readers[endpoint.name, endpoint.version]

    def document(self, endpoint: Endpoint, url: str) -> bytes:
        """Return the document of an endpoint; it is written once."""
        key = ((endpoint.name, endpoint.version), url)
        with self._lock:
            if key not in self._documents:
                self._documents[key] = self._write(endpoint, url)
            return self._documents[key]

    def _write(self, endpoint: Endpoint, url: str) -> bytes:
        if self._real is not None:
            return json.dumps(relocated(self._real, url=url), ensure_ascii=False).encode()
        return json.dumps(document(endpoint, url=url, settings=self.settings)).encode()

    def _reader(self, endpoint: Endpoint) -> Reader:
        return Reader(self.store, endpoint, self.settings, endpoint_path(endpoint, self.settings))


def system_endpoints(settings: SandboxSettings) -> dict[Address, Endpoint]:
    """Return every version of the built-in endpoint that the build ships."""
    newest = default_endpoint()
    versions = (dataclasses.replace(newest, version=version) for version in settings.versions)
    return {(endpoint.name, endpoint.version): endpoint for endpoint in versions}


def custom_endpoints(tenant: str, settings: SandboxSettings) -> dict[Address, Endpoint]:
    """Return the endpoints that a tenant made for itself."""
    return {
        (one.name, one.version): dataclasses.replace(
            restricted(default_endpoint(), one.entities), name=one.name, version=one.version
        )
        for one in settings.custom_endpoints
        if one.tenant == tenant
    }
