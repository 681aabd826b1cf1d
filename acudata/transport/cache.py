"""The HTTP cache: answers that are kept for those who ask the same again.

requests-cache as it comes would hand one user's answer to another, because Acumatica tells tenants and users apart by
cookies; it would store those cookies; and it would go on serving what was changed in the meantime. Therefore:

1. Each identity (address, tenant, user, branch, locale, endpoint) has a file of its own, see `AnswerFile`.
2. An answer is kept under the whole question: its address, and every header that the caller set (`PX-CbApiBranch`,
   `PX-CbApiBusinessDate`, `PX-ApiArchive`, `Accept` …).
3. Kept is only what tells data: a GET of an entity or of its description, answered 200 with JSON that is not empty.
   Of the answer's headers only its type is kept, and none of the question's.
4. A write makes everything that was asked for before its end count as outdated, whatever became of it. Not only what
   was asked of the same entity: in an ERP a payment changes invoices, customers and accounts. The description of the
   endpoint stays.
"""

from __future__ import annotations

import hashlib
import json
import logging
import math
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from acudata.config import AcumaticaConfig
from acudata.errors import AcumaticaOfflineError
from acudata.transport.answers import Answer, AnswerFile
from acudata.transport.exchange import Ask, Reply

logger = logging.getLogger("acudata.transport")

FOLDER = "http"
_OWN_NAME = re.compile(r"[0-9a-f]{32}\.sqlite(-journal)?")

_DATA, _DESCRIPTION = "d", "e"
"""What a key begins with."""
_PLACE, _QUESTION = 16, 32
"""Characters of a key that tell what is asked about, and the whole question."""
_WRITTEN = "written"
"""The key of an empty answer that tells when something was last written."""
_SHORT = 64
"""Bytes below which a body may be an empty list."""


class HttpCache:
    """Keeps and finds the answers of one identity."""

    def __init__(self, config: AcumaticaConfig) -> None:
        digest = _digest(json.dumps(config.identity))[:32]
        self._file = AnswerFile(config.cache_dir / FOLDER / f"{digest}.sqlite")  # as in _OWN_NAME
        self._freshness = config.http_cache.total_seconds() if config.http_cache else None
        self._is_offline = config.offline
        self._written_at = -math.inf
        self._hits = 0

    def is_used(self, *, cache: bool | None) -> bool:
        """Return whether answers may be taken from the cache; then the same has to be asked as the last time."""
        return self._oldest(cache=cache) is not None

    def find(self, ask: Ask) -> Reply | None:
        """Return the kept answer to a question, if there is one that is young enough."""
        oldest = self._oldest(cache=ask.cache)
        answer = None if oldest is None or not _is_about_data(ask) else self._file.get(_key(ask))
        if answer is None or oldest is None:
            return None
        age = time.time() - answer.asked_at
        if not 0 <= age <= oldest or self._is_outdated(ask, answer):
            return None
        self._hits += 1
        logger.debug("%s taken from the cache, %.0f s old", ask, age)
        headers = {"Content-Type": answer.media_type}
        return Reply(200, headers, answer.content, answer.seconds, ask.url, age)

    def expect(self, ask: Ask) -> float:
        """Return the time at which a question is sent, in epoch seconds.

        The file has to be there by then, for other processes to note in it what they write.
        """
        if self._keeps(ask) and not self._is_offline:
            self._file.make()
        return time.time()

    def keep(self, ask: Ask, reply: Reply, *, asked_at: float) -> None:
        """Keep an answer, if it is one to be kept; `asked_at` is what `expect` returned."""
        if self._keeps(ask) and _tells_data(reply, keep_empty=ask.keep_empty):
            media_type = reply.headers["Content-Type"]
            self._file.put(_key(ask), Answer(reply.content, asked_at, reply.elapsed, media_type))

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Make everything that was asked for before the end of the block count as outdated."""
        self._note_change()
        try:
            yield
        finally:
            self._note_change()

    def missing(self, ask: Ask) -> AcumaticaOfflineError:
        """Return the error that says what is not kept, and how to get it."""
        query = unquote(ask.url.partition("?")[2])
        asked = f"{ask}?{query}" if query else str(ask)
        if not _is_about_data(ask) or ask.cache is False:
            return AcumaticaOfflineError(
                f"{asked} has to be sent to the server, and this client is offline.",
                suggestions=["make a client without offline=True"],
            )
        return AcumaticaOfflineError(
            f"{asked} was not kept, and this client is offline.",
            suggestions=[
                "ask the same once with a client that has the same settings, http_cache=True and not offline=True",
                self._hint(ask),
            ],
        )

    def clear(self, *, descriptions_only: bool = False) -> int:
        """Drop what is kept of this identity, or only the description of its endpoint; return how many answers."""
        if descriptions_only:
            return self._file.drop(_DESCRIPTION)
        found = self._count()
        self._file.clear()
        return found

    def stats(self) -> dict[str, Any]:
        """Return whether the cache is used, how many answers it gave and holds, and where they are."""
        return {
            "enabled": self.is_used(cache=None),
            "hits": self._hits,
            "answers": self._count(),
            "size_bytes": self._file.size,
            "path": str(self._file.path),
        }

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _oldest(self, *, cache: bool | None) -> float | None:
        """Return the seconds that an answer may be old, None when a new one is wanted."""
        if cache is False:
            return None
        return math.inf if cache or self._is_offline else self._freshness

    def _keeps(self, ask: Ask) -> bool:
        if not _is_about_data(ask):
            return False
        if self._freshness is not None or ask.cache:
            return True
        return ask.cache is False and self._file.get(_key(ask)) is not None  # so that no older one is left

    def _is_outdated(self, ask: Ask, answer: Answer) -> bool:
        if _kind(ask) == _DESCRIPTION:
            return False
        noted = self._file.get(_WRITTEN)
        return answer.asked_at <= max(self._written_at, noted.asked_at if noted else -math.inf)

    def _note_change(self) -> None:
        """Note, for other processes too, that something changes now; what is outdated by it need not stay."""
        self._written_at = time.time()
        if self._file.path.exists():
            self._file.put(_WRITTEN, Answer(b"", self._written_at))
            self._file.drop(_DATA)

    def _count(self) -> int:
        return self._file.count(_DATA) + self._file.count(_DESCRIPTION)

    def _hint(self, ask: Ask) -> str:
        others = self._file.count(_key(ask)[: 1 + _PLACE])
        if others and _kind(ask) == _DATA:
            return f"ask for columns, filter, top and page_size as then; {others} other answers about it are kept"
        return "mind that an answer without rows is never kept, and that a write drops all but the schema"


def clear_all(folder: Path) -> int:
    """Remove the kept answers of all identities below a folder, and nothing else; return how many files are gone."""
    found = [path for path in (folder / FOLDER).glob("*") if _OWN_NAME.fullmatch(path.name)]
    for path in found:
        with suppress(PermissionError):  # Windows keeps what another client has open
            path.unlink(missing_ok=True)
    return sum(not path.exists() for path in found)


def is_status(ask: Ask) -> bool:
    """Return whether a question is what became of an action, which may have changed anything when it is answered."""
    return ask.path.split("/")[5:6] == ["status"]


def _is_about_data(ask: Ask) -> bool:
    """Return whether a question is about records or their description, not about a session, a file or an action."""
    parts = ask.path.split("/")
    if ask.method != "GET" or parts[0] != "entity" or is_status(ask):
        return False
    return parts[1:2] != ["auth"] and parts[3:4] != ["files"]


def _tells_data(reply: Reply, *, keep_empty: bool) -> bool:
    """Return whether an answer is JSON with something in it, by its type and both its ends.

    To parse it would take as long as to read it into columns.
    """
    if reply.status != 200 or "json" not in reply.headers.get("Content-Type", ""):
        return False
    body = reply.content.strip()
    is_list, is_record = body[:1] + body[-1:] == b"[]", body[:1] + body[-1:] == b"{}"
    is_empty = len(body) < _SHORT and not body[1:-1].strip()
    return (is_list and keep_empty) if is_empty else (is_list or is_record)


def _kind(ask: Ask) -> str:
    is_description = ask.path == "entity" or ask.path.endswith(("/swagger.json", "/$adHocSchema"))
    return _DESCRIPTION if is_description else _DATA


def _key(ask: Ask) -> str:
    headers = sorted((name.lower(), value) for name, value in ask.headers.items())
    place = "/".join(ask.path.split("/")[:4])
    question = json.dumps([ask.method, ask.url, headers])
    return _kind(ask) + _digest(place)[:_PLACE] + _digest(question)[:_QUESTION]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
