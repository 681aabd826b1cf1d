"""Answers in a file: the SQLite storage of requests-cache, made fit for what an ERP tells one user.

As it comes, requests-cache unpickles whatever stands in its file, lets everybody on the computer read it, and waits
without end for a file that it may not write to. Here an answer is a line of JSON and the bytes as they came, with a
checksum; the file is the user's own; and whatever is wrong with it counts as an answer that was not kept.
"""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from requests_cache.backends.sqlite import SQLiteDict

logger = logging.getLogger("acudata.transport")

FORMAT = 1
LIMIT = 1 << 30
"""Bytes that a file may take; the oldest answers give way."""

_BUSY_MS = 2_000
"""How long to wait for another process that writes."""

_OLDEST = """
    DELETE FROM answers WHERE key IN
    (SELECT key FROM answers ORDER BY expires LIMIT (SELECT COUNT(*) / 4 + 1 FROM answers))
"""


@dataclass(
    frozen=True
)  # without slots, since requests-cache tries to set an attribute, and takes no for an answer
class Answer:
    """Holds one answer: its body, when it was asked for in epoch seconds, and how many seconds it took."""

    content: bytes = field(repr=False)
    asked_at: float
    seconds: float = 0.0
    media_type: str = ""

    @property
    def expires_unix(self) -> int:
        """Return the number by which requests-cache sorts what it stores: here, which answer is the oldest."""
        return round(self.asked_at)


class AnswerFile:
    """Keeps answers by key, of letters and digits, in one file; safe between threads and processes.

    Nothing is opened, imported or made before it is needed; a file that is not there holds nothing. No method fails:
    what cannot be read is not there, what cannot be written is not kept.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._answers: SQLiteDict | None = None
        self._process = 0
        self._opened_as: tuple[int, ...] = ()
        self._inherited: SQLiteDict | None = None
        self._complaints: set[str] = set()

    def make(self) -> None:
        """Make the file, if it is not there."""
        with self._tolerant("made"):
            self._opened()

    def get(self, key: str) -> Answer | None:
        """Return an answer, None if there is none."""
        with self._tolerant("read"):
            if self.path.exists():
                found: Answer | None = self._opened().get(key)
                return found
        return None

    def put(self, key: str, answer: Answer) -> None:
        """Keep an answer in place of the one before."""
        if len(answer.content) > LIMIT // 4:
            return
        with self._tolerant("written"):
            answers = self._writable()
            _make_room(answers, len(answer.content))
            answers[key] = answer

    def drop(self, prefix: str) -> int:
        """Drop the answers whose keys begin so, and return how many there were."""
        with self._tolerant("written"):
            if self.path.exists() and (keys := self._keys(prefix)):
                self._writable().bulk_delete(keys)  # type: ignore[no-untyped-call]
                return len(keys)
        return 0

    def count(self, prefix: str = "") -> int:
        """Return the number of answers whose keys begin so."""
        with self._tolerant("read"):
            if self.path.exists():
                return len(self._keys(prefix))
        return 0

    def clear(self) -> None:
        """Drop everything, so that no byte of it stays in the file."""
        with self._tolerant("written"):
            if self.path.exists():
                self._writable().clear()  # type: ignore[no-untyped-call]

    def close(self) -> None:
        """Close the file; whatever is asked later opens it again."""
        with self._lock:
            if self._answers is None:
                return
            if self._process == os.getpid():
                self._answers.close()  # type: ignore[no-untyped-call]
            else:
                self._inherited = self._answers  # closing what a parent process opened would break its locks
            self._answers = None

    @property
    def size(self) -> int:
        """Return the bytes that the file takes."""
        return self.path.stat().st_size if self.path.is_file() else 0

    def _keys(self, prefix: str) -> list[str]:
        return [key for key in self._opened() if key.startswith(prefix)]

    def _writable(self) -> SQLiteDict:
        answers = self._opened()
        with answers.connection() as connection:
            _check_writable(connection)
        return answers

    def _opened(self) -> SQLiteDict:
        """Return the storage, opened by this process on the file that has the name now."""
        if self._answers is None or self._process != os.getpid() or self._opened_as != _identity(self.path):
            self.close()
            _prepare(self.path)
            self._answers = _storage(self.path)
            self._process, self._opened_as = os.getpid(), _identity(self.path)
        return self._answers

    @contextmanager
    def _tolerant(self, done: str) -> Iterator[None]:
        with self._lock:
            try:
                yield
            except (sqlite3.Error, OSError) as error:
                self.close()  # and so end whatever had begun
                self._complain(f"the kept answers in {self.path} could not be {done}: {error}")
                if isinstance(error, sqlite3.DatabaseError) and not isinstance(
                    error, sqlite3.OperationalError
                ):
                    self._discard()

    def _complain(self, text: str) -> None:
        logger.log(logging.DEBUG if text in self._complaints else logging.WARNING, "%s", text)
        self._complaints.add(text)

    def _discard(self) -> None:
        """Remove a damaged file, so that the next answer begins a new one."""
        with suppress(OSError):
            self.path.unlink()


def _prepare(path: Path) -> None:
    """Make the folder and the file for the user alone, and see that the file can be used.

    Raises sqlite3.Error or OSError when it cannot.
    """
    path.parent.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.parent.mkdir(exist_ok=True, mode=0o700)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    for own, mode in ((path.parent, 0o700), (path, 0o600)):
        own.chmod(mode)
    connection = sqlite3.connect(path, timeout=_BUSY_MS / 1000, isolation_level=None)
    try:
        _check_writable(connection)
    finally:
        connection.close()


def _check_writable(connection: sqlite3.Connection) -> None:
    """Raise sqlite3.Error when nothing can be written now, for which requests-cache itself would wait for ever."""
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("ROLLBACK")


def _storage(path: Path) -> SQLiteDict:
    from requests_cache import SerializerPipeline, Stage
    from requests_cache.backends.sqlite import SQLiteDict

    serializer = SerializerPipeline([Stage(dumps=_dumped, loads=_loaded)], name="acudata", is_binary=True)
    # A crash of the computer may spoil a file that is written so fast; that is seen, and it is begun anew.
    return SQLiteDict(
        path, table_name="answers", serializer=serializer, fast_save=True, busy_timeout=_BUSY_MS
    )


def _identity(path: Path) -> tuple[int, ...]:
    """Return what tells the file from another that took its place."""
    try:
        status = path.stat()
    except OSError:
        return ()
    return status.st_dev, status.st_ino


def _make_room(answers: SQLiteDict, needed: int) -> None:
    with answers.connection() as connection:
        pages, free, size = (
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
    if (pages - free) * size + needed > LIMIT:
        with answers.connection(commit=True) as connection:
            connection.execute(_OLDEST)


def _dumped(answer: Answer) -> bytes:
    header = {
        "format": FORMAT,
        "asked_at": answer.asked_at,
        "seconds": answer.seconds,
        "media_type": answer.media_type,
        "crc32": zlib.crc32(answer.content),
    }
    return json.dumps(header).encode() + b"\n" + answer.content


def _loaded(stored: object) -> Answer | None:
    """Return an answer, or None for anything that this module did not write."""
    header, _, content = stored.partition(b"\n") if isinstance(stored, bytes) else (b"", b"", b"")
    try:
        told = json.loads(header)
        if told["format"] != FORMAT or told["crc32"] != zlib.crc32(content):
            return None
        return Answer(content, float(told["asked_at"]), float(told["seconds"]), str(told["media_type"]))
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
