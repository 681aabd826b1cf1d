"""Both readers find what a page was made to mean, and the fast one refuses what it would not read so."""

from __future__ import annotations

from collections import Counter

import pyarrow as pa
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


@settings(max_examples=50, deadline=None)
@given(odd_pages())
def test_a_table_is_read_alone_as_it_is_beside_others(made: PageMaker) -> None:
    alone = Decoder({"Record": RECORDS}).decode(made.page)
    assert alone.batches["Record"].to_pylist() == made.rows["Record"]
