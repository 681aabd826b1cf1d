"""How many records a page asks for: a number that the user fixed, or one that follows what pages take."""

from __future__ import annotations

import re

from acudata.errors import AcumaticaError, AcumaticaServerError, AcumaticaTimeoutError

FIRST = 1000
SECONDS = 3.0
BYTES = 3 * 2**20
_LEAST, _MOST = 50, 10_000
_TOO_LARGE = re.compile(
    r"too (large|long|big|many)|time.?out|timed out|out ?of ?memory|resource|limit|exceed", re.I
)
"""What servers are guessed to say of a page that is too much for them; none was ever recorded."""


class PageSize:
    """Follows the pages: each takes about `SECONDS`, and `BYTES` at most; `fixed` keeps to one number.

    A page may be twice as large as the one before, or half, and has from 50 to 10,000 records.
    """

    def __init__(self, fixed: int | None = None) -> None:
        self._is_fixed = fixed is not None
        self._most = _MOST
        self.current = fixed or FIRST

    def note(self, records: int, *, seconds: float, size: int) -> None:
        """Take the time and the bytes of a page that asked for so many records into account."""
        if self._is_fixed or records < self.current:
            return  # the last page of a list says nothing of a full one
        factor = min(SECONDS / max(seconds, 0.001), BYTES / max(size, 1))
        self._set(int(records * min(2.0, max(0.5, factor))))

    def shrink(self, error: AcumaticaError) -> bool:
        """Halve the size after a page that was too much for the server; tell whether there is a smaller page to try."""
        if self._is_fixed or self.current <= _LEAST or not _is_too_much(error):
            return False
        self._set(self.current // 2)
        return True

    def limit(self, records: int) -> None:
        """Keep to what the server sends at most."""
        self._most = records
        self.current = min(self.current, records)

    def _set(self, records: int) -> None:
        self.current = min(max(_LEAST, records), self._most)


def _is_too_much(error: AcumaticaError) -> bool:
    if isinstance(error, AcumaticaTimeoutError):
        return bool(error.context.get("connected", True))
    is_gateway = error.status_code in (408, 413, 504)
    return isinstance(error, AcumaticaServerError) and bool(is_gateway or _TOO_LARGE.search(error.message))
