"""JSON that is sent says what was meant, to the last digit."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acudata.transport.encoding import encode

scalars = (
    st.none() | st.booleans() | st.integers() | st.text() | st.decimals(allow_nan=False, allow_infinity=False)
)
bodies = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


@settings(deadline=None, max_examples=100)
@given(bodies)
def test_what_is_sent_reads_back_the_same(body: Any) -> None:
    assert json.loads(encode(body), parse_float=Decimal) == body


@pytest.mark.parametrize("number", [0.1, 1e16, -2.5e-7, 12, True, None])
def test_what_json_knows_is_written_as_ever(number: Any) -> None:
    assert encode({"value": number}).decode() == json.dumps({"value": number})


@pytest.mark.parametrize(
    "number", [float("nan"), float("inf"), Decimal("NaN"), Decimal("-Infinity"), Decimal("sNaN")]
)
def test_no_number_is_refused(number: Any) -> None:
    with pytest.raises(ValueError, match=r"JSON"):
        encode([number])


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(TypeError):
        encode({"value": object()})
