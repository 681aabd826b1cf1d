"""Bodies of PUT, read into changes: what is sent, unwrapped and converted, what is misspelled left out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from acudata.sandbox.endpoint import Endpoint, Structure
from acudata.sandbox.envelopes import bad_request
from acudata.sandbox.finding import as_id
from acudata.sandbox.records import Scalar
from acudata.sandbox.values import convert_field


@dataclass(slots=True)
class Change:
    """Holds what a request says about one record or row; what it does not mention stays as it is."""

    id: str | None = None
    delete: bool = False
    note: str | None = None
    values: dict[str, Scalar] = field(default_factory=dict)
    linked: dict[str, Change] = field(default_factory=dict)
    details: dict[str, list[Change]] = field(default_factory=dict)
    custom: dict[str, dict[str, Scalar]] = field(default_factory=dict)


def read_body(body: bytes, structure: Structure, endpoint: Endpoint) -> Change:
    """Return the change that a body describes.

    Raises:
        Fault: 400 with a `modelState` for broken JSON, a bare value where a wrapper is due, or a value of another
            type than the field; every such place is told.
    """
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise bad_request({"entity": [f"Error parsing the body: {error}"]}) from None
    reading = _Reading(endpoint)
    change = reading.change(document, structure, "entity")
    if reading.problems:
        raise bad_request(reading.problems)
    return change


class _Reading:
    def __init__(self, endpoint: Endpoint) -> None:
        self._structures = endpoint.structures
        self.problems: dict[str, list[str]] = {}

    def change(self, body: Any, structure: Structure, path: str) -> Change:
        if not isinstance(body, dict):
            self._refuse(path, body, structure.name)
            return Change()
        return Change(
            id=self._id(body.get("id"), path),
            delete=body.get("delete") is True,
            note=_note(body.get("note")),
            values=dict(self._values(body, structure.fields, path)),
            linked={
                name: self.change(body[name], self._structures[below], f"{path}.{name}")
                for name, below in structure.linked.items()
                if body.get(name) is not None
            },
            details={
                name: self._rows(body[name], self._structures[below], f"{path}.{name}")
                for name, below in structure.details.items()
                if body.get(name) is not None
            },
            custom=self._custom(body.get("custom"), structure, f"{path}.custom"),
        )

    def _id(self, value: Any, path: str) -> str | None:
        if value is not None and not (isinstance(value, str) and as_id(value)):
            self._refuse(f"{path}.id", value, "Guid")
            return None
        return value

    def _rows(self, body: Any, structure: Structure, path: str) -> list[Change]:
        if not isinstance(body, list):
            self._refuse(path, body, f"{structure.name}[]")
            return []
        return [self.change(row, structure, f"{path}[{index}]") for index, row in enumerate(body)]

    def _values(
        self, body: Mapping[str, Any], kinds: Mapping[str, str], path: str
    ) -> Iterator[tuple[str, Scalar]]:
        for name in (name for name in body if name in kinds):
            wrapper = body[name]
            if not isinstance(wrapper, dict | None):
                self._refuse(f"{path}.{name}", wrapper, f"{kinds[name]}Value")
            elif wrapper and "value" in wrapper:
                yield from self._converted(name, wrapper["value"], kinds[name], path)

    def _converted(self, name: str, value: Any, kind: str, path: str) -> Iterable[tuple[str, Scalar]]:
        try:
            return [(name, convert_field(name, value, kind))]
        except ValueError:
            self._refuse(f"{path}.{name}.value", value, kind)
            return []

    def _custom(self, body: Any, structure: Structure, path: str) -> dict[str, dict[str, Scalar]]:
        views: dict[str, dict[str, str]] = {}
        for item in structure.custom:
            views.setdefault(item.view, {})[item.name] = item.kind
        if not isinstance(body, dict):
            return {}
        return {
            view: dict(self._values(body[view], kinds, f"{path}.{view}"))
            for view, kinds in views.items()
            if isinstance(body.get(view), dict)
        }

    def _refuse(self, path: str, value: Any, wanted: str) -> None:
        shown = json.dumps(value, ensure_ascii=False)[:80]
        self.problems.setdefault(path, []).append(f"Error converting value {shown} to type '{wanted}'.")


def _note(body: Any) -> str | None:
    """Return a note, wrapped or bare as in older samples; None when none is sent."""
    value = body.get("value") if isinstance(body, dict) else body
    return value if isinstance(value, str) else None
