"""The page: complete in itself, every text escaped, figures shown as people read them."""

import base64
import re
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from acudata.reports.page import Block, Check, Picture, Section, Table, Text, page, shown

EVIL = "\"><script>alert('&')</script>"
VOID = {"meta", "img"}


class Outline(HTMLParser):
    """Collects tags, attributes and texts, and sees that every tag is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def everything_evil() -> str:
    frame = pd.DataFrame({EVIL: [EVIL]}, index=pd.Index([EVIL], name="Customer"))
    blocks: list[Block] = [
        Text(EVIL),
        Check(EVIL, holds=False),
        Table(frame, EVIL),
        Picture(b"<svg/>", EVIL, EVIL),
    ]
    return page(EVIL, subtitle=EVIL, sections=[Section(EVIL, blocks)], footer=EVIL)


def test_every_text_is_escaped_wherever_it_stands() -> None:
    outline = Outline(everything_evil())
    assert "script" not in {tag for tag, _ in outline.tags}
    assert outline.texts.count(EVIL) == 12
    assert [attributes["alt"] for tag, attributes in outline.tags if tag == "img"] == [EVIL]


def test_the_page_loads_nothing_from_anywhere() -> None:
    text = everything_evil()
    assert not re.search(r"https?:|//|@import|url\(", text)
    sources = [a.get("src") or a.get("href") for _, a in Outline(text).tags if "src" in a or "href" in a]
    assert [source and source.split(",")[0] for source in sources] == ["data:image/svg+xml;base64"]


def test_a_picture_arrives_as_it_was() -> None:
    picture = Picture("<svg>é</svg>".encode(), "what it shows", "what it is").html()
    assert base64.b64decode(picture.split("base64,")[1].split('"')[0]).decode() == "<svg>é</svg>"


def test_a_table_has_heads_for_rows_and_columns_and_a_sum_of_its_numbers() -> None:
    amounts = pd.Series([Decimal("1234.5"), None]).astype(pd.ArrowDtype(pa.decimal128(38, 10))).array
    index = pd.MultiIndex.from_tuples([("EUR", "ADA"), ("EUR", "BOB")], names=["Currency", "Customer"])
    frame = pd.DataFrame({"Amount": amounts, "Documents": [1000, 2], "Paid": [True, False]}, index=index)
    assert Table(frame, "Owed", totals=True).html() == (
        '<div class="wide"><table><caption>Owed</caption><thead><tr><th scope="col">Currency</th>'
        '<th scope="col">Customer</th><th scope="col" class="number">Amount</th>'
        '<th scope="col" class="number">Documents</th><th scope="col">Paid</th></tr></thead>'
        '<tbody><tr><th scope="row">EUR</th><th scope="row">ADA</th><td class="number">1,234.50</td>'
        '<td class="number">1,000</td><td>True</td></tr>'
        '<tr><th scope="row">EUR</th><th scope="row">BOB</th><td class="number"></td>'
        '<td class="number">2</td><td>False</td></tr></tbody>'
        '<tfoot><tr><th scope="row">Total</th><th scope="row"></th><td class="number">1,234.50</td>'
        '<td class="number">1,002</td><td></td></tr></tfoot></table></div>'
    )


def test_an_empty_table_is_a_table() -> None:
    frame = pd.DataFrame({"Amount": pd.Series(dtype="Float64")}, index=pd.Index([], name="Customer"))
    assert "<tbody></tbody><tfoot>" in Table(frame, "None", totals=True).html()


SHOWN: list[tuple[Any, str]] = [
    (1234567, "1,234,567"),
    (np.int64(-1234), "-1,234"),
    (1234.5, "1,234.50"),
    (np.float64(0.005), "0.01"),
    (Decimal("1234567.899"), "1,234,567.90"),
    (-0.001, "0.00"),
    (None, ""),
    (pd.NA, ""),
    (float("nan"), ""),
    (True, "True"),
    ("text", "text"),
    (pd.Period("2024-01"), "2024-01"),
]


@pytest.mark.parametrize(("value", "text"), SHOWN, ids=[text for _, text in SHOWN])
def test_values_are_shown_as_people_read_them(value: Any, text: str) -> None:
    assert shown(value) == text


def test_a_check_tells_whether_it_holds() -> None:
    assert 'class="check"' in Check("agrees", holds=True).html()
    assert 'class="check failed"' in Check("differs", holds=False).html()


def test_a_picture_scrolls_on_a_small_screen_instead_of_becoming_unreadable() -> None:
    assert '<figure><div class="wide"><img' in Picture(b"<svg/>", "what it shows", "what it is").html()
    style = re.sub(r"\s+", " ", page("", subtitle="", sections=[]))
    assert ".wide { overflow-x: auto; }" in style
    assert re.search(
        r"@media screen and \(max-width: 700px\) \{.*figure img \{ width: 52rem; \}.*@media print", style
    )
