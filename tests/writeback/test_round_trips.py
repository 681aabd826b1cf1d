"""Frames that come back as they were read change nothing, whatever the entity and whatever file they were in."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from acudata import AcumaticaClient
from acudata.sandbox import Sandbox
from tests.conftest import connect


def as_read(frame: pd.DataFrame) -> pd.DataFrame:
    return frame


def without_attributes(frame: pd.DataFrame) -> pd.DataFrame:
    bare = frame.copy()
    bare.attrs = {}
    return bare


def through_csv(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(frame.to_csv(index=False)), low_memory=False)


def through_parquet(frame: pd.DataFrame) -> pd.DataFrame:
    file = io.BytesIO()
    frame.to_parquet(file)
    return pd.read_parquet(file)


def through_json(frame: pd.DataFrame) -> pd.DataFrame:
    text = frame.to_json(orient="records", date_format="iso", date_unit="us", double_precision=10)
    return pd.read_json(io.StringIO(text), dtype=False)


def through_excel(frame: pd.DataFrame) -> pd.DataFrame:
    """Store instants as pandas and Excel want it: without their zone."""
    pytest.importorskip("openpyxl")
    zoned = frame.select_dtypes("datetimetz").columns
    file = io.BytesIO()
    frame.assign(**{name: frame[name].dt.tz_localize(None) for name in zoned}).to_excel(file, index=False)
    return pd.read_excel(file)


def as_objects(frame: pd.DataFrame) -> pd.DataFrame:
    return without_attributes(frame).astype(object)


WAYS: tuple[Callable[[pd.DataFrame], pd.DataFrame], ...] = (
    as_read,
    without_attributes,
    through_csv,
    through_parquet,
    through_json,
    as_objects,
)


def assert_unchanged(
    client: AcumaticaClient, ways: tuple[Callable[[pd.DataFrame], pd.DataFrame], ...]
) -> None:
    """Plan every entity that can be listed, by each way, and see that nothing is to be written."""
    seen = 0
    for service in client:
        if service.entity.is_inquiry:
            continue
        frame = service.to_frame(top=30)
        if not service.entity.keys and set(service.to_frame(top=30)["id"]) != set(frame["id"]):
            continue  # the result of an inquiry: there is nothing to come back to
        for way in ways:
            plan = service.plan(way(frame))
            told = plan.to_frame().head(3).to_dict("records")
            assert plan.summary()["unchanged"] == len(frame), (service.name, way.__name__, told)
            assert plan.is_empty
        seen += 1
    assert seen > 10


@pytest.mark.parametrize("way", [*WAYS, through_excel])
def test_every_entity_comes_back_as_it_was(
    client: AcumaticaClient, way: Callable[[pd.DataFrame], pd.DataFrame]
) -> None:
    assert_unchanged(client, (way,))


@pytest.mark.parametrize("options", [{"decimals": "exact"}, {"dtype_backend": "pyarrow"}])
def test_frames_of_other_dtypes_come_back_as_they_were(
    client: AcumaticaClient, options: dict[str, str]
) -> None:
    for service in (client.customers, client.sales_orders, client.stock_items):
        assert service.plan(service.to_frame(top=50, **options)).is_empty  # type: ignore[arg-type]


def test_linked_entities_come_back_as_they_were(client: AcumaticaClient) -> None:
    for service in (client.customers, client.sales_orders):
        frame = service.to_frame(expand=list(service.entity.structure.linked), top=40)
        for way in WAYS:
            assert service.plan(way(frame)).is_empty, way.__name__


FILES = [through_csv, through_excel]


@pytest.mark.parametrize("way", FILES)
def test_lines_come_back_from_a_file_as_they_were(
    client: AcumaticaClient, way: Callable[[pd.DataFrame], pd.DataFrame]
) -> None:
    frame: Any = client.sales_orders.to_frame(expand="Details", top=40)
    plan = client.sales_orders.plan(way(frame))
    assert plan.is_empty
    assert plan.summary()["unchanged"] == 40


@pytest.mark.parametrize("way", FILES)
def test_one_cell_that_was_edited_in_a_file_is_one_change(
    own_client: AcumaticaClient, way: Callable[[pd.DataFrame], pd.DataFrame]
) -> None:
    frame = own_client.sales_orders.to_frame(top=20)
    stored = way(frame)
    assert pd.api.types.is_integer_dtype(stored["OrderNbr"])
    stored.loc[3, "Description"] = "From a file"
    plan = own_client.sales_orders.plan(stored)
    assert [(record.action, list(record.changes)) for record in plan.records if record.is_written] == [
        ("update", ["Description"])
    ]
    assert plan.apply().is_complete
    late = own_client.sales_orders.plan(stored.assign(Description="Late"))
    assert late.records[3].action == "conflict"
    assert "LastModified" in late.records[3].conflicts
    assert late.summary()["update"] == 19


@pytest.mark.parametrize("way", FILES)
def test_keys_that_a_file_made_numbers_are_named_where_no_id_tells(
    client: AcumaticaClient, way: Callable[[pd.DataFrame], pd.DataFrame]
) -> None:
    frame = way(client.sales_orders.to_frame(columns=["OrderType", "OrderNbr", "Description"], top=3))
    plan = client.sales_orders.plan(frame.drop(columns="id"))
    assert [record.action for record in plan.records] == ["invalid"] * 3
    problems = {
        (problem.column, "lost leading zeros" in problem.text) for r in plan.records for problem in r.problems
    }
    assert problems == {("OrderNbr", True)}


@pytest.fixture(scope="module")
def real_client(document: Path) -> Iterator[AcumaticaClient]:
    with Sandbox(schema=document) as box, connect(box) as client:
        yield client


@pytest.mark.slow
def test_every_entity_of_a_real_document_comes_back_as_it_was(real_client: AcumaticaClient) -> None:
    assert_unchanged(real_client, (as_read, through_csv))
