"""The operations that an instance offers per entity, in the order in which its documents list them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from acudata.sandbox.endpoint import Endpoint, Entity

LIST_OPTIONS = ("select", "filter", "expand", "custom", "skip", "top")
RECORD_OPTIONS = ("select", "filter", "expand", "custom")


@dataclass(frozen=True, slots=True)
class Parameter:
    """Describes a parameter in the path or the query."""

    name: str
    place: str
    description: str = ""
    type: str = "string"
    format: str = ""

    @property
    def required(self) -> bool:
        """Tell whether a request needs it, as it does all that stand in the path."""
        return self.place == "path"


@dataclass(frozen=True, slots=True)
class Answer:
    """Describes an answer: what it means, the schema of its body, and what its Location header leads to."""

    description: str
    schema: str = ""
    many: bool = False
    location: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """Describes the body of a request."""

    name: str
    description: str
    schema: str


@dataclass(frozen=True, slots=True)
class Operation:
    """Describes one verb on one path.

    `parameters` name entries of `PARAMETERS`. `answers` maps a status to an answer, or to the name of one in
    `SHARED_ANSWERS`.
    """

    path: str
    verb: str
    id: str
    tag: str
    summary: str
    answers: Mapping[str, Answer | str]
    parameters: tuple[str, ...] = ()
    body: Body | None = None


PARAMETERS = {
    "actionName": Parameter("actionName", "path"),
    "ids": Parameter(
        "ids", "path", "The values of the key fields of the record. The values are slash-delimited."
    ),
    "select": Parameter("$select", "query", "The fields of the entity to be returned from the system."),
    "filter": Parameter(
        "$filter",
        "query",
        "The conditions that determine which records should be selected from the system.",
    ),
    "expand": Parameter("$expand", "query", "The linked and detail entities that should be expanded."),
    "custom": Parameter(
        "$custom",
        "query",
        "The fields that are not defined in the contract of the endpoint to be returned from the system.",
    ),
    "filename": Parameter(
        "filename", "path", "The name of the file that you are going to attach with the extension."
    ),
    "id": Parameter("id", "path", "The session ID of the record.", format="uuid"),
    "skip": Parameter(
        "$skip",
        "query",
        "The number of records to be skipped from the list of returned records.",
        "integer",
        "int32",
    ),
    "top": Parameter(
        "$top", "query", "The number of records to be returned from the system.", "integer", "int32"
    ),
}

_INVALID = "The data specified in the request is invalid."
_CONFLICT = (
    "Either the header of the request specifies that the entity has to be inserted but an entity with these"
    " keys already exists in the database and cannot be inserted, or the header specifies that the entity has"
    " to be updated but there is no entity with these keys in the database."
)
_DELETED = "The record is successfully deleted."
_RUNNING = Answer(
    "The operation is in progress.",
    location="A URL that can be used to check the status of the operation through the GET HTTP method.",
)

SHARED_ANSWERS = {
    "ContractBasedControllerBase_401": Answer("The user is not logged in to the system.", "HttpError"),
    "ContractBasedControllerBase_500": Answer("Internal server error.", "HttpError"),
    "InvokeAction_204": Answer(
        "The operation that was initiated by the action is completed.",
        location="A URL that can be used to obtain the processed entity through the GET HTTP method.",
    ),
    "InvokeAction_202": _RUNNING,
    "InvokeAction_400": Answer(_INVALID, "HttpError"),
    "InvokeAction_412": Answer(_CONFLICT, "HttpError"),
    "DeleteByKeys_204": Answer(_DELETED),
    "PutFile_204": Answer(
        "The file is successfully attached.",
        location="A URL that can be used to retrieve the file from the system.",
    ),
    "DeleteById_204": Answer(_DELETED),
    "PutEntity_400": Answer(_INVALID, "HttpError"),
    "PutEntity_412": Answer(_CONFLICT, "HttpError"),
    "StartReport_202": _RUNNING,
    "StartReport_400": Answer(_INVALID, "HttpError"),
}

_FAILURES = {"401": "ContractBasedControllerBase_401", "500": "ContractBasedControllerBase_500"}


def paths(endpoint: Endpoint, write: Callable[[Operation], dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return path, then verb, then the operation as a dialect writes it."""
    written: dict[str, dict[str, Any]] = {}
    for entity in endpoint.entities.values():
        for operation in operations(entity):
            written.setdefault(operation.path, {})[operation.verb] = write(operation)
    return written


def operations(entity: Entity) -> Iterator[Operation]:
    """Yield the operations of an entity in the order of a real document."""
    yield from (_action(entity.name, action, action, action) for action in entity.actions)
    yield _action(
        entity.name, "{actionName}", "CustomAction", f"{entity.name}CustomAction", parameters=("actionName",)
    )
    yield _ad_hoc_schema(entity.name)
    yield from _by_keys(entity.name)
    yield _put_file(entity.name)
    yield from _by_id(entity.name)
    yield from _whole(entity.name)


def _action(
    entity: str, segment: str, name: str, schema: str, *, parameters: tuple[str, ...] = ()
) -> Operation:
    return Operation(
        path=f"/{entity}/{segment}",
        verb="post",
        id=f"{entity}_InvokeAction_{name}",
        tag=entity,
        summary="Performs an action in the system.",
        parameters=parameters,
        body=Body(
            "invocation",
            "The record to which the action should be applied and the parameters of the action.",
            schema,
        ),
        answers=_FAILURES
        | {status: f"InvokeAction_{status}" for status in ("204", "202", "400", "412")}
        | {"422": Answer(_INVALID, entity)},
    )


def _ad_hoc_schema(entity: str) -> Operation:
    description = (
        "The field name, view name, and type of the fields that are not defined in the contract of the"
        " endpoint for this entity."
    )
    return Operation(
        path=f"/{entity}/$adHocSchema",
        verb="get",
        id=f"{entity}_GetAdHocSchema",
        tag=entity,
        summary="Retrieves the schema of custom fields of the entity from the system.",
        answers=_FAILURES | {"200": Answer(description, entity)},
    )


def _by_keys(entity: str) -> Iterator[Operation]:
    path = f"/{entity}/{{ids}}"
    summary = "Retrieves a record by the values of its key fields from the system."
    yield _get_one(entity, path, "GetByKeys", summary, "ids")
    summary = "Deletes the record by the values of its key fields."
    yield _delete(entity, path, "DeleteByKeys", summary, "ids")


def _by_id(entity: str) -> Iterator[Operation]:
    path = f"/{entity}/{{id}}"
    summary = "Retrieves a record by the value of the session entity ID from the system."
    yield _get_one(entity, path, "GetById", summary, "id")
    yield _delete(entity, path, "DeleteById", "Deletes the record by its session identifier.", "id")


def _get_one(entity: str, path: str, name: str, summary: str, address: str) -> Operation:
    return Operation(
        path=path,
        verb="get",
        id=f"{entity}_{name}",
        tag=entity,
        summary=summary,
        parameters=(address, *RECORD_OPTIONS),
        answers=_FAILURES | {"200": Answer("The requested record.", entity)},
    )


def _delete(entity: str, path: str, name: str, summary: str, address: str) -> Operation:
    return Operation(
        path=path,
        verb="delete",
        id=f"{entity}_{name}",
        tag=entity,
        summary=summary,
        parameters=(address,),
        answers=_FAILURES | {"204": f"{name}_204"},
    )


def _put_file(entity: str) -> Operation:
    return Operation(
        path=f"/{entity}/{{ids}}/files/{{filename}}",
        verb="put",
        id=f"{entity}_PutFile",
        tag=entity,
        summary="Attaches a file to a record.",
        parameters=("ids", "filename"),
        answers=_FAILURES | {"204": "PutFile_204"},
    )


def _whole(entity: str) -> Iterator[Operation]:
    listed = "The list of records that satisfy the specified conditions."
    yield Operation(
        path=f"/{entity}",
        verb="get",
        id=f"{entity}_GetList",
        tag=entity,
        summary="Retrieves records that satisfy the specified conditions from the system.",
        parameters=LIST_OPTIONS,
        answers=_FAILURES | {"200": Answer(listed, entity, many=True)},
    )
    yield Operation(
        path=f"/{entity}",
        verb="put",
        id=f"{entity}_PutEntity",
        tag=entity,
        summary="Creates a record or updates an existing record.",
        parameters=RECORD_OPTIONS,
        body=Body("entity", "The record to be passed to the system.", entity),
        answers=_FAILURES
        | {"200": Answer("The created or updated record.", entity)}
        | {"400": "PutEntity_400", "412": "PutEntity_412"}
        | {"422": Answer(_INVALID, entity)},
    )
