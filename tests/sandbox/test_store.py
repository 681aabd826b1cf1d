"""The tables of a tenant: rows of a source, and what is written over them."""

from __future__ import annotations

import contextlib

from hypothesis import given, settings
from hypothesis import strategies as st

from acudata.sandbox.endpoint import Endpoint, Entity, Structure
from acudata.sandbox.plans import Plan
from acudata.sandbox.records import File, Record
from acudata.sandbox.rendering import Writer
from acudata.sandbox.rows import Rows
from acudata.sandbox.shelf import Shelf
from acudata.sandbox.store import Store, Table

KINDS = {"Code": "String", "Number": "Int"}


def table(*codes: str, key: str = "Code") -> Table:
    """Return a table whose source has records with these keys."""
    structure = Structure("Thing", KINDS)
    entity = Entity("Thing", structure, "", "", "", (key,))
    endpoint = Endpoint("Default", "1", {"Thing": entity}, {"Thing": structure})
    return Store(endpoint, {"Thing": Rows([thing(code, key) for code in codes], keys=[key])}).table("Thing")


def thing(code: str, key: str = "Code") -> Record:
    return Record(f"id-{code.lower()}", {key: int(code) if key == "Number" else code})


def codes(things: Table) -> list[str]:
    return [things.keys(slot)[0] for slot in things.slots()]


def find(things: Table, code: str) -> int:
    slot = things.find_keys([code])
    assert slot is not None
    return slot


def test_records_are_in_the_order_of_their_keys() -> None:
    things = table("B", "D")
    for code in ("C", "A", "E"):
        things.insert(thing(code))
    assert codes(things) == ["A", "B", "C", "D", "E"]
    assert [things.record(slot).id for slot in things.slots(skip=1, top=2)] == ["id-b", "id-c"]


def test_numeric_keys_are_ordered_as_numbers() -> None:
    things = table("1", "2", key="Number")
    for code in ("100", "99", "3"):
        things.insert(thing(code, "Number"))
    assert codes(things) == ["1", "2", "3", "99", "100"]


def test_padding_of_keys_does_not_count() -> None:
    things = table("B")
    things.insert(thing("A  "))
    assert things.record(find(things, " A")).id == "id-a  "
    assert things.find_keys(["B   "]) == 0


def test_a_change_is_kept_and_what_was_read_stays() -> None:
    things = table("A")
    before = things.record(0)
    with things.change(0) as record:
        record.values["Number"] = 5
    assert "Number" not in before.values
    assert things.record(0).values["Number"] == 5
    assert things.find_id("ID-A") == 0


def test_a_change_that_fails_is_forgotten() -> None:
    things = table("A")
    with contextlib.suppress(ZeroDivisionError), things.change(0) as record:
        record.values["Number"] = 1 // 0
    assert things.is_untouched(0)


def test_a_record_moves_when_its_key_is_changed() -> None:
    things = table("A", "B", "C")
    with things.change(find(things, "A")) as record:
        record.values["Code"] = "Z"
    assert codes(things) == ["B", "C", "Z"]
    assert things.find_keys(["A"]) is None
    assert things.find_id("id-A") == find(things, "Z") == 0


def test_a_reader_may_still_look_at_a_record_that_was_just_deleted() -> None:
    things = table("A")
    added = things.insert(thing("B"))
    page = things.slots()
    things.delete(added)
    things.delete(0)
    assert [things.record(slot).id for slot in page] == ["id-a", "id-b"]
    assert (len(things), things.find_id("id-A"), things.find_id("id-B")) == (0, None, None)


def test_a_deleted_key_can_be_used_again() -> None:
    things = table("A")
    things.delete(0)
    slot = things.insert(thing("A"))
    assert (codes(things), find(things, "A")) == (["A"], slot)


def test_the_last_record_before_a_place_is_known() -> None:
    things = table("A", "C")
    assert [things.last_before([code]) for code in ("A", "B", "D")] == [None, ("A",), ("C",)]


@settings(deadline=None, max_examples=100)
@given(st.sets(st.sampled_from("ABCDEFGH")), st.lists(st.sampled_from("ABCDEFGHIJKL")))
def test_a_table_is_a_sorted_set_of_keys(start: set[str], toggled: list[str]) -> None:
    things = table(*sorted(start))
    expected = set(start)
    for code in toggled:
        slot = things.find_keys([code])
        if slot is None:
            things.insert(thing(code))
        else:
            things.delete(slot)
        expected ^= {code}
    assert codes(things) == sorted(expected)
    assert {code for code in "ABCDEFGHIJKL" if things.find_id(f"ID-{code}") is not None} == expected


def test_a_copy_of_a_record_shares_nothing_with_it() -> None:
    def record() -> Record:
        return Record(
            "1",
            {"Code": "A"},
            linked={"Contact": Record("2", {"Code": "B"})},
            details={"Lines": [Record("3", custom={"View": {"UsrX": 1}})]},
            files=[File("4", "a.txt", b"")],
        )

    original = record()
    copied = original.copy()
    assert copied == original
    copied.values["Code"] = "Z"
    copied.linked["Contact"].values["Code"] = "Z"
    copied.details["Lines"][0].custom["View"]["UsrX"] = 2
    copied.details["Lines"].append(Record("5"))
    copied.files[0].name = "b.txt"
    assert original == record()


def test_a_shelf_is_emptied_when_it_is_full() -> None:
    things = table(*"ABCDEF")
    writer = Writer(Plan(things.entity.structure, ("Code",)), things.entity, "/base", empty_linked="null")
    wanted = [Shelf().row(writer, things, slot, 1) for slot in things.slots()]
    small = Shelf(limit=len(wanted[0]))
    assert [small.row(writer, things, slot, 1) for slot in things.slots() for _ in range(2)][::2] == wanted
