"""Reads a list page by page."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from acudata.errors import AcumaticaServerError

_log = logging.getLogger(__name__)

Fetch = Callable[[Mapping[str, str]], bytes]


@dataclass
class Pages:
    """Yields the pages of a list as the bytes that came.

    `fetch` gets the query options of one page. The reader of a page tells how many records it held by calling
    `received`, since only a page that is shorter than asked ends the list: Acumatica sends neither a count nor a next
    link. `top` is the number of records wanted in all; nothing beyond it is asked for.
    """

    fetch: Fetch
    params: Mapping[str, str]
    page_size: int = 1000
    top: int | None = None
    skip: int = 0
    requests: int = field(default=0, init=False)
    _records: int = field(default=0, init=False)
    _asked: int = field(default=0, init=False)
    _is_last: bool = field(default=False, init=False)

    def __iter__(self) -> Iterator[bytes]:
        previous = None
        while not self._is_last and self._ask() > 0:
            page = self.fetch(self._page_params())
            self.requests += 1
            if page == previous and self._records:
                raise AcumaticaServerError(
                    "The server sent the same page twice: it does not honour $skip.",
                    suggestions=["raise page_size so that one page holds all records", "narrow the filter"],
                )
            previous = page
            self._is_last = True  # unless the reader says otherwise
            yield page

    def received(self, records: int) -> None:
        """Note how many records the page just yielded held."""
        if records > self._asked:
            _log.warning(
                "asked for %d records, got %d: the server does not honour $top", self._asked, records
            )
        self._records += records
        self._is_last = records != self._asked

    def _ask(self) -> int:
        remaining = self.page_size if self.top is None else self.top - self._records
        self._asked = min(self.page_size, remaining)
        return self._asked

    def _page_params(self) -> dict[str, str]:
        position = self.skip + self._records
        return {**self.params, "$top": str(self._asked)} | ({"$skip": str(position)} if position else {})
