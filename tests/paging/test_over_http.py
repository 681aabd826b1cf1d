"""Paging as a client does it: what the sandbox is asked, how much at a time, and what frames tell of it."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pandas as pd
import pytest

from acudata import AcumaticaClient, AcumaticaServerError, F
from acudata.sandbox import Sandbox, SandboxSettings
from acudata.sandbox.calls import Answer, Call
from acudata.sandbox.envelopes import server_error
from tests.conftest import connect

Serve = Callable[..., tuple[Sandbox, AcumaticaClient]]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a sandbox with some settings, and a client on it with settings of its own."""
    with ExitStack() as stack:

        def begin(own: dict[str, Any] | None = None, **settings: Any) -> tuple[Sandbox, AcumaticaClient]:
            box = stack.enter_context(Sandbox(settings=SandboxSettings(**settings)))
            return box, stack.enter_context(connect(box, **own or {}))

        yield begin


@contextmanager
def asked(box: Sandbox, entity: str) -> Iterator[list[dict[str, str]]]:
    """Give the options of the lists that are asked for in the block, `$top` left out where it is the usual."""
    calls: list[dict[str, str]] = []
    take_away = box.before(lambda call: calls.append(dict(call.query)), f"*/{entity}")
    try:
        yield calls
    finally:
        take_away()


def filters(calls: list[dict[str, str]]) -> list[str | None]:
    return [call.get("$filter") for call in calls]


def test_composite_keys_part_a_list(box: Sandbox, client: AcumaticaClient) -> None:
    _ = client.sales_orders.entity
    with asked(box, "SalesOrder") as calls:
        frame = client.sales_orders.to_frame(page_size=1500, select="Status")
    last = box.table("SalesOrder").keys(1499)
    assert list(frame) == ["Status", "id"]
    assert [call["$select"] for call in calls] == ["Status,OrderType,OrderNbr"] * 4
    assert filters(calls)[1] == (
        f"OrderType gt '{last[0]}' or (OrderType eq '{last[0]}' and OrderNbr gt '{last[1]}')"
    )
    assert str(filters(calls)[2]).startswith("LastModified ge datetimeoffset'")
    assert calls[3]["$skip"] == str(len(frame))
    assert frame.attrs["paging"] == "keys"


def test_lines_are_paged_by_the_keys_of_their_documents(box: Sandbox, client: AcumaticaClient) -> None:
    whole = client.sales_orders.to_frame(expand="Details", page_size=5000)
    parts = client.sales_orders.to_frame(expand="Details", page_size=321)
    assert (whole.attrs["paging"], parts.attrs["paging"]) == ("single page", "keys")
    pd.testing.assert_frame_equal(whole, parts)


def test_numbers_as_keys_are_not_quoted(box: Sandbox, client: AcumaticaClient) -> None:
    _ = client.contacts.entity
    with asked(box, "Contact") as calls:
        client.contacts.to_frame(page_size=300)
    assert filters(calls)[1] == f"ContactID gt {box.table('Contact').keys(299)[0]}"


@pytest.mark.parametrize(
    "condition", [F.MainContact.Email != "nobody", F.UsrLoyaltyTier != "Diamond", "MainContact/Email ne 'x'"]
)
def test_a_filter_beyond_the_record_is_never_joined_with_keys(
    box: Sandbox, client: AcumaticaClient, condition: Any
) -> None:
    _ = client.customers.entity
    with asked(box, "Customer") as calls:
        frame = client.customers.to_frame(condition, page_size=100)
    assert len(set(filters(calls))) == 1
    assert frame.attrs["paging"] == "skip"


def test_a_silent_empty_page_is_not_believed(serve: Serve) -> None:
    _, client = serve(one_view_filters=frozenset({"Customer"}), page_limit=None)
    whole = client.customers.to_frame(page_size=1000)
    assert len(client.customers.to_frame(page_size=70)) == len(whole)


def test_an_empty_page_after_a_full_one_is_checked_without_the_keys(serve: Serve) -> None:
    box, client = serve()
    box.before(lambda call: Answer(b"[]") if " gt " in call.query.get("$filter", "") else None, "*/Customer")
    frame = client.customers.to_frame(page_size=70)
    assert len(frame) == len(box.table("Customer"))
    assert frame.attrs["paging"] == "skip"


@pytest.mark.parametrize("order", ["keys", "scattered"])
@pytest.mark.parametrize("top", [1, 99, 100, 101, 250])
def test_top_asks_for_no_record_beyond_it(serve: Serve, order: str, top: int) -> None:
    box, client = serve(list_order=order)
    _ = client.customers.entity
    with asked(box, "Customer") as calls:
        frame = client.customers.to_frame(top=top, page_size=100)
    assert len(frame) == top
    again = sum("$skip" in call for call in calls)
    assert sum(int(call["$top"]) for call in calls) == top + again
    assert not any("LastModified" in str(text) for text in filters(calls))


@pytest.mark.parametrize("order", ["keys", "scattered"])
def test_a_list_that_the_server_cuts_is_read_to_its_end(serve: Serve, order: str) -> None:
    box, client = serve(list_order=order, page_limit=50)
    frame = client.customers.to_frame()
    assert len(frame) == frame["id"].nunique() == len(box.table("Customer"))
    assert frame.attrs["paging_notes"] == ["The server sends 50 records a page at most."]
    assert len(client.customers.to_frame(top=120)) == 120


def test_a_list_without_any_order_is_refused(serve: Serve) -> None:
    _, client = serve(list_order="changing")
    with pytest.raises(AcumaticaServerError, match="another order each time"):
        client.customers.to_frame(page_size=60)
    assert client.customers.to_frame(page_size=1000)["id"].is_unique


def test_conditions_on_keys_that_are_refused_are_done_without(serve: Serve) -> None:
    box, client = serve()

    def refuse(call: Call) -> None:
        if "CustomerID gt" in call.query.get("$filter", ""):
            raise server_error("Type conversions not supported", exception="System.NotSupportedException")

    box.before(refuse, "*/Customer")
    frame = client.customers.to_frame(page_size=70)
    assert len(frame) == len(box.table("Customer"))
    assert frame.attrs["paging"] == "skip"
    assert frame.attrs["paging_notes"] == [
        "The server does not list by keys all along: the rest was read by position."
    ]


class Crowd:
    """Counts how many lists are answered at a time; each waits for company until so many as expected are there."""

    def __init__(self, box: Sandbox, expected: int) -> None:
        self.most = self.now = 0
        self._expected = expected
        self._are_there = threading.Event()
        self._lock = threading.Lock()
        box.before(self._enter, "*/Customer")
        box.after(self._leave, "*/Customer")

    def _enter(self, _: Call) -> None:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
            if self.most >= self._expected:
                self._are_there.set()
        self._are_there.wait(0.5)
        threading.Event().wait(0.01)

    def _leave(self, _: Call, __: Answer) -> None:
        with self._lock:
            self.now -= 1


@pytest.mark.parametrize("order", ["keys", "scattered"])
@pytest.mark.parametrize("allowed", [1, 2, 3])
def test_the_server_never_sees_more_requests_at_a_time_than_allowed(
    serve: Serve, order: str, allowed: int
) -> None:
    box, client = serve({"max_concurrent_requests": allowed}, list_order=order)
    _ = client.customers.entity
    expected = 1 if order == "keys" else allowed
    crowd = Crowd(box, expected)
    assert len(client.customers.to_frame(page_size=20)) == len(box.table("Customer"))
    assert crowd.most == expected


def test_where_each_call_signs_in_nothing_is_asked_ahead(serve: Serve) -> None:
    box, client = serve({"persistent_login": False}, list_order="scattered")
    crowd = Crowd(box, 1)
    assert len(client.customers.to_frame(page_size=50)) == len(box.table("Customer"))
    assert crowd.most == 1


def test_frames_broken_off_ask_for_nothing_more(serve: Serve) -> None:
    box, client = serve()
    _ = client.sales_orders.entity
    with asked(box, "SalesOrder") as calls:
        first = list(itertools.islice(client.sales_orders.iter_frames(page_size=50), 3))
        wait_for_threads()
        assert len(calls) <= 3 + 2
    assert [len(frame) for frame in first] == [50, 50, 50]


def wait_for_threads() -> None:
    """Wait for the requests that nobody wants any more."""
    for thread in threading.enumerate():
        if thread.name.startswith(("acudata-page", "acudata-decode")):
            thread.join(5)


def read_until_interrupted(client: AcumaticaClient) -> None:
    for number, _ in enumerate(client.sales_orders.iter_frames(page_size=50)):
        if number == 2:
            raise KeyboardInterrupt


def test_ctrl_c_ends_a_reading_at_once(serve: Serve) -> None:
    box, client = serve()
    _ = client.sales_orders.entity
    with asked(box, "SalesOrder") as calls, pytest.raises(KeyboardInterrupt):
        read_until_interrupted(client)
    wait_for_threads()
    assert len(calls) <= 3 + 2
    assert client.customers.count() == len(box.table("Customer"))


def test_pages_grow_with_a_quick_server(box: Sandbox, client: AcumaticaClient) -> None:
    _ = client.journal_transactions.entity
    with asked(box, "JournalTransaction") as calls:
        frame = client.journal_transactions.to_frame(select="Description")
    sizes = [int(call["$top"]) for call in calls]
    assert sizes[:3] == [1000, 2000, 4000]
    assert len(frame) == len(box.table("JournalTransaction"))
