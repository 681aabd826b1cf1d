"""The registry of kinds: one line decides what a column is."""

from __future__ import annotations

import pyarrow as pa
import pytest

from acudata.schema.kinds import KINDS, arrow_type, is_stamp, kind_of_custom, kind_of_wrapper


@pytest.mark.parametrize(
    ("field", "kind", "expected"),
    [
        ("CustomerID", "String", pa.string()),
        ("Hold", "Boolean", pa.bool_()),
        ("LineNbr", "Int", pa.int64()),
        ("LeadTimedays", "Short", pa.int64()),
        ("Big", "Long", pa.int64()),
        ("Small", "Byte", pa.int64()),
        ("OrderTotal", "Decimal", pa.decimal128(38, 10)),
        ("Ratio", "Double", pa.float64()),
        ("NoteID", "Guid", pa.string()),
        ("Date", "DateTime", pa.timestamp("us")),
        ("DueDate", "DateTime", pa.timestamp("us")),
        ("StartDate", "DateOnly", pa.date32()),
        ("LastModified", "DateTime", pa.timestamp("us", tz="UTC")),
        ("LastModifiedDateTime", "DateTime", pa.timestamp("us", tz="UTC")),
        ("CreatedDate", "DateTime", pa.timestamp("us", tz="UTC")),
        ("QualificationDateTime", "DateTime", pa.timestamp("us", tz="UTC")),
        ("LastModifiedDate", "String", pa.string()),
    ],
)
def test_the_schema_alone_decides_the_type(field: str, kind: str, expected: pa.DataType) -> None:
    assert arrow_type(field, kind) == expected


@pytest.mark.parametrize("kind", KINDS)
def test_wrappers_and_custom_fields_lead_back_to_their_kind(kind: str) -> None:
    assert kind_of_wrapper(KINDS[kind].wrapper) == kind
    assert kind_of_custom(KINDS[kind].custom) == kind


def test_what_is_not_known() -> None:
    assert kind_of_wrapper("Address") is None
    assert kind_of_custom("CustomBinaryField") == "String"
    assert not is_stamp("LastModifiedBy", "String")
