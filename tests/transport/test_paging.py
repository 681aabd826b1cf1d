"""Pages: asked for one after the other, never more than wanted, and an end to servers that do not honour $skip."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acudata.errors import AcumaticaServerError
from acudata.transport.paging import Pages


class Server:
    """Holds a list and answers slices of it."""

    def __init__(self, size: int, *, honours_skip: bool = True, honours_top: bool = True) -> None:
        self.rows = list(range(size))
        self.asked: list[dict[str, str]] = []
        self.honours_skip = honours_skip
        self.honours_top = honours_top

    def __call__(self, params: Mapping[str, str]) -> bytes:
        self.asked.append(dict(params))
        start = int(params.get("$skip", 0)) if self.honours_skip else 0
        stop = start + int(params["$top"]) if self.honours_top else None
        return json.dumps(self.rows[start:stop]).encode()


def read(server: Server, **options: Any) -> list[int]:
    pages = Pages(server, {"$filter": "A eq 1"}, **options)
    rows: list[int] = []
    for content in pages:
        page = json.loads(content)
        pages.received(len(page))
        rows += page
    assert pages.requests == len(server.asked)
    return rows


@settings(max_examples=100, deadline=None)
@given(
    size=st.integers(0, 40),
    page_size=st.integers(1, 12),
    top=st.one_of(st.none(), st.integers(0, 50)),
    skip=st.integers(0, 10),
)
def test_every_row_comes_once_and_none_beyond_top(
    size: int, page_size: int, top: int | None, skip: int
) -> None:
    server = Server(size)
    wanted = list(range(size))[skip:][: top if top is not None else None]
    assert read(server, page_size=page_size, top=top, skip=skip) == wanted
    assert all(int(params["$top"]) <= page_size for params in server.asked)
    assert top is None or sum(int(params["$top"]) for params in server.asked) <= top


def test_the_options_go_along_with_each_page() -> None:
    server = Server(3)
    read(server, page_size=2)
    assert server.asked == [
        {"$filter": "A eq 1", "$top": "2"},
        {"$filter": "A eq 1", "$top": "2", "$skip": "2"},
    ]


def test_a_server_that_ignores_skip_is_found_out() -> None:
    with pytest.raises(AcumaticaServerError, match="does not honour"):
        read(Server(5, honours_skip=False), page_size=5)


def test_a_server_that_ignores_top_is_read_once(caplog: pytest.LogCaptureFixture) -> None:
    server = Server(5, honours_top=False)
    assert read(server, page_size=2) == [0, 1, 2, 3, 4]
    assert len(server.asked) == 1
    assert "does not honour $top" in caplog.text
