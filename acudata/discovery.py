"""What a tenant offers, told as plain dictionaries for people and scripts to look through."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import inflection

from acudata.errors import AcumaticaUnknownNameError
from acudata.naming import attribute_aliases, nearest, plural_attribute
from acudata.schema import CustomField, Entity, Structure
from acudata.schema.catalogue import Catalogue
from acudata.schema.kinds import KINDS, arrow_type

VERBS = (
    "to_frame",
    "to_frames",
    "iter_frames",
    "to_arrow",
    "to_parquet",
    "inquire",
    "get_list",
    "get_by_id",
    "get_by_keys",
    "first",
    "exists",
    "count",
    "plan",
    "put_frame",
    "delete_frame",
    "put_entity",
    "delete_by_id",
    "delete_by_keys",
    "put_file",
    "get_files",
    "download_file",
    "get_ad_hoc_schema",
    "invoke_action",
)


def service_info(catalogue: Catalogue, entity: Entity) -> dict[str, Any]:
    """Return what a service is about: its names, form, keys, methods, actions and members."""
    actions = [f"invoke_action_{inflection.underscore(action)}" for action in entity.actions]
    return {
        "name": entity.name,
        "attribute": plural_attribute(entity.name),
        "aliases": list(attribute_aliases(entity.name)),
        "endpoint": f"{catalogue.endpoint.name}/{catalogue.endpoint.version}",
        "title": entity.title,
        "screen": entity.screen,
        "keys": list(entity.keys),
        "is_inquiry": entity.is_inquiry,
        "methods": [*VERBS, *actions],
        "actions": {action: dict(parameters) for action, parameters in entity.actions.items()},
        "field_count": len(entity.structure.fields),
        "linked": dict(entity.structure.linked),
        "details": dict(entity.structure.details),
        "custom_fields": [field.address for field in entity.custom],
    }


def model_info(structure: Structure, custom: Iterable[CustomField]) -> dict[str, Any]:
    """Return the fields of a model, the tenant's custom fields among them, with kind, Arrow and Python type."""
    fields = {name: _field(name, kind, custom=False) for name, kind in structure.fields.items()}
    for field in custom:
        fields.setdefault(field.name, _field(field.name, field.kind, custom=True) | {"view": field.view})
    for members, what in ((structure.linked, "linked"), (structure.details, "details")):
        fields |= {name: {"kind": what, "model": model} for name, model in members.items()}
    return {"name": structure.name, "field_count": len(fields), "fields": fields}


def _field(name: str, kind: str, *, custom: bool) -> dict[str, Any]:
    python = KINDS[kind].python.__name__
    return {"kind": kind, "type": python, "arrow": str(arrow_type(name, kind)), "custom": custom}


def structure_named(catalogue: Catalogue, name: str) -> Structure:
    """Return a structure by its exact name; a miss names the nearest."""
    structures = catalogue.endpoint.structures
    if name not in structures:
        raise AcumaticaUnknownNameError(f"There is no model {name!r}.", suggestions=nearest(name, structures))
    return structures[name]


def search(names: Iterable[str], text: str) -> list[str]:
    """Return the names that contain every word of a text, case and underscores aside.

    >>> search(["SalesOrder", "SalesInvoice", "Customer"], "sales ord")
    ['SalesOrder']
    """
    words = text.lower().replace("_", "").split()
    return sorted(name for name in names if all(word in name.lower() for word in words))
