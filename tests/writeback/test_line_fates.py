"""Whether lines that were sent without an answer have arrived."""

from __future__ import annotations

from acudata.writeback.changes import Change, PlannedLine
from acudata.writeback.line_fates import arrived


def test_new_lines_are_found_behind_those_that_the_same_request_deleted() -> None:
    lines = [
        PlannedLine("Details", "delete", "l1", 0),
        PlannedLine("Details", "create", None, 1, {"Qty": Change(None, 5)}),
    ]
    there = {"Details": [{"line.id": "l2", "Qty": 7}, {"line.id": "l3", "Qty": 5}]}
    assert arrived(lines, there, {"Details": 2}) is True
    before = {"Details": [{"line.id": "l1", "Qty": 5}, {"line.id": "l2", "Qty": 7}]}
    assert arrived(lines, before, {"Details": 2}) is False
