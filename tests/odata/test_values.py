"""Values in filters: numpy, pandas and Arrow scalars are taken for what they stand for, missing ones refused."""

# ruff: noqa: SIM300 - naive times and fields on the left are what is tested here

import datetime as dt
import decimal
import enum
import uuid

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from acudata.errors import AcumaticaError
from acudata.odata import F, to_v3

GUID = uuid.UUID("d4b5ad0b-2ae5-4d1f-9d7a-0f4b1d3f0a11")
EAST = dt.timezone(dt.timedelta(hours=4))


class Status(enum.StrEnum):
    OPEN = "Open"


class Code(enum.Enum):
    FIRST = 1


LITERALS: list[tuple[object, str]] = [
    ("a", "'a'"),
    ("", "''"),
    ("O'Brien & Söhne #1 + 🙂", "'O''Brien & Söhne #1 + 🙂'"),
    (True, "true"),
    (False, "false"),
    (None, "null"),
    (7, "7"),
    (-7, "-7"),
    (12.5, "12.5"),
    (1e-7, "0.0000001"),
    (1e16, "10000000000000000"),
    (decimal.Decimal("1E+3"), "1000"),
    (decimal.Decimal("0.10"), "0.10"),
    (dt.date(2024, 12, 31), "datetimeoffset'2024-12-31'"),
    (dt.datetime(2024, 1, 2, 3, 4, 5), "datetimeoffset'2024-01-02T03:04:05'"),
    (dt.datetime(2024, 7, 15, 10, 31, 28, 402000, EAST), "datetimeoffset'2024-07-15T10:31:28.402+04:00'"),
    (
        dt.datetime(2024, 7, 15, 10, 31, 28, 402001, dt.UTC),
        "datetimeoffset'2024-07-15T10:31:28.402001+00:00'",
    ),
    (
        dt.datetime(1890, 1, 1, tzinfo=dt.timezone(dt.timedelta(minutes=53, seconds=28))),
        "datetimeoffset'1889-12-31T23:06:32+00:00'",
    ),
    (GUID, f"guid'{GUID}'"),
    (Status.OPEN, "'Open'"),
    (Code.FIRST, "1"),
    (np.str_("a"), "'a'"),
    (np.bool_(True), "true"),  # noqa: FBT003
    (np.int64(7), "7"),
    (np.uint8(7), "7"),
    (np.float64(0.5), "0.5"),
    (np.float32(0.5), "0.5"),
    (np.array(7), "7"),
    (np.datetime64("2024-01-02T03:04:05.678"), "datetimeoffset'2024-01-02T03:04:05.678'"),
    (pd.Timestamp("2024-01-02"), "datetimeoffset'2024-01-02T00:00:00'"),
    (
        pd.Timestamp("2024-01-02 03:04:05.123456789", tz="Asia/Dubai"),
        "datetimeoffset'2024-01-02T03:04:05.123456+04:00'",
    ),
    (pa.scalar(decimal.Decimal("1.50")), "1.50"),
]


@pytest.mark.parametrize(("value", "text"), LITERALS, ids=[repr(value) for value, _ in LITERALS])
def test_a_value_becomes_the_literal_of_its_type(value: object, text: str) -> None:
    assert to_v3(F.X == value) == f"X eq {text}"


MISSING = [
    float("nan"),
    float("inf"),
    np.float32("nan"),
    np.datetime64("NaT"),
    pd.NA,
    pd.NaT,
    decimal.Decimal("NaN"),
]


@pytest.mark.parametrize("value", MISSING, ids=repr)
def test_a_missing_value_equals_no_record_and_is_refused(value: object) -> None:
    with pytest.raises(AcumaticaError, match=r"is_null\(\)"):
        F.X == value  # noqa: B015
    with pytest.raises(AcumaticaError, match=r"is_null\(\)"):
        F.X.isin(["a", value])


@pytest.mark.parametrize(
    "value", [b"x", dt.timedelta(1), 1j, object, [1], (1,), {1}, pd.Series([1]), np.array([1])], ids=repr
)
def test_what_is_no_value_of_the_erp_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match=r"isin|cannot be compared"):
        F.X == value  # noqa: B015


@pytest.mark.parametrize(
    "options",
    [["a", "b"], ("a", "b"), {"a": 1, "b": 2}, pd.Series(["a", "b"]), np.array(["a", "b"]), iter("ab")],
)
def test_isin_takes_whatever_has_values(options: object) -> None:
    assert to_v3(F.X.isin(options)) == "(X eq 'a' or X eq 'b')"  # type: ignore[arg-type]


def test_isin_keeps_true_and_one_apart() -> None:
    assert to_v3(F.X.isin([1, True, 1])) == "(X eq 1 or X eq true)"
