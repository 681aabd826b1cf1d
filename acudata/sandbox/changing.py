"""Changes put into records: rules kept, rows found, formulas and sums computed, problems collected."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence

from acudata.sandbox.bodies import Change
from acudata.sandbox.endpoint import Endpoint, Structure
from acudata.sandbox.envelopes import missing_record
from acudata.sandbox.formulas import Scope, evaluate, exact, fill, total
from acudata.sandbox.records import Record, Scalar
from acudata.sandbox.store import Store
from acudata.sandbox.values import number

Path = tuple[str, ...]
"""Leads to a field of a record, through rows by their ids: ``("Details", "7f3c…", "InventoryID")``."""
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

    def __init__(self, endpoint: Endpoint) -> None:
        self._structures = endpoint.structures
        self.problems: dict[Path, str] = {}
        self.captions: list[str] = []

    def apply(self, change: Change, scope: Scope, *, new: bool, keys: Sequence[str] = ()) -> None:
        """Put a change into a top-level record.

        Args:
            change: what the request says.
            scope: a record that nobody else holds.
            new: whether the record is to be inserted.
            keys: the key fields; they are set once and never changed.

        Raises:
            Fault: 500 when a row is named by an id that no row has.
        """
        record, structure = scope.record, scope.structure
        before = {path: total(record, path) for path in structure.rules.sums.values()}
        sent = self._apply(change, scope, (), new=new, fixed=() if new else keys)
        missing = [key for key in keys if record.values.get(key) in {None, ""}]
        self.note({key: EMPTY.format(key) for key in missing}, structure)
        sums = structure.rules.sums.items()
        moved = {field for field, path in sums if _move(record, field, path, before[path])}
        fill(scope, changed=moved | change.details.keys(), sent=sent, new=False)

    def note(self, found: Mapping[str, str], structure: Structure, path: Path = ()) -> None:
        """Add the problems found in the fields of a record."""
        if found:
            self.problems |= {(*path, name): text for name, text in found.items()}
            self.captions.append(structure.caption or structure.name)

    def _apply(
        self, change: Change, scope: Scope, path: Path, *, new: bool, fixed: Sequence[str] = ()
    ) -> Collection[str]:
        """Put a change into a record and all below it; return the fields that it set."""
        record, structure = scope.record, scope.structure
        ignored = {*structure.rules.read_only, *fixed}
        sent = {name: value for name, value in change.values.items() if name not in ignored}
        if not new:
            # A form compares before it writes: what is sent as it was leaves the field to the form's own logic.
            sent = {name: value for name, value in sent.items() if record.values.get(name) != value}
        record.values |= sent
        record.note = record.note if change.note is None else change.note
        for view, values in change.custom.items():
            record.custom.setdefault(view, {}).update(values)
        self._check(sent, scope, path, new=new)
        fill(scope, changed=sent.keys(), sent=sent, new=new)
        if new:
            self._make(scope)
        self._nested(change, scope, path)
        return sent

    def _make(self, scope: Scope) -> None:
        """Give a new record the linked entities that its form makes by itself."""
        for name in scope.structure.rules.made:
            below = self._structures[scope.structure.linked[name]]
            linked = scope.record.linked[name] = new_record(below)
            copied = evaluate(scope.structure.rules.formulas.get(name, "''"), scope)
            if isinstance(copied, Record):
                linked.values |= {field: copied.values.get(field) for field in below.fields}
            inner = scope.below(linked, below)
            fill(inner, changed=(), sent=(), new=True)
            self._make(inner)

    def _nested(self, change: Change, scope: Scope, path: Path) -> None:
        for name, below in change.linked.items():
            # A form makes its linked records by itself, so that nothing is required of the first change.
            member = self._structures[scope.structure.linked[name]]
            linked = scope.record.linked.setdefault(name, new_record(member))
            self._apply(below, scope.below(linked, member), (*path, name), new=False)
        for name, rows in change.details.items():
            self._rows(rows, scope, name, (*path, name))

    def _rows(self, changes: Sequence[Change], scope: Scope, name: str, path: Path) -> None:
        structure = self._structures[scope.structure.details[name]]
        rows = scope.record.details.setdefault(name, [])
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
            self._apply(change, scope.below(row, structure), (*path, row.id), new=new)

    def _check(self, sent: Mapping[str, Scalar], scope: Scope, path: Path, *, new: bool) -> None:
        structure = scope.structure
        found = {name: problem for name in sent if (problem := _problem(scope, name, sent[name]))}
        for name in structure.rules.required:
            if (new or name in sent) and scope.record.values.get(name) in {None, ""}:
                found[name] = EMPTY.format(name)
        self.note(found, structure, path)


def _problem(scope: Scope, name: str, value: Scalar) -> str | None:
    if value in {None, ""}:
        return None
    rules = scope.structure.rules
    labels = rules.labels.get(name)
    if labels is not None and value not in labels:
        return f"The list value '{value}' is not allowed for the field '{name}'."
    entities = rules.references.get(name)
    if entities is not None and not _exists(scope.store, entities, str(value)):
        return f"{name} '{value}' cannot be found in the system."
    return None


def _exists(store: Store, entities: str, key: str) -> bool:
    """Tell whether one of the entities, divided by ``|``, has a record with the key as its only one."""
    tables = [store.tables[name] for name in entities.split("|") if name in store.tables]
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


def _move(record: Record, field: str, path: str, before: int | float) -> bool:
    """Move a sum by what its rows come to more or less than before; what else is in it, such as taxes, stays."""
    *linked, name = field.split("/")
    holder: Record | None = record
    for step in linked:
        holder = holder and holder.linked.get(step)
    difference = exact(total(record, path)) - exact(before)
    if holder is None or not difference:
        return False
    holder.values[name] = number(exact(holder.values.get(name)) + difference)
    return True
