"""What values of frames mean for fields: the rule that every column follows."""

from __future__ import annotations

import datetime as dt
import decimal
import uuid
from typing import Any

import pytest

from acudata.writeback.values import DoubtfulValueError, UnfitValueError, exact, fitted

SYDNEY = dt.timezone(dt.timedelta(hours=11))
GUID = "784fec5f-ec5f-484f-8c5f-d5aa08024165"


@pytest.mark.parametrize(
    ("value", "kind", "meant"),
    [
        ("Alfki", "String", "Alfki"),
        (uuid.UUID(GUID), "String", GUID),
        (GUID.upper(), "Guid", GUID),
        (True, "Boolean", True),
        (1.0, "Boolean", True),
        ("FALSE", "Boolean", False),
        (7, "Int", 7),
        (7.0, "Int", 7),
        ("7", "Int", 7),
        (decimal.Decimal("7.00"), "Short", 7),
        (2**62, "Long", 2**62),
        (44.55, "Decimal", decimal.Decimal("44.55")),
        (0.1 + 0.2, "Decimal", decimal.Decimal("0.3")),
        (1234567.89 * 1.1, "Decimal", decimal.Decimal("1358024.679")),
        ("1.50", "Decimal", decimal.Decimal("1.5")),
        (3, "Double", 3.0),
        (dt.datetime(2024, 5, 1, 8, tzinfo=SYDNEY), "DateTime", dt.datetime(2024, 5, 1, 8)),
        (dt.date(2024, 5, 1), "DateTime", dt.datetime(2024, 5, 1)),
        ("2024-05-01", "DateTime", dt.datetime(2024, 5, 1)),
        (dt.datetime(2024, 5, 1), "DateOnly", dt.date(2024, 5, 1)),
    ],
)
def test_values_mean_what_they_meant_before_pandas_changed_them(value: Any, kind: str, meant: Any) -> None:
    assert fitted(value, kind) == meant
    assert type(fitted(value, kind)) is type(meant)


@pytest.mark.parametrize(
    ("value", "kind", "reason"),
    [
        (True, "String", "no text"),
        (b"x", "String", "no text"),
        (["x"], "String", "no text"),
        ("no guid", "Guid", "no GUID"),
        ("yes", "Boolean", "neither true nor false"),
        (2, "Boolean", "neither"),
        (7.5, "Int", "no whole number"),
        (2**31, "Int", "beyond"),
        (256, "Byte", "beyond"),
        (float("inf"), "Int", "too large"),
        (True, "Decimal", "no number"),
        ("1_000", "Decimal", "no number"),
        ("1,50", "Decimal", "no number"),
        (decimal.Decimal("0.00000000001"), "Decimal", "more than 10 decimals"),
        (1e30, "Decimal", "beyond"),
        ("soon", "DateTime", "no date"),
        (20240501, "DateTime", "no date"),
        (dt.datetime(2024, 5, 1, 8), "DateOnly", "time of day"),
    ],
)
def test_values_that_do_not_fit_say_why(value: Any, kind: str, reason: str) -> None:
    with pytest.raises(UnfitValueError, match=reason):
        fitted(value, kind)


def test_an_instant_needs_a_zone() -> None:
    assert fitted(dt.datetime(2024, 5, 1, 8, tzinfo=SYDNEY), "DateTime", is_stamp=True) == dt.datetime(
        2024, 4, 30, 21, tzinfo=dt.UTC
    )
    with pytest.raises(UnfitValueError, match="tz_localize"):
        fitted(dt.datetime(2024, 5, 1, 8), "DateTime", is_stamp=True)


@pytest.mark.parametrize(("number", "text"), [(70, "70"), (70.0, "70"), (1.5, "1.5"), (1e20, "1" + "0" * 20)])
def test_a_number_for_text_is_a_doubt_that_tells_the_text(number: float, text: str) -> None:
    with pytest.raises(DoubtfulValueError, match="leading zeros") as doubt:
        fitted(number, "String")
    assert doubt.value.text == text


@pytest.mark.parametrize("text", ["nan", "NaN", "NaT", "<NA>"])
def test_a_missing_value_that_became_text_is_a_doubt(text: str) -> None:
    with pytest.raises(DoubtfulValueError, match=r'astype\("string"\) keeps it missing'):
        fitted(text, "String")
    assert fitted("None", "String") == "None"


def test_a_float_stands_for_the_decimal_it_was_written_as() -> None:
    assert exact(11.000000000000002) == 11
    assert exact(0.1) == decimal.Decimal("0.1")
