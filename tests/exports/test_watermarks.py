"""Watermarks: the stamp of each entity of the real documents, and the moment from which on to ask."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest

from acudata.exports.watermarks import first_moment
from acudata.schema import Entity
from acudata.schema.endpoint import Structure
from acudata.schema.openapi import read_endpoint


def test_the_real_documents_have_a_stamp_for_most_entities(document: Path) -> None:
    endpoint = read_endpoint(document.read_bytes())
    found = {entity.name: entity.watermark for entity in endpoint}
    assert found["SalesOrder"] == "LastModified"
    assert found["SalesInvoice"] == "LastModifiedDateTime"
    assert found["ShipVia"] is None
    if "openapi3" in document.name:
        assert Counter(found.values()) == {"LastModifiedDateTime": 85, None: 33, "LastModified": 1}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"LastModified": "DateTime", "LastModifiedDateTime": "DateTime"}, "LastModifiedDateTime"),
        ({"LastModifiedDate": "DateTime"}, "LastModifiedDate"),
        ({"LastModifiedDateTime": "String", "LastModifiedBy": "String"}, None),
        ({"CreatedDateTime": "DateTime", "lastmodified": "DateTime"}, None),
    ],
)
def test_which_field_counts(fields: dict[str, str], expected: str | None) -> None:
    assert Entity("Thing", Structure("Thing", fields)).watermark == expected


def test_the_first_moment_is_told_in_utc_and_never_after_the_overlap() -> None:
    brisbane = dt.timezone(dt.timedelta(hours=10))
    watermark = dt.datetime(2024, 3, 1, 22, 0, 0, 999_999, brisbane)
    moment = first_moment(watermark, dt.timedelta(seconds=1))
    assert moment.isoformat() == "2024-03-01T11:59:59+00:00"
