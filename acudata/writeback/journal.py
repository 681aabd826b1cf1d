"""The diary of a plan that is applied: what is about to be sent, and what became of it; it outlives a crash.

A record is noted before it is sent. One that is noted without an outcome may be in the ERP or not: its fate has to be
looked up before it is sent again. Notes of several records share one commit, so that waiting for the disk costs little;
outcomes that are lost with the power only mean that more has to be looked up.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Self

from acudata.errors import AcumaticaConcurrencyError, AcumaticaConfigError, AcumaticaError
from acudata.writeback.encoding import decoded, encoded
from acudata.writeback.outcomes import Outcome

_SCHEMA = """
create table if not exists fate (record integer primary key, outcome text, noted_at text not null);
create table if not exists progress (record integer primary key, body text not null);
"""


@dataclass(frozen=True, slots=True)
class Progress:
    """Tells how far a document is whose lines are sent in pieces.

    The first `done` lines are in the ERP; those up to `sent` were sent, and nobody knows yet whether they arrived.
    `known` are the marks of the lines that each detail array had when the document was begun, at `since`.
    """

    since: str
    id: str | None = None
    key: Mapping[str, Any] = field(default_factory=dict)
    done: int = 0
    sent: int = 0
    known: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)

    @property
    def is_in_flight(self) -> bool:
        """Tell whether lines were sent of which nobody knows whether they arrived."""
        return self.sent > self.done

    def back(self) -> Progress:
        """Return the progress after lines that were sent are known not to have arrived."""
        return replace(self, sent=self.done)


class Journal:
    """Keeps the outcomes of one plan in an SQLite file; used by one process at a time, by any of its threads.

    Raises AcumaticaConcurrencyError when the plan is being applied somewhere else at this moment, AcumaticaConfigError
    when the file cannot be kept, or written any more.

    >>> with Journal(folder / f"{plan.id}.sqlite") as journal:
    ...     journal.note([0, 1])
    ...     journal.settle(0, Outcome("created"))
    ...     journal.unsettled()
    [1]
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._flushes: bool | None = None
        try:
            self._file = _opened(path)
        except (OSError, sqlite3.Error) as error:
            raise _unusable(path, error) from None

    def note(self, records: Iterable[int], *, at: str) -> None:
        """Note that records are about to be sent, at a time of the server's clock; on disk when this returns."""
        with self._lock:
            rows = [(record, at) for record in records]
            self._write("insert or replace into fate (record, noted_at) values (?, ?)", rows, flush=True)

    def forget(self, records: Iterable[int]) -> None:
        """Take notes back, of records that were not sent after all."""
        rows = [(record,) for record in records]
        with self._lock:
            self._write("delete from fate where record = ? and outcome is null", rows, flush=False)

    def settle(self, outcomes: Mapping[int, Outcome]) -> None:
        """Note what became of records."""
        rows = [(json.dumps(_body(outcome)), record) for record, outcome in outcomes.items()]
        with self._lock:
            self._write("update fate set outcome = ? where record = ?", rows, flush=False)

    def reach(self, record: int, progress: Progress) -> None:
        """Note how far a document with lines is; on disk when this returns."""
        body = {name: _each(value, encoded) for name, value in asdict(progress).items()}
        with self._lock:
            rows = [(record, json.dumps(body))]
            self._write("insert or replace into progress (record, body) values (?, ?)", rows, flush=True)

    def progress(self, record: int) -> Progress | None:
        """Return how far a document with lines is, None when nothing of it was ever sent."""
        with (
            self._lock,
            closing(self._file.execute("select body from progress where record = ?", (record,))) as rows,
        ):
            found = rows.fetchone()
        if found is None:
            return None
        return Progress(**{name: _each(value, decoded) for name, value in json.loads(found[0]).items()})

    def begun(self) -> list[int]:
        """Return the documents with lines of which something was ever sent."""
        with self._lock, closing(self._file.execute("select record from progress order by record")) as rows:
            return [record for (record,) in rows.fetchall()]

    def unsettled(self) -> dict[int, str]:
        """Return the records that were noted and of which no outcome is known, with the time of the note."""
        with (
            self._lock,
            closing(
                self._file.execute("select record, noted_at from fate where outcome is null order by record")
            ) as rows,
        ):
            return dict(rows.fetchall())

    def outcomes(self) -> dict[int, Outcome]:
        """Return what became of each record that has an outcome."""
        with (
            self._lock,
            closing(
                self._file.execute(
                    "select record, outcome from fate where outcome is not null order by record"
                )
            ) as rows,
        ):
            return {record: _outcome(json.loads(text)) for record, text in rows.fetchall()}

    def last_noted(self, records: Iterable[int]) -> str | None:
        """Return when the last of some records was noted, by the server's clock; None where none was."""
        wanted = set(records)
        with self._lock, closing(self._file.execute("select record, noted_at from fate")) as rows:
            return max((at for record, at in rows.fetchall() if record in wanted), default=None)

    def _write(self, statement: str, rows: list[tuple[Any, ...]], *, flush: bool) -> None:
        if flush != self._flushes:
            self._file.execute(f"pragma synchronous={'full' if flush else 'normal'}")
            self._flushes = flush
        try:
            self._file.execute("begin")
            self._file.executemany(statement, rows)
            self._file.execute("commit")
        except sqlite3.Error as error:
            if self._file.in_transaction:
                self._file.execute("rollback")
            raise _unwritable(self._path, error) from None

    def close(self) -> None:
        """Close the file; it stays, so that a report can be made again."""
        with self._lock:
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _opened(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    file = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=0)
    try:
        # Exclusive: two processes must not send the same rows.
        for setting in ("locking_mode=exclusive", "journal_mode=wal"):
            file.execute(f"pragma {setting}")
        file.executescript(f"begin exclusive; {_SCHEMA} commit;")
    except sqlite3.Error:
        file.close()
        raise
    return file


def _unusable(path: Path, error: Exception) -> AcumaticaError:
    """Return what to raise where a journal cannot be kept, before anything is written."""
    if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
        return AcumaticaConcurrencyError(
            f"This plan is being applied by another process ({error}).",
            suggestions=["wait for it, or look at its report"],
        )
    return AcumaticaConfigError(
        f"The journal {path} cannot be kept: {error}. Nothing was written to the ERP.",
        suggestions=["give the client a folder that it may write to: cache_dir=…"],
    )


def _unwritable(path: Path, error: Exception) -> AcumaticaError:
    """Return what to raise where nothing more can be noted; all that was sent is noted as such already."""
    return AcumaticaConfigError(
        f"The journal {path} cannot be written any more: {error}.",
        suggestions=[
            "make room on the disk and keep the file",
            "plan.apply() then goes on where it stopped, and looks up what was sent and not noted as done",
        ],
    )


def _body(outcome: Outcome) -> dict[str, Any]:
    body = {name: value for name, value in asdict(outcome).items() if value}
    return {name: _each(value, encoded) for name, value in body.items()}


def _outcome(body: Mapping[str, Any]) -> Outcome:
    return Outcome(**{name: _each(value, decoded) for name, value in body.items()})


def _each(value: Any, change: Any) -> Any:
    return {key: change(part) for key, part in value.items()} if isinstance(value, dict) else value
