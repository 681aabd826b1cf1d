"""Where lines stand in the ERP: by their ids, by their keys where ids are of another session, or nowhere."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from acudata.frames.layout import value_column
from acudata.writeback.changes import Change, PlannedLine
from acudata.writeback.columns import Columns
from acudata.writeback.line_fates import is_done, located, moved
from acudata.writeback.line_identity import LineIdentities

CHANGES = {"Qty": Change(5, 6)}
FIRST = PlannedLine("Details", "update", "l1", 0, CHANGES, {"LineNbr": 1})
SECOND = PlannedLine("Details", "delete", "l2", 1, key={"LineNbr": 2})


def rows(*lines: tuple[str, int, int]) -> dict[str, Any]:
    return {"Details": [{"line.id": id_, "LineNbr": number, "Qty": qty} for id_, number, qty in lines]}


@pytest.mark.parametrize(
    ("there", "numbers"),
    [
        pytest.param(rows(("L1", 1, 5), ("l2", 2, 5)), [1, 2], id="by their ids"),
        pytest.param(
            rows(("l1", 1, 5), ("x9", 2, 5)), [1, None], id="one is gone, and its key was given anew"
        ),
        pytest.param(rows(("x1", 1, 5), ("x2", 2, 5)), [1, 2], id="by their keys, in another session"),
        pytest.param(
            rows(("x1", 1, 5), ("x2", 2, 5), ("x3", 2, 5)), [1, None], id="which of two, nobody knows"
        ),
        pytest.param(rows(), [None, None], id="nowhere"),
    ],
)
def test_lines_are_where(there: Any, numbers: list[int | None]) -> None:
    assert [row and row["LineNbr"] for row in located([FIRST, SECOND], there)] == numbers


def test_what_others_did_to_a_line_is_told_unless_it_is_to_go() -> None:
    as_planned, theirs = ({"line.id": "l1", "Qty": quantity} for quantity in (5, 7))
    assert list(moved(FIRST, as_planned)) == []
    assert [name for name, _ in moved(FIRST, theirs)] == ["Details[0].Qty"]
    assert [name for name, _ in moved(FIRST, None)] == ["Details[0]"]
    assert list(moved(SECOND, None)) == list(moved(SECOND, theirs)) == []


def test_a_line_is_done_when_it_is_as_wanted_or_gone() -> None:
    assert is_done(FIRST, {"Qty": 6})
    assert not is_done(FIRST, {"Qty": 5})
    assert not is_done(FIRST, None)
    assert is_done(SECOND, None)
    assert not is_done(SECOND, {"Qty": 6})


def test_a_key_that_two_lines_have_tells_neither() -> None:
    number = value_column("LineNbr", "Int", ("LineNbr",))
    columns = Columns((number,), (), has_id=False, stamp=None)
    current = pa.table({"id": ["d1"] * 3, "line.id": ["l1", "l2", "l3"], "LineNbr": [1, 2, 2]})
    frame = pd.DataFrame({"LineNbr": [1, 2, 3]})
    identities = LineIdentities(frame, columns, current, parents=["d1"] * 3, keys=["LineNbr"])
    assert identities.rows == (0, None, None)
    ((position, problem),) = identities.problems()
    assert position == 1
    assert "more than one line" in problem.text
