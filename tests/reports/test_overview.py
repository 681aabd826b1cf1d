"""The page of the two reports: pictures, tables and checks of the frames it is given."""

import pandas as pd
import pytest

pytest.importorskip("matplotlib", reason="needs the extra charts")

from acudata.reports import receivables_by_age, sales_by_month
from acudata.reports.overview import largest, overview
from acudata.reports.page import Check

INVOICES = pd.DataFrame(
    {
        "Type": "Invoice",
        "Status": "Open",
        "ReferenceNbr": ["1", "2", "3", "4"],
        "Customer": ["ADA", "BOB", "EVE", "ZOE"],
        "DueDate": ["2024-05-01", "2024-03-31", "2024-01-01", "2024-01-01"],
        "Balance": [1000.0, 50.0, 7.0, 0.0],
    }
)
ORDERS = pd.DataFrame(
    {
        "OrderType": ["SO"],
        "OrderNbr": ["1"],
        "Status": ["Completed"],
        "Date": pd.to_datetime(["2024-02-05"]),
        "OrderTotal": [1234.5],
        "TaxTotal": [0.0],
    }
)
AGES = receivables_by_age(INVOICES, as_of="2024-04-01", currency="USD")


def made() -> str:
    return overview(
        AGES,
        sales_by_month(ORDERS, currency="USD"),
        title="Receivables & sales",
        subtitle="<today>",
        names={"ADA": "Ada & Co."},
        checks=[Check("agrees", holds=True)],
    )


def test_the_page_has_pictures_tables_names_and_checks() -> None:
    text = made()
    assert text.count("<img") == text.count("<table") == 2
    assert "<caption>The customers who owe most in USD</caption>" in text
    assert "Bar chart of receivables by age. USD Not due: 1,000;" in text
    assert '<th scope="row">ADA</th><td>Ada &amp; Co.</td>' in text
    assert "<caption>Sales by month in USD</caption>" in text
    assert "Bar chart of sales by month. Net: USD 1,234 in 1 months." in text
    assert '<p class="check">agrees</p>' in text
    assert '<td class="number">1,234.50</td>' in text


def test_the_smaller_ones_become_one_row_so_that_the_sum_stays() -> None:
    ages = AGES.droplevel("Currency")
    assert largest(ages, count=1)["Total"].to_dict() == {"ADA": 1000.0, "2 others": 57.0}
    assert largest(ages)["Total"].to_dict() == {"ADA": 1000.0, "BOB": 50.0, "EVE": 7.0}
