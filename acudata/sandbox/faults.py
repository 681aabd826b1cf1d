"""Ready-made hooks for `Sandbox.before` and `Sandbox.after`: what goes wrong on the way to an instance and in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Literal

from acudata.sandbox.calls import Answer, Call
from acudata.sandbox.envelopes import HTML, server_error, unprocessable
from acudata.sandbox.envelopes import in_use as record_in_use
from acudata.sandbox.traffic import Before, Cut

Sent = Mapping[str, Any]
"""The JSON object of a request."""


def cut(_call: Call, _answer: Answer | None = None) -> None:
    """Cut the connection: before a request, nothing is done; after it, only the answer is lost."""
    raise Cut


def in_use(call: Call) -> None:
    """Tell that somebody else has changed the record meanwhile."""
    raise record_in_use(call.parts.get("entity", "Document"))


def page(status: int, title: str) -> Before:
    """Return a hook that answers with a page, as a proxy or the web server does for an instance that is away."""

    def answer(_call: Call) -> Answer:
        text = f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
        return Answer(text.encode(), status, HTML)

    return answer


def broken(form: Literal["error", "redirect"] = "error") -> Before:
    """Return a hook that answers as an endpoint does whose definition is broken: 500, or 302 to a page."""

    def answer(_call: Call) -> Answer:
        if form == "redirect":
            return Answer(status=302, headers={"Location": "/ui/error"}, media_type=HTML)
        raise server_error(
            "Sequence contains no matching element", exception="System.InvalidOperationException"
        )

    return answer


def refused(field: str, text: str, *, when: Callable[[Sent], bool] = lambda _: True) -> Before:
    """Return a hook that refuses records with a 422 and an error on one of their fields.

    Args:
        field: the field that is to blame.
        text: what is wrong with it.
        when: which records; gets each as it was sent.
    """

    def refuse(call: Call) -> None:
        sent: Sent = json.loads(call.body)
        if when(sent):
            entity = call.parts.get("entity")
            error = f"Updating  '{entity}' record raised at least one error. Please review the errors."
            raise unprocessable({**sent, field: {**sent.get(field, {}), "error": text}, "error": error})

    return refuse
