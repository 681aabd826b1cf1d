"""Cron expressions: what they mean, what they do when the clocks change, and which are refused."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from acudata.errors import AcumaticaValidationError
from acudata.scheduler.cron import Cron

VIENNA, NEW_YORK, LORD_HOWE, HAVANA, APIA = map(
    ZoneInfo, ["Europe/Vienna", "America/New_York", "Australia/Lord_Howe", "America/Havana", "Pacific/Apia"]
)
MINUTE = timedelta(minutes=1)

# The last moment before each change, in the zone's own time.
SPRING = {
    VIENNA: "2025-03-30 01:59",
    NEW_YORK: "2025-03-09 01:59",
    LORD_HOWE: "2025-10-05 01:59",
    HAVANA: "2025-03-08 23:59",  # midnight itself is left out
}
AUTUMN = {
    VIENNA: "2025-10-26 01:59",
    NEW_YORK: "2025-11-02 00:59",
    LORD_HOWE: "2025-04-06 01:29",
    HAVANA: "2025-11-01 23:59",
}
CHANGES = [*SPRING.items(), *AUTUMN.items()]


def local(text: str, zone: tzinfo | None, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(UTC)


def runs(expression: str, zone: tzinfo | None, start: datetime, end: datetime) -> Iterator[datetime]:
    """Yield the runs of an expression after the start, up to the end."""
    cron = Cron(expression, zone=zone)
    run = cron.next_run(start)
    while run <= end:
        yield run
        run = cron.next_run(run)


def shown(expression: str, zone: tzinfo, start: str, end: str) -> list[str]:
    """Return the runs as the clock on the wall shows them; a time that comes the second time has a mark."""
    found = [run.astimezone(zone) for run in runs(expression, zone, local(start, zone), local(end, zone))]
    return [f"{run:%H:%M}{chr(39) * run.fold}" for run in found]


@pytest.mark.parametrize(
    ("expression", "after", "run"),
    [
        ("0 */6 * * *", "2025-01-01 00:00", "2025-01-01 06:00"),
        ("0 */6 * * *", "2025-01-01 05:59:59.999999", "2025-01-01 06:00"),
        ("*/5 * * * *", "2025-01-01 00:00:01", "2025-01-01 00:05"),
        ("30 8 * * mon-fri", "2025-01-03 08:30", "2025-01-06 08:30"),
        ("0 7 1 * *", "2025-01-31 12:00", "2025-02-01 07:00"),
        ("0 7 l * *", "2025-02-01 00:00", "2025-02-28 07:00"),
        ("0 7 * * 1#1", "2025-01-07 00:00", "2025-02-03 07:00"),
        ("0 7 29 2 *", "2025-01-01 00:00", "2028-02-29 07:00"),
        ("0 7 13 * fri", "2025-01-04 00:00", "2025-01-10 07:00"),
        ("0 0 31 2 mon", "2025-01-01 00:00", "2025-02-03 00:00"),
        ("@daily", "2025-01-01 12:00", "2025-01-02 00:00"),
        ("@Hourly", "2025-01-01 12:00", "2025-01-01 13:00"),
        ("  0   7 * *\t* ", "2025-01-01 12:00", "2025-01-02 07:00"),
        ("5-5 * * * *", "2025-01-01 12:00", "2025-01-01 12:05"),
        ("5-5/10 * * Jan-JAN *", "2025-01-31 23:55", "2026-01-01 00:05"),
    ],
)
def test_an_expression_runs_next(expression: str, after: str, run: str) -> None:
    assert Cron(expression, zone=VIENNA).next_run(local(after, VIENNA)) == local(run, VIENNA)


@pytest.mark.parametrize(
    ("expression", "times"),
    [
        ("30 2 * * *", "03:00"),
        ("*/10 2 * * *", "03:00"),
        ("0,30 2,3 * * *", "03:00 03:30"),
        ("45 1-3 * * *", "01:45 03:00 03:45"),
        ("0 * * * *", "01:00 03:00 04:00"),
        ("7 * * * *", "01:07 03:07"),
        ("*/20 1-3 * * *", "01:00 01:20 01:40 03:00 03:20 03:40"),
    ],
)
def test_what_is_left_out_in_spring_runs_once_at_the_change(expression: str, times: str) -> None:
    assert shown(expression, VIENNA, "2025-03-30 00:30", "2025-03-30 04:00") == times.split()


@pytest.mark.parametrize(
    ("expression", "times"),
    [
        ("30 2 * * *", "02:30"),
        ("0,30 2,3 * * *", "02:00 02:30 03:00 03:30"),
        ("45 1-3 * * *", "01:45 02:45 03:45"),
        ("0 * * * *", "01:00 02:00 02:00' 03:00 04:00"),
        ("@hourly", "01:00 02:00 02:00' 03:00 04:00"),
        ("*/30 2 * * *", "02:00 02:30 02:00' 02:30'"),
        ("*/30 2-3 * * *", "02:00 02:30 02:00' 02:30' 03:00 03:30"),
    ],
)
def test_what_comes_twice_in_autumn_runs_once_unless_it_is_an_interval(expression: str, times: str) -> None:
    assert shown(expression, VIENNA, "2025-10-26 00:30", "2025-10-26 04:00") == times.split()


def test_a_change_of_half_an_hour() -> None:
    assert shown("15 2 * * *", LORD_HOWE, "2025-10-05 01:00", "2025-10-05 23:00") == ["02:30"]
    assert shown("45 1 * * *", LORD_HOWE, "2025-04-06 01:00", "2025-04-06 23:00") == ["01:45"]
    assert shown("*/15 * * * *", LORD_HOWE, "2025-04-06 01:25", "2025-04-06 02:00") == [
        "01:30", "01:45", "01:30'", "01:45'", "02:00",
    ]  # fmt: skip


def test_a_midnight_and_a_day_that_are_left_out() -> None:
    assert shown("@daily", HAVANA, "2025-03-08 12:00", "2025-03-09 12:00") == ["01:00"]
    assert shown("0 7 * * *", APIA, "2011-12-29 12:00", "2011-12-31 12:00") == ["00:00", "07:00"]


def test_a_task_that_is_made_in_the_second_hour_waits_for_the_next_day() -> None:
    between = local("2025-10-26 02:10", VIENNA, fold=1)
    assert Cron("30 2 * * *", zone=VIENNA).next_run(between) == local("2025-10-27 02:30", VIENNA)


@given(
    change=st.sampled_from(CHANGES),
    step=st.sampled_from(["*", "*/2", "*/5", "*/15", "*/30"]),
    offset=st.integers(-200, 200),
)
@settings(max_examples=50, deadline=None)
def test_minute_steps_keep_running_in_real_time(change: tuple[ZoneInfo, str], step: str, offset: int) -> None:
    zone, moment = change
    start = local(moment, zone) + offset * MINUTE
    found = list(runs(f"{step} * * * *", zone, start, start + timedelta(hours=4)))
    gap = MINUTE * int(step.removeprefix("*").removeprefix("/") or 1)
    assert {later - earlier for earlier, later in pairwise(found)} == {gap}


@given(change=st.sampled_from(CHANGES), hour=st.integers(0, 23), minute=st.integers(0, 59))
@settings(max_examples=100, deadline=None)
@example(change=(VIENNA, SPRING[VIENNA]), hour=2, minute=30)
@example(change=(VIENNA, AUTUMN[VIENNA]), hour=2, minute=30)
def test_a_time_of_day_runs_once_a_day(change: tuple[ZoneInfo, str], hour: int, minute: int) -> None:
    zone, moment = change
    noon = datetime.fromisoformat(moment).replace(hour=12, minute=0, tzinfo=zone) - timedelta(days=3)
    end = noon + timedelta(days=7)  # by the clock on the wall, as always within a zone
    found = list(runs(f"{minute} {hour} * * *", zone, noon.astimezone(UTC), end.astimezone(UTC)))
    assert len(found) == 7


@given(
    change=st.sampled_from(CHANGES),
    minutes=st.sets(st.integers(0, 59), min_size=1, max_size=4),
    hours=st.none() | st.sets(st.integers(0, 23), min_size=1, max_size=20),
)
@settings(max_examples=100, deadline=None)
def test_the_runs_are_those_that_a_look_at_every_minute_finds(
    change: tuple[ZoneInfo, str], minutes: set[int], hours: set[int] | None
) -> None:
    zone, moment = change
    start = local(moment, zone) - timedelta(hours=26)
    end = start + timedelta(hours=54)
    fields = [",".join(map(str, sorted(numbers))) if numbers else "*" for numbers in (minutes, hours)]
    expected = list(looked_for(minutes, hours, zone, start, end))
    assert list(runs(f"{' '.join(fields)} * * *", zone, start, end)) == expected


def looked_for(
    minutes: set[int], hours: set[int] | None, zone: ZoneInfo, start: datetime, end: datetime
) -> Iterator[datetime]:
    """Yield the runs by looking at the clock at each real minute: what a crontab's reader would expect."""

    def matches(wall: datetime) -> bool:
        return wall.minute in minutes and (hours is None or wall.hour in hours)

    last = start.astimezone(zone)
    for step in range(1, round((end - start) / MINUTE) + 1):
        wall = (start + step * MINUTE).astimezone(zone)
        left_out = round((wall.replace(tzinfo=None) - last.replace(tzinfo=None)) / MINUTE) - 1
        was_left_out = any(matches(last + skipped * MINUTE) for skipped in range(1, left_out + 1))
        is_due = matches(wall) and (hours is None or not wall.fold)
        if is_due or (was_left_out and hours is not None):
            yield start + step * MINUTE
        last = wall


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot set the zone of one process")
def test_without_a_zone_it_is_that_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Europe/Vienna")
        time.tzset()
        for text in (SPRING[VIENNA], AUTUMN[VIENNA]):
            start = local(text, VIENNA) - timedelta(hours=26)
            end = start + timedelta(hours=54)
            for expression in ("30 2 * * *", "*/30 * * * *", "0 0-4 * * *"):
                assert list(runs(expression, None, start, end)) == list(runs(expression, VIENNA, start, end))
    time.tzset()


@pytest.mark.parametrize(
    "expression", ["0 0 31 2 *", "0 0 30 feb *", "0 0 31 4,6,9,11 *", "0 0 31 2 1#1"]
)  # fmt: skip
def test_a_date_that_never_comes_is_refused(expression: str) -> None:
    with pytest.raises(AcumaticaValidationError, match="its date never comes"):
        Cron(expression)


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("", "does not have five fields"),
        ("0 7 * *", "does not have five fields"),
        ("0 0 7 * * *", "does not have five fields"),
        ("@reboot", "there is no such alias"),
        ("61 * * * *", "out of range"),
        ("0 7 * * monday", "not acceptable"),
        ("*/0 * * * *", "step '0'"),
        ("H * * * *", "Hashed definitions"),
        ("R(0-9) 7 * * *", "R would draw another time"),
    ],
)
def test_what_cannot_be_read_is_refused_with_an_example(expression: str, reason: str) -> None:
    with pytest.raises(AcumaticaValidationError, match=reason) as caught:
        Cron(expression)
    assert f"cron_expression={expression!r}" in str(caught.value)
    assert "'0 */6 * * *'" in str(caught.value)


@given(st.text("0123456789*/-,#@?lwrhLW monfr", max_size=20) | st.text(max_size=9))
@settings(max_examples=100, deadline=None)
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    try:
        run = Cron(text, zone=UTC).next_run(datetime(2025, 1, 1, tzinfo=UTC))
    except AcumaticaValidationError:
        return
    assert run > datetime(2025, 1, 1, tzinfo=UTC)
