"""What the server refused is told by column, by line and with what to try."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from acudata.errors import AcumaticaError
from acudata.transport.exchange import Ask, Reply
from acudata.transport.faults import fault
from acudata.writeback.changes import Change, PlannedLine, PlannedRecord
from acudata.writeback.refusals import errors_of, failed

PATH = "entity/Default/24.200.001/SalesOrder"
ORDER = PlannedRecord(
    (4, 5), "update", {"OrderNbr": "000070"}, "o1", lines=(PlannedLine("Details", "update", "l2", 5),)
)


def refusal(body: dict[str, Any], status: int = 422) -> AcumaticaError:
    content = json.dumps(body).encode()
    error = fault(Ask("PUT", f"http://erp/{PATH}", PATH), Reply(status, {}, content, 0.1, ""))
    assert error is not None
    return error


def test_a_wrong_line_is_named_by_its_row_in_the_frame_else_by_its_place_in_the_answer() -> None:
    wrong = {"value": "X1", "error": "'X1' cannot be found in the system."}
    lines = [{"id": "l1"}, {"id": "l2", "Project": wrong}, {"id": "l3", "error": "The row is locked."}]
    assert errors_of(ORDER, refusal({"error": "Review the errors.", "Details": lines})) == {
        "Details[5].Project": "'X1' cannot be found in the system.",
        "Details line 3": "The row is locked.",
    }


@pytest.mark.parametrize(
    ("place", "told", "name"),
    [
        pytest.param(1, "'A' is wrong.", "Details[6].Project", id="the lines of the request"),
        pytest.param(3, "'B' is wrong.", "Details[7].Project", id="the whole document"),
        pytest.param(2, "'A' is wrong.", "Details[6].Project", id="the value decides"),
        pytest.param(2, "'B' is wrong.", "Details[7].Project", id="the value decides for the other"),
        pytest.param(2, "It is wrong.", "Details line 3, Project", id="either of two"),
        pytest.param(0, "It is wrong.", "Details line 1, Project", id="one that was there"),
    ],
)
def test_a_new_line_is_named_where_one_can_tell_which_it_is(place: int, told: str, name: str) -> None:
    new = [
        PlannedLine("Details", "create", None, at, {"Project": Change(None, value)})
        for at, value in ((6, "A"), (7, "B"))
    ]
    order = replace(ORDER, lines=(*ORDER.lines, *new))
    lines: list[dict[str, Any]] = [{"id": f"given {at}"} for at in range(4)]
    lines[place]["Project"] = {"error": told}
    assert errors_of(order, refusal({"error": "…", "Details": lines}), before={"Details": 2}) == {name: told}


def test_a_field_is_named_as_its_column_is() -> None:
    body = {"MainContact": {"Email": {"value": "x", "error": "No address."}}}
    assert errors_of(ORDER, refusal(body)) == {"MainContact.Email": "No address."}


def test_what_concerns_the_whole_record_stands_under_no_column() -> None:
    outcome = failed(ORDER, refusal({"message": "The period 01-2024 is closed."}, 500))
    assert outcome.status == "failed"
    assert list(outcome.errors) == [""]


def test_what_to_try_follows_the_servers_words() -> None:
    closed = {"PostPeriod": {"value": "012024", "error": "Financial Period '01-2024' is closed."}}
    outcome = failed(ORDER, refusal(closed))
    assert str(outcome.error).startswith(
        "PostPeriod: Financial Period '01-2024' is closed.; try: give the document"
    )
