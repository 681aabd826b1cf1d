"""Asks for pages where one request does not do: custom fields in chunks, and records that no list can show."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol
from urllib.parse import quote

from acudata.batch import run_batch
from acudata.errors import AcumaticaNotFoundError, AcumaticaOfflineError, AcumaticaOptimizationError
from acudata.finishing import Answer
from acudata.frames.tolerant import records_in
from acudata.queries import Query
from acudata.queries.chunks import Chunk
from acudata.transport.exchange import Reply
from acudata.unoptimised import explained

_PAGE = ("$filter", "$top", "$skip")
_TRIES = 3
_NOTHING = frozenset({b"[]", b""})

_log = logging.getLogger(__name__)


class Get(Protocol):
    """Gets a path below the instance and query options; `anew` takes no kept answer, except offline."""

    def __call__(self, path: str, params: Mapping[str, str], *, anew: bool = False) -> Reply:
        """Return the answer."""


class Lists:
    """Fetches the pages of one reading.

    `by_key` says what becomes of a list that the server cannot optimise: its records are listed by their keys alone and
    read one by one, `at_once` of them at a time, which gives the same page. Otherwise the error tells the ways out.
    """

    def __init__(self, get: Get, path: str, query: Query, *, by_key: bool = False, at_once: int = 2) -> None:
        self._ask = get
        self._path = path
        self._query = query
        self._may_go_by_key = by_key
        self._at_once = at_once
        self._refused = {_kind(query.params)} if query.by_key else set()
        self._oldest: float | None = None

    def age(self) -> float | None:
        """Return for how many seconds the oldest answer has been kept, None when all came from the server."""
        return self._oldest

    def page(self, params: Mapping[str, str]) -> bytes:
        """Return a page, with the answers to the further requests that it takes."""
        page = self._list(params)
        if not self._query.chunks or page.strip() in _NOTHING:
            return page
        which = {name: params[name] for name in _PAGE if name in params}
        return Answer(page, [self._list({**chunk.params, **which}) for chunk in self._query.chunks])

    def look_up(self, ids: Sequence[str], chunk: Chunk) -> bytes:
        """Return what a further request tells of records, each read by its id; those that are gone are left out."""
        bodies, _ = self._records(ids, chunk.params)
        return _page_of(bodies)

    def has_records(self) -> bool:
        """Tell whether the entity has any record at all, by one small request.

        That is for an answer that was empty, which is never a kept one; so this is asked anew. Offline it is what was
        kept of that, or else not known.
        """
        try:
            reply = self._ask(self._path, {**self._narrow(), "$top": "1"}, anew=True)
        except AcumaticaOfflineError:
            return False
        return bool(records_in(reply.content))

    def check(self) -> None:
        """Raise AcumaticaOptimizationError when the list, or a further one, cannot be had."""
        for params in (self._query.params, *(chunk.params for chunk in self._query.chunks)):
            self._list({**params, "$top": "1"})

    def _get(self, path: str, params: Mapping[str, str]) -> bytes:
        reply = self._ask(path, params)
        if reply.age is not None:
            self._oldest = max(self._oldest or 0.0, reply.age)
        return reply.content

    def _list(self, params: Mapping[str, str]) -> bytes:
        if _kind(params) in self._refused:
            return self._one_by_one(params)
        try:
            return self._get(self._path, params)
        except AcumaticaOptimizationError as error:
            if not self._may_go_by_key:
                raise explained(self._query, error) from None
            _log.info("%s: the records are read one by one, since %s", self._query.entity.name, error.message)
            self._refused.add(_kind(params))
            return self._one_by_one(params)

    def _one_by_one(self, params: Mapping[str, str]) -> bytes:
        """Return a page of records that were each read by itself.

        A page in which a record is gone by then is listed anew, so that it ends where the list does.
        """
        wanted = {name: text for name, text in params.items() if name not in _PAGE}
        for _ in range(_TRIES):
            bodies, is_whole = self._records(self._ids(params), wanted)
            if is_whole:
                break
        return _page_of(bodies)

    def _ids(self, params: Mapping[str, str]) -> list[str]:
        which = {name: params[name] for name in _PAGE if name in params}
        try:
            page = self._get(self._path, {**self._narrow(), **which})
        except AcumaticaOptimizationError as error:  # the filter itself
            raise explained(self._query, error) from None
        return [str(record["id"]) for record in records_in(page)]

    def _narrow(self) -> dict[str, str]:
        entity = self._query.entity
        names = list(entity.keys) or list(entity.structure.fields)[:1]
        return {"$select": ",".join(names)} if names else {}

    def _records(self, ids: Iterable[str], params: Mapping[str, str]) -> tuple[list[bytes], bool]:
        """Return the bodies of records in the order of their ids, and whether all of them were there."""
        outcomes = run_batch(
            [(self._record, record, params) for record in ids], max_concurrent=self._at_once, on_error="stop"
        )
        outcomes.raise_for_failure()
        bodies = [body for body in outcomes.values if body is not None]
        return bodies, len(bodies) == len(outcomes)

    def _record(self, record: str, params: Mapping[str, str]) -> bytes | None:
        try:
            return self._get(f"{self._path}/{quote(record, safe='')}", params)
        except AcumaticaNotFoundError:
            return None


def _kind(params: Mapping[str, str]) -> str:
    """Return what tells the requests of a page from each other: some may be lists where others cannot be."""
    return params.get("$custom", "")


def _page_of(bodies: Iterable[bytes]) -> bytes:
    return b"[%b]" % b",".join(bodies)
