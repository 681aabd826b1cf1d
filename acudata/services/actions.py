"""Actions: started by name, followed until the server says that they are done."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import inflection

from acudata.errors import AcumaticaNotFoundError, AcumaticaTimeoutError, AcumaticaUnknownNameError
from acudata.models import Record
from acudata.models.wrapping import custom_block, wrap
from acudata.naming import nearest
from acudata.services.base import EntityService
from acudata.transport import Reply

PREFIX = "invoke_action_"
_FIRST_PAUSE = 0.1


@dataclass(frozen=True, slots=True)
class ActionResult:
    """Tells what became of an action.

    `is_finished` is false for one that still runs, whose state is at `status_url`. `record_url` leads to the processed
    record where the server tells it. `seconds` is the time from the request to the last answer.
    """

    action: str
    is_finished: bool
    status_url: str | None
    record_url: str | None
    seconds: float


class ActionTaking(EntityService):
    """Invokes the actions of an entity."""

    def invoke_action(
        self,
        name: str,
        entity: Record | Mapping[str, Any],
        parameters: Mapping[str, Any] | None = None,
        *,
        custom: Mapping[str, Any] | None = None,
        wait: bool = True,
        timeout: float = 600,
        poll_interval: float = 1.0,
    ) -> ActionResult:
        """Invoke an action on a record and, unless `wait=False`, follow it until it is done.

        >>> client.sales_invoices.invoke_action("ReleaseSalesInvoice", {"Type": "Invoice", "ReferenceNbr": "000042"})
        ActionResult(action='ReleaseSalesInvoice', is_finished=True, ...)

        `name` is an action of the endpoint or any action of the form, which no document lists. `entity` is a model or a
        mapping; its `id` or its keys say which record is meant, and other fields in it are set before the action runs.
        `parameters` are the action's own; `custom` are the values of a dialog by `View.Field`. `timeout` and
        `poll_interval` are seconds. (Acumatica: 202 with a Location that answers 202 until it answers 204.)

        Raises AcumaticaNotFoundError for an action that the form does not have, AcumaticaTimeoutError when it still
        runs after `timeout`, and the server's error when it fails. An action is never started twice.
        """
        body: dict[str, Any] = {"entity": self._body(entity), "parameters": wrap(parameters or {})}
        if custom:
            body["parameters"]["custom"] = custom_block(custom)
        started = time.monotonic()
        reply = self._start(name, body)
        location = reply.headers.get("Location")
        if reply.status != 202 or location is None:
            return ActionResult(
                name, is_finished=True, status_url=None, record_url=location, seconds=reply.elapsed
            )
        result = ActionResult(
            name, is_finished=False, status_url=location, record_url=None, seconds=reply.elapsed
        )
        return self._follow(result, started + timeout, poll_interval) if wait else result

    def _start(self, name: str, body: Mapping[str, Any]) -> Reply:
        try:
            return self._connection.session.post(f"{self._path}/{name}", json=body)
        except AcumaticaNotFoundError as error:
            if error.status_code == 404:
                error.suggestions = nearest(name, self.entity.actions) or error.suggestions
            raise

    def _follow(self, result: ActionResult, deadline: float, poll_interval: float) -> ActionResult:
        session, started = self._connection.session, time.monotonic()
        link = session.link(str(result.status_url))
        for pause in _pauses(poll_interval):
            if session.get(link).status != 202:
                return replace(result, is_finished=True, seconds=time.monotonic() - started)
            if time.monotonic() + pause > deadline:
                break
            time.sleep(pause)
        raise AcumaticaTimeoutError(
            f"{result.action} still runs.",
            timeout_seconds=time.monotonic() - started,
            suggestions=["wait longer with timeout=…; do not start it again"],
            context={"status_url": result.status_url},
        )

    def __getattr__(self, name: str) -> Callable[..., ActionResult]:
        if not name.startswith(PREFIX):
            raise self._without(name)
        action = self._action(name.removeprefix(PREFIX))

        def invoke(
            entity: Record | Mapping[str, Any], parameters: Mapping[str, Any] | None = None, **options: Any
        ) -> ActionResult:
            known = self.entity.actions[action]
            for parameter in parameters or {}:
                if parameter not in known:
                    raise AcumaticaUnknownNameError(
                        f"{action} has no parameter {parameter!r}.",
                        suggestions=nearest(parameter, known) or list(known),
                    )
            return self.invoke_action(action, entity, parameters, **options)

        invoke.__name__ = name
        invoke.__doc__ = (
            f"Invoke {action} on a record; parameters: {', '.join(self.entity.actions[action]) or 'none'}."
        )
        return invoke

    def __dir__(self) -> list[str]:
        actions = (f"{PREFIX}{inflection.underscore(action)}" for action in self.entity.actions)
        return [*super().__dir__(), *actions]

    def _action(self, name: str) -> str:
        """Return the action behind a name in any case, with or without underscores."""
        plain = {action.lower(): action for action in self.entity.actions}
        try:
            return plain[name.replace("_", "").lower()]
        except KeyError:
            known = [inflection.underscore(action) for action in self.entity.actions]
            raise AcumaticaUnknownNameError(
                f"{self.name} has no action {name!r} in its endpoint.",
                suggestions=[f"{PREFIX}{near}" for near in nearest(name, known)]
                or [f"invoke_action({name!r}, …) for an action that only the form has"],
            ) from None


def _pauses(longest: float) -> Iterator[float]:
    """Yield seconds to wait between polls: most actions are quick, the slow ones are asked less and less."""
    pause = min(_FIRST_PAUSE, longest)
    while True:
        yield pause
        pause = min(pause * 2, longest)
