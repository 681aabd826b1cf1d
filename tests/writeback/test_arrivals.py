"""Whether lines that were sent without an answer have arrived: yes, no, or nobody can tell, but never a guess."""

from __future__ import annotations

from typing import Any

import pytest

from acudata.writeback.arrivals import arrived, counts, identified, marks
from acudata.writeback.changes import Change, PlannedLine, PlannedRecord
from acudata.writeback.line_verification import lines_verified
from acudata.writeback.outcomes import Outcome

Cells = dict[str, Any]


def new(*rows: Cells, keyed: bool = True) -> list[PlannedLine]:
    key = {"LineNbr": None} if keyed else {}
    changes = [{name: Change(None, value) for name, value in row.items()} for row in rows]
    return [PlannedLine("Details", "create", None, at, each, key) for at, each in enumerate(changes)]


def delete(number: int | None, id_: str) -> PlannedLine:
    key = {} if number is None else {"LineNbr": number}
    return PlannedLine("Details", "delete", id_, 0, key=key)


def there(*rows: tuple[str, int, Cells]) -> dict[str, Any]:
    return {"Details": [{"line.id": id_, "LineNbr": number, **cells} for id_, number, cells in rows]}


A, B = {"Item": "A", "Qty": 1}, {"Item": "B", "Qty": 2}
OLD = ("l1", 1, {"Item": "A", "Qty": 7})
NEW_ID = ("x1", 1, {"Item": "A", "Qty": 7})


@pytest.mark.parametrize(
    ("sent", "now", "verdict"),
    [
        pytest.param(new(A), there(OLD), False, id="nothing came"),
        pytest.param(new(A), there(OLD, ("l2", 2, A)), True, id="it came"),
        pytest.param(new(A), there(NEW_ID, ("x2", 2, A)), True, id="it came, under ids of another session"),
        pytest.param(new(A), there(NEW_ID), False, id="nothing came, and ids are of another session"),
        pytest.param(new(A, A), there(OLD, ("l2", 2, A), ("l3", 3, A)), True, id="two equal ones came"),
        pytest.param(
            new(A, A), there(OLD, ("l2", 2, A)), None, id="one of two equal ones is somebody else's"
        ),
        pytest.param(new(A), there(("l2", 2, A)), True, id="somebody else deleted the line that was there"),
        pytest.param(new(A), there(OLD, ("l2", 2, B)), None, id="somebody else added another"),
        pytest.param(new(A), there(OLD, ("l2", 2, B), ("l3", 3, A)), None, id="somebody else added one more"),
        pytest.param(new({"Item": "a1"}), there(OLD, ("l2", 2, {"Item": "A1"})), True, id="in capitals"),
        pytest.param(new({"Item": "a"}), there(OLD, ("l2", 2, {"Item": "Z"})), None, id="something else"),
        pytest.param(
            [delete(1, "l1"), *new(A)], there(("l2", 2, A)), True, id="it came and the deleted one is gone"
        ),
        pytest.param([delete(1, "l1")], there(OLD), False, id="a deleted one is there"),
        pytest.param([delete(1, "l1")], there(), True, id="a deleted one is gone"),
    ],
)
def test_a_piece_has_arrived(sent: list[PlannedLine], now: Any, verdict: bool | None) -> None:  # noqa: FBT001
    assert arrived([], sent, now, marks(sent, there(OLD))) is verdict


def test_lines_of_earlier_pieces_are_no_lines_of_this_one() -> None:
    done, piece = new(A), new(A)
    known = marks(done, there(OLD))
    first = ("l2", 2, A)
    assert arrived(done, piece, there(OLD, first), known) is False
    assert arrived(done, piece, there(OLD, first, ("l3", 3, A)), known) is True


def test_a_key_that_a_deleted_line_had_may_be_given_to_a_new_one() -> None:
    done = [delete(1, "l1"), *new(A)]
    known = marks(done, there(OLD))
    now = there(("l2", 1, A), ("l3", 2, B))
    assert arrived(done, new(B), now, known) is True


@pytest.mark.parametrize(
    ("sent", "now", "verdict"),
    [
        pytest.param(new(A, keyed=False), [{"Item": "B"}], False, id="as many as before"),
        pytest.param(new(A, keyed=False), [{"Item": "B"}, A], True, id="one more, like it"),
        pytest.param(new(A, keyed=False), [{"Item": "B"}, B], None, id="one more, not like it"),
        pytest.param(new(A, keyed=False), [A], None, id="as many, but the last is like it"),
        pytest.param([delete(None, "l1"), *new(A, keyed=False)], [{"Item": "B"}], None, id="one for one"),
    ],
)
def test_without_keys_and_ids_numbers_tell(
    sent: list[PlannedLine],
    now: list[Cells],
    verdict: bool | None,  # noqa: FBT001
) -> None:
    known = marks(sent, {"Details": [{"line.id": "l1", "Item": "B"}]})
    rows = {"Details": [{"line.id": f"x{at}", **row} for at, row in enumerate(now)]}
    assert arrived([], sent, rows, known) is verdict


def test_new_lines_are_told_from_those_that_somebody_else_added() -> None:
    lines = new(A, B, A)
    known = marks(lines, there(OLD))["Details"]
    rows = there(OLD, ("l2", 2, A), ("s1", 3, {"Item": "A", "Qty": 5}), ("l3", 4, B), ("l4", 5, A))
    assert [row["line.id"] for _, row in identified(lines, rows["Details"], known) if row] == [
        "l2",
        "l3",
        "l4",
    ]
    missing = there(OLD, ("l2", 2, A), ("l4", 5, A))
    pairs = identified(lines, missing["Details"], known)
    assert [None if row is None else row["line.id"] for _, row in pairs] == ["l2", None, "l4"]


def test_a_deleted_line_is_not_mistaken_for_a_new_one_with_its_key() -> None:
    lines = (delete(2, "l2"), *new(B))
    order = PlannedRecord((0,), "update", {"OrderNbr": "1"}, "o1", lines=lines)
    known = marks(lines, there(OLD, ("l2", 2, A)))
    verified = lines_verified(Outcome("updated"), order, there(OLD, ("l3", 2, B)), known)
    assert (verified.status, dict(verified.discarded)) == ("updated", {})
    assert verified.lines == {"Details[0].LineNbr": 2, "Details[0].id": "l3"}
    kept = lines_verified(Outcome("updated"), order, there(OLD, ("l2", 2, A), ("l3", 3, B)), known)
    assert (kept.status, list(kept.discarded)) == ("discarded", ["Details[0]"])
    assert kept.lines["Details[0].id"] == "l3"


def test_the_only_line_may_be_deleted_and_its_key_given_to_a_new_one() -> None:
    lines = (delete(1, "l1"), *new(A))
    order = PlannedRecord((0,), "update", {"OrderNbr": "1"}, "o1", lines=lines)
    known = marks(lines, there(OLD))
    verified = lines_verified(Outcome("updated"), order, there(("l9", 1, A)), known)
    assert (verified.status, verified.lines["Details[0].id"]) == ("updated", "l9")
    assert not verified.errors


def test_lines_are_counted_as_they_stand_after_those_that_were_sent() -> None:
    done = [delete(1, "l1"), *new(A, B)]
    assert counts(done, marks(done, there(OLD))) == {"Details": 2}
