"""Files attached to records and to rows of details."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace

from acudata.sandbox.endpoint import Endpoint, Entity, Structure
from acudata.sandbox.envelopes import Fault, bad_request, missing_record, not_found
from acudata.sandbox.finding import as_id, find
from acudata.sandbox.records import File, Record
from acudata.sandbox.settings import SandboxSettings
from acudata.sandbox.store import Store

COMMENT_LIMIT = 500
"""Characters of a comment."""


class Files:
    """Attaches files to the records of one tenant and gives them back.

    A file of the same name on the same record is a new version of the file, with the same id.
    """

    def __init__(self, store: Store, settings: SandboxSettings) -> None:
        self._store = store
        self._settings = settings
        self._files: dict[str, File] = {}

    def get(self, file_id: str) -> File:
        """Return a file by its id, or raise a 404."""
        if file_id not in self._files:
            raise not_found(f"files/{file_id}")
        return self._files[file_id]

    def put(self, endpoint: Endpoint, file: File, *, graph: str, view: str, record: str) -> File:
        """Attach a file to the record or row that a `files:put` link names."""
        for entity in endpoint.entities.values():
            if entity.graph == graph and view in _views(entity.structure, endpoint):
                slot = self._slot(entity, record)
                if slot is not None:
                    return self._attach(entity, slot, record, file)
        raise missing_record(self._settings.missing_record)

    def put_by_keys(self, entity: Entity, place: str, file: File) -> File:
        """Attach a file to the record with some keys; an id in their place is a 404."""
        if as_id(place):
            raise not_found(f"{entity.name}/{place}/files/{file.name}")
        table = self._store.table(entity.name)
        slot = find(table, place)
        if slot is None:
            raise missing_record(self._settings.missing_record)
        return self._attach(entity, slot, table.record(slot).id, file)

    def _slot(self, entity: Entity, record_id: str) -> int | None:
        table = self._store.table(entity.name)
        slot = table.find_id(record_id)
        if slot is not None:
            return slot
        return next((one for one in table.slots() if _row(table.record(one), record_id)), None)

    def _attach(self, entity: Entity, slot: int, record_id: str, file: File) -> File:
        self._check(file)
        with self._store.table(entity.name).change(slot) as record:
            row = _row(record, record_id) or record
            older = {one.name: one for one in row.files}
            kept = replace(file, id=older[file.name].id) if file.name in older else file
            row.files = list({**older, file.name: kept}.values())
        self._files[kept.id] = kept
        return kept

    def _check(self, file: File) -> None:
        if len(file.content) > self._settings.upload_limit:
            raise Fault(413, {"message": "Maximum request length exceeded."})
        if file.comment and len(file.comment) > COMMENT_LIMIT:
            raise bad_request(
                {"PX-CbFileComment": [f"The comment is longer than {COMMENT_LIMIT} characters."]}
            )


def new_file(name: str, content: bytes, comment: str | None) -> File:
    """Return a file that was not there before."""
    return File(str(uuid.uuid4()), name, content, comment)


def _row(record: Record, record_id: str) -> Record | None:
    return next((row for row in _rows(record) if row.id == record_id.lower()), None)


def _rows(record: Record) -> Iterator[Record]:
    yield record
    for linked in record.linked.values():
        yield from _rows(linked)
    for rows in record.details.values():
        for row in rows:
            yield from _rows(row)


def _views(structure: Structure, endpoint: Endpoint) -> set[str]:
    found: dict[str, str] = {}

    def collect(one: Structure) -> None:
        if one.name not in found:
            found[one.name] = one.view
            for target in (*one.linked.values(), *one.details.values()):
                collect(endpoint.structures[target])

    collect(structure)
    return set(found.values())
