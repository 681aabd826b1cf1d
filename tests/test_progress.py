"""Progress: a bar for whoever watches, plain lines for a log, nothing when off."""

from __future__ import annotations

import io
import logging
import subprocess
import sys
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from acudata import progress as module
from acudata.progress import is_watched, progress, track


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def open_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Replace the error stream; not a fixture, since pytest sets its own stream before each test's body."""
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(module, "BAR_DELAY", 0)
    return stream


def test_a_log_gets_one_line_with_the_count() -> None:
    lines: list[str] = []
    with progress(12_000, description="Customer", echo=lines.append) as advance:
        advance(10_000)
        advance(2_000)
    assert lines == ["Customer: 12,000 of 12,000 rows"]


def test_an_unknown_total_is_left_out() -> None:
    lines: list[str] = []
    with progress(description="SalesOrder", unit="lines", echo=lines.append) as advance:
        advance(7)
    assert lines == ["SalesOrder: 7 lines"]


def test_long_work_tells_in_between(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LINE_INTERVAL", 0.0)
    lines: list[str] = []
    with progress(2, description="Customer", echo=lines.append) as advance:
        advance(1)
    assert lines == ["Customer: 1 of 2 rows …", "Customer: 1 of 2 rows"]


def interrupted() -> Iterator[int]:
    yield 1
    raise KeyboardInterrupt


def test_broken_work_tells_how_far_it_came() -> None:
    lines: list[str] = []
    work = track(interrupted(), description="Customer", unit="rows", total=2, echo=lines.append)
    with pytest.raises(KeyboardInterrupt):
        list(work)
    assert lines == ["Customer: stopped at 1 of 2 rows"]


def test_lines_go_to_the_log_by_default(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "acudata"), progress(1, description="Customer") as advance:
        advance(1)
    assert [(record.name, record.message) for record in caplog.records] == [
        ("acudata.progress", "Customer: 1 of 1 rows")
    ]


def test_a_terminal_gets_a_bar_and_no_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = open_terminal(monkeypatch)
    lines: list[str] = []
    with progress(5, description="Customer", echo=lines.append) as advance:
        advance(5)
    assert "Customer: 100%" in terminal.getvalue()
    assert "5/5" in terminal.getvalue()
    assert lines == []


def test_short_work_shows_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = open_terminal(monkeypatch)
    monkeypatch.setattr(module, "BAR_DELAY", 60.0)
    with progress(5, description="Customer") as advance:
        advance(5)
    assert "Customer" not in terminal.getvalue()


def test_short_work_does_not_even_import_what_draws_bars() -> None:
    code = (
        "import sys; from acudata.progress import progress\n"
        "with progress(5, description='x', enabled=True) as advance: advance(5)\n"
        "print('tqdm' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == ("False", "")


def test_broken_work_leaves_a_whole_line_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = open_terminal(monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        list(track(interrupted(), description="Customer", total=2))
    assert "1/2" in terminal.getvalue()
    assert terminal.getvalue().endswith("\n")


def test_a_program_without_streams_gets_lines_even_when_a_bar_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    lines: list[str] = []
    with progress(1, description="Customer", enabled=True, echo=lines.append) as advance:
        advance(1)
    assert lines == ["Customer: 1 of 1 rows"]


def test_off_is_silent_even_in_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = open_terminal(monkeypatch)
    lines: list[str] = []
    with progress(5, description="Customer", enabled=False, echo=lines.append) as advance:
        advance(5)
    assert (terminal.getvalue(), lines) == ("", [])


def test_on_shows_a_bar_even_without_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BAR_DELAY", 0)
    with progress(5, description="Customer", enabled=True) as advance:
        advance(5)
    assert "Customer: 100%" in capsys.readouterr().err


def test_track_yields_the_items_and_counts_them() -> None:
    lines: list[str] = []
    assert list(track("abc", description="Reading", unit="letters", echo=lines.append)) == ["a", "b", "c"]
    assert list(track(iter("ab"), description="Reading", total=9, echo=lines.append)) == ["a", "b"]
    assert lines == ["Reading: 3 of 3 letters", "Reading: 2 of 9 items"]


@pytest.mark.parametrize(
    ("shell", "watched"),
    [
        (SimpleNamespace(kernel=object()), True),
        (SimpleNamespace(kernel=SimpleNamespace(_allow_stdin=True)), True),
        (SimpleNamespace(kernel=SimpleNamespace(_allow_stdin=False)), False),
        (SimpleNamespace(), False),
        (None, False),
    ],
)
def test_a_notebook_is_known_by_its_kernel(
    monkeypatch: pytest.MonkeyPatch, *, shell: object, watched: bool
) -> None:
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert is_watched() is watched


def test_a_windowed_program_without_streams_is_not_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    assert is_watched() is False
