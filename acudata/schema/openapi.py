"""Reads the endpoint document of a tenant, Swagger 2.0 or OpenAPI 3.0, into one `Endpoint`.

Builds up to 23.x answer Swagger 2.0, later ones OpenAPI 3.0.1: the dialect follows the build, not the endpoint's
version. Both name the same things, so one reader serves them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from acudata.errors import AcumaticaSchemaError
from acudata.schema.endpoint import Endpoint, Entity, Structure
from acudata.schema.kinds import kind_of_wrapper

_SCREEN = re.compile(r"^(?P<title>.*?)\s*\((?P<screen>[A-Z]{2}[0-9A-Z]{6})\)\s*$")
_Json = Mapping[str, Any]


def read_endpoint(document: bytes | str) -> Endpoint:
    """Return the endpoint that a `swagger.json` describes.

    Raises AcumaticaSchemaError when the text is no such document.
    """
    root = _parse(document)
    try:
        return _endpoint(root)
    except (AttributeError, LookupError, TypeError) as error:
        raise AcumaticaSchemaError(f"The endpoint document is not as it should be ({error!r}).") from error


def _endpoint(root: _Json) -> Endpoint:
    schemas = _schemas(root)
    name, version = _title(root)
    business = {key: _structure(key, body) for key, body in schemas.items() if _is_business_entity(body)}
    paths = _paths_by_entity(root["paths"])
    tags = {tag["name"]: tag.get("description", "") for tag in root.get("tags", ())}
    entities = {
        entity: _entity(entity, business[entity], paths[entity], tags.get(entity, ""), schemas)
        for entity in paths
        if entity in business
    }
    return Endpoint(name, version, entities=entities, structures=business)


def _parse(document: bytes | str) -> dict[str, Any]:
    try:
        root = json.loads(document.decode("utf-8-sig") if isinstance(document, bytes) else document)
    except (ValueError, RecursionError) as error:
        raise AcumaticaSchemaError(f"The endpoint document is not JSON ({error}).") from error
    if not isinstance(root, dict) or "paths" not in root or not ({"openapi", "swagger"} & root.keys()):
        raise AcumaticaSchemaError(
            "The endpoint document is neither OpenAPI 3.0 nor Swagger 2.0: it has no paths."
        )
    return root


def _schemas(root: _Json) -> _Json:
    schemas: _Json = (
        root["definitions"] if "definitions" in root else root.get("components", {}).get("schemas", {})
    )
    return schemas


def _title(root: _Json) -> tuple[str, str]:
    name, _, version = root.get("info", {}).get("title", "").partition("/")
    return name or "Default", version


def _is_business_entity(schema: _Json) -> bool:
    return any(_reference(part) == "Entity" for part in schema.get("allOf", ()))


def _structure(name: str, schema: _Json) -> Structure:
    fields: dict[str, str] = {}
    linked: dict[str, str] = {}
    details: dict[str, str] = {}
    for member, body in _members(schema):
        if body.get("type") == "array":
            details[member] = _reference(body.get("items", {}))
        elif kind := kind_of_wrapper(_reference(body)):
            fields[member] = kind
        elif target := _reference(body):
            linked[member] = target
    return Structure(name, fields, linked, details)


def _members(schema: _Json) -> Iterable[tuple[str, _Json]]:
    for part in schema.get("allOf", (schema,)):
        yield from part.get("properties", {}).items()


def _reference(body: _Json) -> str:
    return str(body.get("$ref", "")).rpartition("/")[2]


def _paths_by_entity(paths: _Json) -> dict[str, dict[str, _Json]]:
    """Group the operations of `/Customer`, `/Customer/{ids}`, `/Customer/SomeAction` … by entity and rest."""
    grouped: dict[str, dict[str, _Json]] = {}
    for path, operations in paths.items():
        entity, _, rest = path.lstrip("/").partition("/")
        grouped.setdefault(entity, {})[rest] = operations
    return grouped


def _entity(name: str, structure: Structure, paths: Mapping[str, _Json], tag: str, schemas: _Json) -> Entity:
    match = _SCREEN.match(tag)
    return Entity(
        name,
        structure,
        screen=match["screen"] if match else "",
        title=(match["title"] if match else tag) or name,
        methods=frozenset(verb.upper() for verb in paths.get("", ())),
        actions={
            action: _parameters(schemas.get(action, {}))
            for action, operations in paths.items()
            if "post" in operations and action.isidentifier()
        },
    )


def _parameters(schema: _Json) -> dict[str, str]:
    declared = schema.get("properties", {}).get("parameters", {}).get("properties", {})
    kinds = {name: kind_of_wrapper(_reference(body)) for name, body in declared.items()}
    return {name: kind for name, kind in kinds.items() if kind}
