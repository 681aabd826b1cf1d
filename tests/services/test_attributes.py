"""Attributes as columns: one for each, by every way of reading, whatever records they stand at."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acudata import (
    AcumaticaClient,
    AcumaticaConcurrencyError,
    AcumaticaValidationError,
    F,
    LocalFilterWarning,
)
from acudata.frames.pivot import attribute_ids, attribute_values, repetitions
from acudata.sandbox import Sandbox
from acudata.sandbox.calls import Answer, Call
from tests.conftest import connect
from tests.plain import cells


@pytest.fixture(scope="module")
def pivoted(client: AcumaticaClient) -> pd.DataFrame:
    """The rows of the attributes, pivoted by pandas."""
    rows = client.stock_items.to_frame(expand="Attributes")
    return rows.pivot(index="id", columns="AttributeID", values="Value")


def names_of(frame: Any) -> list[str]:
    return [name for name in frame if name.startswith("Attributes.")]


def test_each_attribute_is_a_column_before_the_id(client: AcumaticaClient, pivoted: pd.DataFrame) -> None:
    found = client.stock_items.to_frame(attributes="columns")
    plain = client.stock_items.to_frame()
    names = [f"Attributes.{attribute}" for attribute in sorted(map(str, pivoted))]
    assert list(found) == [*list(plain)[:-1], *names, "id"]
    for name in names:
        expected = pivoted[name.partition(".")[2]].reindex(found["id"])
        assert found[name].dtype == "string"
        assert cells(found[name]) == cells(expected)
        assert found[name].notna().any()


def test_arrow_tables_and_frames_of_lines_have_them_too(
    client: AcumaticaClient, pivoted: pd.DataFrame
) -> None:
    table = client.stock_items.to_arrow(attributes="columns", top=5)
    assert names_of(table.column_names)
    assert table.column(names_of(table.column_names)[0]).type == pa.string()
    frames = client.stock_items.to_frames(attributes="columns", expand="WarehouseDetails", top=5)
    assert list(frames) == ["StockItem", "WarehouseDetails"]
    assert names_of(frames["StockItem"]) == names_of(frames["WarehouseDetails"]) != []
    name = names_of(frames["StockItem"])[0]
    expected = pivoted[name.partition(".")[2]].reindex(frames["WarehouseDetails"]["id"])
    assert cells(frames["WarehouseDetails"][name]) == cells(expected)


def test_streams_learn_their_columns_before_the_first_page(
    client: AcumaticaClient, box: Sandbox, tmp_path: Path
) -> None:
    whole = client.stock_items.to_frame(attributes="columns", top=50)
    before = len(box.requests)
    pages = list(client.stock_items.iter_frames(attributes="columns", top=50, page_size=20))
    assert box.requests[before].query["$select"].endswith("Attributes/AttributeID")
    assert all(list(page) == list(whole) for page in pages)
    assert cells(pd.concat(pages)[names_of(whole)[0]]) == cells(whole[names_of(whole)[0]])
    client.stock_items.to_parquet(tmp_path / "items.parquet", attributes="columns", top=50)
    assert pq.read_schema(tmp_path / "items.parquet").names == list(whole)


def test_named_attributes_are_columns_like_others(client: AcumaticaClient, box: Sandbox) -> None:
    whole = client.stock_items.to_frame(attributes="columns", top=9)
    names = ["Attributes.NOBODYHASTHIS", names_of(whole)[0], "InventoryID"]
    before = len(box.requests)
    [page] = client.stock_items.iter_frames(columns=names, attributes="columns", top=9)
    assert len(box.requests) == before + 1
    assert list(page) == [*names, "id"]
    assert page[names[0]].isna().all()
    assert cells(page[names[1]]) == cells(whole[names[1]])


def test_a_filter_done_here_chooses_records_with_their_attributes(
    client: AcumaticaClient, pivoted: pd.DataFrame
) -> None:
    with pytest.warns(LocalFilterWarning):
        found = client.stock_items.to_frame(F.InventoryID.endswith("1") & (F.InventoryID.length() > 3),
                                            attributes="columns")  # fmt: skip
    name = names_of(found)[0]
    assert 0 < len(found) < len(pivoted)
    assert cells(found[name]) == cells(pivoted[name.partition(".")[2]].reindex(found["id"]))


def test_no_attributes_no_columns(client: AcumaticaClient) -> None:
    found = client.stock_items.to_frame(F.InventoryID == "nothing", attributes="columns")
    assert names_of(found) == []
    assert len(found) == 0


def test_an_entity_without_attributes_is_refused(client: AcumaticaClient) -> None:
    with pytest.raises(AcumaticaValidationError, match="SalesOrder has no Attributes"):
        client.sales_orders.to_frame(attributes="columns")


def test_rows_that_become_columns_cannot_be_filtered_by(client: AcumaticaClient) -> None:
    with pytest.raises(AcumaticaValidationError, match="attributes='columns' makes columns of"):
        client.stock_items.to_frame(F.Attributes.AttributeID == "COLOR", attributes="columns")


def test_the_first_row_of_an_attribute_counts_and_the_others_are_told() -> None:
    with Sandbox() as box, connect(box) as client:
        box.after(_repeat_the_first_attribute, "*/StockItem")
        found = client.stock_items.to_frame(attributes="columns", top=3)
    assert found.attrs["repeated_attributes"] == 3
    assert "again" not in set(cells(found[names_of(found)[0]]))


def _repeat_the_first_attribute(call: Call, answer: Answer) -> Answer:
    records = json.loads(answer.body)
    for record in records:
        if record.get("Attributes"):
            record["Attributes"].append(record["Attributes"][0] | {"Value": {"value": "again"}})
    return Answer(json.dumps(records).encode())


def test_an_attribute_that_appears_while_it_streams_is_never_lost_silently() -> None:
    with Sandbox() as box, connect(box) as client:
        box.after(_rename_the_first_attribute, "*/StockItem", number=2)
        with pytest.raises(AcumaticaConcurrencyError, match="NEWCOMER appeared"):
            list(client.stock_items.iter_frames(attributes="columns", top=20, page_size=20))


def _rename_the_first_attribute(call: Call, answer: Answer) -> Answer:
    records = json.loads(answer.body)
    records[0]["Attributes"][0]["AttributeID"] = {"value": "NEWCOMER"}
    return Answer(json.dumps(records).encode())


_ROWS = st.lists(
    st.tuples(
        st.sampled_from("abcd"), st.sampled_from(["X", "Y", None]), st.none() | st.text("v", max_size=3)
    )
)


@given(rows=_ROWS, ids=st.lists(st.none() | st.sampled_from("abcde")))
@settings(max_examples=100, deadline=None)
def test_the_pivot_is_what_a_dictionary_says(
    rows: list[tuple[str, str | None, str | None]], ids: list[str]
) -> None:
    table = pa.table(
        {
            "id": pa.array([row[0] for row in rows], pa.string()),
            "AttributeID": pa.array([row[1] for row in rows], pa.string()),
            "Value": pa.array([row[2] for row in rows], pa.string()),
        }
    )
    first = {(record, attribute): value for record, attribute, value in reversed(rows)}
    assert attribute_ids(table) == sorted({attribute for _, attribute, _ in rows if attribute})
    assert repetitions(table) == len([row for row in rows if row[1]]) - len(
        [pair for pair in first if pair[1]]
    )
    for attribute in ("X", "Y", "Z"):
        values = attribute_values(pa.array(ids, pa.string()), table, attribute)
        assert values.to_pylist() == [first.get((record, attribute)) for record in ids]
