"""The answer to a record that cannot be stored: the record itself, with its errors in place."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from acudata.sandbox.bodies import Change
from acudata.sandbox.changing import Path


def refused_record(shown: bytes, problems: Mapping[Path, str], error: str) -> dict[str, Any]:
    """Return a record as it is shown, with an `error` on top and one on every field with a problem."""
    body = json.loads(shown)
    for (*way, name), text in problems.items():
        holder = body
        for step in way:
            holder = _row(holder, step) if isinstance(holder, list) else holder[step]
        holder.setdefault(name, {})["error"] = text
    return {"id": body.pop("id"), "rowNumber": body.pop("rowNumber"), "error": error, **body}


def _row(rows: list[dict[str, Any]], record_id: str) -> dict[str, Any]:
    return next(row for row in rows if row["id"] == record_id)


def members(change: Change, prefix: str = "") -> Iterator[str]:
    """Yield the paths of the linked entities and details that a change mentions, for `$expand`."""
    nested = {**{name: [below] for name, below in change.linked.items()}, **change.details}
    for name, changes in nested.items():
        yield prefix + name
        for below in changes:
            yield from members(below, f"{prefix}{name}/")
