"""Writes an endpoint as the OpenAPI 3.0.1 document of a build from 24R2 on."""

from __future__ import annotations

from typing import Any

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

DIALECT = Dialect(prefix="#/components/schemas/", modern=True)
MEDIA = ("application/json", "text/json")


def openapi3(endpoint: Endpoint, *, url: str) -> Json:
    """Return the document; `url` is the absolute address of the endpoint on this instance."""
    return {
        "openapi": "3.0.1",
        "info": {"title": f"{endpoint.name}/{endpoint.version}", "version": "4"},
        "servers": [{"url": url}],
        "paths": paths(endpoint, _operation),
        "components": {
            "schemas": schemas(endpoint, DIALECT),
            "responses": {name: _answer(answer) for name, answer in SHARED_ANSWERS.items()},
            "parameters": {name: _parameter(parameter) for name, parameter in PARAMETERS.items()},
        },
        "tags": [
            {"name": name, "description": f"{entity.title} ({entity.screen})".strip()}
            for name, entity in sorted(endpoint.entities.items(), key=by_name)
        ],
    }


def _operation(operation: Operation) -> Json:
    written: Json = {"tags": [operation.tag], "summary": operation.summary, "operationId": operation.id}
    if operation.parameters:
        written["parameters"] = [_shared("parameters", name) for name in operation.parameters]
    if operation.body:
        written["requestBody"] = _body(operation.body)
    written["responses"] = {
        status: _shared("responses", answer) if isinstance(answer, str) else _answer(answer)
        for status, answer in operation.answers.items()
    }
    return written


def _body(body: Body) -> Json:
    return {
        "description": body.description,
        "content": _content(DIALECT.ref(body.schema)),
        "required": True,
        "x-bodyName": body.name,
    }


def _answer(answer: Answer) -> Json:
    written: Json = {"description": answer.description}
    if answer.location:
        schema = DIALECT.typed("string", "uri")
        written["headers"] = {"Location": {"description": answer.location, "schema": schema}}
    if answer.schema:
        schema = DIALECT.ref(answer.schema)
        written["content"] = _content({"type": "array", "items": schema} if answer.many else schema)
    return written


def _parameter(parameter: Parameter) -> Json:
    written: dict[str, Any] = {"name": parameter.name, "in": parameter.place}
    if parameter.description:
        written["description"] = parameter.description
    if parameter.required:
        written["required"] = True
    return written | {"schema": DIALECT.typed(parameter.type, parameter.format)}


def _content(schema: Json) -> Json:
    return {media: {"schema": schema} for media in MEDIA}


def _shared(section: str, name: str) -> Json:
    return {"$ref": f"#/components/{section}/{name}"}
