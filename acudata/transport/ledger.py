"""A file in which the processes of a machine enter their calls, so that they keep one pace together."""

from __future__ import annotations

import hashlib
import os
import platform
import sqlite3
import time
from pathlib import Path

from pyrate_limiter import Rate, RateItem, SQLiteBucket

_TABLE = "calls"
_KEPT = 120_000
"""Milliseconds for which calls are kept at least, for clients that are slower than this one."""


def ledger_path(folder: Path, address: str) -> Path:
    """Return the file for an instance: its licence counts the calls of all tenants and users together.

    The machine is part of its name, since no other has its clock.
    """
    digest = hashlib.sha256(f"{platform.node()}\n{address}".encode()).hexdigest()
    return folder / f"pace-{digest[:32]}.sqlite"


class Ledger:
    """Opens the file when it is needed, and anew in a forked process, to which the parent's connection is of no use.

    A process that dies holds nobody up: the locks of a dead one are gone, and what it entered counts for as long as
    any other call.
    """

    def __init__(self, path: Path, rate: Rate) -> None:
        self.path = path
        self._rate = rate
        self._bucket: SharedBucket | None = None
        self._process = 0

    def bucket(self) -> SharedBucket:
        """Return the calls of all processes.

        Raises:
            OSError: the file or its folder cannot be made.
            sqlite3.Error: it is of no use, or somebody has held it for seconds.
        """
        if self._bucket is None or self._process != os.getpid():
            self._bucket, self._process = self._open(), os.getpid()
        return self._bucket

    def close(self) -> None:
        """Close the file if this process opened it."""
        if self._bucket is not None and self._process == os.getpid():
            self._bucket.close()  # type: ignore[no-untyped-call]
        self._bucket = None

    def _open(self) -> SharedBucket:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path.touch(mode=0o600)
        try:
            return SharedBucket.on(self.path, self._rate)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:  # no database, for instance after the machine lost its power
            self.path.unlink()
            self.path.touch(mode=0o600)
            return SharedBucket.on(self.path, self._rate)


class SharedBucket(SQLiteBucket):
    """Counts calls in an SQLite file, where looking and entering are one step for all processes.

    Times are milliseconds of the machine's monotonic clock, which its processes share. It begins anew with the machine:
    what seems to lie ahead was entered before that.
    """

    @classmethod
    def on(cls, path: Path, rate: Rate) -> SharedBucket:
        """Return a bucket on a file."""
        connection = cls.init_from_file([rate], _TABLE, str(path)).conn
        connection.isolation_level = None  # the transactions are those of `put`
        # What the loss of power takes away does not matter any more when it is back.
        connection.execute("PRAGMA synchronous = OFF")
        return cls([rate], connection, _TABLE)

    def now(self) -> int:
        """Return the milliseconds of the clock that all processes share."""
        return time.monotonic_ns() // 1_000_000

    def put(self, item: RateItem) -> bool:
        """Enter a call and return True, unless it is too early for one."""
        with self.lock:
            self.conn.execute("BEGIN IMMEDIATE")
            try:
                item.timestamp = self.now()  # only now: another process may have held the file
                self._forget(item.timestamp)
                return super().put(item)
            finally:
                self.conn.commit()

    def leak(self, current_timestamp: int | None = None) -> int:  # noqa: ARG002 - the library's signature
        """Return 0: `put` forgets old calls by itself."""
        return 0

    def _forget(self, now: int) -> None:
        oldest = now - max(_KEPT, *(rate.interval for rate in self.rates))
        self.conn.execute(f"DELETE FROM {_TABLE} WHERE item_timestamp NOT BETWEEN ? AND ?", (oldest, now))  # noqa: S608 - a constant
