"""Puts an instance together: tenants with their data and endpoints, and the way in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from acudata.sandbox.endpoint import Endpoint
from acudata.sandbox.instance import Instance
from acudata.sandbox.records import Source
from acudata.sandbox.rows import Rows
from acudata.sandbox.settings import SandboxSettings
from acudata.sandbox.signin import SignIn
from acudata.sandbox.store import Store
from acudata.sandbox.tenants import Tenant, custom_endpoints, system_endpoints


def build(
    settings: SandboxSettings,
    *,
    tenants: Sequence[str],
    seats: int,
    scale: int,
    seed: int,
    schema: str | Path | None,
    clock: Callable[[], float],
) -> Instance:
    """Return an instance; data is made when it is read."""
    found = {name: _builtin_tenant(name, settings, scale=scale, seed=seed) for name in tenants}
    return Instance(settings, found, SignIn(settings, tenants=tenants, seats=seats, clock=clock))


def _builtin_tenant(name: str, settings: SandboxSettings, *, scale: int, seed: int) -> Tenant:
    system = system_endpoints(settings)
    newest = list(system.values())[-1]
    store = Store(newest, _sources(newest))
    return Tenant(name, store, settings, system=system, custom=custom_endpoints(name, settings))


def _sources(endpoint: Endpoint) -> dict[str, Source]:
    return {name: Rows([], keys=entity.keys) for name, entity in endpoint.entities.items()}
