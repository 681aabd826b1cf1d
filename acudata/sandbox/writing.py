"""Answers to PUT and DELETE."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice

from acudata.sandbox.binding import predicate
from acudata.sandbox.bodies import Change, read_body
from acudata.sandbox.changing import Changing, Path, new_record
from acudata.sandbox.closing import closed
from acudata.sandbox.company.calendar import now_text
from acudata.sandbox.discarding import discard
from acudata.sandbox.endpoint import Endpoint, Entity, Structure
from acudata.sandbox.envelopes import (
    Fault,
    bad_request,
    invalid_record,
    missing_record,
    precondition_failed,
    server_error,
    taken,
    unprocessable,
)
from acudata.sandbox.finding import find
from acudata.sandbox.formulas import Scope
from acudata.sandbox.numbering import NEW, next_number, wants_number
from acudata.sandbox.reading import Reader
from acudata.sandbox.records import Record
from acudata.sandbox.refusals import members, refused_record
from acudata.sandbox.settings import SandboxSettings
from acudata.sandbox.store import Store, Table
from acudata.sandbox.values import convert


class Editor:
    """Writes the records of one tenant through one endpoint; writes happen one after another."""

    def __init__(self, store: Store, endpoint: Endpoint, settings: SandboxSettings, reader: Reader) -> None:
        self._store = store
        self._endpoint = endpoint
        self._settings = settings
        self._reader = reader

    def put(self, entity: str, body: bytes, options: Mapping[str, str], headers: Mapping[str, str]) -> bytes:
        """Insert or update a record and return it as the options ask.

        Args:
            entity: the name of the entity.
            body: the record as it was sent.
            options: the decoded query string.
            headers: the headers of the request, names in lower case.

        Raises:
            Fault: 400 for a malformed body, 412 for If-Match and If-None-Match, 422 for a refused record.
        """
        described = self._endpoint.entities[entity]
        change = read_body(body, described.structure, self._endpoint)
        if described.inquiry:
            return self._reader.answer(entity, change.values, options)
        sent = tuple(change.values)
        discard(change, self._settings.discarded.get(entity, ()))
        today = self._business_date(headers)
        with self._store.lock:
            slot = self._find(described, change, options.get("$filter", "").strip())
            _check_conditions(headers, exists=slot is not None)
            record = self._store_change(described, change, slot, today)
        return self._reader.show(entity, record, options, also=sent)

    def amend(self, entity: Entity, change: Change) -> Record:
        """Put a change into a record that exists, as an action does before it runs.

        Raises:
            Fault: 500 when there is no such record, 422 when it refuses the change.
        """
        with self._store.lock:
            slot = self._find(entity, change, "")
            if slot is None:
                raise missing_record(self._settings.missing_record)
            return self._update(entity, change, slot, self._business_date({}))

    def delete(self, entity: str, place: str) -> None:
        """Remove the record at a place: keys or an id.

        Raises:
            Fault: 500 when there is none.
        """
        with self._store.lock:
            table = self._store.table(entity)
            slot = find(table, place)
            if slot is None:
                raise missing_record(self._settings.missing_record)
            table.delete(slot)

    def _find(self, entity: Entity, change: Change, condition: str) -> int | None:
        """Return the slot of the record that is meant: by id, else by filter, else by keys."""
        table = self._store.table(entity.name)
        if change.id:
            slot = table.find_id(change.id)
            if slot is None and self._settings.unknown_id == "error":
                raise missing_record(self._settings.missing_record)
            return slot
        return self._matching(table, condition) if condition else self._by_keys(table, change)

    def _matching(self, table: Table, condition: str) -> int | None:
        bound = predicate(condition, table.entity.structure, self._endpoint, self._settings)
        slots = list(islice(table.matches(bound), 2))
        if len(slots) > 1:
            raise server_error("More than one entity satisfies the condition.")
        return slots[0] if slots else None

    def _by_keys(self, table: Table, change: Change) -> int | None:
        known = {**table.entity.structure.rules.defaults, **change.values}
        keys = [known.get(key) for key in table.entity.keys]
        return None if None in keys else table.find_keys([str(key) for key in keys])

    def _business_date(self, headers: Mapping[str, str]) -> str:
        """Return the date of a request: what its header says, else the one of the settings or of the clock."""
        day = headers.get("px-cbapibusinessdate") or self._settings.business_date
        try:
            return str(convert(day or datetime.now(UTC).astimezone().date().isoformat(), "DateTime"))
        except ValueError:
            raise bad_request({"PX-CbApiBusinessDate": [f"'{day}' is no date."]}) from None

    def _store_change(self, entity: Entity, change: Change, slot: int | None, today: str) -> Record:
        if slot is None:
            return self._insert(entity, change, today)
        return self._update(entity, change, slot, today)

    def _update(self, entity: Entity, change: Change, slot: int, today: str) -> Record:
        table = self._store.table(entity.name)
        before, record = table.record(slot).copy(), table.record(slot).copy()
        self._apply(entity, change, record, today, new=False)
        if record != before:  # a form saves nothing when nothing differs
            _stamp(record, entity.structure, self._settings, new=False)
            table.replace(slot, record)
        return record

    def _insert(self, entity: Entity, change: Change, today: str) -> Record:
        table = self._store.table(entity.name)
        record = new_record(entity.structure)
        numbered = entity.numbering if wants_number(entity, change) else None
        if numbered:
            change.values[numbered.field] = NEW
        self._apply(entity, change, record, today, new=True)
        if numbered:
            record.values[numbered.field] = next_number(table, record, numbered)
        elif entity.keys and table.find_keys(table.keys_of(record)) is not None:
            raise taken(entity.name)
        _stamp(record, entity.structure, self._settings, new=True)
        table.insert(record)
        return record

    def _apply(self, entity: Entity, change: Change, record: Record, today: str, *, new: bool) -> None:
        changing = Changing(self._endpoint)
        scope = Scope(record, entity.structure, self._store, self._settings, today)
        changing.apply(change, scope, new=new, keys=entity.keys)
        changing.note(closed(record, self._settings.closed_periods), entity.structure)
        if changing.problems:
            verb = "Inserting" if new else "Updating"
            caption = changing.captions[0]
            error = f"{verb}  '{caption}' record raised at least one error. Please review the errors."
            raise self._refusal(entity, change, record, changing.problems, error)

    def _refusal(
        self, entity: Entity, change: Change, record: Record, problems: Mapping[Path, str], error: str
    ) -> Fault:
        if self._settings.validation == "exception":
            return invalid_record(error, list(problems.values()))
        shown = self._reader.show(entity.name, record, {"$expand": ",".join(members(change))})
        return unprocessable(refused_record(shown, problems, error))


def _check_conditions(headers: Mapping[str, str], *, exists: bool) -> None:
    if exists and headers.get("if-none-match") == "*":
        raise precondition_failed("The record exists, and the If-None-Match header asks for an insert.")
    if not exists and headers.get("if-match") == "*":
        raise precondition_failed("The record does not exist, and the If-Match header asks for an update.")


def _stamp(record: Record, structure: Structure, settings: SandboxSettings, *, new: bool) -> None:
    """Write the time into the stamps of a record."""
    starts = ("LastModified", "Created") if new else ("LastModified",)
    now = convert(now_text(datetime.now(UTC) + timedelta(seconds=settings.clock_ahead)), "DateTime")
    for name, kind in structure.fields.items():
        if kind == "DateTime" and name.startswith(starts):
            record.values[name] = now
