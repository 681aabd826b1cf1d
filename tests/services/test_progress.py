"""Progress of readings: a bar to those who watch, a line in the log to all others, nothing when switched off."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from acudata import AcumaticaClient, AcumaticaServerError
from acudata.sandbox import Sandbox
from acudata.sandbox.faults import page
from tests.conftest import connect

Read = Callable[[AcumaticaClient, dict[str, Any], Path], object]
READINGS: dict[str, Read] = {
    "to_frame": lambda client, options, _: client.vendors.to_frame(**options),
    "to_frames": lambda client, options, _: client.vendors.to_frames(**options),
    "to_arrow": lambda client, options, _: client.vendors.to_arrow(**options),
    "iter_frames": lambda client, options, _: list(client.vendors.iter_frames(**options)),
    "to_parquet": lambda client, options, path: client.vendors.to_parquet(
        path / "vendors.parquet", **options
    ),
    "get_list": lambda client, options, _: client.vendors.get_list(**options),
    "count": lambda client, options, _: client.vendors.count(**options),
}


@pytest.fixture(params=READINGS)
def read(request: pytest.FixtureRequest) -> Read:
    return READINGS[request.param]


@pytest.fixture(autouse=True)
def no_delay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("acudata.progress.BAR_DELAY", 0)


def test_every_reading_shows_a_bar_of_its_records(
    read: Read, client: AcumaticaClient, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vendors = client.vendors.count(progress=False)
    read(client, {"progress": True}, tmp_path)
    assert f"Vendor: {vendors} records" in capsys.readouterr().err


def test_a_bar_knows_its_end_where_top_is_given(
    client: AcumaticaClient, capsys: pytest.CaptureFixture[str]
) -> None:
    client.customers.to_frame(top=7, progress=True)
    assert "7/7" in capsys.readouterr().err


def test_it_can_be_switched_off_for_each_reading(
    read: Read,
    client: AcumaticaClient,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level("INFO", "acudata.progress"):
        read(client, {"progress": False}, tmp_path)
    assert (capsys.readouterr().err, caplog.messages) == ("", [])


def test_the_setting_holds_for_all_readings(
    read: Read, box: Sandbox, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with connect(box, progress=True) as client:
        read(client, {}, tmp_path)
        assert "Vendor" in capsys.readouterr().err
        read(client, {"progress": False}, tmp_path)
        assert capsys.readouterr().err == ""


def test_those_who_do_not_watch_find_a_line_in_the_log(
    client: AcumaticaClient, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", "acudata.progress"):
        client.customers.to_frame(top=7)
    assert (capsys.readouterr().err, caplog.messages) == ("", ["Customer: 7 of 7 records"])


def test_an_error_leaves_a_whole_line_behind(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("acudata.transport.waiting.Waiting.sleep", lambda *_: None)
    with Sandbox() as box, connect(box) as client:
        away, calls = page(503, "Away"), count(1)
        box.before(lambda call: away(call) if next(calls) > 2 else None, "*/Customer")
        with pytest.raises(AcumaticaServerError):
            client.customers.to_frame(page_size=20, progress=True)
    shown = capsys.readouterr().err
    assert "Customer: " in shown
    assert shown.endswith("\n")
