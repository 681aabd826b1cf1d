"""Small questions: is it there, which is the first, how many are there."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from acudata import (
    AcumaticaClient,
    AcumaticaNotFoundError,
    AcumaticaUnknownNameError,
    AcumaticaValidationError,
    F,
    QueryOptions,
)


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


def test_an_inquiry_answers_a_typed_frame(client: AcumaticaClient) -> None:
    frame = client.account_summary_inquiries.inquire(Ledger="ACTUAL", Period="122024", decimals="exact")
    assert len(frame) > 5
    assert str(frame["EndingBalance"].dtype) == "decimal128(38, 10)[pyarrow]"
    assert frame["DebitTotal"].sum() == frame["CreditTotal"].sum()
    assert frame.attrs["parameters"] == {"Ledger": "ACTUAL", "Period": "122024"}


def test_an_inquiry_names_its_parameters_and_says_how_to_ask(
    client: AcumaticaClient, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(AcumaticaUnknownNameError, match="Period"):
        client.account_summary_inquiries.inquire(Perod="122024")
    with pytest.raises(AcumaticaValidationError, match="choose one with table="):
        client.customers.inquire()
    client.account_summary_inquiries.to_frame()
    assert "inquire(…) asks it" in caplog.text


def test_numbers_of_records_are_told_as_people_write_them(client: AcumaticaClient) -> None:
    limits = {str(record.CreditLimit) for record in client.customers.get_list(top=50, select="CreditLimit")}
    assert not any("E" in limit or limit.endswith(".0") for limit in limits)


def test_a_missing_record_says_how_it_is_addressed(client: AcumaticaClient) -> None:
    with pytest.raises(AcumaticaNotFoundError, match="SalesOrder is addressed by OrderType and OrderNbr"):
        client.sales_orders.get_by_keys("000070")
    contact = client.contacts.first()
    assert contact is not None
    assert client.contacts.get_by_id(contact.ContactID).id == contact.id


@pytest.mark.parametrize("key", [F.Status == "Open", None, 1.5, ["SO", None], {"OrderNbr": "1"}])
def test_what_is_no_key_at_all(client: AcumaticaClient, key: object) -> None:
    with pytest.raises(AcumaticaValidationError, match="is no key of SalesOrder"):
        client.sales_orders.exists(key)  # type: ignore[arg-type]


@pytest.mark.parametrize("number", ["5", 2.5, -1])
def test_what_is_no_number_of_records(client: AcumaticaClient, number: object) -> None:
    with pytest.raises(AcumaticaValidationError, match="give a whole number from 0 up"):
        client.customers.to_frame(top=number)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("orderby", "sort_by", "ascending"),
    [
        ("CustomerName", ["CustomerName"], True),
        ("CreditLimit desc, CustomerName desc", ["CreditLimit", "CustomerName"], False),
        (["MainContact/Email"], ["MainContact.Email"], True),
    ],
)
@pytest.mark.parametrize("select", [None, "CustomerID"])
def test_records_are_sorted_here(
    client: AcumaticaClient, orderby: Any, sort_by: list[str], select: str | None, *, ascending: bool
) -> None:
    options = QueryOptions(orderby=orderby, select=select, skip=5, top=20)
    frame = client.customers.to_frame(expand="MainContact")
    by = frame[sort_by].map(lambda value: value.casefold() if isinstance(value, str) else value)
    expected = by.sort_values(
        sort_by, ascending=ascending, kind="stable", na_position="first" if ascending else "last"
    )
    wanted = frame.loc[expected.index, sort_by][5:25]
    records = client.customers.get_list(options=options).to_frame()
    full = client.customers.to_frame(expand="MainContact").set_index("id").loc[records["id"], sort_by]
    assert full.to_dict("list") == wanted.to_dict("list")


def test_an_order_by_an_unknown_field_is_refused(client: AcumaticaClient) -> None:
    with pytest.raises(AcumaticaUnknownNameError, match="CustomerName"):
        client.customers.get_list(options=QueryOptions(orderby="CustomrName", select="CustomerID"))
    with pytest.raises(AcumaticaUnknownNameError, match="CustomerName"):
        client.customers.get_list(options=QueryOptions(orderby="CustomrName"))
