"""The answer to `$adHocSchema`: an entity without values, custom fields and form actions included."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from acudata.sandbox.endpoint import CustomField, Endpoint, Entity, Structure

NO_ID = "00000000-0000-0000-0000-000000000000"


def skeleton(entity: Entity, endpoint: Endpoint) -> dict[str, Any]:
    """Return every member of an entity without values: one row per detail, every custom field with its type.

    `_workflowActions` lists the actions that only the form knows, with the fields of their dialogs.
    """
    actions = [
        {name: {"parameters": {"custom": custom_block(dialog)}}}
        for name, dialog in entity.form_actions.items()
    ]
    return {**_members(entity.structure, endpoint), "_workflowActions": actions}


def custom_block(fields: Iterable[CustomField]) -> dict[str, dict[str, Any]]:
    """Return custom fields without values, by view."""
    block: dict[str, dict[str, Any]] = {}
    for item in fields:
        block.setdefault(item.view, {})[item.name] = {"type": f"Custom{item.kind}Field", "value": None}
    return block


def _members(structure: Structure, endpoint: Endpoint) -> dict[str, Any]:
    fields: dict[str, Any] = {name: {} for name in structure.fields}
    linked = {
        name: _members(endpoint.structures[below], endpoint) for name, below in structure.linked.items()
    }
    rows = {
        name: [_members(endpoint.structures[below], endpoint)] for name, below in structure.details.items()
    }
    members = dict(sorted((fields | linked | rows).items()))
    return {
        "id": NO_ID,
        "rowNumber": 1,
        "note": {"value": ""},
        **members,
        "custom": custom_block(structure.custom),
    }
