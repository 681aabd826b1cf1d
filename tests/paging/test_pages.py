"""Pages against a list that a test holds in its hand: what is asked, and what comes of servers that do as they like."""

from __future__ import annotations

import contextlib
import json
import re
import threading
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acudata.errors import AcumaticaError, AcumaticaServerError, AcumaticaTimeoutError
from acudata.paging import Course, Pages, PageSize, marks_of
from acudata.paging.order import KeyOrder

KEYS = {"K": "Int"}


class Server:
    """Holds records with keys from 0 on and answers lists of them."""

    def __init__(
        self,
        size: int,
        *,
        honours_skip: bool = True,
        honours_top: bool = True,
        honours_keys: bool = True,
        cap: int = 10**6,
    ) -> None:
        self.keys = list(range(size))
        self.asked: list[dict[str, str]] = []
        self.honours_skip = honours_skip
        self.honours_top = honours_top
        self.honours_keys = honours_keys
        self.cap = cap
        self.ids = "lasting"
        self.too_many: int | None = None

    def __call__(self, params: Mapping[str, str]) -> bytes:
        self.asked.append(dict(params))
        top = int(params["$top"])
        if self.too_many is not None and top > self.too_many:
            raise AcumaticaTimeoutError("too long", context={"connected": True})
        after = re.search(r"K gt (\d+)", params.get("$filter", ""))
        keys = [key for key in self.keys if not (after and self.honours_keys) or key > int(after[1])]
        start = int(params.get("$skip", 0)) if self.honours_skip else 0
        size = min(top, self.cap) if self.honours_top else len(keys)
        return json.dumps(
            [self._record(at, key, start) for at, key in enumerate(keys[start : start + size], 1)]
        ).encode()

    def _record(self, number: int, key: int, start: int) -> dict[str, Any]:
        ids = {"lasting": f"id{key}", "new": f"{len(self.asked)}-{key}", "of places": f"at{start + number}"}
        own = ids.get(self.ids)
        ident = {"id": own} if own else {}
        return {**ident, "rowNumber": number, "K": {"value": key}}


def pages_of(
    server: Server,
    *,
    by_keys: bool = False,
    page_size: int | None = None,
    top: int | None = None,
    skip: int = 0,
    allowed: int = 0,
    select: str = "",
    has_keys: bool = True,
) -> Pages:
    order = KeyOrder(KEYS) if by_keys else None
    course = Course(sizes=PageSize(page_size), order=order, top=top, skip=skip)
    return Pages(
        server, {"$select": select} if select else {}, course, keys=KEYS if has_keys else {}, allowed=allowed
    )


def read(pages: Pages, *, into: list[int] | None = None) -> list[int]:
    rows = [] if into is None else into
    for content in pages:
        page = json.loads(content)
        kept = pages.received(marks_of(page, list(pages.keys)))
        rows += [page[at]["K"]["value"] for at in (range(len(page)) if kept is None else kept)]
    return rows


@settings(max_examples=100, deadline=None)
@given(
    size=st.integers(0, 40),
    page_size=st.integers(1, 12),
    top=st.one_of(st.none(), st.integers(0, 50)),
    skip=st.integers(0, 10),
    by_keys=st.booleans(),
    allowed=st.integers(0, 3),
)
def test_every_record_comes_once_and_none_beyond_top(
    size: int,
    page_size: int,
    top: int | None,
    skip: int,
    by_keys: bool,  # noqa: FBT001
    allowed: int,
) -> None:
    server = Server(size)
    rows = read(pages_of(server, by_keys=by_keys, page_size=page_size, top=top, skip=skip, allowed=allowed))
    assert rows == server.keys[skip:][: top if top is not None else None]
    assert all(int(params["$top"]) <= max(2, page_size) for params in server.asked)
    if top is not None and len(rows) == top:
        assert _furthest(server, skip) <= skip + top


def _furthest(server: Server, skip: int) -> int:
    """Return how many records of the list, from its beginning, were asked for in all."""
    first = int(server.asked[0]["$top"]) + skip if server.asked else 0
    by_key = [
        int(re.findall(r"\d+", p["$filter"])[0]) + 1 + int(p["$top"]) for p in server.asked if "$filter" in p
    ]
    by_position = [int(p["$skip"]) + int(p["$top"]) for p in server.asked[1:] if "$skip" in p]
    return max([first, *by_key, *by_position]) if server.asked else 0


def test_pages_by_position_begin_with_the_last_record_of_the_page_before() -> None:
    server = Server(7)
    assert read(pages_of(server, page_size=3)) == server.keys
    assert server.asked == [
        {"$top": "3"},
        {"$top": "3", "$skip": "2"},
        {"$top": "3", "$skip": "4"},
        {"$top": "3", "$skip": "6"},
    ]


def test_pages_by_key_begin_after_the_last_key_and_the_end_is_checked_once() -> None:
    server = Server(7)
    pages = pages_of(server, by_keys=True, page_size=3, select="Name")
    assert read(pages) == server.keys
    assert server.asked == [
        {"$select": "Name,K", "$top": "3"},
        {"$select": "Name,K", "$filter": "K gt 2", "$top": "3"},
        {"$select": "Name,K", "$filter": "K gt 5", "$top": "3"},
        {"$select": "Name,K", "$top": "1", "$skip": "7"},
    ]
    assert pages.facts()["paging"] == "keys"


def test_one_page_takes_one_request() -> None:
    server = Server(7)
    pages = pages_of(server, by_keys=True, page_size=8, allowed=2)
    assert read(pages) == server.keys
    assert len(server.asked) == 1
    assert pages.facts() == {
        "pages": 1,
        "paging": "single page",
        "repaired": {"skipped": 0, "repeated": 0, "changed": 0},
        "paging_notes": [],
    }


@pytest.mark.parametrize("by_keys", [True, False])
def test_top_takes_no_request_beyond_it(by_keys: bool) -> None:  # noqa: FBT001
    server = Server(100)
    assert read(pages_of(server, by_keys=by_keys, page_size=10, top=20, allowed=2)) == list(range(20))
    assert len(server.asked) == (2 if by_keys else 3)


def test_a_filter_is_put_in_brackets_beside_the_condition_on_keys() -> None:
    server = Server(3)
    pages = Pages(
        server,
        {"$filter": "A eq 1 or B eq 2"},
        Course(sizes=PageSize(2), order=KeyOrder(KEYS)),
        keys=KEYS,
    )
    read(pages)
    assert server.asked[1]["$filter"] == "(A eq 1 or B eq 2) and (K gt 1)"


def test_a_server_that_ignores_skip_is_found_out() -> None:
    with pytest.raises(AcumaticaServerError, match="does not honour"):
        read(pages_of(Server(5, honours_skip=False), page_size=5))


def test_a_list_that_grew_at_its_beginning_is_not_taken_for_the_same_page() -> None:
    server = Server(6)
    pages = pages_of(server, page_size=2)
    rows: list[int] = []
    for content in pages:
        page = json.loads(content)
        kept = pages.received(marks_of(page, list(pages.keys)))
        rows += [page[at]["K"]["value"] for at in (range(len(page)) if kept is None else kept)]
        if len(server.asked) == 1:
            server.keys.insert(0, 99)
    assert [row for row in rows if row != 99] == list(range(6))


def test_keys_do_without_skip() -> None:
    server = Server(25, honours_skip=False)
    assert read(pages_of(server, by_keys=True, page_size=5)) == server.keys


def test_the_same_page_twice_is_found_out_without_ids_and_keys() -> None:
    server = Server(5, honours_skip=False)
    server.ids = "none"
    with pytest.raises(AcumaticaServerError, match="same page twice"):
        read(pages_of(server, page_size=5, has_keys=False))


@pytest.mark.parametrize("ids", ["none", "new"])
@pytest.mark.parametrize("page_size", [2, 4])
def test_records_without_lasting_ids_and_keys_are_told_to_be_uncertain(ids: str, page_size: int) -> None:
    server = Server(9)
    server.ids = ids
    pages = pages_of(server, page_size=page_size, has_keys=False)
    assert read(pages) == server.keys
    assert "no lasting ids, nor keys" in pages.facts()["paging_notes"][0]


@pytest.mark.parametrize("ids", ["none", "new"])
@pytest.mark.parametrize("by_keys", [True, False])
def test_keys_do_where_ids_are_made_up_anew(ids: str, by_keys: bool) -> None:  # noqa: FBT001
    server = Server(9)
    server.ids = ids
    pages = pages_of(server, page_size=4, by_keys=by_keys)
    assert read(pages) == server.keys
    assert pages.facts()["paging_notes"] == []


@pytest.mark.parametrize("page_size", [2, 3, 5])
def test_keys_that_several_records_share_hide_none_of_them(page_size: int) -> None:
    server = Server(0)
    server.keys = [0, 0, 1, 1, 1, 2, 3, 3]
    server.ids = "of places"
    assert read(pages_of(server, page_size=page_size, by_keys=True)) == server.keys


def test_a_server_that_ignores_top_is_read_once() -> None:
    server = Server(5, honours_top=False)
    pages = pages_of(server, page_size=2)
    assert read(pages) == [0, 1, 2, 3, 4]
    assert len(server.asked) == 1
    assert "does not honour $top" in pages.facts()["paging_notes"][0]


def test_nobody_gets_more_than_top_from_a_server_that_ignores_it() -> None:
    assert read(pages_of(Server(5, honours_top=False), top=3)) == [0, 1, 2]


def test_a_server_that_ignores_conditions_on_keys_is_read_by_position() -> None:
    server = Server(30, honours_keys=False)
    pages = pages_of(server, by_keys=True, page_size=7)
    assert read(pages) == server.keys
    assert pages.facts()["paging"] == "skip"


@pytest.mark.parametrize("status", [502, 503])
def test_an_instance_that_is_away_refuses_nothing(status: int) -> None:
    class Away(Server):
        def __call__(self, params: Mapping[str, str]) -> bytes:
            if "K gt" in params.get("$filter", ""):
                raise AcumaticaServerError("the site restarts", status_code=status)
            return super().__call__(params)

    with pytest.raises(AcumaticaServerError, match="the site restarts"):
        read(pages_of(Away(30), by_keys=True, page_size=7))


def test_a_condition_on_keys_that_is_refused_is_done_without() -> None:
    server = Server(30)

    def fetch(params: Mapping[str, str]) -> bytes:
        if "$filter" in params:
            raise AcumaticaServerError("no such comparison")
        return server(params)

    pages = Pages(fetch, {}, Course(sizes=PageSize(7), order=KeyOrder(KEYS)), keys=KEYS)
    assert read(pages) == server.keys
    assert pages.facts()["paging"] == "skip"


@pytest.mark.parametrize("by_keys", [True, False])
def test_an_order_that_only_looks_like_that_of_the_keys_loses_nothing(by_keys: bool) -> None:  # noqa: FBT001
    server = Server(0)
    server.keys = [1, 2, 5, 3, 4, 6, 7, 8, 9]
    assert sorted(read(pages_of(server, by_keys=by_keys, page_size=3))) == list(range(1, 10))


@pytest.mark.parametrize("size", [100, 150, 330])
@pytest.mark.parametrize("by_keys", [True, False])
def test_pages_that_the_server_cuts_are_followed_by_more(by_keys: bool, size: int) -> None:  # noqa: FBT001
    server = Server(size, cap=50)
    pages = pages_of(server, by_keys=by_keys)
    assert read(pages) == server.keys
    assert pages.facts()["paging_notes"] == ["The server sends 50 records a page at most."]


def test_a_list_whose_length_is_round_takes_one_more_request() -> None:
    server = Server(100)
    assert read(pages_of(server)) == server.keys
    assert len(server.asked) == 2


@pytest.mark.parametrize("by_keys", [True, False])
def test_a_page_that_takes_too_long_is_asked_for_in_halves(by_keys: bool) -> None:  # noqa: FBT001
    server = Server(700)
    server.too_many = 300
    assert read(pages_of(server, by_keys=by_keys, allowed=2)) == server.keys
    assert {"1000", "500", "250"} <= {params["$top"] for params in server.asked}


def test_a_fixed_size_is_not_changed() -> None:
    server = Server(700)
    server.too_many = 300
    with pytest.raises(AcumaticaTimeoutError):
        read(pages_of(server, page_size=301))


class Slow(Server):
    """Notes how many requests are under way at a time; each waits until it is let go or somebody else has come."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.under_way = 0
        self.most = 0
        self._lock = threading.Lock()

    def __call__(self, params: Mapping[str, str]) -> bytes:
        with self._lock:
            self.under_way += 1
            self.most = max(self.most, self.under_way)
        try:
            threading.Event().wait(0.002)
            return super().__call__(params)
        finally:
            with self._lock:
                self.under_way -= 1


@pytest.mark.parametrize(("allowed", "most"), [(0, 1), (1, 1), (2, 2), (3, 3)])
def test_so_many_requests_are_under_way_and_no_more(allowed: int, most: int) -> None:
    server = Slow(200)
    assert read(pages_of(server, page_size=9, allowed=allowed)) == server.keys
    assert server.most == most


def test_an_error_of_a_page_asked_ahead_is_raised_in_its_turn() -> None:
    server = Server(20)

    def fetch(params: Mapping[str, str]) -> bytes:
        if "K gt 9" in params.get("$filter", ""):
            raise AcumaticaError("gone")
        return server(params)

    pages = Pages(fetch, {}, Course(sizes=PageSize(5), order=KeyOrder(KEYS)), keys=KEYS, allowed=2)
    rows: list[int] = []
    with pytest.raises(AcumaticaError, match="gone"):
        read(pages, into=rows)
    assert rows == list(range(10))


def decoded(pages: Pages, decode: Callable[[bytes], Any]) -> list[int]:
    """Read pages as a reader does that has them decoded where they arrive."""
    rows: list[int] = []
    with contextlib.closing(pages.read(decode)) as going:
        for page in going:
            pages.received(marks_of(page, list(pages.keys)))
            rows += [record["K"]["value"] for record in page]
    return rows


@pytest.mark.parametrize("by_keys", [True, False])
def test_pages_asked_ahead_are_decoded_beside_the_reader(by_keys: bool) -> None:  # noqa: FBT001
    names: list[str] = []

    def decode(content: bytes) -> Any:
        names.append(threading.current_thread().name)
        return json.loads(content)

    pages = pages_of(Server(90), by_keys=by_keys, page_size=30 if by_keys else 31, allowed=2)
    assert sorted(set(decoded(pages, decode))) == list(range(90))
    main = threading.current_thread().name
    assert names.count(main) == 2  # nothing is asked ahead before the second page tells how the list behaves
    assert {re.sub(r"_\d+$", "", name) for name in names} == {main, "acudata-decode"}


@pytest.mark.parametrize("allowed", [0, 2])
def test_what_decoding_raises_is_no_refusal_of_the_server(allowed: int) -> None:
    def decode(content: bytes) -> Any:
        page = json.loads(content)
        if page[0]["K"]["value"] == 15:
            raise AcumaticaServerError("no JSON")
        return page

    server = Server(40)
    with pytest.raises(AcumaticaServerError, match="no JSON"):
        decoded(pages_of(server, by_keys=True, page_size=5, allowed=allowed), decode)
    assert not any("$skip" in params for params in server.asked)


def test_a_reader_that_goes_away_leaves_no_thread_behind() -> None:
    server = Slow(1000)
    pages = pages_of(server, by_keys=True, page_size=10, allowed=2)
    going = iter(pages)
    for _ in range(3):
        page = json.loads(next(going))
        pages.received(marks_of(page, ["K"]))
    going.close()
    for thread in threading.enumerate():
        if thread.name.startswith(("acudata-page", "acudata-decode")):
            thread.join(5)
    asked = len(server.asked)
    assert not [
        thread
        for thread in threading.enumerate()
        if thread.name.startswith(("acudata-page", "acudata-decode"))
    ]
    assert asked <= 5
