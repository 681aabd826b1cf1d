"""Deleted records stay marked when a table is read anew, whatever the reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from acudata import F
from tests.exports.lakes import Lake

NARROW: dict[str, Any] = {"select": {"Warehouse": "Description,Locations"}}
NOT_CLOSED = {"Warehouse": F.Description != "Closed"}

pytestmark = pytest.mark.filterwarnings("ignore::acudata.SchemaDriftWarning")


@pytest.fixture(autouse=True)
def warehouses(lake: Lake) -> Iterator[None]:
    """Let there be a warehouse that is deleted, one that will be, and one that comes back."""
    for name in ("GONE", "GOING", "BACK"):
        put(lake, name, "A1", "A2")
    yield
    for name in ("GONE", "GOING", "BACK"):
        if lake.box.table("Warehouse").find_keys([name]) is not None:
            lake.box.delete("Warehouse", name)


def put(lake: Lake, name: str, *locations: str) -> None:
    rows = [{"LocationID": location, "Description": location} for location in locations]
    lake.client.warehouses.put_entity({"WarehouseID": name, "Description": "New", "Locations": rows})


def marks(lake: Lake, table: str = "Warehouse") -> dict[str, Any]:
    """Return since when records are gone, and how many rows they have."""
    gone = lake.frame(table).dropna(subset="_deleted_at")
    found = gone.groupby("WarehouseID")["_deleted_at"].agg(["min", "size"])
    return {str(name): (row["min"], row["size"]) for name, row in found.iterrows()}


def marked(lake: Lake, **how: Any) -> Any:
    """Let two records be marked, then one be deleted and another come back; return the mark of the one that stays."""
    lake.sync("Warehouse", deletes="keys", **how)
    for name in ("GONE", "BACK"):
        lake.box.delete("Warehouse", name)
    lake.sync("Warehouse", deletes="keys", **how)
    since = marks(lake)["GONE"][0]
    lake.box.delete("Warehouse", "GOING")
    put(lake, "BACK", "A3")
    return since


@pytest.mark.parametrize("deletes", ["keys", None])
def test_marks_stay_in_other_columns(lake: Lake, deletes: str | None) -> None:
    since = marked(lake)
    reports = lake.sync("Warehouse", deletes=deletes, **NARROW)
    assert {report.mode for report in reports.values()} == {"full"}
    for table, rows in (("Warehouse", 1), ("Warehouse.Locations", 2)):
        found = marks(lake, table)
        assert found.pop("GONE") == (since, rows)
        assert {name: size for name, (_, size) in found.items()} == ({"GOING": rows} if deletes else {})
        assert reports[table].deleted == len(found)
    frame = lake.frame("Warehouse")
    assert list(frame["WarehouseID"]).count("BACK") == 1
    assert "Active" not in frame
    lake.sync("Warehouse", deletes=deletes)
    assert marks(lake)["GONE"] == (since, 1)
    assert lake.frame("Warehouse").set_index("WarehouseID").loc["GONE", "Description"] == "New"
    assert not lake.sync("Warehouse", deletes=deletes)["Warehouse"].has_changes


def test_what_left_a_filter_is_not_taken_for_deleted(lake: Lake) -> None:
    since = marked(lake, filters=NOT_CLOSED)
    lake.box.put("Warehouse", WarehouseID="RETAIL", Description="Closed")
    lake.sync("Warehouse", deletes="keys", filters=NOT_CLOSED, **NARROW)
    assert marks(lake) == {"GONE": (since, 1)}
    assert "RETAIL" not in set(lake.frame("Warehouse")["WarehouseID"])
    lake.box.put("Warehouse", WarehouseID="RETAIL", Description="Retail")


@pytest.mark.parametrize(
    "how", [{"incremental": False, "deletes": "keys"}, {"filters": NOT_CLOSED, "deletes": "keys"}]
)
def test_marks_go_where_all_of_it_is_wanted_anew_or_other_records(lake: Lake, how: dict[str, Any]) -> None:
    marked(lake)
    lake.sync("Warehouse", **how)
    assert not marks(lake)


def test_marks_that_begin_with_this_run_tell_what_is_gone_since_the_last(lake: Lake) -> None:
    lake.sync("Warehouse")
    lake.box.delete("Warehouse", "GONE")
    assert lake.sync("Warehouse", deletes="keys")["Warehouse"].deleted == 1
    assert set(marks(lake)) == {"GONE"}
    lake.check("Warehouse", expand="Locations")


def test_values_that_are_none_of_a_new_type_are_missing() -> None:
    import pyarrow as pa

    from acudata.exports.remains import _converted

    batch = pa.record_batch({"a": pa.array(["1", "2"]), "b": pa.array(["x", "2"]), "c": pa.array([1, 2])})
    schema = pa.schema([("b", pa.int64()), ("a", pa.int64()), ("new", pa.string())])
    assert _converted(batch, schema).to_pydict() == {"b": [None, None], "a": [1, 2], "new": [None, None]}
