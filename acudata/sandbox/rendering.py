"""Records as JSON text, by writers that are put together once per plan and run once per record."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from itertools import groupby

from acudata.sandbox.endpoint import CustomField, Entity
from acudata.sandbox.plans import Plan
from acudata.sandbox.records import File, Record, Scalar

Write = Callable[[Record], str]
"""Returns the text of a part of a record, ending in a comma."""

quote = json.encoder.encode_basestring


def scalar(value: Scalar) -> str:
    """Return a value that is not None as JSON, without escaping letters beyond ASCII."""
    if isinstance(value, str):
        return quote(value)
    return ("true" if value else "false") if isinstance(value, bool) else repr(value)


class Writer:
    """Writes records of one plan.

    `base` is the absolute path of the endpoint; every link begins with it.
    """

    def __init__(self, plan: Plan, entity: Entity, base: str, *, empty_linked: str, top: bool = True) -> None:
        self.plan = plan
        self._entity = entity
        self._base = base
        self._empty_linked = empty_linked
        self._link = _links(plan, entity, base, top=top)
        self._parts = self._compile()

    def write(self, record: Record, row_number: int = 1) -> str:
        """Return a record as JSON text."""
        return f'{{"id":"{record.id}","rowNumber":{row_number},{self.body(record)}}}'

    def body(self, record: Record) -> str:
        """Return the part of a record that is the same wherever it is listed."""
        note = "null" if record.note is None else quote(record.note)
        parts = "".join([part(record) for part in self._parts])
        return f'"note":{{"value":{note}}},{parts}{self._end(record)}'

    def _end(self, record: Record) -> str:
        custom = _custom(self.plan.custom, record) if self.plan.custom else ""
        files = self._files(record) if self.plan.files else ""
        return f'"custom":{{{custom}}}{files}{self._link(record.id)}'

    def _compile(self) -> list[Write]:
        """Put the parts together in the order of the names; neighbouring fields share one writer."""
        ordered = sorted([*self.plan.fields, *self.plan.members])
        parts: list[Write] = []
        for is_member, group in groupby(ordered, key=self.plan.members.__contains__):
            if is_member:
                parts.extend(self._member(name) for name in group)
            else:
                parts.append(_fields(list(group)))
        return parts

    def _member(self, name: str) -> Write:
        plan = self.plan.members[name]
        writer = Writer(plan, self._entity, self._base, empty_linked=self._empty_linked, top=False)
        is_detail = name in self.plan.structure.details
        return self._details(name, writer) if is_detail else self._linked(name, writer)

    def _linked(self, name: str, writer: Writer) -> Write:
        missing = f'"{name}":null,' if self._empty_linked == "null" else ""

        def write(record: Record) -> str:
            linked = record.linked.get(name)
            return f'"{name}":{writer.write(linked)},' if linked else missing

        return write

    def _details(self, name: str, writer: Writer) -> Write:
        def write(record: Record) -> str:
            rows = [writer.write(row, number) for number, row in enumerate(record.details.get(name, ()), 1)]
            return f'"{name}":[{",".join(rows)}],'

        return write

    def _files(self, record: Record) -> str:
        keys = (str(record.values.get(key) or "") for key in self._entity.keys)
        folder = f"{self._entity.title} ({', '.join(keys)})\\"
        files = json.dumps([self._file(item, folder) for item in record.files], ensure_ascii=False)
        return f',"files":{files}'

    def _file(self, item: File, folder: str) -> Mapping[str, str | None]:
        href = f"{self._base}/files/{item.id}"
        return {"id": item.id, "filename": folder + item.name, "href": href, "comment": item.comment}


def _fields(names: list[str]) -> Write:
    texts = [(name, f'"{name}":{{"value":', f'"{name}":{{}},') for name in names]

    def write(record: Record) -> str:
        get = record.values.get
        return "".join(
            [
                empty
                if (value := get(name)) is None
                else f"{start}{quote(value) if type(value) is str else scalar(value)}}},"
                for name, start, empty in texts
            ]
        )

    return write


def _custom(fields: tuple[CustomField, ...], record: Record) -> str:
    views = []
    for view, group in groupby(fields, key=lambda item: item.view):
        values = record.custom.get(view, {})
        views.append(f'"{view}":{{{",".join(_custom_field(item, values.get(item.name)) for item in group)}}}')
    return ",".join(views)


def _custom_field(item: CustomField, value: Scalar) -> str:
    shown = "" if value is None else f',"value":{scalar(value)}'
    return f'"{item.name}":{{"type":"Custom{item.kind}Field"{shown}}}'


def _links(plan: Plan, entity: Entity, base: str, *, top: bool) -> Callable[[str], str]:
    """Return the writer of `_links`: `self` on top-level records only, `files:put` where files may go."""
    links = [(f'"self":"{base}/{entity.name}/', '"')] if top else []
    if plan.structure.attachments:
        links.append((f'"files:put":"{base}/files/{entity.graph}/{plan.structure.view}/', '/{filename}"'))
    if not links:
        return lambda _: ""

    def write(record_id: str) -> str:
        return f',"_links":{{{",".join([start + record_id + end for start, end in links])}}}'

    return write
