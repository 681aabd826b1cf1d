"""Receivables by age, against small frames computed by hand."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acudata import AcumaticaClient, F
from acudata.errors import AcumaticaError, AcumaticaValidationError
from acudata.reports import receivables_by_age
from acudata.reports.receivables import SIGNS

TODAY = dt.date(2024, 4, 1)
USUAL = {"Status": "Open", "CurrencyID": "USD"}
EXACT = pd.ArrowDtype(pa.decimal128(38, 10))


def invoices(*rows: tuple[str, str, str, str | None, float], **more: Any) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=["Type", "ReferenceNbr", "Customer", "DueDate", "Balance"])
    return frame.assign(DueDate=pd.to_datetime(frame["DueDate"]), **{**USUAL, **more})


def payments(*rows: tuple[str, str, str, float], **more: Any) -> pd.DataFrame:
    return pd.DataFrame(
        list(rows), columns=["Type", "ReferenceNbr", "CustomerID", "AvailableBalance"]
    ).assign(**{**USUAL, **more})


@pytest.mark.parametrize(
    ("due", "label"),
    [
        ("2024-05-01", "Not due"),
        ("2024-04-01", "Not due"),
        ("2024-03-31", "1-30 days"),
        ("2024-03-02", "1-30 days"),
        ("2024-03-01", "31-60 days"),
        ("2024-02-01", "31-60 days"),
        ("2024-01-31", "61-90 days"),
        ("2024-01-02", "61-90 days"),
        ("2024-01-01", "Over 90 days"),
        ("2019-01-01", "Over 90 days"),
    ],
)
def test_the_due_date_decides_the_age_to_the_day(due: str, label: str) -> None:
    ages = receivables_by_age(invoices(("Invoice", "1", "ADA", due, 7.5)), as_of=TODAY)
    assert ages.loc[[("USD", "ADA")]].iloc[0].to_dict() == {
        **dict.fromkeys(["Not due", "1-30 days", "31-60 days", "61-90 days", "Over 90 days"], 0.0),
        label: 7.5,
        "Total": 7.5,
    }


def test_credits_take_away_and_unapplied_payments_have_their_own_column() -> None:
    ages = receivables_by_age(
        invoices(
            ("Invoice", "1", "ADA", "2024-03-15", 100.0),
            ("Credit Memo", "2", "ADA", "2024-03-15", 30.0),
            ("Debit Memo", "3", "BOB", "2024-05-01", 5.0),
            ("Cash Sale", "4", "BOB", "2024-05-01", 99.0),
        ),
        payments=payments(
            ("Payment", "1", "ADA", 20.0), ("Prepayment", "2", "EVE", 8.0), ("Refund", "3", "EVE", 3.0)
        ),
        as_of=TODAY,
        buckets=[30],
    )
    assert ages.droplevel("Currency").to_dict("index") == {
        "ADA": {"Not due": 0, "1-30 days": 70, "Over 30 days": 0, "Unapplied": -20, "Total": 50},
        "BOB": {"Not due": 5, "1-30 days": 0, "Over 30 days": 0, "Unapplied": 0, "Total": 5},
        "EVE": {"Not due": 0, "1-30 days": 0, "Over 30 days": 0, "Unapplied": -5, "Total": -5},
    }


def test_a_document_counts_once_though_lines_or_the_payments_repeat_it() -> None:
    lines = invoices(*[("Credit Memo", "7", "ADA", "2024-05-01", 30.0)] * 3)
    also = payments(("Credit Memo", "7", "ADA", 30.0))
    assert receivables_by_age(lines, payments=also, as_of=TODAY)["Total"].tolist() == [-30.0]


def test_documents_that_are_not_released_are_left_out() -> None:
    some = invoices(
        ("Invoice", "1", "ADA", "2024-05-01", 1.0),
        ("Invoice", "2", "ADA", "2024-05-01", 2.0),
        ("Invoice", "3", "ADA", "2024-05-01", 4.0),
        Status=["Open", "On Hold", "Balanced"],
    )
    held = payments(("Payment", "1", "ADA", 0.5), Status=["On Hold"])
    assert receivables_by_age(some, payments=held, as_of=TODAY)["Total"].tolist() == [1.0]


def test_a_missing_due_date_is_taken_as_the_date() -> None:
    some = invoices(("Credit Memo", "1", "ADA", None, 1.0), Date=pd.to_datetime(["2024-03-30"]))
    assert receivables_by_age(some, as_of=TODAY)["1-30 days"].tolist() == [-1.0]


def test_currencies_are_never_added() -> None:
    some = invoices(
        ("Invoice", "1", "ADA", "2024-05-01", 1.0),
        ("Invoice", "2", "ADA", "2024-05-01", 2.0),
        CurrencyID=["EUR", "USD"],
    )
    paid = payments(("Payment", "1", "ADA", 0.5), CurrencyID=["USD"])
    totals = receivables_by_age(some, payments=paid, as_of=TODAY)["Total"]
    assert totals.to_dict() == {("EUR", "ADA"): 1.0, ("USD", "ADA"): 1.5}


def test_one_currency_can_be_told_for_all_documents() -> None:
    some = invoices(("Invoice", "1", "ADA", "2024-05-01", 1.0)).drop(columns="CurrencyID")
    paid = payments(("Payment", "1", "ADA", 0.5))
    totals = receivables_by_age(some, payments=paid, as_of=TODAY, currency="USD")["Total"]
    assert totals.to_dict() == {("USD", "ADA"): 0.5}
    other = payments(("Payment", "1", "ADA", 0.5), CurrencyID=["EUR"])
    with pytest.raises(ValueError, match="1 of 1 documents are not in USD but in EUR: Payment 1."):
        receivables_by_age(some, payments=other, as_of=TODAY, currency="USD")


def test_what_is_advised_about_currencies_works_as_written(client: AcumaticaClient) -> None:
    invoices, payments = client.invoices.to_frame(F.Balance > 0), client.payments.to_frame()
    with pytest.raises(ValueError, match="needs a column Currency") as refused:
        receivables_by_age(invoices, payments=payments, as_of="2024-12-31")
    advice = [line.strip() for line in str(refused.value).splitlines() if line.startswith("       ")]
    exec("\n".join(advice), {"client": client, "invoices": invoices})
    ages = receivables_by_age(invoices, payments=payments, as_of="2024-12-31")
    assert len(advice) == 2
    assert ages["Total"].sum() == pytest.approx(
        invoices["Balance"].sum() - payments["AvailableBalance"].sum()
    )


@pytest.mark.parametrize("dtype", ["float64", "Float64", EXACT], ids=str)
def test_amounts_keep_their_dtype_whatever_the_rows(dtype: Any) -> None:
    some = invoices(
        ("Invoice", "1", "ADA", "2024-05-01", 1.0), ("Credit Memo", "2", "BOB", "2024-03-01", 2.0)
    )
    typed = some.assign(Balance=pd.Series([Decimal("0.10"), Decimal("0.20")]).astype(EXACT).astype(dtype))
    for rows in (typed, typed.iloc[:0]):
        assert set(receivables_by_age(rows, as_of=TODAY).dtypes) == {pd.Series(dtype=dtype).dtype}


def test_exact_amounts_stay_exact() -> None:
    some = invoices(*[("Invoice", str(number), "ADA", "2024-05-01", 0.0) for number in range(10)])
    exact = some.assign(Balance=pd.Series([Decimal("0.10")] * 10).astype(EXACT))
    assert receivables_by_age(exact, as_of=TODAY)["Total"].tolist() == [Decimal("1.00")]


def test_today_is_the_default() -> None:
    yesterday = (pd.Timestamp.today() - pd.Timedelta(days=1)).strftime("%Y-%m-%d")
    some = invoices(("Invoice", "1", "ADA", yesterday, 1.0))
    assert receivables_by_age(some)["1-30 days"].tolist() == [1.0]


DAYS = [
    "2024-04-01",
    "2024-04-01T23:59",
    TODAY,
    dt.datetime(2024, 4, 1, 23),
    pd.Timestamp("2024-04-01 23:00Z"),
]


@pytest.mark.parametrize("as_of", DAYS, ids=str)
def test_the_day_is_a_date_or_an_iso_text(as_of: Any) -> None:
    ages = receivables_by_age(invoices(("Invoice", "1", "ADA", "2024-03-02", 1.0)), as_of=as_of)
    assert ages["1-30 days"].tolist() == [1.0]


@pytest.mark.parametrize(
    "as_of", ["05.12.2024", "12/05/2024", "gestern", "2024", "", 20241205, pd.NaT], ids=str
)
def test_no_other_day_is_guessed(as_of: Any) -> None:
    some = invoices(("Invoice", "1", "ADA", "2024-03-02", 1.0))
    with pytest.raises(
        AcumaticaValidationError, match=r"^as_of is .* nor an ISO date\.\n  try: .*'2024-12-31'"
    ):
        receivables_by_age(some, as_of=as_of)


def test_due_dates_are_not_guessed_either() -> None:
    some = invoices(("Invoice", "1", "ADA", None, 1.0)).assign(DueDate="05.12.2024")
    with pytest.raises(
        ValueError, match=r"1 of 1 values of DueDate are no ISO dates, such as '05\.12\.2024'"
    ):
        receivables_by_age(some, as_of=TODAY)


REFUSED = [
    (invoices(("Rechnung", "1", "ADA", "2024-05-01", 1.0)), {}, r"'Rechnung'.*\n.*signs="),
    (invoices(("Invoice", "1", "ADA", "2024-05-01", float("nan"))), {}, "no Balance: Invoice 1"),
    (invoices(("Invoice", "1", "ADA", None, 1.0)), {}, "no DueDate or Date: Invoice 1"),
    (
        invoices(("Invoice", "1", "ADA", "2024-05-01", 1.0)).drop(columns="Balance"),
        {},
        "needs a column Balance",
    ),
    (invoices(("Invoice", "1", "ADA", "2024-05-01", 1.0)).drop(columns="ReferenceNbr"), {}, "ReferenceNbr"),
    (
        invoices(("Invoice", "1", "ADA", "2024-05-01", 1.0)).rename(columns={"Customer": "Custmer"}),
        {},
        "Custmer",
    ),
    (
        invoices(
            *[("Invoice", str(n), "ADA", "2024-05-01", 1.0) for n in range(5)],
            CurrencyID=[None] * 4 + ["USD"],
        ),
        {},
        "4 of 5 documents have no Currency or CurrencyID: Invoice 0, Invoice 1, Invoice 2 and 1 more",
    ),
    (
        invoices(("Invoice", "1", "ADA", "2024-05-01", 1.0)),
        {"payments": payments(("Payment", "7", "ADA", 1.0), CurrencyID=[None])},
        "1 of 1 documents have no Currency or CurrencyID: Payment 7",
    ),
    (invoices(("Invoice", "1", "ADA", "2024-05-01", 1.0)).drop(columns="Status"), {}, "add Status to select"),
    (invoices(), {"buckets": []}, "ascending"),
    (invoices(), {"buckets": [30, 30]}, "ascending"),
    (invoices(), {"buckets": [0, 30]}, "ascending"),
]


@pytest.mark.parametrize(("frame", "options", "message"), REFUSED, ids=[message for *_, message in REFUSED])
def test_what_would_make_the_report_wrong_is_refused(frame: pd.DataFrame, options: Any, message: str) -> None:
    with pytest.raises(AcumaticaError, match=message):
        receivables_by_age(frame, as_of=TODAY, **options)


def test_labels_of_another_language_get_their_signs() -> None:
    some = invoices(("Gutschrift", "1", "ADA", "2024-05-01", 1.0))
    assert receivables_by_age(some, as_of=TODAY, signs={"Gutschrift": -1})["Total"].tolist() == [-1.0]


documents = st.tuples(
    st.sampled_from(sorted(SIGNS)),
    st.sampled_from(["ADA", "BOB", "EVE"]),
    st.dates(dt.date(2023, 1, 1), dt.date(2025, 1, 1)),
    st.integers(0, 10**9),
)


@settings(max_examples=50, deadline=None)
@given(st.lists(documents, max_size=12), st.lists(st.integers(1, 400), min_size=1, max_size=4, unique=True))
def test_the_buckets_add_up_to_the_signed_total(rows: list[Any], edges: list[int]) -> None:
    frame = invoices(
        *[(kind, str(n), who, str(due), cents) for n, (kind, who, due, cents) in enumerate(rows)]
    )
    exact = frame.assign(Balance=frame["Balance"].map(lambda cents: Decimal(int(cents)) / 100).astype(EXACT))
    ages = receivables_by_age(exact, as_of=TODAY, buckets=sorted(edges))
    assert ages.drop(columns="Total").sum().sum() == ages["Total"].sum()
    assert ages["Total"].sum() == sum(
        (Decimal(cents) / 100 * SIGNS[kind] for kind, _, _, cents in rows), Decimal(0)
    )
