"""Ids of rows that hold for one session only."""

from __future__ import annotations

from typing import Any

from .conftest import Start, Web, wrapped

ORDER = "SalesOrder/SO/000001?$expand=Details"


def ids(web: Web) -> list[str]:
    return [row["id"] for row in web.get(ORDER).json()["Details"]]


def test_item_064_ids_of_rows_differ_between_two_sessions(start: Start) -> None:
    web = start(row_ids="per session")
    web.sign_in()
    record, first = web.get(ORDER).json()["id"], ids(web)
    assert ids(web) == first
    listed: Any = web.get(
        "SalesOrder?$expand=Details&$filter=OrderType eq 'SO' and OrderNbr eq '000001'"
    ).json()
    assert [row["id"] for row in listed[0]["Details"]] == first
    web.sign_out()
    web.sign_in()
    assert web.get(ORDER).json()["id"] == record
    assert not {*ids(web)} & {*first}


def test_rows_are_changed_by_the_ids_of_the_session_and_by_no_others(start: Start) -> None:
    web = start(row_ids="per session")
    web.sign_in()
    old = ids(web)
    record = web.get(ORDER).json()["id"]
    web.sign_out()
    web.sign_in()
    new = ids(web)
    body = {"id": record, "Details": [{"id": new[0], **wrapped(OrderQty=99)}]}
    assert web.put("SalesOrder", json={**body, "Details": [{"id": old[0]}]}).status_code == 500
    changed = web.put("SalesOrder?$expand=Details", json=body).json()["Details"]
    assert (changed[0]["id"], changed[0]["OrderQty"]["value"]) == (new[0], 99)
    refused = web.put(
        "SalesOrder", json={**body, "Details": [{"id": new[0], **wrapped(InventoryID="NOWHERE")}]}
    )
    assert refused.status_code == 422
    assert new[0] in [row["id"] for row in refused.json()["Details"]]


def test_rows_keep_their_ids_unless_told_otherwise(start: Start) -> None:
    web = start()
    web.sign_in()
    first = ids(web)
    web.sign_out()
    web.sign_in()
    assert ids(web) == first
