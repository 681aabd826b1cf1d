"""Records that were written as JSON once and have not changed since."""

from __future__ import annotations

from acudata.sandbox.rendering import Writer
from acudata.sandbox.store import Table

Written = tuple[bytes, bytes]
"""The id of a record and the part of it that does not depend on its place in a list."""


class Shelf:
    """Keeps the JSON of records as their sources make them, so that a page read again costs next to nothing.

    It is emptied when it holds more than `limit` bytes. What was written over a source is never kept.
    """

    def __init__(self, limit: int = 128 * 1024 * 1024) -> None:
        self._limit = limit
        self._size = 0
        self._written: dict[tuple[Writer, int], Written] = {}

    def row(self, writer: Writer, table: Table, slot: int, row_number: int) -> bytes:
        """Return the record in a slot as it stands in a list."""
        if table.is_untouched(slot):
            record_id, body = self._kept(writer, table, slot)
        else:
            record_id, body = _write(writer, table, slot)
        return b'{"id":"%b","rowNumber":%d,%b}' % (record_id, row_number, body)

    def _kept(self, writer: Writer, table: Table, slot: int) -> Written:
        written = self._written.get((writer, slot))
        if written is None:
            written = _write(writer, table, slot)
            self._keep((writer, slot), written)
        return written

    def _keep(self, place: tuple[Writer, int], written: Written) -> None:
        if self._size > self._limit:
            self._written = {}
            self._size = 0
        self._size += len(written[1])
        self._written[place] = written


def _write(writer: Writer, table: Table, slot: int) -> Written:
    record = table.record(slot)
    return record.id.encode(), writer.body(record).encode(errors="replace")
