"""Writes an endpoint as the Swagger 2.0 document of a build before 24R2."""

from __future__ import annotations

from acudata.sandbox.documents.operations import (
    PARAMETERS,
    SHARED_ANSWERS,
    Answer,
    Body,
    Operation,
    Parameter,
    paths,
)
from acudata.sandbox.documents.schemas import Dialect, Json, by_name, schemas
from acudata.sandbox.endpoint import Endpoint

DIALECT = Dialect(prefix="#/definitions/", modern=False)
MEDIA = ("application/json", "text/json")
KEYS = {
    "in": "path",
    "name": "ids",
    "description": "The values of the key fields of the record.",
    "required": True,
    "type": "array",
    "items": {"type": "string"},
    "collectionFormat": "pipes",
}


def swagger2(endpoint: Endpoint) -> Json:
    """Return the document; its `host` is useless, as in every real one."""
    return {
        "swagger": "2.0",
        "info": {"title": f"{endpoint.name}/{endpoint.version}", "version": "4"},
        "host": "internal.acumatica.com",
        "basePath": f"/entity/{endpoint.name}/{endpoint.version}",
        "schemes": ["https"],
        "paths": paths(endpoint, _operation),
        "definitions": schemas(endpoint, DIALECT),
        "tags": [
            {"name": name, "description": f"({entity.screen})"}
            for name, entity in sorted(endpoint.entities.items(), key=by_name)
        ],
    }


def _operation(operation: Operation) -> Json:
    written: Json = {"tags": [operation.tag], "summary": operation.summary, "operationId": operation.id}
    parameters = [_parameter(PARAMETERS[name]) for name in operation.parameters]
    if operation.body:
        written["consumes"] = list(MEDIA)
        parameters.append(_body(operation.body))
    written["produces"] = list(MEDIA)
    if parameters:
        written["parameters"] = parameters
    written["responses"] = {
        status: _answer(SHARED_ANSWERS[answer] if isinstance(answer, str) else answer)
        for status, answer in operation.answers.items()
    }
    return written


def _body(body: Body) -> Json:
    return {
        "in": "body",
        "name": body.name,
        "description": body.description,
        "required": True,
        "schema": DIALECT.ref(body.schema),
    }


def _answer(answer: Answer) -> Json:
    written: Json = {"description": answer.description}
    if answer.location:
        location = {"description": answer.location, "type": "string", "format": "uri"}
        written["headers"] = {"Location": location}
    if answer.schema:
        schema = DIALECT.ref(answer.schema)
        written["schema"] = {"type": "array", "items": schema} if answer.many else schema
    return written


def _parameter(parameter: Parameter) -> Json:
    if parameter.name == "ids":
        return dict(KEYS)
    written: Json = {"in": parameter.place, "name": parameter.name}
    if parameter.description:
        written["description"] = parameter.description
    if parameter.required:
        written["required"] = True
    written["type"] = parameter.type
    return written | {"format": parameter.format} if parameter.format else written
