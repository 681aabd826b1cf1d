"""Plans and reports as frames: in the order and with the index of the frame that was planned."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from acudata.errors import AcumaticaValidationError
from acudata.writeback.changes import Change, PlannedLine, PlannedRecord, Problem
from acudata.writeback.outcomes import Outcome
from acudata.writeback.plan import WritePlan
from tests.writeback.made import plan_of, report_of, update


def test_the_table_of_a_plan_has_a_row_for_each_thing_to_tell() -> None:
    line = PlannedLine("Details", "create", position=3, changes={"Qty": Change(None, Decimal("1.5"))})
    invalid = PlannedRecord(
        (2,),
        "invalid",
        {"CustomerID": None},
        problems=(Problem("B", "no"), Problem("A", "no"), Problem("", "x")),
    )
    records = (
        update(0),
        PlannedRecord((1,), "delete", {"CustomerID": "C1"}, "id-1"),
        invalid,
        update(3, lines=(line, PlannedLine("Details", "delete", "l2"))),
        PlannedRecord((4,), "unchanged", {"CustomerID": "C4"}),
    )
    table = plan_of(records).to_frame()
    told: Any = table[["row", "action", "line", "field", "problem"]].astype(object).where(table.notna(), None)
    assert told.to_numpy().tolist() == [
        [0, "update", None, "Name", None],
        [1, "delete", None, None, None],
        [2, "invalid", None, "B", "no"],
        [2, "invalid", None, "A", "no"],
        [2, "invalid", None, None, "x"],
        [3, "update", None, "Name", None],
        [3, "create", "Details[3]", "Qty", None],
        [3, "delete", "Details[]", None, None],
    ]
    dtypes = table[["row", "CustomerID", "problem"]].dtypes
    assert list(map(str, dtypes)) == ["int64", "string", "string"]
    assert table["CustomerID"].isna().sum() == 3


def test_an_empty_plan_gives_an_empty_table() -> None:
    table = plan_of(()).to_frame()
    assert list(table.columns) == ["row", "action", "line", "field", "old", "new", "problem"]
    assert report_of(plan_of(())).to_frame().empty


FRAMES = {
    "labels that occur twice": pd.DataFrame({"x": [1, 2, 3]}, index=pd.Index(["a", "a", "b"], name="who")),
    "several levels": pd.DataFrame(
        {"x": [1, 2, 3]},
        index=pd.MultiIndex.from_tuples([("a", 1), ("a", 2), ("b", 1)], names=["group", "number"]),
    ),
    "tuples in one level": pd.DataFrame(
        {"x": [1, 2, 3]}, index=pd.Index([("a", 1), ("b",), ("c", 2)], tupleize_cols=False)
    ),
    "times": pd.DataFrame({"x": [1, 2, 3]}, index=pd.date_range("2024-01-01", periods=3, name="day")),
}


def planned(frame: pd.DataFrame) -> WritePlan:
    """Return a plan whose records do not come in the order of the frame."""
    records = [update(2), update(0), update(1)]
    return plan_of(records, index=tuple(frame.index), index_names=tuple(frame.index.names))


@pytest.mark.parametrize("name", FRAMES)
def test_a_report_has_the_index_of_the_frame(name: str, tmp_path: Path) -> None:
    frame = FRAMES[name]
    saved = WritePlan.load(planned(frame).save(tmp_path / "plan.json"))
    for plan in (planned(frame), saved):
        failed = Outcome("failed", errors={"Name": "no"})
        report = report_of(plan, Outcome("updated", seconds=0.5), failed, Outcome("updated"))
        table = report.to_frame()
        assert list(table.index) == list(frame.index)
        assert list(table.index.names) == list(frame.index.names)
        assert table["status"].tolist() == ["failed", "updated", "updated"]
        assert table["error"].tolist() == ["Name: no", pd.NA, pd.NA]
        assert table["seconds"].tolist() == [0, 0, 0.5]
        assert list(report.failed().index) == [frame.index[0]]
        assert report.retry_frame(frame)["x"].tolist() == [1]


@pytest.mark.parametrize("name", ["several levels", "times"])
def test_numbers_join_back_by_index(name: str) -> None:
    frame = FRAMES[name]
    numbered = [Outcome("created", {"CustomerID": f"N{at}"}, f"id-{at}") for at in (2, 0, 1)]
    joined = frame.join(report_of(planned(frame), *numbered).to_frame()[["CustomerID"]])
    assert joined["CustomerID"].tolist() == ["N0", "N1", "N2"]


def test_keys_that_are_not_there_are_missing() -> None:
    create = PlannedRecord((0,), "create", {"CaseID": None}, None, {"Subject": Change(None, "x")})
    table = report_of(plan_of([create]), Outcome("failed", errors={"": "no"})).to_frame()
    assert table["CaseID"].tolist() == [pd.NA]
    assert table["id"].tolist() == [pd.NA]


def test_a_frame_of_another_length_cannot_be_tried_again() -> None:
    report = report_of(plan_of([update(0)]))
    with pytest.raises(AcumaticaValidationError, match="has 2 rows, the one that was planned 1"):
        report.retry_frame(pd.DataFrame({"x": [1, 2]}))
