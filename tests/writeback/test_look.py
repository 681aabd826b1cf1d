"""A plan and a report show themselves: what changes, what stands in the way, and nothing that could act."""

from __future__ import annotations

import re
import socket
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acudata.writeback.changes import Change, PlannedLine, PlannedRecord, Problem
from acudata.writeback.outcomes import Outcome
from tests.writeback.made import plan_of, report_of, update

EVIL = "<script>alert('x')</script>&\"\x1b[31m\u202e"
RECORDS = (
    update(0, Decimal("1000"), Decimal("1500.50")),
    PlannedRecord((1,), "create", {"CustomerID": None}, None, {"Name": Change(None, "New")}),
    PlannedRecord((2,), "unchanged", {"CustomerID": "C2"}),
    PlannedRecord((3,), "delete", {"CustomerID": "C3"}, "id-3"),
    PlannedRecord(
        (4,),
        "conflict",
        {"CustomerID": "C4"},
        "id-4",
        {"Name": Change("a", "b")},
        (),
        {"Days": Change(30, None)},
    ),
    PlannedRecord((5,), "invalid", {"CustomerID": "C5"}, problems=(Problem("Days", "'x' is no number"),)),
)


class Seen(HTMLParser):
    """Collects the tags, attributes and texts of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def html(shown: Any) -> Seen:
    return Seen(shown._repr_html_())


def test_a_plan_tells_in_a_terminal_what_it_would_do() -> None:
    assert str(plan_of(RECORDS)).splitlines() == [
        "Plan for Customer at https://acme, tenant U100: "
        "1 create, 1 update, 1 delete, 1 unchanged, 1 conflict, 1 invalid",
        "! invalid   row 5  CustomerID='C5'",
        "    Days: 'x' is no number",
        "! conflict  row 4  CustomerID='C4'",
        "    Days: 30 -> (empty)  changed by somebody else since the frame was read",
        "    Name: 'a' -> 'b'  yours, not written",
        "~ update    row 0  CustomerID='C0'",
        "    Name: 1000 -> 1500.5",
        "+ create    row 1  CustomerID=(empty)",
        "    the ERP numbers it",
        "    Name: 'New'",
        "- delete    row 3  CustomerID='C3'",
    ]


def test_the_short_form_is_one_line() -> None:
    plan = plan_of(RECORDS[:2])
    assert repr(plan) == "<WritePlan Customer: 1 create, 1 update>"
    assert repr(report_of(plan, Outcome("updated"))) == "<WriteReport Customer: 1 updated, 1 not tried>"
    assert repr(plan_of(())) == "<WritePlan Customer: no records>"


def test_a_notebook_shows_the_same() -> None:
    texts = html(plan_of(RECORDS)).texts
    for told in (
        "~ update",
        "C0",
        "1000",
        "1500.5",
        "'x' is no number",
        "yours, not written",
        "30",
        "(empty)",
    ):
        assert told in texts
    assert "C2" not in texts


def test_lines_stand_under_their_document() -> None:
    lines = (
        PlannedLine("Details", "update", "l1", 7, {"OrderQty": Change(1, 2)}, {"LineNbr": 3}),
        PlannedLine("Details", "delete", "l2"),
        PlannedLine("Details", "unchanged", "l3", 8),
    )
    order = PlannedRecord((0,), "update", {"OrderNbr": "1"}, "o1", lines=lines)
    plan = plan_of([order], line_index={"Details": tuple("abcdefghi")})
    assert str(plan).splitlines()[2:] == [
        "    Details 3: update, row h",
        "        OrderQty: 1 -> 2",
        "    Details: delete",
    ]
    assert "padding-left:28px" in plan._repr_html_()


def test_a_report_tells_failures_first_and_in_the_servers_words() -> None:
    plan = plan_of([update(0), update(1), update(2), update(3)])
    report = report_of(
        plan,
        Outcome("updated", altered={"Name": "B"}),
        Outcome("failed", errors={"Name": "'b' is taken."}),
        Outcome("discarded", discarded={"Name": "a"}),
        Outcome("unchanged"),
    )
    assert str(report).splitlines() == [
        "Report on Customer at https://acme, tenant U100 in 1.2 s: 1 updated, 1 unchanged, 1 failed, 1 discarded",
        "! failed    row 1  CustomerID='C1'",
        "    Name: 'b' is taken.",
        "! discarded row 2  CustomerID='C2'",
        "    Name: 'b' -> 'a'  the ERP kept",
        "~ updated   row 0  CustomerID='C0'",
        "    Name: 'b' -> 'B'  the ERP made of it",
    ]
    assert html(report).texts.index("'b' is taken.") < html(report).texts.index("the ERP kept")


def test_only_as_much_is_shown_as_one_can_look_at() -> None:
    plan = plan_of([update(at) for at in range(3912)])
    assert str(plan).splitlines()[-1] == "200 of 3,912 records shown"
    assert html(plan).texts[-1] == "200 of 3,912 records shown"
    wide = PlannedRecord((0,), "create", {}, None, {f"F{at}": Change(None, at) for at in range(500)})
    assert "    … and 401 more" in str(plan_of([wide])).splitlines()
    assert str(plan_of([wide] * 30)).splitlines()[-1] == "9 of 30 records shown"


def test_long_texts_are_cut_to_where_they_differ() -> None:
    line = str(plan_of([update(0, "x" * 5000 + "old", "x" * 5000 + "new")])).splitlines()[-1]
    assert len(line) < 400
    assert line.endswith("xnew'")
    assert "xold' -> " in line


@pytest.mark.parametrize("place", ["value", "key", "field", "label", "problem", "error", "tenant"])
def test_what_anybody_wrote_cannot_act(place: str) -> None:
    texts = dict.fromkeys(["value", "key", "field", "label", "problem", "error"], "plain") | {place: EVIL}
    record = PlannedRecord(
        (0,),
        "update",
        {texts["field"]: texts["key"]},
        "id-0",
        {texts["field"]: Change(texts["value"], 1)},
        problems=(Problem(texts["field"], texts["problem"]),),
    )
    plan = plan_of([record], index=[texts["label"]])
    shown = (plan, report_of(plan, Outcome("failed", errors={texts["field"]: texts["error"]})))
    for each in shown:
        seen = html(each)
        assert seen.tags <= {
            "div",
            "strong",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
            "del",
            "ins",
            "span",
        }
        assert seen.attributes <= {"style", "rowspan"}
        assert not set("\x1b\u202e") & set(str(each) + each._repr_html_())


@settings(deadline=None, max_examples=50)
@given(st.text(), st.text())
def test_any_text_is_shown_as_text(old: str, new: str) -> None:
    plan = plan_of([update(0, old, new)], index=[new])
    assert html(plan).tags == {"div", "strong", "table", "thead", "tbody", "tr", "th", "td", "del", "ins"}
    assert plan._repr_html_().encode()
    assert all(line.isprintable() for line in str(plan).splitlines())


def test_nothing_is_asked_and_nothing_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_of(RECORDS)

    def refuse(*_: Any) -> None:
        raise AssertionError

    monkeypatch.setattr(socket.socket, "connect", refuse)
    shown = "".join((repr(plan), str(plan), plan._repr_html_()))
    assert not re.search(r"src=|href=|url\(|@import|on\w+=", shown)
