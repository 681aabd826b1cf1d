"""Frames that come back as they were read change nothing, whatever the entity and whatever file they were in."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

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


@pytest.mark.parametrize("way", WAYS)
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


@pytest.fixture(scope="module")
def real_client(document: Path) -> Iterator[AcumaticaClient]:
    with Sandbox(schema=document) as box, connect(box) as client:
        yield client


@pytest.mark.slow
def test_every_entity_of_a_real_document_comes_back_as_it_was(real_client: AcumaticaClient) -> None:
    assert_unchanged(real_client, WAYS)
