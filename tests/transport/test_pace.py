"""Pace: how many calls start in a second, from all threads and all processes, and what ends the wait of others."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import pyrate_limiter
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acudata.errors import AcumaticaError
from acudata.sandbox import Sandbox
from acudata.transport.ledger import ledger_path
from acudata.transport.pace import Pace, allowance
from acudata.transport.waiting import Waiting
from tests.transport.conftest import Open, ScriptedServer


@pytest.mark.parametrize(
    ("per_second", "expected"),
    [(10.0, (10, 1000)), (2.5, (2, 800)), (1, (1, 1000)), (0.5, (1, 2000)), (99999, (99999, 1000))],
)
def test_the_allowance_of_a_rate(per_second: float, expected: tuple[int, int]) -> None:
    assert allowance(per_second) == expected


@given(st.floats(0.01, 10_000))
@settings(max_examples=100, deadline=None)
def test_the_allowance_is_the_rate_and_no_burst_is_larger(per_second: float) -> None:
    calls, milliseconds = allowance(per_second)
    assert calls <= max(1, per_second)
    assert calls / milliseconds * 1000 == pytest.approx(per_second, rel=0.01)


class Clock:
    """A clock for pace and waiting, on which a pause takes as long as it should, or longer."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, late: float = 0.0) -> None:
        self.now = 5.0
        self.late = late
        self.started: list[float] = []
        monkeypatch.setattr(pyrate_limiter.InMemoryBucket, "now", lambda _: int(self.now * 1000))

    def sleep(self, seconds: float) -> None:
        self.now += seconds + self.late

    def pace(self, per_second: float) -> Pace:
        waiting = Waiting()
        waiting.sleep = self.sleep  # type: ignore[method-assign]
        return Pace(per_second, waiting=waiting)

    def start(self, pace: Pace, calls: int) -> list[float]:
        for _ in range(calls):
            pace.wait()
            self.started.append(self.now)
        return self.started


def test_calls_beyond_the_rate_wait_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    assert clock.start(clock.pace(2), 5) == [
        5.0,
        5.0,
        *[pytest.approx(6.0, abs=0.01)] * 2,
        pytest.approx(7.0, abs=0.01),
    ]


@pytest.mark.parametrize("per_second", [0.5, 1, 2.5, 7])
@pytest.mark.parametrize("late", [0.0, 0.3])
def test_no_second_sees_more_than_asked_even_when_pauses_take_longer(
    per_second: float, late: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch, late=late)
    started = clock.start(clock.pace(per_second), 40)
    calls, milliseconds = allowance(per_second)
    gaps = [later - first for first, later in zip(started, started[calls:], strict=False)]
    assert min(gaps) >= milliseconds / 1000


def test_calls_long_ago_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = count(0, 10_000)
    monkeypatch.setattr(pyrate_limiter.InMemoryBucket, "now", lambda _: next(clock))
    pace = Pace(10, waiting=Waiting())
    for _ in range(100):
        pace.wait()
    assert pace._own.count() <= 1


def test_threads_share_the_pace_and_the_server_sees_no_burst(connect: Open) -> None:
    with Sandbox() as box:
        session = connect(box, rate_limit_calls_per_second=5)
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(lambda _: session.get("entity"), range(11)))
        arrived = [one.at for one in box.requests]  # the sign-in too
    assert len(arrived) == 12
    windows = [later - first for first, later in zip(arrived, arrived[5:], strict=False)]
    assert min(windows) > 0.7  # a second, less what a busy machine may hold one request up


def test_every_call_and_the_sign_in_keep_the_pace_but_the_sign_out_does_not(
    server: ScriptedServer, connect: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    paced: list[Pace] = []
    monkeypatch.setattr(Pace, "wait", lambda pace: paced.append(pace))  # noqa: PLW0108 - a bound method takes no self
    session = connect(server)
    session.get("entity")
    session.put("entity", json={})
    session.close()
    assert (len(paced), len(server.asked)) == (3, 4)


# What ends a wait.


def test_closing_the_session_ends_the_waits_of_its_threads(server: ScriptedServer, connect: Open) -> None:
    session = connect(server, rate_limit_calls_per_second=0.001)
    session.sign_in()
    with ThreadPoolExecutor(3) as threads:
        waiting = [threads.submit(session.get, "entity") for _ in range(3)]
        session.close()
        for one in waiting:
            with pytest.raises(AcumaticaError, match="client is closed"):
                one.result()
    assert server.calls == []


def test_closing_the_session_ends_the_wait_of_a_sign_in(server: ScriptedServer, connect: Open) -> None:
    session = connect(server, rate_limit_calls_per_second=0.001)
    session.sign_in()
    session.sign_out()
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(session.get, "entity")
        session.close()
        with pytest.raises(AcumaticaError, match="client is closed"):
            waiting.result()


@pytest.fixture
def hears_ctrl_c() -> Iterator[None]:
    """Hear Ctrl-C also where the tests run in the background of a shell, which makes its programs deaf to it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("hears_ctrl_c")
def test_ctrl_c_ends_a_wait() -> None:
    pace = Pace(0.001, waiting=Waiting())
    pace.wait()
    threading.Timer(0.2, signal.raise_signal, [signal.SIGINT]).start()
    with pytest.raises(KeyboardInterrupt):
        pace.wait()


# Processes.

CALLS = """
import sys
from pathlib import Path
from acudata.transport.pace import Pace
from acudata.transport.waiting import Waiting
pace = Pace(float(sys.argv[2]), waiting=Waiting(), shared=Path(sys.argv[1]))
for _ in range(int(sys.argv[3])):
    pace.wait()
    print("called", flush=True)
"""


def begin(path: Path, per_second: float, calls: int) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-c", CALLS, str(path), str(per_second), str(calls)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)


def entered(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as connection:
        return [row[0] for row in connection.execute("SELECT item_timestamp FROM calls ORDER BY 1")]


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return ledger_path(tmp_path / "cache", "https://acme.acumatica.com")


def shared(path: Path, per_second: float) -> Pace:
    return Pace(per_second, waiting=Waiting(), shared=path)


def test_processes_share_the_pace(ledger: Path) -> None:
    processes = [begin(ledger, 20, 15) for _ in range(3)]
    for process in processes:
        process.communicate()
    times = entered(ledger)
    assert ([process.returncode for process in processes], len(times)) == ([0, 0, 0], 45)
    assert min(later - first for first, later in zip(times, times[20:], strict=False)) >= 1000


def test_no_other_process_looks_between_a_look_and_its_entry(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (shared(ledger, 1)._ledger for _ in range(2))
    assert first
    assert second
    second.bucket().conn.execute("PRAGMA busy_timeout = 0")

    def look(_now: int) -> None:
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            second.bucket().put(pyrate_limiter.RateItem("call", 0))

    monkeypatch.setattr(first.bucket(), "_forget", look)
    assert first.bucket().put(pyrate_limiter.RateItem("call", 0))


def test_a_process_that_dies_while_it_waits_holds_nobody_up(ledger: Path) -> None:
    process = begin(ledger, 1, 100)
    assert process.stdout
    process.stdout.readline()
    process.kill()
    process.communicate()
    pace = shared(ledger, 100)
    for _ in range(5):
        pace.wait()
    assert len(entered(ledger)) >= 6


def test_clients_of_different_pace_see_each_others_calls(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Waiting, "sleep", _refuse)
    fast, slow = shared(ledger, 1000), shared(ledger, 1)
    fast.wait()
    with pytest.raises(TimeoutError):
        slow.wait()
    fast.wait()


def _refuse(_waiting: Waiting, seconds: float) -> None:
    raise TimeoutError(seconds)


def test_calls_of_before_a_restart_of_the_machine_hold_nobody_up(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Waiting, "sleep", _refuse)
    shared(ledger, 1).wait()
    with closing(sqlite3.connect(ledger)) as connection, connection:
        connection.execute("UPDATE calls SET item_timestamp = item_timestamp + 86400000")
    shared(ledger, 1).wait()
    assert len(entered(ledger)) == 1


def test_calls_of_an_hour_ago_are_not_kept(ledger: Path) -> None:
    shared(ledger, 1).wait()
    with closing(sqlite3.connect(ledger)) as connection, connection:
        connection.execute("UPDATE calls SET item_timestamp = item_timestamp - 3600000")
    shared(ledger, 1).wait()
    assert len(entered(ledger)) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such modes")
def test_nobody_else_reads_the_file(ledger: Path) -> None:
    shared(ledger, 1).wait()
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (ledger.parent, ledger)]
    assert modes == [0o700, 0o600]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="only POSIX forks")
def test_a_forked_process_opens_the_file_itself(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pace = shared(ledger, 100)
    pace.wait()
    assert pace._ledger
    first = pace._ledger.bucket()
    assert pace._ledger.bucket() is first
    monkeypatch.setattr(os, "getpid", lambda: -1)
    assert pace._ledger.bucket() is not first


def test_a_file_that_is_no_ledger_is_made_anew(ledger: Path) -> None:
    ledger.parent.mkdir()
    ledger.write_text("nonsense " * 1000, encoding="utf-8")
    shared(ledger, 1).wait()
    assert len(entered(ledger)) == 1


def test_a_file_that_cannot_be_made_leaves_each_process_its_own_pace(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Waiting, "sleep", _refuse)
    blocked = tmp_path / "file"
    blocked.touch()
    pace = shared(blocked / "pace.sqlite", 1)
    pace.wait()
    with pytest.raises(TimeoutError):
        pace.wait()
    assert [record.getMessage().partition(":")[0] for record in caplog.records] == [
        "the pace is not shared with other processes"
    ]


def test_the_file_is_that_of_the_instance_whatever_the_tenant(
    server: ScriptedServer, connect: Open, tmp_path: Path
) -> None:
    settings: dict[str, Any] = {
        "shared_pace": True,
        "cache_dir": tmp_path,
        "rate_limit_calls_per_second": 1000,
    }
    for tenant in ("A", "B"):
        connect(server, tenant=tenant, **settings).get("entity")
    assert list(tmp_path.iterdir()) == [ledger_path(tmp_path, server.url)]
    assert len(entered(ledger_path(tmp_path, server.url))) == 4


def test_the_file_is_closed_with_the_session(server: ScriptedServer, connect: Open, tmp_path: Path) -> None:
    session = connect(server, shared_pace=True, cache_dir=tmp_path)
    session.get("entity")
    assert session._pace._ledger
    bucket = session._pace._ledger.bucket()
    session.close()
    assert [bucket.conn, session._pace._ledger] == [None, None]


def test_no_file_is_made_unless_asked_for(server: ScriptedServer, connect: Open, tmp_path: Path) -> None:
    connect(server, cache_dir=tmp_path).get("entity")
    assert list(tmp_path.iterdir()) == []


def test_the_clock_of_the_file_never_goes_back(ledger: Path) -> None:
    pace = shared(ledger, 1000)
    for _ in range(50):
        pace.wait()
    assert all(first <= later for first, later in pairwise(entered(ledger)))
