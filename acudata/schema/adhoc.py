"""Reads `$adHocSchema`: the custom fields of an entity, its user-defined fields included.

The answer is a skeleton of the record in which every custom field stands under `custom`, by view and name, as
`{"type": "CustomStringField"}`; those of a detail row or linked entity stand in that member.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from acudata.errors import AcumaticaSchemaError
from acudata.schema.endpoint import CustomField
from acudata.schema.kinds import kind_of_custom


def read_custom_fields(skeleton: Mapping[str, Any]) -> tuple[CustomField, ...]:
    """Return the custom fields of the record and of its members, in the order of the answer.

    Raises AcumaticaSchemaError when that is no such skeleton.

    >>> read_custom_fields({"custom": {"Document": {"UsrRoute": {"type": "CustomStringField"}}}})
    (CustomField(view='Document', name='UsrRoute', kind='String', member=''),)
    """
    try:
        return tuple(_custom_fields(skeleton, ""))
    except (AttributeError, TypeError) as error:
        raise AcumaticaSchemaError(f"The custom fields cannot be read ({error}).") from error


def _custom_fields(node: Mapping[str, Any], member: str) -> Iterator[CustomField]:
    for view, fields in (node.get("custom") or {}).items():
        for name, body in fields.items():
            yield CustomField(view, name, kind_of_custom(body.get("type", "")), member)
    for name, child in node.items():
        if name in {"custom", "_workflowActions", "_links"}:
            continue
        row = child[0] if isinstance(child, list) and child else child
        if isinstance(row, Mapping):
            yield from _custom_fields(row, f"{member}/{name}" if member else name)
