"""Lets one writer at a time into a place, and never waits for ever for one that is dead."""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import json
import os
import platform
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Protocol, cast

from acudata.errors import AcumaticaConcurrencyError
from acudata.exports.places import Place

STALE_AFTER = 300.0
"""Seconds without a sign of life after which a writer to a remote store counts as dead."""

_REFRESH = 30.0
_LOCKLESS = frozenset({errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP})
_BUSY = frozenset({errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK})
_LOCKED_BYTE = 1 << 30
"""Nothing stands there: Windows lets nobody read what is locked, and the holder's name should stay readable."""


class Lock(Protocol):
    """Is held by the one writer."""

    def is_held(self) -> bool:
        """Tell whether nobody took the place over."""
        ...

    def keep(self) -> None:
        """Give a sign of life, if it is time for one."""
        ...

    def check(self) -> None:
        """Raise AcumaticaConcurrencyError when somebody else took the place over."""
        ...


@contextlib.contextmanager
def locked(place: Place, *, target: Place) -> Iterator[Lock]:
    """Hold the lock file at `place` while the block runs; errors speak of `target`.

    On this machine the operating system frees the lock of a process that dies, however it dies. Elsewhere, and on
    drives that cannot lock, the lock is a file that its holder refreshes, and that counts for nothing after
    `STALE_AFTER` seconds without a sign of life.

    Raises AcumaticaConcurrencyError when another writer holds it.
    """
    file = None if place.local is None else _take(place.local, target)
    with _token_lock(place, target) if file is None else _file_lock(file, cast("Path", place.local)) as lock:
        yield lock


class _FileLock:
    """Is held by the operating system, which knows whether the process lives."""

    def is_held(self) -> bool:
        return True

    def keep(self) -> None: ...

    def check(self) -> None: ...


@contextlib.contextmanager
def _file_lock(file: IO[bytes], path: Path) -> Iterator[Lock]:
    try:
        yield _FileLock()
    finally:
        # Deleted while it is held, so that nobody else's is; Windows deletes only what is closed.
        with contextlib.suppress(OSError):
            path.unlink()
        file.close()
        if os.name == "nt":
            with contextlib.suppress(OSError):
                path.unlink()


def _take(path: Path, target: Place) -> IO[bytes] | None:
    """Return the locked file, None where the drive cannot lock."""
    while True:
        with _named(path, target):
            file = path.open("a+b")
        try:
            _lock(file)
            if _is_at(file, path):  # else its last holder deleted it in between
                _sign(file)
                return file
        except OSError as error:
            file.close()
            if error.errno in _LOCKLESS:
                return None
            if error.errno not in _BUSY:
                raise
            raise _refusal(target, _holder_in(path), "wait until that is done") from None
        file.close()


@contextlib.contextmanager
def _named(path: Path, target: Place) -> Iterator[None]:
    """Let an error name what the user named: nobody knows the lock's own name."""
    try:
        yield
    except OSError as error:
        if error.filename == str(path):
            error.filename = str(target)
        raise


def _lock(file: IO[bytes]) -> None:
    if os.name == "nt":
        import msvcrt

        file.seek(_LOCKED_BYTE)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # type: ignore[attr-defined,unused-ignore]


def _is_at(file: IO[bytes], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _sign(file: IO[bytes]) -> None:
    file.truncate(0)
    file.write(json.dumps(_holder()).encode())
    file.flush()


class _TokenLock:
    """Is an object in a store that cannot lock; the last who wrote it holds it."""

    def __init__(self, place: Place, target: Place) -> None:
        self._place, self._target = place, target
        self._holder = {**_holder(), "token": uuid.uuid4().hex}
        self._next_sign = 0.0

    def is_held(self) -> bool:
        return bool(self._stored().get("token") == self._holder["token"])

    def keep(self) -> None:
        if time.monotonic() >= self._next_sign:
            self.check()
            self.sign()

    def check(self) -> None:
        if not self.is_held():
            raise _refusal(self._target, self._stored(), "run this again: nothing of it was stored")

    def take(self) -> None:
        holder = self._stored()
        if holder and time.time() - float(holder.get("alive", 0)) < STALE_AFTER:
            way_out = f"wait until that is done; if it is dead, delete {self._place}"
            raise _refusal(self._target, holder, way_out)
        self.sign()
        if not self.is_held():
            raise _refusal(self._target, self._stored(), "wait until that is done")

    def sign(self) -> None:
        self._place.write_bytes(json.dumps({**self._holder, "alive": time.time()}).encode())
        self._next_sign = time.monotonic() + _REFRESH

    def _stored(self) -> dict[str, Any]:
        return _parsed(self._place.read_bytes() or b"{}")


@contextlib.contextmanager
def _token_lock(place: Place, target: Place) -> Iterator[Lock]:
    lock = _TokenLock(place, target)
    lock.take()
    try:
        yield lock
    finally:
        if lock.is_held():
            place.delete()


def _holder() -> dict[str, Any]:
    since = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    return {"process": os.getpid(), "machine": platform.node(), "since": since}


def _holder_in(path: Path) -> dict[str, Any]:
    try:
        return _parsed(path.read_bytes())
    except OSError:
        return {}


def _parsed(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _refusal(target: Place, holder: dict[str, Any], way_out: str) -> AcumaticaConcurrencyError:
    who = (
        f"process {holder['process']} on {holder['machine']} since {holder['since']}"
        if holder
        else "another process"
    )
    return AcumaticaConcurrencyError(f"{target} is being written by {who}.", suggestions=[way_out])
