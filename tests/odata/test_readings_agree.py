"""One filter, three readings of it: the sandbox's on its records, the mask on the page of JSON, and plain Python's."""

from __future__ import annotations

import operator

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from acudata.odata import Expression, to_v3
from acudata.odata.mask import mask
from acudata.odata.split import split
from acudata.sandbox.binding import predicate
from acudata.sandbox.records import Record
from acudata.sandbox.settings import SandboxSettings
from tests.odata.generated import ENDPOINT, STRUCTURE, anything, decoded, kind_of, records, served
from tests.odata.plainly import Plain

quickly = settings(max_examples=100, deadline=None)
some_records = st.lists(records(), min_size=1, max_size=8)


def served_rows(expression: Expression, held: list[Record]) -> list[bool]:
    test = predicate(to_v3(expression, kind_of=kind_of), STRUCTURE, ENDPOINT, SandboxSettings())
    return [test.matches(record) for record in held]


def plain_rows(expression: Expression, batch: pa.RecordBatch) -> list[bool]:
    return [Plain(row).visit(expression.node) is True for row in batch.to_pylist()]


@quickly
@given(served, some_records)
def test_the_sandbox_and_the_mask_select_the_same_records(expression: Expression, held: list[Record]) -> None:
    assert split(expression).rest is None
    assert mask(expression, decoded(held)).to_pylist() == served_rows(expression, held)


@quickly
@given(anything, some_records)
def test_the_mask_selects_what_plain_python_does(expression: Expression, held: list[Record]) -> None:
    batch = decoded(held)
    assert mask(expression, batch).to_pylist() == plain_rows(expression, batch)


@quickly
@given(st.builds(operator.and_, anything, anything), some_records)
def test_both_parts_of_a_filter_together_are_the_whole(expression: Expression, held: list[Record]) -> None:
    batch, parts = decoded(held), split(expression)
    server = [True] * len(held) if parts.server is None else served_rows(parts.server, held)
    rest = [True] * len(held) if parts.rest is None else mask(parts.rest, batch).to_pylist()
    whole = mask(expression, batch).to_pylist()
    assert [both == (True, True) for both in zip(server, rest, strict=True)] == whole
