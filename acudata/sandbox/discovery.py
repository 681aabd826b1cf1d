"""What an instance tells about itself: its build, its endpoints, and a document for each of them."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping
from typing import Any

from acudata.sandbox.documents.openapi3 import openapi3
from acudata.sandbox.documents.swagger2 import swagger2
from acudata.sandbox.endpoint import Endpoint, Structure
from acudata.sandbox.settings import SandboxSettings


def endpoint_list(endpoints: Iterable[Endpoint], settings: SandboxSettings) -> bytes:
    """Return the answer to ``GET /entity``; an href is an absolute path with a slash at its end."""
    rows = [
        {"name": one.name, "version": one.version, "href": f"{endpoint_path(one, settings)}/"}
        for one in endpoints
    ]
    version = {"acumaticaBuildVersion": settings.build, "databaseVersion": settings.build}
    told = rows if settings.endpoint_list == "array" else {"version": version, "endpoints": rows}
    return json.dumps(told, separators=(",", ":")).encode()


def endpoint_path(endpoint: Endpoint, settings: SandboxSettings) -> str:
    """Return the absolute path of an endpoint, the virtual directory included."""
    return f"{settings.instance_path}/entity/{endpoint.name}/{endpoint.version}"


def document(endpoint: Endpoint, *, url: str, settings: SandboxSettings) -> dict[str, Any]:
    """Return the document of an endpoint in the dialect of the build; `url` is its absolute address."""
    return swagger2(endpoint) if settings.dialect == "swagger2" else openapi3(endpoint, url=url)


def relocated(real: Mapping[str, Any], *, url: str) -> dict[str, Any]:
    """Return a document of a real instance as this one serves it: whole, but for the address."""
    return {**real, "servers": [{"url": url}]} if "servers" in real else dict(real)


def restricted(endpoint: Endpoint, entities: Iterable[str]) -> Endpoint:
    """Return an endpoint with some of the entities, and the structures that these need."""
    kept = {name: endpoint.entities[name] for name in entities if name in endpoint.entities}
    needed: dict[str, Structure] = {}
    for entity in kept.values():
        _collect(entity.structure, endpoint, needed)
    return dataclasses.replace(endpoint, entities=kept, structures=needed)


def _collect(structure: Structure, endpoint: Endpoint, needed: dict[str, Structure]) -> None:
    if structure.name not in needed:
        needed[structure.name] = structure
        for target in (*structure.linked.values(), *structure.details.values()):
            _collect(endpoint.structures[target], endpoint, needed)
