"""The endpoint that the sandbox serves when no document is given, read from `default_endpoint.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from acudata.sandbox.endpoint import CustomField, Endpoint, Entity, Numbering, Rules, Structure

KINDS = ("String", "Boolean", "Int", "Short", "Long", "Byte", "Decimal", "Double", "DateTime", "Guid")
"""The kinds of a scalar field, each a key of a table of the definition."""


@cache
def default_endpoint() -> Endpoint:
    """Return the built-in endpoint, ``Default/24.200.001``.

    >>> default_endpoint().entities["SalesOrder"].keys
    ('OrderType', 'OrderNbr')
    """
    text = files(__package__).joinpath("default_endpoint.toml").read_text(encoding="utf-8")
    return read_endpoint(tomllib.loads(text))


def read_endpoint(definition: Mapping[str, Any]) -> Endpoint:
    """Return the endpoint that a definition describes: a name, a version, and one table per structure.

    A table with a `screen` is a top-level entity. Names stand in one text, separated by white space;
    what belongs to a name follows it after a colon.
    """
    tables = {name: table for name, table in definition.items() if isinstance(table, dict)}
    structures = {name: _structure(name, table) for name, table in tables.items()}
    entities = {name: _entity(structures[name], table) for name, table in tables.items() if "screen" in table}
    return Endpoint(definition["name"], definition["version"], entities, structures)


def _structure(name: str, table: Mapping[str, Any]) -> Structure:
    return Structure(
        name=name,
        fields=_fields(table),
        linked=_pairs(table.get("linked", "")),
        details=_pairs(table.get("details", "")),
        view=table["view"],
        custom=_custom_fields(table.get("custom", "")),
        caption=table.get("caption", ""),
        keys=_names(table, "keys"),
        delegates=_pairs(table.get("delegates", "")),
        attachments=table.get("attachments", True),
        rules=_rules(table),
    )


def _fields(table: Mapping[str, Any]) -> dict[str, str]:
    kinds = {field: kind for kind in KINDS for field in _names(table, kind)}
    return dict(sorted(kinds.items()))


def _rules(table: Mapping[str, Any]) -> Rules:
    return Rules(
        references=_pairs(table.get("references", "")),
        required=_names(table, "required"),
        labels={field: tuple(labels) for field, labels in table.get("labels", {}).items()},
        read_only=_names(table, "read_only"),
        defaults=table.get("defaults", {}),
        formulas=table.get("formulas", {}),
        sums=table.get("sums", {}),
        made=_names(table, "made"),
    )


def _entity(structure: Structure, table: Mapping[str, Any]) -> Entity:
    return Entity(
        name=structure.name,
        structure=structure,
        screen=table["screen"],
        title=table["title"],
        graph=table["graph"],
        keys=structure.keys,
        actions={name: _pairs(text) for name, text in table.get("actions", {}).items()},
        form_actions={name: _custom_fields(text) for name, text in table.get("form_actions", {}).items()},
        numbering=Numbering(**table["numbering"]) if "numbering" in table else None,
        inquiry=table.get("inquiry", False),
    )


def _names(table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    return tuple(table.get(key, "").split())


def _pairs(text: str) -> dict[str, str]:
    return dict(_two(pair, separator=":") for pair in text.split())


def _two(text: str, *, separator: str | None = None) -> tuple[str, str]:
    first, second = text.split(separator)
    return first, second


def _custom_fields(text: str) -> tuple[CustomField, ...]:
    paths = [(_two(path, separator="."), kind) for path, kind in _pairs(text).items()]
    return tuple(CustomField(view, name, kind) for (view, name), kind in paths)
