"""The line of Python for what is selected in the schema browser, and what reads a sample of it."""

from __future__ import annotations

from typing import Any

import inflection

from acudata.naming import attribute_index, plural_attribute
from acudata.schema import Endpoint, Entity
from acudata.schema.entries import Entry

ROWS = 10
"""Rows of a sample."""


def service_expression(endpoint: Endpoint, entity: str, *, taken: frozenset[str] = frozenset()) -> str:
    """Return what gives the service of an entity; in brackets where `taken` or another entity has its attribute.

    >>> service_expression(Endpoint("Default", "1", {}, {}), "SalesOrder")
    "client['SalesOrder']"
    """
    attribute = plural_attribute(entity)
    is_free = attribute_index(endpoint.entities).get(attribute) == entity and attribute not in taken
    return f"client.{attribute}" if is_free and attribute.isidentifier() else f"client[{entity!r}]"


def sample_options(entity: Entity, endpoint: Endpoint, entry: Entry) -> dict[str, Any]:
    """Return the arguments of `to_frame` that read what is selected, with the keys of its record."""
    rows = _rows_above(entity, endpoint, entry.path)
    if entry.what == "form field":
        address = f"{'/'.join((*entry.path[:-1], ''))}{entry.view}.{entry.name}"
        return {"expand": rows, "custom": [address]} if rows else {"custom": [address]}
    if rows:
        return {"expand": rows}
    if entry.what == "linked":
        return {"expand": "/".join(entry.path)}
    if entry.what in ("field", "custom field"):
        return {"columns": list(dict.fromkeys([*entity.keys, ".".join(entry.path)]))}
    return {}


def python_line(entity: Entity | None, endpoint: Endpoint, entry: Entry, service: str) -> str:
    """Return the line of Python that reads or does what is selected; a model has no entity.

    Names come from the server; all of them stand in quotes, unless they are plain identifiers.
    """
    if entity is None:
        return f"record = client.models[{entry.name!r}]()"
    if entry.what in ("action", "parameter"):
        return _action_line(entity, entry.path[0], service)
    if entity.is_inquiry:
        return f"df = {service}.inquire()"
    options = sample_options(entity, endpoint, entry) | {"top": ROWS}
    return f"df = {service}.to_frame({', '.join(f'{name}={value!r}' for name, value in options.items())})"


def _action_line(entity: Entity, action: str, service: str) -> str:
    record = "{" + ", ".join(f"{key!r}: ..." for key in entity.keys) + "}" if entity.keys else "record"
    parameters = "".join(f"{name!r}: ..., " for name in entity.actions[action])
    given = f"{record}, {{{parameters.removesuffix(', ')}}}" if parameters else record
    method = f"invoke_action_{inflection.underscore(action)}"
    if method.isidentifier():
        return f"{service}.{method}({given})"
    return f"{service}.invoke_action({action!r}, {given})"


def _rows_above(entity: Entity, endpoint: Endpoint, path: tuple[str, ...]) -> str:
    """Return the way to the last detail array on a path, empty without one."""
    structure, rows = entity.structure, ""
    for step, name in enumerate(path):
        if name in structure.details:
            rows = "/".join(path[: step + 1])
        below = endpoint.member(structure, name)
        if below is None:
            break
        structure = below
    return rows
