"""Lists of which others insert, delete and change records between two pages, over real HTTP."""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from acudata import AcumaticaClient, F
from acudata.sandbox import Sandbox, SandboxSettings
from acudata.sandbox.calls import Call
from acudata.sandbox.records import Record
from tests.conftest import connect

KEYS = [f"K{number:02}" for number in range(0, 40, 2)]
BETWEEN = [f"K{number:02}" for number in range(1, 41, 2)]

LONG_AGO = "2024-01-01T00:00:00+00:00"

Happening = tuple[int, str, int]
"""The request before which it happens, what happens, and to which record."""

happenings = st.lists(
    st.tuples(st.integers(1, 14), st.sampled_from(["insert", "delete", "change"]), st.integers(0, 19)),
    max_size=25,
)
shortly = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class List:
    """Is the list of item classes of a sandbox, to which things happen."""

    def __init__(self, box: Sandbox, client: AcumaticaClient) -> None:
        self.box = box
        self.client = client
        self.table = box.table("ItemClass")
        self._lock = threading.Lock()

    def reset(self) -> None:
        for slot in list(self.table.slots()):
            self.table.delete(slot)
        for key in KEYS:
            values = {"ClassID": key, "Description": "old", "LastModifiedDateTime": LONG_AGO}
            self.table.insert(Record(str(uuid.uuid4()), dict(values)))

    def _happen(self, what: str, at: int, _: Call) -> None:
        with self._lock:  # requests come two at a time
            self._change(what, at)

    def _change(self, what: str, at: int) -> None:
        key = BETWEEN[at] if what == "insert" else KEYS[at]
        found = self.table.find_keys([key])
        if what == "delete" and found is not None:
            self.table.delete(found)
        elif what == "insert" or (what == "change" and found is not None):
            self.box.put("ItemClass", ClassID=key, Description="new")

    def read(self, schedule: list[Happening], **options: Any) -> Any:
        """Return a frame that was read while things happened."""
        with self.happening(schedule):
            return self.client.item_classes.to_frame(**options)

    @contextmanager
    def happening(self, schedule: list[Happening]) -> Iterator[None]:
        with ExitStack() as stack:
            for number, what, at in schedule:
                act = partial(self._happen, what, at)
                stack.callback(self.box.before(act, "*/ItemClass", number=number))
            yield


@pytest.fixture(scope="module", params=["keys", "skip"])
def paging(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def classes(paging: str) -> Iterator[List]:
    """Serve lists in the order of the keys, and in another."""
    order: Any = "keys" if paging == "keys" else "scattered"
    with Sandbox(settings=SandboxSettings(list_order=order)) as box, connect(box) as client:
        yield List(box, client)


@shortly
@given(schedule=happenings, page_size=st.integers(1, 7))
@example(schedule=[(2, "delete", 0)], page_size=2)
@example(schedule=[(2, "delete", at) for at in range(6)], page_size=3)
@example(schedule=[(3, "insert", at) for at in range(12)], page_size=4)
def test_who_is_there_all_the_time_comes_exactly_once(
    classes: List, schedule: list[Happening], page_size: int
) -> None:
    classes.reset()
    frame = classes.read(schedule, page_size=page_size, select="ClassID,Description")
    deleted = {KEYS[at] for _, what, at in schedule if what == "delete"}
    counts = Counter(frame["ClassID"])
    assert {key: counts[key] for key in KEYS if key not in deleted} == dict.fromkeys(
        sorted(set(KEYS) - deleted), 1
    )
    assert max(counts.values(), default=1) == 1
    assert frame["id"].is_unique


@shortly
@given(schedule=happenings, page_size=st.integers(1, 7))
def test_a_list_of_records_goes_the_same_way(
    classes: List, schedule: list[Happening], page_size: int
) -> None:
    classes.reset()
    with classes.happening(schedule):
        records = classes.client.item_classes.get_list(page_size=page_size)
    deleted = {KEYS[at] for _, what, at in schedule if what == "delete"}
    keys = [record.ClassID for record in records]
    assert len(set(keys)) == len(keys)
    assert set(KEYS) - deleted <= set(keys)


def test_what_is_inserted_where_was_read_already_comes_in_the_end(classes: List, paging: str) -> None:
    classes.reset()
    frame = classes.read([(3, "insert", 0)], page_size=5)
    assert list(frame["ClassID"]).count("K01") == 1
    if paging == "keys":
        assert frame["ClassID"].iloc[-1] == "K01"
        assert frame.attrs["repaired"]["changed"] == 1


def test_a_record_that_moves_to_where_was_read_already_is_not_lost(classes: List, paging: str) -> None:
    classes.reset()

    def rename(_: Any) -> None:
        slot = classes.table.find_keys(["K38"])
        assert slot is not None
        with classes.table.change(slot) as record:
            record.values["ClassID"] = "A38"
            record.values["LastModifiedDateTime"] = "2999-01-01T00:00:00+00:00"

    classes.box.before(rename, "*/ItemClass", number=2)
    frame = classes.client.item_classes.to_frame(page_size=5)
    moved = set(frame["ClassID"]) - set(KEYS[:-1])
    assert len(frame) == len(KEYS)
    assert moved == {"A38"} or (paging == "skip" and moved == {"K38"})  # where it may have been read before


def test_repairs_are_told(classes: List, paging: str) -> None:
    classes.reset()
    frame = classes.read([(3, "delete", at) for at in range(4)], page_size=6)
    assert frame.attrs["paging"] == paging
    assert (
        frame.attrs["repaired"]["skipped"] == 0
        if paging == "keys"
        else frame.attrs["repaired"]["skipped"] > 0
    )


def test_a_quiet_list_takes_no_repairs(classes: List, paging: str) -> None:
    classes.reset()
    frame = classes.client.item_classes.to_frame(page_size=6)
    assert frame.attrs["paging"] == paging
    assert frame.attrs["repaired"] == {"skipped": 0, "repeated": 0, "changed": 0}
    assert frame.attrs["paging_notes"] == []


def test_a_filter_is_kept_along(classes: List) -> None:
    classes.reset()
    frame = classes.read(
        [(2, "insert", 0), (3, "delete", 1)], filter=(F.ClassID < "K10") | (F.ClassID > "K30"), page_size=2
    )
    assert (
        set(KEYS[:5] + KEYS[16:]) - {KEYS[1]} <= set(frame["ClassID"]) <= set(KEYS[:5] + KEYS[16:]) | {"K01"}
    )
