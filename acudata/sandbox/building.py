"""Puts an instance together: tenants with their data and endpoints, and the way in."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from acudata.sandbox.company import Company
from acudata.sandbox.endpoint import Endpoint
from acudata.sandbox.generated import generate, inquirer
from acudata.sandbox.instance import Instance
from acudata.sandbox.openapi import load_document, read_document
from acudata.sandbox.records import Source
from acudata.sandbox.rows import Rows
from acudata.sandbox.settings import SandboxSettings
from acudata.sandbox.signin import SignIn
from acudata.sandbox.store import Store
from acudata.sandbox.tenants import Tenant, custom_endpoints, system_endpoints


@dataclass(frozen=True, kw_only=True)
class Blueprint:
    """Holds what an instance is made of; the arguments of `Sandbox` say what each part means."""

    settings: SandboxSettings
    tenants: Sequence[str]
    seats: int
    scale: int
    seed: int
    schema: str | Path | None
    clock: Callable[[], float]

    def build(self) -> Instance:
        """Return the instance, with its default tenant ready; the others are made when they are entered."""
        signin = SignIn(self.settings, tenants=self.tenants, seats=self.seats, clock=self.clock)
        instance = Instance(self.settings, self.tenants, signin, make_tenant=self._make_tenant())
        instance.tenant(self.tenants[0])
        return instance

    def _make_tenant(self) -> Callable[[str], Tenant]:
        if self.schema is None:
            return self._builtin_tenant
        document = load_document(self.schema)
        return functools.partial(self._schema_tenant, document, read_document(document))

    def _builtin_tenant(self, name: str) -> Tenant:
        system = system_endpoints(self.settings)
        newest = list(system.values())[-1]
        company = Company(self.scale, self.seed, name)
        store = Store(newest, _listable(newest) | dict(company.sources))
        return Tenant(name, store, self.settings, system=system, custom=custom_endpoints(name, self.settings))

    def _schema_tenant(self, document: Mapping[str, Any], endpoint: Endpoint, name: str) -> Tenant:
        sources = generate(endpoint, scale=self.scale, seed=self.seed)
        store = Store(endpoint, sources, inquire=inquirer(sources))
        system = {(endpoint.name, endpoint.version): endpoint}
        return Tenant(name, store, self.settings, system=system, custom={}, real=document)


def _listable(endpoint: Endpoint) -> dict[str, Source]:
    return {name: Rows([], keys=entity.keys) for name, entity in endpoint.entities.items()}
