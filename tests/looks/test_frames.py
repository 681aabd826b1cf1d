"""A frame that came from kept answers says how old it is, where a notebook shows it."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from acudata import AcumaticaClient
from acudata.looks.formatters import register, unregister
from acudata.looks.frames import age_line, frame_html, frame_text, span
from acudata.models import Record
from acudata.sandbox import Sandbox
from tests.conftest import connect

FACTS = {"cache_age": 7200.0, "read_at": "2026-01-05T10:00:00+00:00"}
LINE = "from kept answers, 2 hours old when read: as of 2026-01-05 08:00 UTC"


def frame(**attrs: Any) -> pd.DataFrame:
    made = pd.DataFrame({"a": [1, 2]})
    made.attrs.update(attrs)
    return made


def test_a_kept_frame_says_how_old_it_is() -> None:
    kept = frame(**FACTS)
    assert frame_text(kept) == f"{kept!r}\n{LINE}"
    assert str(frame_html(kept)).endswith(f">{LINE}</div>")
    assert frame_text(kept.head(1)).endswith(LINE)


def test_a_frame_from_the_server_is_shown_as_pandas_shows_it() -> None:
    for other in (frame(), frame(cache_age=None)):
        assert frame_text(other) == repr(other)
        assert frame_html(other) == other._repr_html_()  # type: ignore[operator]


def test_names_of_files_do_nothing_in_a_kept_frame() -> None:
    files = pd.DataFrame({"filename": ["<script>alert(1)</script>.pdf"]})
    files.attrs.update(FACTS)
    assert "<script>" not in str(frame_html(files))


@pytest.mark.parametrize("read_at", [None, "<script>", 7, {}])
def test_attrs_that_others_set_do_no_harm(read_at: Any) -> None:
    assert age_line({"cache_age": 60.0, "read_at": read_at}) == "from kept answers, 1 minute old when read"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 seconds"), (1.9, "1 second"), (59, "59 seconds"), (3600, "1 hour"), (200_000, "2 days")],
)
def test_times_are_told_in_their_largest_unit(seconds: float, text: str) -> None:
    assert span(seconds) == text


def test_a_notebook_shows_it_by_its_own_formatters() -> None:
    formatters = pytest.importorskip("IPython.core.formatters", reason="IPython is not installed")
    display = formatters.DisplayFormatter()
    register(display)
    shown, _ = display.format(frame(**FACTS))
    assert shown["text/plain"].endswith(LINE)
    assert shown["text/html"].endswith(f">{LINE}</div>")
    unregister(display)
    again, _ = display.format(frame(**FACTS))
    assert "kept answers" not in "".join(again.values())


def test_a_notebook_shows_the_class_of_a_model_too(client: AcumaticaClient) -> None:
    formatters = pytest.importorskip("IPython.core.formatters", reason="IPython is not installed")
    display = formatters.DisplayFormatter()
    register(display)
    shown, _ = display.format(client.models.Customer)
    assert shown["text/plain"] == "<model Customer: 55 fields, 5 linked, 4 details>"
    assert "CurrentCustomer.UsrLoyaltyTier" in shown["text/html"]
    assert "text/html" not in display.format(Record)[0]


def test_a_notebook_shows_the_pictures_of_reports() -> None:
    formatters = pytest.importorskip("IPython.core.formatters", reason="IPython is not installed")
    figures = pytest.importorskip("matplotlib.figure", reason="needs the extra charts")
    display = formatters.DisplayFormatter()
    register(display)
    shown, _ = display.format(figures.Figure(figsize=(1, 1)))
    assert shown["image/png"].startswith(b"\x89PNG")
    unregister(display)
    assert "image/png" not in display.format(figures.Figure(figsize=(1, 1)))[0]


def test_the_log_tells_the_age_too(box: Sandbox, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "acudata")
    with connect(box, http_cache=True, cache_dir=tmp_path) as client:
        fresh = client.warehouses.to_frame()
        assert "kept answers" not in caplog.text
        kept = client.warehouses.to_frame()
    assert "Warehouse: from kept answers, " in caplog.text
    assert age_line(fresh.attrs) == ""
    assert LINE[:19] in frame_text(kept)
