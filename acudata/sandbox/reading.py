"""Answers to GET: lists, records by keys and by id."""

from __future__ import annotations

import functools
import re
import uuid
from collections.abc import Mapping

from acudata.sandbox.endpoint import Endpoint
from acudata.sandbox.envelopes import missing_record
from acudata.sandbox.plans import Planner
from acudata.sandbox.queries import Query
from acudata.sandbox.rendering import Writer
from acudata.sandbox.settings import SandboxSettings
from acudata.sandbox.store import Store, Table

SEPARATORS = re.compile(r"[/|]")


class Reader:
    """Reads the records of one tenant through one endpoint.

    `base` is the absolute path of the endpoint, such as ``/AcumaticaERP/entity/Default/24.200.001``. Answers
    are JSON in UTF-8; refusals are raised as `Fault`.
    """

    def __init__(self, store: Store, endpoint: Endpoint, settings: SandboxSettings, base: str) -> None:
        self._store = store
        self._endpoint = endpoint
        self._settings = settings
        self._base = base
        self._planner = Planner(endpoint, settings)
        self._writer = functools.lru_cache(maxsize=64)(self._make_writer)

    def list(self, entity: str, options: Mapping[str, str]) -> bytes:
        """Return a page of records; without `$top`, all that follow `$skip`."""
        query = Query.of(options)
        table = self._store.table(entity)
        writer = self._writer(entity, query.select, query.expand, query.custom)
        slots = table.slots(skip=query.skip, top=query.top)
        rows = [writer.write(table.record(slot), number) for number, slot in enumerate(slots, 1)]
        return f"[{','.join(rows)}]".encode(errors="replace")

    def record(self, entity: str, place: str, options: Mapping[str, str]) -> bytes:
        """Return the record at a place: the decoded rest of the path, keys or an id."""
        query = Query.of(options)
        table = self._store.table(entity)
        slot = find(table, place)
        if slot is None:
            raise missing_record(self._settings.missing_record)
        writer = self._writer(entity, query.select, query.expand, query.custom)
        return writer.write(table.record(slot)).encode(errors="replace")

    def _make_writer(self, entity: str, select: str | None, expand: str, custom: str) -> Writer:
        described = self._endpoint.entities[entity]
        query = Query(select=select, expand=expand, custom=custom)
        plan = self._planner.plan(described.structure, query)
        return Writer(plan, described, self._base, empty_linked=self._settings.empty_linked)


def find(table: Table, place: str) -> int | None:
    """Return the slot of the record at a place: keys between ``/`` or ``|``, or an id."""
    record_id = as_id(place)
    return table.find_id(record_id) if record_id else table.find_keys(SEPARATORS.split(place))


def as_id(text: str) -> str | None:
    """Return text that is a GUID in its usual form, and None for other text."""
    try:
        parsed = str(uuid.UUID(text))
    except ValueError:
        return None
    return parsed if parsed == text.strip().lower() else None
