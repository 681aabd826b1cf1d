"""Documents of real endpoints, OpenAPI 3.0 and Swagger 2.0, read into what the sandbox serves."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from acudata.sandbox.endpoint import Endpoint, Entity, Numbering, Structure
from acudata.sandbox.form_keys import ROW_KEYS, guess_keys

Schemas = Mapping[str, Mapping[str, Any]]
TAG = re.compile(r"(?P<title>.*?)\s*\((?P<screen>\w+)\)\s*$")
INQUIRY_ROWS = {"Results", "Result"}
INQUIRY_SCREENS = "456"
"""The third character of the screen of inquiries, processing forms and reports."""


def load_document(path: str | Path) -> dict[str, Any]:
    """Return the document in a file.

    Raises:
        OSError: when the file cannot be read.
        ValueError: when it is no endpoint document; the message says what is missing.
    """
    try:
        document = json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as error:
        raise ValueError(f"{path} is not JSON: {error}") from error
    if not isinstance(document, dict) or not ("openapi" in document or "swagger" in document):
        raise ValueError(
            f"{path} is no endpoint document: neither 'openapi' nor 'swagger' is a key of it. "
            "Save what an instance answers at /entity/Default/24.200.001/swagger.json."
        )
    return document


def read_document(document: Mapping[str, Any]) -> Endpoint:
    """Return the endpoint that a document describes, in either dialect.

    Keys, views and graphs are not in documents; well-known keys come from a table, the rest is guessed.
    """
    schemas: Schemas = document.get("definitions") or document["components"]["schemas"]
    name, _, version = document["info"]["title"].partition("/")
    kinds = {name: name.removesuffix("Value") for name, schema in schemas.items() if _is_wrapper(schema)}
    structures = {
        name: _structure(name, schema["allOf"][1].get("properties", {}), kinds)
        for name, schema in schemas.items()
        if _is_structure(schema)
    }
    tags = {tag["name"]: tag.get("description", "") for tag in document.get("tags", ())}
    paths: Mapping[str, Any] = document["paths"]
    entities = {
        entity: _entity(structures[entity], tags.get(entity, ""), _actions(entity, paths, schemas, kinds))
        for entity in (path[1:] for path in paths if path.count("/") == 1)
        if entity in structures
    }
    return Endpoint(name, version, entities, structures)


def _is_wrapper(schema: Mapping[str, Any]) -> bool:
    return set(schema.get("properties", ())) == {"value", "error"}


def _is_structure(schema: Mapping[str, Any]) -> bool:
    return [_target(part) for part in schema.get("allOf", ())][:1] == ["Entity"]


def _target(reference: Mapping[str, Any]) -> str:
    return str(reference.get("$ref", "")).rpartition("/")[2]


def _structure(name: str, properties: Schemas, kinds: Mapping[str, str]) -> Structure:
    single = {member: _target(schema) for member, schema in properties.items() if "$ref" in schema}
    rows = {member: _target(schema["items"]) for member, schema in properties.items() if "items" in schema}
    return Structure(
        name,
        fields={member: kinds[target] for member, target in single.items() if target in kinds},
        linked={member: target for member, target in single.items() if target not in kinds},
        details=rows,
        view=name,
        caption=name,
        keys=ROW_KEYS.get(name, ()),
    )


def _entity(structure: Structure, tag: str, actions: Mapping[str, Mapping[str, str]]) -> Entity:
    match = TAG.match(tag)
    title, screen = (match["title"] or structure.name, match["screen"]) if match else (structure.name, "")
    keys = guess_keys(structure.name, structure.fields)
    return Entity(
        structure.name,
        structure,
        screen,
        title,
        f"PX.Objects.{screen[:2]}.{structure.name}Entry",
        keys,
        actions,
        numbering=Numbering(keys[-1]) if keys else None,
        inquiry=_is_inquiry(structure, screen),
    )


def _is_inquiry(structure: Structure, screen: str) -> bool:
    """Guess from the name, or from the rows and the screen; no document flags inquiries."""
    only_rows = len(structure.details) == 1 and structure.details.keys() <= INQUIRY_ROWS
    return structure.name.endswith("Inquiry") or (only_rows and screen[2:3] in INQUIRY_SCREENS)


def _actions(
    entity: str, paths: Mapping[str, Any], schemas: Schemas, kinds: Mapping[str, str]
) -> dict[str, Mapping[str, str]]:
    prefix = f"/{entity}/"
    names = (path.removeprefix(prefix) for path in paths if path.startswith(prefix))
    return {name: _parameters(schemas.get(name, {}), kinds) for name in names if name.isidentifier()}


def _parameters(action: Mapping[str, Any], kinds: Mapping[str, str]) -> dict[str, str]:
    parameters = action.get("properties", {}).get("parameters", {}).get("properties", {})
    return {name: kinds[_target(schema)] for name, schema in parameters.items()}
