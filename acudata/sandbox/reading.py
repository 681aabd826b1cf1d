"""Answers to GET: lists, records by keys and by id."""

from __future__ import annotations

import functools
import json
import uuid
from collections.abc import Iterable, Mapping
from itertools import islice

from acudata.sandbox.binding import predicate
from acudata.sandbox.endpoint import Endpoint, Structure
from acudata.sandbox.envelopes import missing_record, not_optimizable
from acudata.sandbox.finding import find
from acudata.sandbox.lapses import Lapses
from acudata.sandbox.plans import Planner
from acudata.sandbox.queries import Query
from acudata.sandbox.records import Record, Scalar
from acudata.sandbox.rendering import Writer
from acudata.sandbox.settings import SandboxSettings
from acudata.sandbox.shelf import Shelf
from acudata.sandbox.skeleton import skeleton
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
        self._shelf = Shelf()
        self._lapses = Lapses(settings)
        self._planner = Planner(endpoint, settings)
        self._writer = functools.lru_cache(maxsize=64)(self._make_writer)

    def list(self, entity: str, options: Mapping[str, str]) -> bytes:
        """Return a page of records; without `$top`, all that follow `$skip`."""
        if self._endpoint.entities[entity].inquiry:
            return b"[%b]" % self._filter_record(entity, options)
        query = Query.of(options)
        table = self._store.table(entity)
        slots, filtered = self._slots(table, query)
        writer = self._writer(entity, query.shape, filtered)
        if computed := writer.plan.delegates(self._settings.computed.get(entity, {})):
            raise not_optimizable(computed)
        rows = [self._shelf.row(writer, table, slot, number) for number, slot in enumerate(slots, 1)]
        return b"[%b]" % b",".join(rows)

    def record(self, entity: str, place: str, options: Mapping[str, str]) -> bytes:
        """Return the record at a place: the decoded rest of the path, keys or an id."""
        if self._endpoint.entities[entity].inquiry:
            return self._filter_record(entity, options)
        table = self._store.table(entity)
        slot = find(table, place)
        if slot is None:
            raise missing_record(self._settings.missing_record)
        return self.show(entity, table.record(slot), options)

    def show(
        self, entity: str, record: Record, options: Mapping[str, str], *, also: tuple[str, ...] = ()
    ) -> bytes:
        """Return a record with what the options of the request leave of it, and the fields in `also`."""
        writer = self._writer(entity, Query.of(options).shape, also)
        return writer.write(record).encode(errors="replace")

    def answer(self, entity: str, filters: Mapping[str, Scalar], options: Mapping[str, str]) -> bytes:
        """Return what an inquiry answers to its filter: the filter itself and the rows."""
        structure = self._endpoint.entities[entity].structure
        record = self._inquiry(structure, filters)
        rows = self._store.inquire(entity, record.values)
        record.details = dict.fromkeys(islice(structure.details, 1), rows)
        return self.show(entity, record, options, also=tuple(filters))

    def ad_hoc_schema(self, entity: str) -> bytes:
        """Return the skeleton of an entity: its fields, custom ones too, a row per detail, form actions."""
        return json.dumps(skeleton(self._endpoint.entities[entity], self._endpoint)).encode()

    def _filter_record(self, entity: str, options: Mapping[str, str]) -> bytes:
        """Return what a GET of an inquiry gets, which has no records to be listed."""
        structure = self._endpoint.entities[entity].structure
        if self._settings.inquiry_get == "error":
            raise not_optimizable(dict.fromkeys(structure.details, structure.view))
        return self.show(entity, self._inquiry(structure, {}), options)

    def _inquiry(self, structure: Structure, filters: Mapping[str, Scalar]) -> Record:
        """Return the filter record of an inquiry; its id lives as long as the session."""
        return Record(str(uuid.uuid4()), {**structure.rules.defaults, **filters}, note=None)

    def _slots(self, table: Table, query: Query) -> tuple[Iterable[int], tuple[str, ...]]:
        """Return the slots of a page, and the fields that the filter brings into the answer."""
        if not query.filter:
            return self._lapses.page(table.slots(), query), ()
        condition = predicate(query.filter, table.entity.structure, self._endpoint, self._settings)
        found = () if self._lapses.is_silent(table.entity, condition) else table.matches(condition)
        return self._lapses.page(found, query), condition.names

    def _make_writer(self, entity: str, shape: Query, also: tuple[str, ...]) -> Writer:
        described = self._endpoint.entities[entity]
        plan = self._planner.plan(described.structure, shape, also=also)
        return Writer(plan, described, self._base, empty_linked=self._settings.empty_linked)
