"""Actions: found by name, read from the body, run at once or as a long operation."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from acudata.sandbox.bodies import read_body
from acudata.sandbox.effects import EFFECTS
from acudata.sandbox.endpoint import Endpoint, Entity
from acudata.sandbox.envelopes import bad_request, missing_record, not_found
from acudata.sandbox.operations import Operations
from acudata.sandbox.records import Record, Scalar
from acudata.sandbox.settings import SandboxSettings
from acudata.sandbox.shipping import create_shipment
from acudata.sandbox.store import Store
from acudata.sandbox.values import convert
from acudata.sandbox.writing import Editor

SAME_DOCUMENT = {"SalesInvoice": "Invoice", "Invoice": "SalesInvoice"}
"""Entities that show one document on two forms."""


@dataclass(frozen=True, slots=True)
class Invocation:
    """Holds the body of a call of an action.

    `parameters` are those that the contract names; `answers` are those of a dialog, by view and field.
    """

    entity: Mapping[str, Any]
    parameters: Mapping[str, Scalar] = field(default_factory=dict)
    answers: Mapping[tuple[str, str], Scalar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Tells where to look next: at the status of an operation, or at the record of an action that is done."""

    path: str
    running: bool


class Actions:
    """Runs actions on the records of one tenant through one endpoint."""

    def __init__(
        self,
        store: Store,
        endpoint: Endpoint,
        settings: SandboxSettings,
        *,
        editor: Editor,
        operations: Operations,
    ) -> None:
        self._store = store
        self._endpoint = endpoint
        self._settings = settings
        self._editor = editor
        self._operations = operations

    def invoke(self, session: str, entity: Entity, action: str, body: bytes) -> Outcome:
        """Run an action on the record that the body names, after the other fields of the body are applied.

        Raises:
            Fault: 404 for an unknown action, 400 for a malformed body, 422 for a refused field, 500 for a
                record that does not exist or an action that fails at once.
        """
        if not self._is_known(entity, action):
            raise not_found(f"{entity.name}/{action}")
        invocation = read_invocation(body, entity.actions.get(action, {}))
        record_id = self._record(entity, invocation)

        def work() -> None:
            self._run(entity, action, record_id, invocation)

        if action in self._settings.synchronous_actions:
            work()
            return Outcome(f"{entity.name}/{record_id}", running=False)
        operation = self._operations.start(session, entity.screen, work)
        return Outcome(f"{entity.name}/{action}/status/{operation}", running=True)

    def _is_known(self, entity: Entity, action: str) -> bool:
        return action in {*entity.actions, *entity.form_actions, *EFFECTS.get(entity.name, ())}

    def _record(self, entity: Entity, invocation: Invocation) -> str:
        """Return the id of the record that an invocation means, with the fields that it sends put in."""
        if entity.inquiry:
            return str(invocation.entity.get("id", ""))
        sent = json.dumps(invocation.entity).encode()
        return self._editor.amend(entity, read_body(sent, entity.structure, self._endpoint)).id

    def _run(self, entity: Entity, action: str, record_id: str, invocation: Invocation) -> None:
        effect = EFFECTS.get(entity.name, {}).get(action)
        if effect is None:
            return
        table = self._store.table(entity.name)
        with self._store.lock:
            slot = table.find_id(record_id)
            if slot is None:
                raise missing_record(self._settings.missing_record)
            with table.change(slot) as record:
                effect.apply(record, invocation.answers, entity.structure.caption or entity.name)
                if action == "SalesOrderCreateShipment":
                    create_shipment(self._store, record, invocation.parameters)
            self._show_elsewhere(entity, record)

    def _show_elsewhere(self, entity: Entity, record: Record) -> None:
        table = self._store.tables.get(SAME_DOCUMENT.get(entity.name, ""))
        keys = self._store.table(entity.name).keys_of(record)
        slot = table.find_keys(keys) if table else None
        if table is not None and slot is not None:
            with table.change(slot) as twin:
                twin.values |= {name: record.values.get(name) for name in ("Status", "Hold")}


def read_invocation(body: bytes, kinds: Mapping[str, str]) -> Invocation:
    """Read the body of a call; names of its members may be capitalised, and `parameters` may be missing.

    Args:
        body: what was sent.
        kinds: the parameters of the action and their kinds.
    """
    try:
        sent = json.loads(body)
    except ValueError as error:
        raise bad_request({"invocation": [f"Error parsing the body: {error}"]}) from None
    members = {str(name).lower(): value for name, value in sent.items()} if isinstance(sent, dict) else {}
    if not isinstance(members.get("entity"), dict):
        raise bad_request({"invocation.entity": ["Required property 'entity' not found in JSON."]})
    parameters = members.get("parameters") or {}
    return Invocation(members["entity"], _named(parameters, kinds), _answers(parameters.get("custom") or {}))


def _named(parameters: Mapping[str, Any], kinds: Mapping[str, str]) -> dict[str, Scalar]:
    found: dict[str, Scalar] = {}
    for name in kinds.keys() & parameters.keys():
        try:
            found[name] = convert(parameters[name].get("value"), kinds[name])
        except (AttributeError, ValueError):
            shown = json.dumps(parameters[name])
            path = f"invocation.parameters.{name}"
            raise bad_request({path: [f"Error converting value {shown} to type '{kinds[name]}'."]}) from None
    return found


def _answers(custom: Mapping[str, Any]) -> dict[tuple[str, str], Scalar]:
    return {
        (view, name): wrapped.get("value")
        for view, fields in custom.items()
        for name, wrapped in fields.items()
    }
