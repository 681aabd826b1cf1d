"""Small questions: is it there, which is the first, how many are there."""

from __future__ import annotations

import pandas as pd
import pytest

from acudata import AcumaticaClient, F


def test_exists(client: AcumaticaClient) -> None:
    assert client.customers.exists("C000000001")
    assert not client.customers.exists("NOBODY")
    assert not client.item_classes.exists("no/such")


@pytest.mark.parametrize("page_size", [7, 5000])
def test_count_agrees_with_the_frame(client: AcumaticaClient, page_size: int) -> None:
    frame = client.customers.to_frame()
    assert client.customers.count(page_size=page_size) == len(frame)
    active = (frame["Status"] == "Active").sum()
    assert client.customers.count(F.Status == "Active", page_size=page_size) == active


def test_first_is_a_record_or_none(client: AcumaticaClient) -> None:
    record = client.customers.first(F.CustomerID == "C000000005", select="CustomerName")
    assert record is not None
    assert record["CustomerName"]
    assert client.customers.first(F.CustomerID == "NOBODY") is None


def test_a_list_of_records_becomes_the_frame_of_the_same_question(client: AcumaticaClient) -> None:
    question = {
        "select": "CustomerID,CreditLimit,LastModifiedDateTime,UsrLastVisit,MainContact/Email",
        "top": 40,
    }
    records = client.customers.get_list(**question)  # type: ignore[arg-type]
    frame = client.customers.to_frame(**question)  # type: ignore[arg-type]
    pd.testing.assert_frame_equal(records.to_frame(), frame)
    exact = client.customers.to_frame(**question, dtype_backend="pyarrow", decimals="exact")  # type: ignore[arg-type]
    pd.testing.assert_frame_equal(records.to_frame(dtype_backend="pyarrow", decimals="exact"), exact)


def test_no_records_still_become_a_typed_frame(client: AcumaticaClient) -> None:
    empty = client.customers.get_list(F.CustomerID == "NOBODY").to_frame()
    pd.testing.assert_series_equal(empty.dtypes, client.customers.to_frame(top=1).dtypes)


def test_the_servers_own_description_of_custom_fields(client: AcumaticaClient) -> None:
    assert "custom" in client.customers.get_ad_hoc_schema()
