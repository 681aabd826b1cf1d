"""The stub that stands in for `acudata` itself: its public names, and a client that knows its tenant."""

from __future__ import annotations

from collections.abc import Iterator

from acudata import _MODULES, __all__
from acudata.stubs.tenant import Tenant
from acudata.stubs.text import class_of, file_of, quoted

_NO_OTHERS = "__getattr__: None  # type: ignore[assignment,misc]"
"""Checkers then know no other names than those in the class: what is misspelt is an error."""


def entry_of(tenant: Tenant) -> str:
    """Return the stub of the package; `acudata.tenant` has what it names."""
    models = (f"{structure.name}: type[_models.{structure.name}]" for structure in tenant.structures)
    services = (f"{name}: _services.{entity}Service" for name, entity in tenant.attributes.items())
    client = [_NO_OTHERS, "models: Models", *services, *_look_ups(tenant)]
    return file_of(
        _imports(),
        [
            "__version__: str\n",
            class_of("Models(_Models)", [_NO_OTHERS, *models]),
            class_of("AcumaticaClient(_AcumaticaClient)", client),
        ],
    )


def _imports() -> Iterator[str]:
    yield "from typing import Literal, overload"
    yield "from acudata.client import AcumaticaClient as _AcumaticaClient"
    yield "from acudata.models import Models as _Models"
    yield "from acudata.services import Service as _Service"
    yield "from acudata.tenant import models as _models"
    yield "from acudata.tenant import services as _services"
    for name in __all__:
        if name not in {"AcumaticaClient", "__version__"}:
            yield f"from {_MODULES.get(name, 'acudata.errors')} import {name} as {name}"


def _look_ups(tenant: Tenant) -> Iterator[str]:
    """Yield `client["Customer"]` for each entity; a name that is only known at run time gives a plain service."""
    found = [(f"Literal[{quoted(e.name)}]", f"_services.{e.name}Service") for e in tenant.entities]
    for entity, service in [*found, ("str", "_Service")]:
        if found:
            yield "@overload"
        yield f"def __getitem__(self, entity: {entity}) -> {service}: ..."
