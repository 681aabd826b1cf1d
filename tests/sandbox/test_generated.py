"""Rows for the entities of any document, and the real documents served whole with them."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

from acudata.sandbox import Sandbox
from acudata.sandbox.builtin import default_endpoint
from acudata.sandbox.endpoint import Endpoint, Structure
from acudata.sandbox.generated import GROUP, generate
from acudata.sandbox.openapi import read_document
from acudata.sandbox.records import Record
from acudata.sandbox.values import convert

from .conftest import Web, load

ENDPOINT = default_endpoint()
NAMES = sorted(name for name, entity in ENDPOINT.entities.items() if entity.keys)
PYTHON = {"Boolean": bool, "Int": int, "Short": int, "Long": int, "Byte": int, "Decimal": int | float}


@pytest.mark.parametrize("name", NAMES)
def test_rows_are_found_again_by_keys_and_by_id(name: str) -> None:
    source = generate(ENDPOINT, seed=7)[name]
    for index in range(len(source)):
        assert source.find_keys(source.keys(index)) == index
        assert source.find_id(source.record(index).id) == index
    assert source.find_keys(["missing"]) is None
    assert source.find_id("00000000-0000-4000-a000-000000000000") is None


def test_rows_are_the_same_each_time_and_differ_between_seeds() -> None:
    first, again, other = (generate(ENDPOINT, seed=seed)["Customer"].record(5) for seed in (1, 1, 2))
    assert first == again
    assert first.values != other.values


def test_scale_makes_more_rows() -> None:
    assert len(generate(ENDPOINT, scale=3)["Vendor"]) == 3 * len(generate(ENDPOINT)["Vendor"])


@pytest.mark.parametrize("name", NAMES)
def test_values_are_of_the_right_kinds(name: str) -> None:
    source = generate(ENDPOINT)[name]
    check(source.record(1), ENDPOINT.entities[name].structure, ENDPOINT)


def check(record: Record, structure: Structure, endpoint: Endpoint) -> None:
    """Assert that a record and all below it have the members and kinds of their structure."""
    assert record.values.keys() == structure.fields.keys()
    for field, value in record.values.items():
        kind = structure.fields[field]
        assert value is None or isinstance(value, PYTHON.get(kind, str | int | float))
        assert kind in {"String", "DateTime"} or convert(value, kind) == value
    for member, linked in record.linked.items():
        check(linked, endpoint.structures[structure.linked[member]], endpoint)
    for member, rows in record.details.items():
        for row in rows:
            check(row, endpoint.structures[structure.details[member]], endpoint)


def test_odd_values_are_among_them() -> None:
    source = generate(ENDPOINT)["StockItem"]
    values = [value for index in range(len(source)) for value in source.record(index).values.values()]
    texts = [value for value in values if isinstance(value, str)]
    assert None in values
    assert {"", "007", "padded   "} <= set(texts)
    assert any("東京" in text for text in texts)
    assert any(text.endswith("+05:30") for text in texts)
    assert any(isinstance(value, float) and round(value, 5) != value for value in values)


@pytest.mark.parametrize("name", ["Default_24.200.001.openapi3.json", "Default_23.200.001.swagger2.json"])
def test_every_entity_of_a_real_document_is_served(name: str, schemas: Path) -> None:
    path = schemas / name
    endpoint = read_document(load(path))
    with Sandbox(schema=path) as box, Web(box) as web:
        web.sign_in()
        for entity in endpoint.entities.values():
            place = f"/entity/{endpoint.name}/{endpoint.version}/{entity.name}"
            if entity.inquiry:
                serves_inquiry(web, place, entity.structure)
            else:
                serves_records(web, place, endpoint, entity.keys)


def serves_inquiry(web: Web, place: str, structure: Structure) -> None:
    answer = web.put(place, params={"$expand": ",".join(structure.details)}, json={})
    assert answer.status_code == 200, answer.text
    rows = next(iter(structure.details))
    assert answer.json()[rows]
    assert len(web.get(place).json()) == 1


def serves_records(web: Web, place: str, endpoint: Endpoint, keys: tuple[str, ...]) -> None:
    rows = web.get(place).json()
    assert len(rows) == 4 * GROUP
    row = rows[7]
    structure = endpoint.entities[place.rpartition("/")[2]].structure
    assert row.keys() - {"id", "rowNumber", "note", "custom", "_links"} == structure.fields.keys()
    by_keys = web.get(f"{place}/{'/'.join(quote(str(row[key]['value'])) for key in keys)}").json()
    by_id = web.get(f"{place}/{row['id']}", params={"$expand": ",".join(members(structure))}).json()
    assert by_keys == {**row, "rowNumber": 1}
    assert by_id.keys() == by_keys.keys() | members(structure)
    sent_back = web.put(place, json={name: row[name] for name in structure.fields})
    assert (sent_back.status_code, sent_back.json()["id"]) == (200, row["id"])
    added = web.put(place, json={key: row[key] for key in keys[:-1]}).json()
    assert len(web.get(place).json()) == len(rows) + 1
    for gone in (row["id"], added["id"]):
        assert web.delete(f"{place}/{gone}").status_code == 204
        assert web.get(f"{place}/{gone}").status_code == 500
    assert [left["id"] for left in web.get(place).json()] == [left["id"] for left in rows if left is not row]


def members(structure: Structure) -> set[str]:
    return {*structure.linked, *structure.details}
