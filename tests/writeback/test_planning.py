"""What becomes of each row: compared with the records of now, and with what they were when the frame was read."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from acudata.errors import AcumaticaUnknownNameError, AcumaticaValidationError
from acudata.frames.layout import value_column
from acudata.schema import Entity
from acudata.schema.endpoint import Structure
from acudata.writeback.changes import Change, PlannedLine, PlannedRecord
from acudata.writeback.columns import part_columns
from acudata.writeback.plan import Aim, WritePlan
from acudata.writeback.planning import Comparison, Intent

FIELDS = {
    "CustomerID": "String",
    "CustomerName": "String",
    "CreditLimit": "Decimal",
    "Days": "Int",
    "LastModifiedDateTime": "DateTime",
}
KNOWN = {name: value_column(name, kind, (name,)) for name, kind in FIELDS.items()}
CUSTOMER = Entity("Customer", Structure("Customer", FIELDS))
STAMP = pd.Timestamp("2024-05-01T08:00", tz="UTC")


def table(*rows: dict[str, Any]) -> pa.Table:
    whole = [
        {"CustomerID": f"C{at}", "id": f"id-{at}", "LastModifiedDateTime": STAMP} | row
        for at, row in enumerate(rows)
    ]
    schema = pa.schema([*((name, column.arrow_type) for name, column in KNOWN.items()), ("id", pa.string())])
    return pa.Table.from_pylist(whole, schema=schema)


def plan(frame: pd.DataFrame, current: pa.Table, *, key: Any = None, **intent: Any) -> list[PlannedRecord]:
    as_read = intent.pop("as_read", None)
    columns = part_columns(CUSTOMER, KNOWN, list(frame.columns), key=key)
    return list(Comparison(frame, columns, current, as_read=as_read, intent=Intent(**intent)).records())


def told(records: list[PlannedRecord]) -> list[str]:
    return [record.action for record in records]


CURRENT = table(
    {"CustomerName": "Alfki", "CreditLimit": Decimal("1000"), "Days": 30}, {"CustomerName": "Berg"}
)


def test_only_cells_that_differ_are_changes() -> None:
    frame = pd.DataFrame(
        {"CustomerID": ["C0", "C1"], "CustomerName": ["Alfki", "Bergen"], "CreditLimit": [1000.0, None]}
    )
    same, other = plan(frame, CURRENT)
    assert (same.action, same.changes) == ("unchanged", {})
    assert (other.action, other.changes) == ("update", {"CustomerName": Change("Berg", "Bergen")})
    assert (other.key, other.id) == ({"CustomerID": "C1"}, "id-1")


def test_missing_cells_clear_only_when_told_to() -> None:
    frame = pd.DataFrame({"CustomerID": ["C0", "C1"], "CreditLimit": pd.array([None, None], "Float64")})
    assert told(plan(frame, CURRENT)) == ["unchanged", "unchanged"]
    cleared, empty = plan(frame, CURRENT, clear_nulls=True)
    assert cleared.changes == {"CreditLimit": Change(Decimal(1000), None)}
    assert empty.action == "unchanged"


def test_modes_say_what_may_become_of_rows() -> None:
    frame = pd.DataFrame({"CustomerID": ["C0", "C9", None], "CustomerName": ["New", "New", "New"]})
    assert told(plan(frame, CURRENT)) == ["update", "create", "invalid"]
    assert told(plan(frame, CURRENT, mode="update")) == ["update", "invalid", "invalid"]
    assert told(plan(frame, CURRENT, mode="insert")) == ["invalid", "create", "create"]


def test_all_problems_of_all_rows_come_at_once() -> None:
    frame = pd.DataFrame(
        {
            "CustomerID": ["C0", "C0", "C1"],
            "Days": ["many", "30", "x"],
            "CreditLimit": [1, "much", 2],
        }
    )
    problems = [[problem.column for problem in record.problems] for record in plan(frame, CURRENT)]
    assert problems == [["", "Days"], ["", "CreditLimit"], ["Days"]]


def test_an_id_goes_before_the_key_and_the_key_under_it_stays() -> None:
    frame = pd.DataFrame(
        {"id": ["ID-1", "id-0", "gone"], "CustomerID": ["C1", "C7", "C8"], "CustomerName": ["Bergen"] * 3}
    )
    found, renamed, gone = plan(frame, CURRENT)
    assert (found.action, found.key) == ("update", {"CustomerID": "C1"})
    assert (renamed.action, renamed.problems[0].column) == ("invalid", "CustomerID")
    assert (gone.action, gone.problems[0].column) == ("invalid", "id")


def test_one_record_is_not_written_twice_though_one_row_has_its_id_and_another_its_key() -> None:
    frame = pd.DataFrame(
        {"id": ["id-0", None], "CustomerID": [None, "c0"], "CustomerName": ["By id", "By key"]}
    )
    by_id, by_key = plan(frame, CURRENT)
    assert (by_id.action, by_key.action) == ("invalid", "invalid")  # which one is meant is not known
    assert by_id.problems[0].text == "row 1 of the frame means the same record"
    assert by_key.problems[0].text == "row 0 of the frame means the same record"


def test_a_key_column_that_came_later_is_told_apart_by_ids() -> None:
    frame = pd.DataFrame(
        {"CustomerID": ["C0", "C1"], "CustomerName": ["New", "Berg"], "id": ["id-0", "id-1"]}
    )
    records = plan(frame, CURRENT, as_read=CURRENT.drop_columns(["CustomerID"]))
    assert told(records) == ["update", "unchanged"]


def test_numbers_for_text_keys_find_only_what_they_surely_mean() -> None:
    current = table({"CustomerID": "70"}, {"CustomerID": "000071"})
    found, lost = plan(pd.DataFrame({"CustomerID": [70, 71], "CustomerName": ["a", "b"]}), current)
    assert found.action == "update"
    assert "leading zeros" in lost.problems[0].text


def test_a_key_of_ones_own_may_be_ambiguous() -> None:
    current = table({"CustomerName": "Same"}, {"CustomerName": "Same"})
    (record,) = plan(pd.DataFrame({"CustomerName": ["Same"], "Days": [1]}), current, key="CustomerName")
    assert "more than one record" in record.problems[0].text


def test_what_somebody_else_changed_is_a_conflict() -> None:
    frame = pd.DataFrame(
        {"id": ["id-0"], "CustomerID": ["C0"], "CustomerName": ["Alfred"], "CreditLimit": [1000.0]}
    )
    now = table({"CustomerName": "Alfki", "CreditLimit": Decimal(2000), "Days": 30})
    (record,) = plan(frame, now, as_read=CURRENT)
    assert record.action == "conflict"
    assert record.conflicts == {"CreditLimit": Change(Decimal(1000), Decimal(2000))}
    assert record.changes == {"CustomerName": Change("Alfki", "Alfred")}


def test_a_conflict_overwritten_leaves_the_others_change_in_place() -> None:
    frame = pd.DataFrame(
        {"id": ["id-0"], "CustomerID": ["C0"], "CustomerName": ["Alfred"], "CreditLimit": [1000.0]}
    )
    now = table({"CustomerName": "Alfki", "CreditLimit": Decimal(2000)})
    (record,) = plan(frame, now, as_read=CURRENT, on_conflict="overwrite")
    assert (record.action, list(record.changes)) == ("update", ["CustomerName"])


def test_a_newer_stamp_alone_is_a_conflict_too() -> None:
    frame = pd.DataFrame({"id": ["id-1"], "CustomerID": ["C1"], "CustomerName": ["Bergen"]})
    later = table({}, {"CustomerName": "Berg", "LastModifiedDateTime": STAMP + pd.Timedelta(seconds=1)})
    assert told(plan(frame, later, as_read=CURRENT)) == ["conflict"]
    assert told(plan(frame, CURRENT, as_read=CURRENT)) == ["update"]


@pytest.mark.parametrize(
    ("stamp", "action"),
    [
        pytest.param(STAMP, "update", id="as it is"),
        pytest.param(STAMP.tz_localize(None), "update", id="without its zone, as Excel keeps it"),
        pytest.param(pd.NaT, "update", id="unknown"),
        pytest.param(STAMP.tz_localize(None) - pd.Timedelta(hours=1), "conflict", id="older"),
    ],
)
def test_the_stamp_in_a_frame_from_a_file_tells_whether_somebody_changed_the_record(
    stamp: Any, action: str
) -> None:
    frame = pd.DataFrame(
        {"id": ["id-0"], "CustomerID": ["C0"], "CustomerName": ["New"], "LastModifiedDateTime": [stamp]}
    )
    assert told(plan(frame, CURRENT)) == [action]


def test_a_row_that_the_user_left_alone_is_no_conflict_whoever_changed_it() -> None:
    frame = pd.DataFrame({"id": ["id-1"], "CustomerID": ["C1"], "CustomerName": ["Berg"]})
    assert told(plan(frame, table({}, {"CustomerName": "Bergen"}), as_read=CURRENT)) == ["unchanged"]


def test_stamps_are_never_written() -> None:
    frame = pd.DataFrame({"CustomerID": ["C0"], "LastModifiedDateTime": [STAMP + pd.Timedelta(days=1)]})
    assert told(plan(frame, CURRENT, clear_nulls=True)) == ["unchanged"]


@pytest.mark.parametrize(
    ("columns", "error", "text"),
    [
        (["CustomerID", "CustomerNam", "Dayz"], AcumaticaUnknownNameError, "'CustomerNam', 'Dayz'"),
        (["CustomerName"], AcumaticaValidationError, "keep the column CustomerID"),
        (["CustomerID", "Days", "Days"], AcumaticaValidationError, "two columns of one name"),
    ],
)
def test_frames_that_no_plan_can_be_made_of_are_refused(columns: list[str], error: type, text: str) -> None:
    with pytest.raises(error, match=text):
        part_columns(CUSTOMER, KNOWN, columns)


def test_a_misspelt_column_is_told_the_field_though_the_frame_lacks_it() -> None:
    with pytest.raises(AcumaticaUnknownNameError) as refusal:
        part_columns(CUSTOMER, {"CustomerID": KNOWN["CustomerID"]}, ["CustomerID", "CreditLimt"])
    assert refusal.value.suggestions == ["CreditLimit"]


def test_a_saved_plan_is_the_same_plan(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"CustomerID": ["C0", "C9"], "CreditLimit": [Decimal("0.10"), Decimal(2)]}, index=[("a", 1), "b"]
    )
    lines = (PlannedLine("Details", "create", position=3, changes={"Qty": Change(None, Decimal("1.5"))}),)
    records = (*plan(frame, CURRENT), PlannedRecord((0,), "update", {"OrderNbr": "1"}, "x", lines=lines))
    aim = Aim(base_url="https://acme", tenant="U100", endpoint="Default/24.200.001", entity="Customer")
    made = WritePlan(aim=aim, records=records, index=tuple(frame.index), made_at="2024-05-01T00:00:00+00:00")
    assert WritePlan.load(made.save(tmp_path / "plans" / "plan.json")) == made


def test_a_plan_file_that_was_changed_is_refused(tmp_path: Path) -> None:
    aim = Aim(base_url="https://acme", tenant=None, endpoint="Default/24.200.001", entity="Customer")
    path = WritePlan(aim=aim, records=(), index=(), made_at="2024-05-01").save(tmp_path / "plan.json")
    path.write_text(path.read_text(encoding="utf-8").replace("Customer", "Vendor"), encoding="utf-8")
    with pytest.raises(AcumaticaValidationError, match="was changed since it was saved"):
        WritePlan.load(path)


def test_the_table_of_a_plan_tells_old_new_and_problem() -> None:
    frame = pd.DataFrame({"CustomerID": ["C0", "C1"], "CreditLimit": [500, "much"]}, index=["x", "y"])
    aim = Aim(base_url="https://acme", tenant=None, endpoint="Default/24.200.001", entity="Customer")
    made = WritePlan(aim=aim, records=tuple(plan(frame, CURRENT)), index=tuple(frame.index), made_at="")
    shown: Any = made.to_frame()
    assert list(shown.columns) == ["row", "action", "CustomerID", "line", "field", "old", "new", "problem"]
    assert shown.loc[0, ["row", "action", "old", "new"]].tolist() == ["x", "update", 1000, 500]
    assert shown.loc[1, ["row", "action", "field", "problem"]].tolist() == [
        "y",
        "invalid",
        "CreditLimit",
        "'much' is no number",
    ]
    assert shown.loc[1, "new"] == "much"
    assert made.summary() == {
        "create": 0,
        "update": 1,
        "delete": 0,
        "unchanged": 0,
        "conflict": 0,
        "invalid": 1,
        "cells": 1,
    }
    assert not made.is_empty
