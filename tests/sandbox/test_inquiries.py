"""Inquiries: a filter goes in by PUT, the filter and the rows that answer it come out."""

from __future__ import annotations

from .conftest import Start, Web, wrapped


def test_item_104_an_inquiry_answers_its_filter_and_rows(web: Web) -> None:
    answer = web.put("AccountSummaryInquiry?$expand=Results", json={})
    assert answer.status_code == 200
    assert {"Ledger", "Period", "Branch", "AccountClass", "Subaccount", "Results"} < answer.json().keys()
    assert isinstance(answer.json()["Results"], list)
    assert answer.json()["note"] == {"value": None}


def test_item_104_the_filter_is_echoed(web: Web) -> None:
    answer = web.put("AccountSummaryInquiry", json=wrapped(Period="01-2024", Branch="X")).json()
    assert (answer["Period"], answer["Branch"]) == ({"value": "012024"}, {"value": "X"})


def test_item_104_rows_come_only_when_they_are_expanded(web: Web) -> None:
    assert "Results" not in web.put("AccountSummaryInquiry", json={}).json()


def test_item_104_every_answer_has_an_id_of_its_own(web: Web) -> None:
    first, second = (web.put("AccountSummaryInquiry", json={}).json()["id"] for _ in range(2))
    assert first != second


def test_item_104_get_shows_an_empty_filter(web: Web) -> None:
    (row,) = web.get("AccountSummaryInquiry?$expand=Results").json()
    assert row["Results"] == []
    assert row["Subaccount"] == {}


def test_item_104_get_can_be_refused(start: Start) -> None:
    web = start(inquiry_get="error")
    web.sign_in()
    answer = web.get("AccountSummaryInquiry")
    assert answer.status_code == 500
    assert answer.json()["exceptionType"].endswith("CannotOptimizeException")


def test_an_inquiry_checks_its_body(web: Web) -> None:
    assert web.put("AccountSummaryInquiry", json={"Period": "012024"}).status_code == 400


def test_an_inquiry_has_nothing_to_delete(web: Web) -> None:
    assert web.delete("AccountSummaryInquiry/012024").status_code == 500
