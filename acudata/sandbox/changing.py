"""Changes put into records: rules kept, rows found, products and sums computed, problems collected."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from acudata.sandbox.bodies import Change
from acudata.sandbox.endpoint import Endpoint, Structure
from acudata.sandbox.envelopes import missing_record
from acudata.sandbox.records import Record, Scalar
from acudata.sandbox.store import Store
from acudata.sandbox.values import number

Path = tuple[str, ...]
"""Leads to a field of a record, through rows by their ids: ``("Details", "7f3c…", "InventoryID")``."""
CENT = Decimal("0.01")
EMPTY = "'{}' cannot be empty."


def new_record(structure: Structure) -> Record:
    """Return a record with the values that a form gives to a new one; its note has the same id."""
    record = Record(str(uuid.uuid4()), dict(structure.rules.defaults))
    if "NoteID" in structure.fields:
        record.values["NoteID"] = record.id
    return record


class Changing:
    """Puts one change into one record.

    `problems` maps the path of a field to what is wrong with it, and `captions` names the records that have
    problems, in the order of finding; a record with problems must not be stored.
    """

    def __init__(self, store: Store, endpoint: Endpoint) -> None:
        self._store = store
        self._structures = endpoint.structures
        self.problems: dict[Path, str] = {}
        self.captions: list[str] = []

    def apply(
        self, change: Change, record: Record, structure: Structure, *, new: bool, keys: Sequence[str] = ()
    ) -> None:
        """Put a change into a top-level record.

        Args:
            change: what the request says.
            record: a record that nobody else holds.
            structure: the structure of the record.
            new: whether the record is to be inserted.
            keys: the key fields; they are set once and never changed.

        Raises:
            Fault: 500 when a row is named by an id that no row has.
        """
        before = {field: _total(record, path) for field, path in structure.rules.sums.items()}
        fixed = () if new else keys
        self._apply(change, record, structure, (), new=new, fixed=fixed)
        missing = [key for key in keys if record.values.get(key) in {None, ""}]
        self._refuse({key: EMPTY.format(key) for key in missing}, structure)
        for field, path in structure.rules.sums.items():
            difference = _total(record, path) - before[field]
            if difference:
                record.values[field] = number(_exact(record.values.get(field)) + difference)

    def _apply(
        self,
        change: Change,
        record: Record,
        structure: Structure,
        path: Path,
        *,
        new: bool,
        fixed: Sequence[str] = (),
    ) -> None:
        ignored = {*structure.rules.read_only, *fixed}
        sent = {name: value for name, value in change.values.items() if name not in ignored}
        record.values |= sent
        record.note = record.note if change.note is None else change.note
        for view, values in change.custom.items():
            record.custom.setdefault(view, {}).update(values)
        _multiply(record, structure, sent.keys())
        self._check(sent, record, structure, path, new=new)
        self._nested(change, record, structure, path)

    def _nested(self, change: Change, record: Record, structure: Structure, path: Path) -> None:
        for name, below in change.linked.items():
            # A form makes its linked records by itself, so that nothing is required of the first change.
            member = self._structures[structure.linked[name]]
            linked = record.linked.setdefault(name, new_record(member))
            self._apply(below, linked, member, (*path, name), new=False)
        for name, rows in change.details.items():
            self._rows(rows, record.details.setdefault(name, []), structure.details[name], (*path, name))

    def _rows(self, changes: Sequence[Change], rows: list[Record], below: str, path: Path) -> None:
        structure = self._structures[below]
        for change in changes:
            row = _find_row(change, rows, structure)
            if row is None and (change.id or change.delete):
                raise missing_record()
            if row is not None and change.delete:
                rows.remove(row)
                continue
            new = row is None
            if row is None:
                row = _new_row(structure, rows)
                rows.append(row)
            self._apply(change, row, structure, (*path, row.id), new=new)

    def _check(
        self, sent: dict[str, Scalar], record: Record, structure: Structure, path: Path, *, new: bool
    ) -> None:
        found = {name: problem for name in sent if (problem := self._problem(structure, name, sent[name]))}
        for name in structure.rules.required:
            if (new or name in sent) and record.values.get(name) in {None, ""}:
                found[name] = EMPTY.format(name)
        self._refuse(found, structure, path)

    def _refuse(self, found: Mapping[str, str], structure: Structure, path: Path = ()) -> None:
        if found:
            self.problems |= {(*path, name): text for name, text in found.items()}
            self.captions.append(structure.caption or structure.name)

    def _problem(self, structure: Structure, name: str, value: Scalar) -> str | None:
        if value in {None, ""}:
            return None
        labels = structure.rules.labels.get(name)
        if labels is not None and value not in labels:
            return f"The list value '{value}' is not allowed for the field '{name}'."
        entities = structure.rules.references.get(name)
        if entities is not None and not self._exists(entities, str(value)):
            return f"{name} '{value}' cannot be found in the system."
        return None

    def _exists(self, entities: str, key: str) -> bool:
        """Tell whether one of the entities, divided by ``|``, has a record with the key as its only one."""
        tables = [self._store.tables[name] for name in entities.split("|") if name in self._store.tables]
        tables = [table for table in tables if len(table.entity.keys) == 1]
        return not tables or any(table.find_keys([key]) is not None for table in tables)


def _find_row(change: Change, rows: Sequence[Record], structure: Structure) -> Record | None:
    """Return the row that a change means: by its id, else by the keys of such rows."""
    if change.id:
        return next((row for row in rows if row.id.lower() == change.id.lower()), None)
    wanted = [change.values.get(key) for key in structure.keys]
    if not wanted or None in wanted:
        return None
    return next((row for row in rows if [row.values.get(key) for key in structure.keys] == wanted), None)


def _new_row(structure: Structure, rows: Sequence[Record]) -> Record:
    row = new_record(structure)
    if "LineNbr" in structure.fields:
        row.values["LineNbr"] = 1 + max((int(other.values.get("LineNbr") or 0) for other in rows), default=0)
    return row


def _multiply(record: Record, structure: Structure, sent: Collection[str]) -> None:
    for field, factors in structure.rules.products.items():
        if field not in sent and any(factor in sent for factor in factors):
            first, second = (_exact(record.values.get(factor)) for factor in factors)
            record.values[field] = number((first * second).quantize(CENT))


def _total(record: Record, path: str) -> Decimal:
    detail, _, field = path.partition("/")
    return sum((_exact(row.values.get(field)) for row in record.details.get(detail, ())), Decimal(0))


def _exact(value: Scalar) -> Decimal:
    return Decimal(str(value or 0))
