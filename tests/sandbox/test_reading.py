"""Records as an instance answers them: lists, single records, selected and expanded members."""

from __future__ import annotations

import json
from typing import Any

import pytest

from acudata.sandbox.endpoint import Endpoint, Entity, Structure
from acudata.sandbox.reading import Reader
from acudata.sandbox.records import Record
from acudata.sandbox.rows import Rows
from acudata.sandbox.settings import SandboxSettings
from acudata.sandbox.store import Store

BASE = "/AcumaticaERP/entity/Default/24.200.001"


@pytest.fixture
def reader() -> Reader:
    customer = Structure("Customer", {"CreditLimit": "Decimal", "CustomerID": "String"}, view="BAccount")
    graph = "PX.Objects.AR.CustomerMaint"
    entity = Entity("Customer", customer, "AR303000", "Customers", graph, ("CustomerID",))
    endpoint = Endpoint("Default", "24.200.001", {"Customer": entity}, {"Customer": customer})
    records = [Record(f"{n:08d}-0000-0000-0000-000000000000", {"CustomerID": f"C{n:03d}"}) for n in range(12)]
    store = Store(endpoint, {"Customer": Rows(records, keys=["CustomerID"])})
    return Reader(store, endpoint, SandboxSettings(), BASE)


def listed(reader: Reader, **options: str) -> list[dict[str, Any]]:
    answer: list[dict[str, Any]] = json.loads(
        reader.list("Customer", {f"${name}": text for name, text in options.items()})
    )
    return answer


def test_a_page_is_an_array_of_records(reader: Reader) -> None:
    page = listed(reader, top="2", skip="5")
    assert [(row["rowNumber"], row["CustomerID"]) for row in page] == [
        (1, {"value": "C005"}),
        (2, {"value": "C006"}),
    ]
    assert list(page[0]) == ["id", "rowNumber", "note", "CreditLimit", "CustomerID", "custom", "_links"]
    assert page[0]["CreditLimit"] == {}
