"""Of every entity of the real endpoints: each column has a name of its own, by which `columns=` finds it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from acudata.frames.layout import Column, Layout
from acudata.models import Models
from acudata.odata import F
from acudata.queries import make_query
from acudata.queries.naming import source_of, uniquely_named
from acudata.questions import Question
from acudata.schema import CustomField, Endpoint, Entity, Structure
from acudata.schema.openapi import read_endpoint

Rows = tuple[tuple[str, ...], ...]


@pytest.fixture(scope="module")
def endpoint(document: Path) -> Endpoint:
    return read_endpoint(document.read_bytes())


def members_of(entity: Entity) -> Iterator[str]:
    yield from (*entity.structure.linked, *entity.structure.details)


def sources(layout: Layout) -> dict[str, tuple[str, ...]]:
    return {column.name: source_of(column, layout.rows) for column in layout.columns}


def test_names_are_unique_with_everything_expanded(endpoint: Endpoint) -> None:
    for entity in endpoint:
        query = make_query(endpoint, entity, Question(expand=[*members_of(entity), "files"]))
        for layout in query.tables.values():
            assert len(sources(layout)) == len(layout.columns)


def test_every_column_is_found_by_the_name_that_it_shows(endpoint: Endpoint) -> None:
    for entity in endpoint:
        for expand in (list(entity.structure.linked), *([name] for name in entity.structure.details)):
            shown = make_query(endpoint, entity, Question(expand=expand))
            layout = shown.tables[shown.only_table()]
            names = list(sources(layout))
            query = make_query(endpoint, entity, Question(columns=names, expand=expand))
            assert list(sources(query.tables[query.only_table()]).items()) == list(sources(layout).items())


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ([("A", "UsrX"), ("B", "UsrX"), ("C", "UsrX")], ["UsrX", "B.UsrX", "C.UsrX"]),
        ([("A", "UsrX"), ("B", "UsrX"), ("B", "UsrX")], ["UsrX", "B.UsrX"]),
    ],
)
def test_custom_fields_of_one_name(fields: list[tuple[str, str]], names: list[str]) -> None:
    columns = (Column(name, "String", ("custom", view, name, "value")) for view, name in fields)
    assert [column.name for column in uniquely_named(columns, ())] == names


def test_three_columns_that_would_be_called_alike() -> None:
    rows: Rows = (("Details",), ("Details",))
    columns = [Column("Nbr", "String", ("Nbr", "value"), depth) for depth in range(3)]
    columns.append(Column("Details.Nbr", "String", ("Other", "value"), 0))
    named = [column.name for column in uniquely_named(columns, rows)]
    assert named[:3] == ["Nbr", "Details.Nbr", "Details.Details.Nbr"]
    assert len(set(named)) == 4


def test_a_name_in_two_views_is_one_field_to_frame_filter_and_model() -> None:
    structure = Structure("Visit", {"VisitID": "String"})
    fields = (CustomField("Document", "UsrX", "String"), CustomField("Other", "UsrX", "Int"))
    entity = Entity("Visit", structure, custom=fields)
    endpoint = Endpoint("Default", "1", {"Visit": entity}, {"Visit": structure})
    query = make_query(endpoint, entity, Question(filter=F.UsrX == "a", columns="UsrX"))
    assert query.filter == "cf.String(f='Document.UsrX') eq 'a'"
    assert query.params["$custom"] == "Document.UsrX"
    model = Models(_Known(endpoint, fields))["Visit"]  # type: ignore[arg-type]
    assert model(UsrX="a").to_json()["custom"] == {
        "Document": {"UsrX": {"type": "CustomStringField", "value": "a"}}
    }


class _Known:
    """Stands in for the catalogue of a tenant whose entity has these custom fields."""

    def __init__(self, endpoint: Endpoint, fields: tuple[CustomField, ...]) -> None:
        self.endpoint = endpoint
        self._fields = fields

    def custom_fields(self, _: str) -> tuple[CustomField, ...]:
        return self._fields
