"""Answers to GET: lists, records by keys and by id."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from itertools import islice

from acudata.sandbox.binding import predicate
from acudata.sandbox.endpoint import Endpoint
from acudata.sandbox.envelopes import missing_record, not_optimizable
from acudata.sandbox.finding import Search, find
from acudata.sandbox.plans import Plan, Planner
from acudata.sandbox.queries import Query
from acudata.sandbox.records import Record
from acudata.sandbox.rendering import Writer
from acudata.sandbox.settings import SandboxSettings
from acudata.sandbox.store import Store, Table


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
        self._search = Search(store)
        self._planner = Planner(endpoint, settings)
        self._writer = functools.lru_cache(maxsize=64)(self._make_writer)

    def list(self, entity: str, options: Mapping[str, str]) -> bytes:
        """Return a page of records; without `$top`, all that follow `$skip`."""
        query = Query.of(options)
        table = self._store.table(entity)
        slots, filtered = self._slots(table, query)
        writer = self._writer(entity, query.select, query.expand, query.custom, filtered)
        refuse_delegates(writer.plan)
        rows = [writer.write(table.record(slot), number) for number, slot in enumerate(slots, 1)]
        return f"[{','.join(rows)}]".encode(errors="replace")

    def record(self, entity: str, place: str, options: Mapping[str, str]) -> bytes:
        """Return the record at a place: the decoded rest of the path, keys or an id."""
        table = self._store.table(entity)
        slot = find(table, place)
        if slot is None:
            raise missing_record(self._settings.missing_record)
        return self.show(entity, table.record(slot), options)

    def show(self, entity: str, record: Record, options: Mapping[str, str]) -> bytes:
        """Return a record with what the options of the request leave of it."""
        query = Query.of(options)
        writer = self._writer(entity, query.select, query.expand, query.custom, ())
        return writer.write(record).encode(errors="replace")

    def _slots(self, table: Table, query: Query) -> tuple[Iterable[int], tuple[str, ...]]:
        """Return the slots of a page, and the fields that the filter brings into the answer."""
        if not query.filter:
            return table.slots(skip=query.skip, top=query.top), ()
        condition = predicate(query.filter, table.entity.structure, self._endpoint, self._settings)
        end = None if query.top is None else query.skip + query.top
        return islice(self._search.matches(table, condition), query.skip, end), condition.names

    def _make_writer(
        self, entity: str, select: str | None, expand: str, custom: str, filtered: tuple[str, ...]
    ) -> Writer:
        described = self._endpoint.entities[entity]
        query = Query(select=select, expand=expand, custom=custom)
        plan = self._planner.plan(described.structure, query, also=filtered)
        return Writer(plan, described, self._base, empty_linked=self._settings.empty_linked)


def refuse_delegates(plan: Plan) -> None:
    """Refuse a list over members that a view computes in code.

    Raises:
        Fault: 500 with the optimisation error, which names each field and its view.
    """
    fields = {
        field: node.structure.delegates[name]
        for node in plan.walk()
        for name, member in node.members.items()
        if name in node.structure.delegates
        for field in member.fields
    }
    if fields:
        raise not_optimizable(fields)
