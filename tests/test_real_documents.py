"""Both real endpoint documents, served by the sandbox: every entity is read whole, and equals a plain reading."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from acudata import AcumaticaClient, F
from acudata.odata import Expression, Operand
from acudata.sandbox import Sandbox
from tests.conftest import connect
from tests.odata.plainly import Plain
from tests.plain import PlainReader, cells, plain_cell

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def real_box(document: Path) -> Iterator[Sandbox]:
    with Sandbox(schema=document) as box:
        yield box


@pytest.fixture(scope="module")
def real_client(real_box: Sandbox) -> Iterator[AcumaticaClient]:
    with connect(real_box) as client:
        yield client


@pytest.fixture(scope="module")
def plain(real_box: Sandbox, real_client: AcumaticaClient) -> Iterator[PlainReader]:
    reader = PlainReader(real_box, real_client._catalogue.endpoint.version)
    yield reader
    reader.close()


def test_every_entity_is_read_and_equals_a_plain_reading(
    real_client: AcumaticaClient, plain: PlainReader
) -> None:
    for service in real_client:
        frame = service.to_frame(decimals="exact")
        records = plain.list(service.name)
        assert len(frame) == len(records), service.name
        assert frame["id"].is_unique, service.name  # some ids are made up per session
        for name, kind in service.entity.structure.fields.items():
            expected = [plain_cell(name, kind, record.get(name)) for record in records]
            assert cells(frame[name]) == expected, (service.name, name)
        assert frame.attrs["invalid"] == {}


def test_every_detail_array_is_read_and_equals_a_plain_reading(
    real_client: AcumaticaClient, plain: PlainReader
) -> None:
    endpoint = real_client._catalogue.endpoint
    for service in real_client:
        details = service.entity.structure.details
        if not details:
            continue
        frames = service.to_frames(expand=list(details), decimals="exact")
        records = plain.list(service.name, expand=",".join(details))
        for member, target in details.items():
            pairs = [(record, row) for record in records for row in record[member] or ()]
            frame = frames[member]
            assert cells(frame["id"]) == [record["id"] for record, _ in pairs], (service.name, member)
            for name, kind in endpoint.structures[target].fields.items():
                column = f"{member}.{name}" if name in service.entity.keys else name
                expected = [plain_cell(name, kind, row.get(name)) for _, row in pairs]
                assert cells(frame[column]) == expected, (service.name, member, name)


def test_every_linked_entity_is_read(real_client: AcumaticaClient, plain: PlainReader) -> None:
    endpoint = real_client._catalogue.endpoint
    for service in real_client:
        linked = service.entity.structure.linked
        if not linked:
            continue
        frame = service.to_frame(expand=list(linked), decimals="exact")
        records = plain.list(service.name, expand=",".join(linked))
        for member, target in linked.items():
            for name, kind in endpoint.structures[target].fields.items():
                expected = [plain_cell(name, kind, (record[member] or {}).get(name)) for record in records]
                assert cells(frame[f"{member}.{name}"]) == expected, (service.name, member, name)


def test_every_attribute_name_finds_its_service(real_client: AcumaticaClient) -> None:
    for service in real_client:
        assert real_client[service.name].name == service.name
    found = {
        getattr(real_client, name).name for name in dir(real_client) if name in real_client._attributes()
    }
    assert found == set(real_client.list_services())


def test_every_model_is_made_and_told(real_client: AcumaticaClient) -> None:
    for name in real_client.list_models():
        model, info = real_client.models[name], real_client.get_model_info(name)
        assert model().to_json() == {}, name
        assert info["field_count"] == len(info["fields"]) == len(set(model.member_names())), name


def test_every_service_is_told(real_client: AcumaticaClient) -> None:
    for name in real_client.list_services():
        info = real_client.get_service_info(name)
        assert info["methods"] == [method for method in info["methods"] if hasattr(real_client[name], method)]


def test_every_entity_is_a_record_that_sends_nothing_until_it_is_changed(
    real_client: AcumaticaClient,
) -> None:
    seen = 0
    for service in real_client:
        for record in service.get_list(expand=list(service.entity.structure.details), top=2):
            assert not record.is_changed, service.name
            assert record.to_json() == {"id": record.id}, service.name
            seen += 1
    assert seen > len(real_client)


def test_the_copy_on_disk_tells_all_of_a_real_endpoint(
    real_box: Sandbox, real_client: AcumaticaClient, tmp_path: Path
) -> None:
    settings = {"cache_methods": True, "cache_dir": tmp_path}
    with connect(real_box, **settings) as first:
        assert first._catalogue.endpoint == real_client._catalogue.endpoint
    with connect(real_box, **settings) as second:
        assert second._catalogue.endpoint == real_client._catalogue.endpoint
        assert second.get_cache_stats()["hits"] == len(real_client)
        assert second.get_api_usage_stats()["total_requests"] == 0


LOCAL: dict[str, Callable[[Operand], Expression]] = {
    "String": lambda field: field.tolower().contains("e") | (field.length() == 0),
    "Decimal": lambda field: field * 2 > 100,
    "Double": lambda field: field / 2 < 0,
    **dict.fromkeys(("Int", "Short", "Long", "Byte"), lambda field: field % 3 == 1),
    "DateTime": lambda field: (field.month() > 6) & (field.hour() == 0),
    "DateOnly": lambda field: field.day() > 5,
}


@pytest.mark.filterwarnings("ignore::acudata.filters.LocalFilterWarning")
def test_every_kind_of_field_is_filtered_here_as_plain_python_does(real_client: AcumaticaClient) -> None:
    for service in real_client:
        fields = {kind: name for name, kind in service.entity.structure.fields.items() if kind in LOCAL}
        rows = service.to_arrow(custom=None).to_pylist()
        for kind, name in fields.items():
            condition = LOCAL[kind](F[name])
            found = service.to_arrow(condition, select=service.entity.keys or name, custom=None)
            expected = [row["id"] for row in rows if Plain(row).visit(condition.node) is True]
            assert found["id"].to_pylist() == expected, (service.name, name)
