"""The tenants of an instance: each has its own data and its own endpoints."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping, Sequence
from threading import Lock
from typing import Any

from acudata.sandbox.builtin import default_endpoint
from acudata.sandbox.contracts import Contract
from acudata.sandbox.discovery import document, relocated, restricted
from acudata.sandbox.endpoint import Endpoint
from acudata.sandbox.envelopes import not_found
from acudata.sandbox.files import Files
from acudata.sandbox.settings import SandboxSettings
from acudata.sandbox.store import Store


class Tenant:
    """Holds one tenant: its files, and its endpoints with all that is reached through them.

    Args:
        name: the login name.
        contracts: the endpoints that the tenant has, in the order in which they are listed.
        store: its records.
        files: the attachments of its records.
        settings: the switches of the sandbox.
        real: the document of a real instance that is served instead of a written one.
    """

    def __init__(
        self,
        name: str,
        contracts: Iterable[Contract],
        store: Store,
        files: Files,
        settings: SandboxSettings,
        *,
        real: Mapping[str, Any] | None = None,
    ) -> None:
        self.name = name
        self.store = store
        self.files = files
        self._contracts = {(one.endpoint.name, one.endpoint.version): one for one in contracts}
        self._settings = settings
        self._real = real
        self._lock = Lock()
        self._documents: dict[str, bytes] = {}

    @property
    def endpoints(self) -> Sequence[Endpoint]:
        """Return the endpoints as they are listed."""
        return [contract.endpoint for contract in self._contracts.values()]

    @property
    def newest(self) -> Contract:
        """Return the endpoint with all records, in its newest version."""
        return next(one for one in self._contracts.values() if one.endpoint is self.store.endpoint)

    def contract(self, parts: Mapping[str, str]) -> Contract:
        """Return the endpoint that a path names, or raise a 404."""
        address = (parts["endpoint"], parts["version"])
        if address not in self._contracts:
            raise not_found("/".join(("entity", *address)))
        return self._contracts[address]

    def document(self, contract: Contract, origin: str) -> bytes:
        """Return the document of an endpoint on a host; it is written once."""
        url = f"{origin}{contract.path}"
        with self._lock:
            if url not in self._documents:
                self._documents[url] = self._write(contract.endpoint, url)
            return self._documents[url]

    def _write(self, endpoint: Endpoint, url: str) -> bytes:
        if self._real is None:
            written = document(endpoint, url=url, settings=self._settings)
        else:
            written = relocated(self._real, url=url)
        return json.dumps(written, ensure_ascii=False, separators=(",", ":")).encode()


def system_endpoints(settings: SandboxSettings) -> list[Endpoint]:
    """Return every version of the built-in endpoint that the build ships."""
    newest = default_endpoint()
    return [dataclasses.replace(newest, version=version) for version in settings.versions]


def custom_endpoints(tenant: str, settings: SandboxSettings) -> list[Endpoint]:
    """Return the endpoints that a tenant made for itself."""
    return [
        dataclasses.replace(restricted(default_endpoint(), one.entities), name=one.name, version=one.version)
        for one in settings.custom_endpoints
        if one.tenant == tenant
    ]
