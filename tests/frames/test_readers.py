"""Both readers find what a page was made to mean, and the fast one refuses what it would not read so."""

from __future__ import annotations

from collections import Counter

import pyarrow as pa
import pytest
from hypothesis import given, settings

from acudata.frames.arrow_json import page_type, read_quickly
from acudata.frames.decode import Decoder
from acudata.frames.layout import Page
from acudata.frames.tolerant import read_tolerantly
from tests.frames.pages import RECORDS, TABLES, PageMaker, clean_pages, odd_pages, pages_with_an_odd_column


def assert_read(page: Page, made: PageMaker) -> None:
    assert {name: batch.to_pylist() for name, batch in page.batches.items()} == made.rows
    assert Counter({name: len(values) for name, values in page.invalid.items()}) == +made.misfits
    assert page.records == len(made.rows["Record"])


@settings(max_examples=100, deadline=None)
@given(odd_pages())
def test_the_tolerant_reader_finds_what_a_page_means(made: PageMaker) -> None:
    assert_read(read_tolerantly(made.page, TABLES), made)


@settings(max_examples=100, deadline=None)
@given(pages_with_an_odd_column())
def test_the_fast_reader_finds_it_too_or_refuses_the_page(made: PageMaker) -> None:
    try:
        page = read_quickly(made.page, TABLES, page_type(TABLES.values()))
    except pa.ArrowException:
        return
    assert_read(page, made)


@settings(max_examples=100, deadline=None)
@given(clean_pages())
def test_the_fast_reader_refuses_no_page_of_a_server_of_today(made: PageMaker) -> None:
    assert_read(read_quickly(made.page, TABLES, page_type(TABLES.values())), made)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("CustomerID", b'"\xff"'),
        ("Ratio", b"NaN"),
        ("Ratio", b"-Infinity"),
        ("Ratio", b"1e400"),
        ("Total", str(10**28).encode()),
        ("Total", str(10**30).encode()),
        ("LastModified", b'"0001-01-01T00:00:00+10:00"'),
        ("LastModified", b'"9999-12-31T23:59:59-05:00"'),
        ("Date", b'"0000-01-01T00:00:00"'),
        ("StartDate", b'"0000-01-01"'),
    ],
)
def test_the_fast_reader_refuses_what_arrow_alone_accepts(column: str, value: bytes) -> None:
    page = b'[{"%s": {"value": %s}}]' % (column.encode(), value)
    with pytest.raises(pa.ArrowInvalid):
        read_quickly(page, TABLES, page_type(TABLES.values()))


@settings(max_examples=50, deadline=None)
@given(odd_pages())
def test_a_table_is_read_alone_as_it_is_beside_others(made: PageMaker) -> None:
    alone = Decoder({"Record": RECORDS}).decode(made.page)
    assert alone.batches["Record"].to_pylist() == made.rows["Record"]
