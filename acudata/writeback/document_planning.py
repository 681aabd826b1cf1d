"""Plans documents together with their lines, from a frame of lines alone or from a frame of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from acudata.schema import Entity
from acudata.writeback.changes import Address, PlannedLine, PlannedRecord, Problem
from acudata.writeback.columns import ID, Columns, part_columns
from acudata.writeback.documents import Grouping, one_row_each, rows_by_document
from acudata.writeback.identity import addresses_in, key_cells
from acudata.writeback.line_columns import LineFrame
from acudata.writeback.lines import NO_DOCUMENT, differing_columns, planned_lines, with_lines
from acudata.writeback.matching import Key, folded_key, keys_of
from acudata.writeback.planning import Comparison, Intent

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from acudata.writeback.target import Target


OTHER_DOCUMENT = "its key is of another document than its id; empty the one that is wrong"


@dataclass(frozen=True, slots=True)
class DocumentFrame:
    """Holds a frame of documents, the parts of its columns, and the values that it was read with."""

    frame: pd.DataFrame
    columns: Columns
    as_read: pa.Table | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPlanning:
    """Plans what becomes of documents and lines; `key` names the columns that find documents, if not their own keys."""

    entity: Entity
    target: Target
    intent: Intent
    key: str | Iterable[str] | None = None

    def of_documents(self, part: DocumentFrame, *, intent: Intent | None = None) -> list[PlannedRecord]:
        """Return what becomes of each row of a frame of documents, lines not counted."""
        addresses = addresses_in(part.frame, part.columns)
        comparison = Comparison(
            part.frame,
            part.columns,
            self.target.current(part.columns.names, addresses),
            as_read=part.as_read,
            intent=intent or self.intent,
        )
        return list(comparison.records())

    def of_lines(self, frame: LineFrame) -> list[PlannedRecord]:
        """Return what becomes of the documents that a frame of lines alone tells of, all their columns included."""
        columns = self._columns(frame)
        numbers = Grouping().of(frame.documents, columns)
        rows = rows_by_document(numbers)
        documents = DocumentFrame(one_row_each(frame.documents, rows), columns, frame.documents_as_read)
        doubtful = differing_columns(frame, rows)
        records = [
            replace(record, positions=tuple(rows[at]), problems=(*record.problems, *doubtful[at]))
            for at, record in enumerate(self.of_documents(documents))
        ]
        records = [replace(record, action="invalid") if record.problems else record for record in records]
        return self._joined(records, [(frame, numbers)], is_of_rows=True)

    def of_frames(self, part: DocumentFrame, frames: Sequence[LineFrame]) -> list[PlannedRecord]:
        """Return what becomes of a frame of documents and of frames of their lines.

        Lines may be of documents that their frame does not have, such as those left after it was filtered: these
        documents have to be there already.
        """
        grouping = Grouping()
        own = grouping.of(part.frame, part.columns)
        parted = [(frame, grouping.of(frame.documents, self._columns(frame))) for frame in frames]
        first = {number: at for at, number in reversed(list(enumerate(own))) if number is not None}
        records = self.of_documents(part) + self._others(parted, start=len(first))
        place = first | {number: at for at, number in enumerate(self._beyond(parted, len(first)), len(own))}
        numbered = [
            (frame, [None if number is None else place[number] for number in numbers])
            for frame, numbers in parted
        ]
        return self._joined(records, numbered, is_of_rows=False)

    def _beyond(self, parted: Sequence[tuple[LineFrame, list[int | None]]], start: int) -> list[int]:
        """Return the numbers of documents that only lines tell of."""
        numbers = {number for _, listed in parted for number in listed if number is not None}
        return sorted(number for number in numbers if number >= start)

    def _others(
        self, parted: Sequence[tuple[LineFrame, list[int | None]]], *, start: int
    ) -> list[PlannedRecord]:
        import pandas as pd

        if not self._beyond(parted, start):
            return []
        names = [*(column.name for column in self._columns(parted[0][0]).keys), ID]
        told = [frame.documents.reindex(columns=names) for frame, _ in parted]
        rows = rows_by_document([number for _, numbers in parted for number in numbers], start=start)
        frame = one_row_each(pd.concat(told, ignore_index=True), rows)
        columns = replace(self._columns(parted[0][0]), values=(), has_id=True)
        records = self.of_documents(
            DocumentFrame(frame, columns, None), intent=replace(self.intent, mode="update")
        )
        return [replace(record, positions=()) for record in records]

    def _columns(self, frame: LineFrame) -> Columns:
        return part_columns(self.entity, frame.known, list(frame.documents.columns), key=self.key)

    def _joined(
        self,
        records: Sequence[PlannedRecord],
        frames: Sequence[tuple[LineFrame, list[int | None]]],
        *,
        is_of_rows: bool,
    ) -> list[PlannedRecord]:
        """Return documents with their lines, and each line of no document by itself."""
        lines: list[list[PlannedLine]] = [[] for _ in records]
        stray = []
        for frame, numbers in frames:
            planned = self._lines(frame, numbers, records)
            for line, number, key in zip(planned, numbers, self._keys(frame), strict=True):
                if number is not None:
                    lines[number].append(_of_one_document(line, key, records[number]))
                else:
                    stray.append(_stray(line, is_of_rows=is_of_rows))
        whole = [
            with_lines(record, own, positions=record.positions)
            for record, own in zip(records, lines, strict=True)
        ]
        return [*whole, *stray]

    def _keys(self, frame: LineFrame) -> list[Key | None]:
        """Return the key of the document that each line is said to be of, None where a file made numbers of it."""
        cells = key_cells(frame.documents, self._columns(frame)).values()
        doubtful = {position for each in cells for position in each.doubts}
        keys = keys_of((each.values for each in cells), len(frame.documents))
        return [None if position in doubtful else key for position, key in enumerate(keys)]

    def _lines(
        self, frame: LineFrame, numbers: Sequence[int | None], records: Sequence[PlannedRecord]
    ) -> Iterator[PlannedLine]:
        met = [records[number] for number in dict.fromkeys(numbers) if number is not None]
        addresses = [Address(record.key, record.id) for record in met if record.id is not None]
        current = self.target.lines(frame.member, frame.names, addresses)
        parents = [None if number is None else records[number].id for number in numbers]
        return planned_lines(frame, current, parents=parents, intent=self.intent)


def _of_one_document(line: PlannedLine, key: Key | None, document: PlannedRecord) -> PlannedLine:
    """Return a line, invalid where its key is of another document than its id, as in a row that was copied."""
    known = folded_key(document.key.values())
    if key is None or known is None or key == known:
        return line
    return replace(line, action="invalid", problems=(*line.problems, Problem("", OTHER_DOCUMENT)))


def _stray(line: PlannedLine, *, is_of_rows: bool) -> PlannedRecord:
    lost = replace(line, action="invalid", problems=(*line.problems, Problem("", NO_DOCUMENT)))
    positions = (line.position,) if is_of_rows and line.position is not None else ()
    return PlannedRecord(positions, "invalid", {}, lines=(lost,))
