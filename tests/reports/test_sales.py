"""Sales by month, against small frames computed by hand."""

from decimal import Decimal
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acudata.errors import AcumaticaError
from acudata.reports import sales_by_month
from acudata.reports.sales import ORDER_SIGNS

EXACT = pd.ArrowDtype(pa.decimal128(38, 10))


def orders(*rows: tuple[str, str, str, float], **more: Any) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=["OrderType", "OrderNbr", "Date", "OrderTotal"])
    usual = {"Status": "Open", "CurrencyID": "USD", "TaxTotal": 0.0}
    return frame.assign(Date=pd.to_datetime(frame["Date"]), **{**usual, **more})


def invoices(*rows: tuple[str, str, str, float], **more: Any) -> pd.DataFrame:
    names = {"OrderType": "Type", "OrderNbr": "ReferenceNbr", "OrderTotal": "Amount"}
    return orders(*rows, **more).rename(columns=names)


def test_months_without_sales_have_a_row_of_zeros() -> None:
    months = sales_by_month(orders(("SO", "1", "2024-01-31", 10.0), ("SO", "2", "2024-03-01", 5.0)))
    assert months["Net"].to_dict() == {
        ("USD", pd.Period("2024-01")): 10.0,
        ("USD", pd.Period("2024-02")): 0.0,
        ("USD", pd.Period("2024-03")): 5.0,
    }
    assert months["Documents"].tolist() == [1, 0, 1]


def test_returns_take_away_and_quotes_are_no_sales() -> None:
    months = sales_by_month(
        orders(
            ("SO", "1", "2024-01-05", 100.0),
            ("RC", "1", "2024-01-06", 30.0),
            ("QT", "1", "2024-01-07", 999.0),
            ("TR", "1", "2024-01-08", 999.0),
        )
    )
    assert months.to_dict("records") == [{"Documents": 2, "Sold": 100.0, "Returned": -30.0, "Net": 70.0}]


def test_invoices_without_tax_write_offs_and_overdue_charges() -> None:
    months = sales_by_month(
        invoices(
            ("Invoice", "1", "2024-01-05", 110.0),
            ("Credit Memo", "2", "2024-01-06", 22.0),
            ("Overdue Charge", "3", "2024-01-07", 5.0),
            ("Invoice", "4", "2024-01-07", 1.0),
            TaxTotal=[10.0, 2.0, 0.0, 0.0],
            Status=["Open", "Closed", "Open", "On Hold"],
        )
    )
    assert months.to_dict("records") == [{"Documents": 2, "Sold": 100.0, "Returned": -20.0, "Net": 80.0}]


def test_an_order_of_several_lines_counts_once_and_a_canceled_one_not_at_all() -> None:
    lines = orders(
        *[("SO", "1", "2024-01-05", 100.0)] * 3,
        ("SO", "2", "2024-01-05", 7.0),
        Status=["Completed", "Completed", "Completed", "Canceled"],
    )
    assert sales_by_month(lines)["Net"].tolist() == [100.0]


def test_currencies_are_never_added() -> None:
    months = sales_by_month(
        orders(("SO", "1", "2024-01-05", 1.0), ("SO", "2", "2024-02-05", 2.0), CurrencyID=["EUR", "USD"])
    )
    assert months["Net"].unstack("Currency").to_dict("list") == {"EUR": [1.0, 0.0], "USD": [0.0, 2.0]}


@pytest.mark.parametrize("dtype", ["float64", "Float64", EXACT], ids=str)
def test_amounts_keep_their_dtype_whatever_the_rows(dtype: Any) -> None:
    some = orders(("SO", "1", "2024-01-05", 1.0), ("RC", "2", "2024-03-05", 2.0))
    money = pd.Series([Decimal("0.10"), Decimal("0.20")]).astype(EXACT).astype(dtype)
    typed = some.assign(OrderTotal=money, TaxTotal=0)
    for rows in (typed, typed.iloc[:0]):
        assert set(sales_by_month(rows).dtypes[1:]) == {pd.Series(dtype=dtype).dtype}


def test_a_type_without_a_sign_is_refused_and_can_be_given_one() -> None:
    some = orders(("XX", "1", "2024-01-05", 1.0))
    with pytest.raises(AcumaticaError, match="'XX'"):
        sales_by_month(some)
    assert sales_by_month(some, signs={"XX": -1})["Net"].tolist() == [-1.0]


GET_IT = {
    "OrderNbr": "add OrderNbr to select",
    "OrderTotal": "add OrderTotal to select",
    "Date": "add Date to select",
    "Status": r"add Status to select\n.*assign\(Status=",
    "TaxTotal": r"add TaxTotal to select\n.*assign\(TaxTotal=0\)",
    "CurrencyID": 'currency="USD" if all.*\\n.*SalesOrder have CurrencyID',
}


@pytest.mark.parametrize(("name", "advice"), GET_IT.items(), ids=GET_IT)
def test_a_missing_column_is_refused_with_the_way_to_get_it(name: str, advice: str) -> None:
    with pytest.raises(ValueError, match=rf"(?s)needs a column .*{name}.*{advice}"):
        sales_by_month(orders(("SO", "1", "2024-01-05", 1.0)).drop(columns=name))


@pytest.mark.parametrize("name", ["OrderTotal", "Date", "Status", "TaxTotal", "CurrencyID"])
def test_a_missing_value_is_refused_with_the_numbers_of_its_documents(name: str) -> None:
    numbers = [f"00{number}" for number in range(9)]
    some = orders(*[("SO", number, "2024-01-05", 1.0) for number in numbers])
    holes = some.assign(**{name: some[name].where(some["OrderNbr"].isin(["000", "002", "004", "006"]))})
    with pytest.raises(ValueError, match=rf"5 of 9 .* no .*{name}: SO 001, SO 003, SO 005 and 2 more\."):
        sales_by_month(holes)


def test_one_currency_can_be_told_for_all_documents() -> None:
    some = invoices(("Invoice", "1", "2024-01-05", 1.0)).drop(columns="CurrencyID")
    assert sales_by_month(some, currency="EUR")["Net"].to_dict() == {("EUR", pd.Period("2024-01")): 1.0}
    half = some.assign(Currency=None)
    assert sales_by_month(half, currency="EUR")["Net"].tolist() == [1.0]


def test_a_currency_that_documents_contradict_is_refused() -> None:
    some = orders(("SO", "1", "2024-01-05", 1.0), ("SO", "2", "2024-01-05", 2.0), CurrencyID=["EUR", "USD"])
    with pytest.raises(ValueError, match="1 of 2 documents are not in USD but in EUR: SO 1."):
        sales_by_month(some, currency="USD")


@pytest.mark.parametrize("dates", [["05.12.2024"], [1735603200000]], ids=str)
def test_dates_are_not_guessed(dates: list[Any]) -> None:
    some = orders(("SO", "1", "2024-01-05", 1.0)).assign(Date=dates)
    with pytest.raises(ValueError, match=f"1 of 1 values of Date are no ISO dates, such as '{dates[0]}'"):
        sales_by_month(some)


def test_decimal_objects_as_parquet_gives_them_stay_exact() -> None:
    some = orders(("SO", "1", "2024-01-05", 0.0), ("SO", "2", "2024-04-05", 0.0))
    totals, taxes = (pd.Series([Decimal(a), Decimal(b)]) for a, b in (("0.30", "0.20"), ("0.10", "0.00")))
    exact = some.assign(OrderTotal=totals, TaxTotal=taxes)
    assert sales_by_month(exact)["Net"].tolist() == [Decimal("0.20"), 0, 0, Decimal("0.20")]


rows = st.tuples(
    st.sampled_from(sorted(ORDER_SIGNS)),
    st.dates(pd.Timestamp("2023-01-01").date(), pd.Timestamp("2024-12-31").date()),
    st.integers(0, 10**9),
)


@settings(max_examples=50, deadline=None)
@given(st.lists(rows, max_size=12))
def test_the_months_add_up_to_the_signed_total(drawn: list[Any]) -> None:
    frame = orders(*[(kind, str(number), str(day), cents) for number, (kind, day, cents) in enumerate(drawn)])
    exact = frame.assign(
        OrderTotal=frame["OrderTotal"].map(lambda cents: Decimal(int(cents)) / 100).astype(EXACT)
    )
    months = sales_by_month(exact)
    assert months["Net"].sum() == sum(
        (Decimal(cents) / 100 * ORDER_SIGNS[kind] for kind, _, cents in drawn), Decimal(0)
    )
    assert (months["Sold"].sum() + months["Returned"].sum()) == months["Net"].sum()
