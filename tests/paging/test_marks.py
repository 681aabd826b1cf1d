"""Records are told apart by id or keys, however many there are."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acudata.paging.marks import Marks, Seen, marks_of
from acudata.paging.tail import last_record

names = st.one_of(st.none(), st.sampled_from(["a", "b", "A ", "", "ß", "a'", "aa"]), st.text(max_size=3))
pages = st.lists(st.lists(st.tuples(names, names), max_size=8), max_size=12)


@settings(max_examples=100, deadline=None)
@given(pages=pages)
def test_seen_is_a_set_of_ids_and_of_keys(pages: list[list[tuple[str | None, str | None]]]) -> None:
    seen, ids, keys = Seen(), set(), set()
    for page in pages:
        marks = Marks([i for i, _ in page], [(k,) for _, k in page])
        folded = [k.rstrip().casefold() if k and k.strip() else None for _, k in page]
        expected = [
            bool(i and i in ids) or bool(k and k in keys) for (i, _), k in zip(page, folded, strict=True)
        ]
        assert seen.of(marks).tolist() == expected
        seen.add(marks)
        ids |= {i for i, _ in page if i}
        keys |= {k for k in folded if k}


def test_an_id_is_no_key() -> None:
    seen = Seen()
    seen.add(Marks(["a"], [(None,)]))
    assert seen.of(Marks([None], [("a",)])).tolist() == [False]


def test_marks_of_odd_records() -> None:
    marks = marks_of([{"id": 7}, 5, {"id": "x", "K": {"value": 1}}, {"K": 3}], ["K"])
    assert marks.ids == [None, None, "x", None]
    assert marks.keys == [(None,), (None,), (1,), (None,)]
    assert not marks.tell_apart


ROWS = st.lists(
    st.fixed_dictionaries({"id": st.text(), "Text": st.fixed_dictionaries({"value": st.text()})}), max_size=3
)
RECORDS = st.lists(st.fixed_dictionaries({"id": st.text(), "Name": st.text(), "Details": ROWS}), min_size=1)


@settings(max_examples=100, deadline=None)
@given(records=RECORDS, tail=st.sampled_from(["", " ", "\n"]))
def test_the_last_record_is_found(records: list[Any], tail: str) -> None:
    page = json.dumps([_id_first(one) for one in records], separators=(",", ":"), ensure_ascii=False)
    assert last_record((page + tail).encode()) == records[-1]


def _id_first(record: dict[str, Any]) -> dict[str, Any]:
    rows = [{"id": row["id"], **row} for row in record["Details"]]
    return {"id": record["id"], **record, "Details": rows}


@pytest.mark.parametrize("page", [b"", b"[]", b"[1]", b'[{"id":"a"}', b'{"id":"a"}', b'[{"Name":"x"}]'])
def test_a_page_without_an_easily_found_last_record_has_none(page: bytes) -> None:
    assert last_record(page) is None


def test_a_text_that_looks_like_a_record_is_none() -> None:
    page = json.dumps([{"id": "a", "Name": '{"id":"b"}'}], separators=(",", ":")).encode()
    assert last_record(page) == {"id": "a", "Name": '{"id":"b"}'}
