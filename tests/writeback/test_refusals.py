"""What the server refused is told by column, by line and with what to try."""

from __future__ import annotations

import json
from typing import Any

from acudata.errors import AcumaticaError
from acudata.transport.exchange import Ask, Reply
from acudata.transport.faults import fault
from acudata.writeback.changes import PlannedLine, PlannedRecord
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


def test_a_wrong_line_is_named_by_its_place_in_the_document_and_in_the_frame() -> None:
    wrong = {"value": "X1", "error": "'X1' cannot be found in the system."}
    lines = [{"id": "l1"}, {"id": "l2", "Project": wrong}, {"id": "l3", "error": "The row is locked."}]
    assert errors_of(ORDER, refusal({"error": "Review the errors.", "Details": lines})) == {
        "Details line 2 (row 5 of the frame), Project": "'X1' cannot be found in the system.",
        "Details line 3": "The row is locked.",
    }


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
