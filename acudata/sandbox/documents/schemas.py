"""The schemas of a document: entities, nested rows, actions, value wrappers and what they share.

The two dialects differ in where a schema is referred to, in the order of `type` and `format`, and in a few
words; `Dialect` holds those.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from acudata.sandbox.endpoint import Endpoint, Structure

Json = dict[str, Any]

KINDS = {
    "String": ("string", ""),
    "Boolean": ("boolean", ""),
    "Int": ("integer", "int32"),
    "Short": ("integer", "int32"),
    "Long": ("integer", "int64"),
    "Byte": ("integer", "int32"),
    "Decimal": ("number", "double"),
    "Double": ("number", "double"),
    "DateTime": ("string", "date-time"),
    "Guid": ("string", "uuid"),
}
DATE_ONLY = ("string", "date")


@dataclass(frozen=True, slots=True)
class Dialect:
    """Holds how one dialect writes a schema; `modern` is OpenAPI 3."""

    prefix: str
    modern: bool

    def ref(self, name: str) -> Json:
        """Return a reference to a schema."""
        return {"$ref": f"{self.prefix}{name}"}

    def typed(self, kind: str, form: str = "", *, nullable: bool = False) -> Json:
        """Return a scalar type in the dialect's order of keys."""
        parts = [("type", kind), ("format", form)] if self.modern else [("format", form), ("type", kind)]
        written: Json = {key: value for key, value in parts if value}
        return written | {"nullable": True} if nullable and self.modern else written


def by_name(pair: tuple[str, Any]) -> str:
    """Return the sorting key of a tag: its name, whatever its case."""
    return pair[0].lower()


def schemas(endpoint: Endpoint, dialect: Dialect) -> dict[str, Json]:
    """Return every schema of an endpoint by name, in alphabetical order."""
    found = _shared(dialect) | {
        name: _extended(_members(structure, dialect), "Entity", dialect)
        for name, structure in endpoint.structures.items()
    }
    for entity in endpoint.entities.values():
        found |= {
            action: _action(entity.name, parameters, dialect) for action, parameters in entity.actions.items()
        }
        found[f"{entity.name}CustomAction"] = _invocation(entity.name, {"custom": _custom(dialect)}, dialect)
    if any("DateOnly" in structure.fields.values() for structure in endpoint.structures.values()):
        found |= _kind("DateOnly", DATE_ONLY, dialect)
    return dict(sorted(found.items()))


def _members(structure: Structure, dialect: Dialect) -> dict[str, Json]:
    members = {name: dialect.ref(f"{kind}Value") for name, kind in structure.fields.items()}
    members |= {name: dialect.ref(target) for name, target in structure.linked.items()}
    members |= {name: _array(dialect.ref(target)) for name, target in structure.details.items()}
    return dict(sorted(members.items()))


def _action(entity: str, parameters: Mapping[str, str], dialect: Dialect) -> Json:
    if not parameters:
        return _required(_object({"entity": dialect.ref(entity)}), "entity")
    wrapped = {name: dialect.ref(f"{kind}Value") for name, kind in parameters.items()}
    return _invocation(entity, wrapped, dialect) | {"required": ["entity", "parameters"]}


def _invocation(entity: str, parameters: Mapping[str, Json], dialect: Dialect) -> Json:
    described = {"description": "The parameters of the action."}
    inner = _object(parameters)
    inner = inner | described if dialect.modern else described | inner
    return _required(_object({"entity": dialect.ref(entity), "parameters": inner}), "entity")


def _shared(dialect: Dialect) -> dict[str, Json]:
    written = {name: _object(members) for name, members in _objects(dialect).items()}
    written["HttpError"]["additionalProperties"] = {"type": "object"}
    discriminator: Any = {"propertyName": "type"} if dialect.modern else "type"
    custom_field = _required(_object({"type": {"type": "string"}}), "type")
    written["CustomField"] = custom_field | {"discriminator": discriminator}
    for kind, form in KINDS.items():
        written |= _kind(kind, form, dialect)
    return written


def _objects(dialect: Dialect) -> dict[str, dict[str, Json]]:
    comment = {"comment": dialect.typed("string", nullable=True)} if dialect.modern else {}
    return {
        "Entity": {
            "id": dialect.typed("string", "uuid"),
            "rowNumber": dialect.typed("integer", "int64"),
            "note": dialect.ref("StringValue"),
            "custom": _custom(dialect),
            "error": dialect.typed("string"),
            "files": _array(dialect.ref("FileLink")),
        },
        "FileLink": {
            "id": dialect.typed("string", "uuid"),
            "filename": dialect.typed("string"),
            "href": dialect.typed("string", "uri"),
        }
        | comment,
        "HttpError": {
            "message": dialect.typed("string"),
            "exceptionMessage": dialect.typed("string", nullable=True),
            "exceptionType": dialect.typed("string", nullable=True),
            "stackTrace": dialect.typed("string", nullable=True),
            "modelState": {"type": "object", "additionalProperties": _array(dialect.typed("string"))},
            "messageDetail": dialect.typed("string"),
        },
    }


def _kind(kind: str, form: tuple[str, str], dialect: Dialect) -> dict[str, Json]:
    value = {"value": dialect.typed(*form), "error": dialect.typed("string")}
    return {
        f"{kind}Value": _object(value),
        f"Custom{kind}Field": _extended(value, "CustomField", dialect),
    }


def _custom(dialect: Dialect) -> Json:
    field = dialect.ref("CustomField")
    return {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": field}}


def _extended(members: Mapping[str, Json], base: str, dialect: Dialect) -> Json:
    return {"allOf": [dialect.ref(base), _object(members)]}


def _object(members: Mapping[str, Json]) -> Json:
    return {"type": "object", "properties": dict(members)} if members else {"type": "object"}


def _required(schema: Json, *names: str) -> Json:
    return {"required": list(names)} | schema


def _array(items: Json) -> Json:
    return {"type": "array", "items": items}
