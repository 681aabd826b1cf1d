"""The GETs of one reading: all of them with its choice of cache, and how old the oldest answer was."""

from __future__ import annotations

from collections.abc import Mapping

from acudata.transport.session import Session


class Asking:
    """Asks for whatever one reading needs; `cache` is as in `Session.get`.

    `age` is the number of seconds since the oldest kept answer was asked for, None while all come from the server.
    """

    def __init__(self, session: Session, *, cache: bool | None = None) -> None:
        self.age: float | None = None
        self.is_kept = session.cache.is_used(cache=cache)
        self._session = session
        self._cache = cache
        self._has_rows = False

    def get(self, path: str, params: Mapping[str, str]) -> bytes:
        """Return the body of an answer; an empty one after others with rows is the end of a list, and may be kept."""
        reply = self._session.get(path, params=params, cache=self._cache, keep_empty=self._has_rows)
        self._has_rows = self._has_rows or len(reply.content) > len(b"[]")
        if reply.age is not None:
            self.age = max(reply.age, self.age or 0.0)
        return reply.content
