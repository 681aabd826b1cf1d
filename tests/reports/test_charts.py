"""The pictures: bars that are as long as the figures, labelled axes, no global state."""

import subprocess
import sys
import xml.etree.ElementTree as ET
from typing import Any

import pandas as pd
import pytest

pytest.importorskip("matplotlib", reason="needs the extra charts")

from acudata.reports import receivables_by_age, sales_by_month
from acudata.reports.charts import RETURNED, SOLD, ages_chart, months_chart, svg

INVOICES = pd.DataFrame(
    {
        "Type": ["Invoice", "Invoice", "Invoice"],
        "Status": "Open",
        "ReferenceNbr": ["1", "2", "3"],
        "Customer": ["ADA", "BOB", "ADA"],
        "DueDate": ["2024-05-01", "2024-03-31", "2024-01-01"],
        "Balance": [100.0, 50.0, 7.0],
        "Currency": ["USD", "USD", "EUR"],
    }
)
ORDERS = pd.DataFrame(
    {
        "OrderType": ["SO", "RC", "SO"],
        "Status": "Completed",
        "CurrencyID": "USD",
        "TaxTotal": 0.0,
        "OrderNbr": ["1", "2", "3"],
        "Date": pd.to_datetime(["2023-12-05", "2024-02-05", "2024-02-07"]),
        "OrderTotal": [10.0, 4.0, 6.0],
    }
)


def heights(axis: Any) -> list[float]:
    return [bar.get_height() for container in axis.containers for bar in container]


def test_ages_have_a_panel_for_each_currency_and_a_bar_for_each_span() -> None:
    figure = ages_chart(receivables_by_age(INVOICES, as_of="2024-04-01", buckets=[30]))
    assert [axis.get_ylabel() for axis in figure.axes] == ["Amount in USD", "Amount in EUR"]
    assert [heights(axis) for axis in figure.axes] == [[100, 50, 0], [0, 0, 7]]
    labels = [label.get_text() for label in figure.axes[0].get_xticklabels()]
    assert labels == ["Not due", "1\N{EN DASH}30 days", "Over 30 days"]


def test_a_title_stands_above_the_first_panel_alone() -> None:
    figure = ages_chart(receivables_by_age(INVOICES, as_of="2024-04-01"), title="Half of it is late")
    assert [axis.get_title(loc="left") for axis in figure.axes] == ["Half of it is late", ""]
    assert [axis.get_title(loc="left") for axis in months_chart(sales_by_month(ORDERS)).axes] == [""]


def test_the_style_is_there_for_pictures_of_your_own() -> None:
    from matplotlib import pyplot, rcParams

    with pyplot.style.context("acudata.charts"):
        assert rcParams["axes.titlelocation"] == "left"
        assert rcParams["axes.prop_cycle"].by_key()["color"][:2] == [SOLD, RETURNED]


def test_months_show_what_was_sold_above_and_returned_below_the_line() -> None:
    (axis,) = months_chart(sales_by_month(ORDERS)).axes
    assert heights(axis) == [10, 0, 6, 0, 0, -4]
    assert [label.get_text() for label in axis.get_xticklabels()] == ["Dec\n2023", "Jan\n2024", "Feb"]
    legend = axis.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["Sold", "Returned"]


def test_nothing_to_show_is_a_picture_too() -> None:
    assert svg(ages_chart(receivables_by_age(INVOICES.iloc[:0])))
    assert svg(months_chart(sales_by_month(ORDERS.iloc[:0])))


BALANCES = [1.0, 100.0, 244977.51, 250000.0, 299999.99, 300000.0, 300000.01, 12345678.9]


@pytest.mark.parametrize("balance", BALANCES)
@pytest.mark.parametrize("chart", ["ages", "months"])
def test_the_highest_bar_stays_below_the_top_label_of_its_axis(chart: str, balance: float) -> None:
    invoices, orders = INVOICES.assign(Balance=balance), ORDERS.assign(OrderTotal=balance)
    ages, months = receivables_by_age(invoices, as_of="2024-04-01"), sales_by_month(orders)
    figure = ages_chart(ages) if chart == "ages" else months_chart(months)
    for axis in figure.axes:
        assert max(heights(axis)) < axis.get_yticks()[-1] == axis.get_ylim()[1]


def test_the_picture_is_xml_and_needs_no_font_of_the_reader() -> None:
    root = ET.fromstring(svg(ages_chart(receivables_by_age(INVOICES, as_of="2024-04-01"))))
    assert root.tag.endswith("svg")
    assert not [element for element in root.iter() if element.tag.endswith("}text")]


def test_drawing_needs_no_pyplot_and_changes_no_setting() -> None:
    program = """
import sys, pandas as pd, matplotlib
settings = lambda: {name: matplotlib.rcParams[name] for name in matplotlib.rcParams if name != "backend"}
before = settings()
from acudata.reports import receivables_by_age
from acudata.reports.charts import ages_chart, svg
svg(ages_chart(receivables_by_age(pd.DataFrame({"Type": ["Invoice"], "ReferenceNbr": ["1"], "Status": ["Open"],
    "Customer": ["A"], "DueDate": ["2024-01-01"], "Balance": [1.0]}), currency="USD")))
assert "matplotlib.pyplot" not in sys.modules
assert settings() == before
"""
    subprocess.run([sys.executable, "-c", program], check=True)
