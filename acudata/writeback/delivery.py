"""Sends documents with their lines: in pieces, each of them once, whatever breaks in between.

Before a piece is sent, the journal notes where it begins, and which lines the document had at first. So a piece without
an answer can be looked for, by this run or the next one: it is either there as a whole or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from acudata.errors import (
    AcumaticaConnectionError,
    AcumaticaError,
    AcumaticaNotFoundError,
    AcumaticaServerError,
    AcumaticaTimeoutError,
)
from acudata.writeback.arrivals import Known, arrived, counts, marks
from acudata.writeback.bodies import cell, values_of
from acudata.writeback.changes import PlannedLine, PlannedRecord
from acudata.writeback.fates import Fates, left_open, moved_cells
from acudata.writeback.journal import Journal, Progress
from acudata.writeback.line_columns import LINE_ID
from acudata.writeback.line_fates import Rows, is_done, located, moved, read_lines
from acudata.writeback.newcomers import Row, is_as_wanted
from acudata.writeback.outcomes import Outcome
from acudata.writeback.plan import WritePlan
from acudata.writeback.refusals import failed
from acudata.writeback.target import Target

PIECE = 300
"""Lines in one request. (Acumatica advises a few hundred: with more a request can time out.)"""

_TO_LOOK_UP = (
    AcumaticaConnectionError,
    AcumaticaTimeoutError,
    AcumaticaServerError,
    AcumaticaNotFoundError,  # lines have other ids in a session that took the place of an expired one
)
_UNKNOWN = "some of its lines may have arrived and may not; look in the ERP before they are sent again"


@dataclass
class Delivery:
    """Sends the documents of one plan; `fates` looks up the documents themselves."""

    target: Target
    plan: WritePlan
    journal: Journal
    fates: Fates
    _lines: dict[int, list[PlannedLine | None]] = field(default_factory=dict, init=False)
    _marks: dict[int, Known] = field(default_factory=dict, init=False)

    def before(self, numbers: Sequence[int]) -> dict[int, Outcome]:
        """Return the outcome of the documents that need not, or must not, be sent any more; begun ones are to go on."""
        fresh = [number for number in numbers if not self._is_begun(number)]
        records = [self.plan.records[number] for number in fresh]
        heads = self.fates.current(records)
        found = [
            replace(record, id=head["id"]) if head else record
            for record, head in zip(records, heads, strict=True)
        ]
        outcomes = {}
        for number, record, head, rows in zip(
            fresh, found, heads, read_lines(self.target, found), strict=True
        ):
            if (outcome := _standing(record, head, rows)) is not None:
                outcomes[number] = outcome
            else:
                self._prepare(number, rows)
        return outcomes

    def _is_begun(self, number: int) -> bool:
        progress = self.journal.progress(number)
        return progress is not None and (progress.done > 0 or progress.is_in_flight)

    def send(self, number: int, since: str) -> Outcome:
        """Send what is not there yet of a document, and return what became of it.

        Raises what the server says to a piece that it refuses, or that no answer came and it did not arrive.
        """
        total = len(self.plan.records[number].written_lines)
        progress = self.journal.progress(number) or self._unsent(number, since)
        lost = 0
        while progress.done < total:
            if progress.is_in_flight:
                found = self._looked_up(number, progress)
                if found is None:
                    return _unknown(progress)
                lost, progress = 0 if found.done > progress.done else lost, found
                continue
            progress = self._begun(number, progress)
            try:
                progress = self._put(number, progress)
            except _TO_LOOK_UP:
                if lost:
                    raise
                lost = 1
                self._lines.pop(number, None)
        is_new = self.plan.records[number].action == "create"
        return Outcome("created" if is_new else "updated", progress.key, progress.id)

    def catch_up(self, number: int) -> None:
        """Look for the piece of a document that got no answer; raises where nobody answers at all."""
        progress = self.journal.progress(number)
        if progress is not None and progress.is_in_flight:
            found = self._looked_up(number, progress)
            if found is not None:
                self.journal.reach(number, found)

    def left(self, numbers: Iterable[int]) -> dict[int, Outcome]:
        """Return the outcomes of documents that were begun and not gone on with."""
        progress = ((number, self.journal.progress(number)) for number in numbers if self._is_begun(number))
        return {
            number: _left(self.plan.records[number], each) for number, each in progress if each is not None
        }

    def known(self, number: int) -> Known:
        """Return the marks of the lines that a document had before any was sent."""
        progress = self.journal.progress(number)
        return {} if progress is None else progress.known

    def refused(self, number: int, error: AcumaticaError) -> Outcome:
        """Return the outcome of a document of which a piece was refused, with how much of it was written before."""
        record, progress = self.plan.records[number], self.journal.progress(number)
        if progress is None:
            return failed(record, error)
        piece = self._lines.get(number, [])[progress.done : progress.done + PIECE]
        sent = replace(record, lines=tuple(line for line in piece if line is not None))
        before = counts(record.written_lines[: progress.done], progress.known)
        return self._with_extent(number, failed(sent, error, before=before), progress)

    def _with_extent(self, number: int, outcome: Outcome, progress: Progress) -> Outcome:
        if not progress.done:
            return outcome
        text = _extent(self.plan.records[number], progress)
        told = "; ".join(filter(None, (outcome.errors.get(""), text)))
        return replace(
            outcome,
            id=progress.id,
            key=progress.key,
            errors={**outcome.errors, "": told},
            lines_written=progress.done,
        )

    def _unsent(self, number: int, since: str) -> Progress:
        record = self.plan.records[number]
        return Progress(since, record.id, record.key)

    def _begun(self, number: int, progress: Progress) -> Progress:
        """Note which piece is sent next, and at first which lines the document has."""
        if number not in self._lines:
            self._prepare(number, self._read(number, progress))
        known = progress.known if progress.done else self._marks[number]
        progress = replace(progress, sent=progress.done + PIECE, known=known)
        self.journal.reach(number, progress)
        return progress

    def _put(self, number: int, progress: Progress) -> Progress:
        record = self.plan.records[number]
        is_first = progress.done == 0
        piece = self._lines[number][progress.done : progress.sent]
        lines = tuple(line for line in piece if line is not None)
        body = replace(record, id=progress.id, changes=record.changes if is_first else {}, lines=lines)
        is_new = is_first and record.action == "create" and record.address.has_key
        try:
            answer = self.target.put(values_of(body), mode="insert" if is_new else "upsert")
        except _TO_LOOK_UP:
            raise
        except AcumaticaError:
            self.journal.reach(number, progress.back())
            raise
        key = {name: cell(answer, name) or value for name, value in progress.key.items()}
        return self._landed(number, replace(progress, id=answer.id or progress.id, key=key))

    def _landed(self, number: int, progress: Progress) -> Progress:
        landed = replace(progress, done=progress.sent)
        self.journal.reach(number, landed)
        return landed

    def _looked_up(self, number: int, progress: Progress) -> Progress | None:
        """Return how far a document is of which a piece got no answer, None where nobody can tell."""
        record = self.plan.records[number]
        is_new = record.action == "create" and progress.done == 0
        if is_new:
            made = self.fates.made(number, progress.since)
            if made is None:
                return progress.back()
            if made.status == "unknown":
                return None
            progress = replace(progress, id=made.id, key=made.key)
        rows = self._read(number, progress)
        lines = record.written_lines
        piece = lines[progress.done : progress.sent]
        is_there = arrived(lines[: progress.done], piece, rows, progress.known)
        if is_there is None or (not is_there and is_new):
            return None
        self._prepare(number, rows)
        return self._landed(number, progress) if is_there else progress.back()

    def _read(self, number: int, progress: Progress) -> Rows:
        record = replace(self.plan.records[number], id=progress.id, key=progress.key)
        (rows,) = read_lines(self.target, [record])
        return rows

    def _prepare(self, number: int, rows: Rows) -> None:
        """Give the lines that are to be sent the ids that they have now; those to delete that are gone are left out."""
        lines = self.plan.records[number].written_lines
        self._lines[number] = [_now(line, row) for line, row in zip(lines, located(lines, rows), strict=True)]
        self._marks[number] = marks(lines, rows)


def _left(record: PlannedRecord, progress: Progress) -> Outcome:
    if progress.is_in_flight:
        return left_open(record)
    told = {"": _extent(record, progress)}
    return Outcome("not tried", progress.key, progress.id, told, lines_written=progress.done)


def _extent(record: PlannedRecord, progress: Progress) -> str:
    total = len(record.written_lines)
    return f"{progress.done} of {total} lines are written; apply() goes on with the others"


def _unknown(progress: Progress) -> Outcome:
    return Outcome("unknown", progress.key, progress.id, {"": _UNKNOWN}, lines_written=progress.done)


def _now(line: PlannedLine, row: Row | None) -> PlannedLine | None:
    if row is None:
        return None if line.action == "delete" else line
    return replace(line, id=row[LINE_ID])


def _standing(record: PlannedRecord, head: Row | None, rows: Rows) -> Outcome | None:
    """Return the outcome that the present state of a document amounts to, None when it is still to be sent."""
    if record.action == "create":
        text = "somebody else created it since the plan was made"
        return Outcome("conflict", record.key, head["id"], {"": text}) if head else None
    if head is None:
        return Outcome("failed", record.key, record.id, {"": "the record is not there any more"})
    there = list(zip(record.written_lines, located(record.written_lines, rows), strict=True))
    others = moved_cells(record, head) | dict(told for line, row in there for told in moved(line, row))
    if others:
        return Outcome("conflict", record.key, record.id, others)
    is_same = is_as_wanted(record, head) and all(is_done(line, row) for line, row in there)
    return Outcome("unchanged", record.key, record.id) if is_same else None
