"""Joins the answers of further requests to records as JSON has them: custom fields too many for one request."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from acudata.finishing.further import Answer, LookUp
from acudata.frames.tolerant import records_in
from acudata.queries.chunks import Chunk

Body = dict[str, Any]

_log = logging.getLogger(__name__)


def completed(bodies: list[Body], page: bytes, chunks: Iterable[Chunk], look_up: LookUp) -> list[Body]:
    """Return the records of a page with what came by its further requests.

    Records that moved between two requests are looked up by their id; the log tells of those that are gone by then.
    """
    if not isinstance(page, Answer):
        return bodies
    for chunk, answer in zip(chunks, page.further, strict=True):
        found = _by_id(records_in(answer))
        missing = [body["id"] for body in bodies if "id" in body and body["id"] not in found]
        if missing:
            found |= _by_id(records_in(look_up(missing, chunk)))
        gone = [record for record in missing if record not in found]
        if gone:
            _log.warning("%d records went before their custom fields were read: %s", len(gone), gone[0])
        for body in bodies:
            join(body, found.get(body.get("id"), {}))
    return bodies


def join(body: Body, other: Mapping[str, Any]) -> None:
    """Add the custom fields that another answer has of a record, of its members and of its rows.

    >>> order = {"Details": [{"id": "1", "Qty": {"value": 2}}], "custom": {}}
    >>> join(order, {"Details": [{"id": "1", "custom": {"Transactions": {"UsrBin": {"value": "A1"}}}}]})
    >>> order["Details"]
    [{'id': '1', 'Qty': {'value': 2}, 'custom': {'Transactions': {'UsrBin': {'value': 'A1'}}}}]
    """
    for name, more in other.items():
        own = body.get(name)
        if name == "custom":
            _join_views(body, more or {})
        elif isinstance(own, dict) and isinstance(more, dict):
            join(own, more)
        elif isinstance(own, list) and isinstance(more, list):
            rows = _by_id(more)
            for row in own:
                join(row, rows.get(row.get("id"), {}))


def _join_views(body: Body, views: Mapping[str, Mapping[str, Any]]) -> None:
    custom = body["custom"] = body.get("custom") or {}
    for view, fields in views.items():
        custom[view] = {**custom.get(view, {}), **fields}


def _by_id(bodies: Iterable[Any]) -> dict[Any, Body]:
    return {body["id"]: body for body in bodies if isinstance(body, dict) and "id" in body}
