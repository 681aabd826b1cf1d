"""Puts an instance together: tenants with their data and endpoints, and the way in."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from acudata.sandbox.company import Company
from acudata.sandbox.contracts import Contract
from acudata.sandbox.endpoint import Endpoint
from acudata.sandbox.files import Files
from acudata.sandbox.generated import generate, inquirer
from acudata.sandbox.instance import Instance
from acudata.sandbox.openapi import load_document, read_document
from acudata.sandbox.operations import Operations
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

    def __post_init__(self) -> None:
        for name, value in {"scale": self.scale, "seats": self.seats}.items():
            if not isinstance(value, int) or value < 1:
                raise ValueError(f"{name} is {value!r}; it is a whole number, 1 at least.")
        names = () if isinstance(self.tenants, str) else tuple(self.tenants)
        if (
            not names
            or len(set(names)) < len(names)
            or not all(isinstance(one, str) and one for one in names)
        ):
            example = "a list of login names, each there once, such as ['U100', 'T100']"
            raise ValueError(f"tenants is {self.tenants!r}; write {example}.")

    def build(self) -> Instance:
        """Return the instance, with its default tenant ready; the others are made when they are entered."""
        operations = Operations(self.settings, self.clock)
        instance = Instance(
            self.settings,
            self.tenants,
            signin=SignIn(self.settings, tenants=self.tenants, seats=self.seats, clock=self.clock),
            operations=operations,
            make_tenant=self._tenant_maker(operations),
        )
        instance.tenant(self.tenants[0])
        return instance

    def _tenant_maker(self, operations: Operations) -> Callable[[str], Tenant]:
        if self.schema is None:
            return functools.partial(self._builtin_tenant, operations)
        document = load_document(self.schema)
        return functools.partial(self._schema_tenant, operations, document, read_document(document))

    def _builtin_tenant(self, operations: Operations, name: str) -> Tenant:
        system = system_endpoints(self.settings)
        company = Company(self.scale, self.seed, name)
        store = Store(system[-1], company.sources, inquire=company.inquire)
        endpoints = [*system, *custom_endpoints(name, self.settings)]
        contracts = [Contract.of(one, store, self.settings, operations) for one in endpoints]
        return Tenant(name, contracts, store, Files(store, self.settings), self.settings)

    def _schema_tenant(
        self, operations: Operations, document: Mapping[str, Any], endpoint: Endpoint, name: str
    ) -> Tenant:
        rows = generate(endpoint, scale=self.scale, seed=self.seed)
        store = Store(endpoint, rows, inquire=inquirer(rows))
        contract = Contract.of(endpoint, store, self.settings, operations)
        return Tenant(name, [contract], store, Files(store, self.settings), self.settings, real=document)
