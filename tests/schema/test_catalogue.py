"""The catalogue: latest version by number, one request per custom schema, none with a fresh copy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from acudata.errors import AcumaticaNotFoundError, AcumaticaSchemaError, AcumaticaServerError
from acudata.schema import CustomField
from acudata.schema.catalogue import Catalogue, latest_version
from acudata.schema.changes import Changes
from acudata.schema.store import SchemaStore

DOCUMENT = {
    "openapi": "3.0.1",
    "info": {"title": "Default/24.200.001", "version": "4"},
    "paths": {"/Customer": {"get": {}, "put": {}}, "/Customer/{ids}": {"get": {}}},
    "components": {
        "schemas": {
            "Customer": {
                "allOf": [
                    {"$ref": "#/components/schemas/Entity"},
                    {
                        "type": "object",
                        "properties": {"CustomerID": {"$ref": "#/components/schemas/StringValue"}},
                    },
                ]
            }
        }
    },
    "tags": [{"name": "Customer", "description": "Customers (AR303000)"}],
}
VERSIONS = ["9.200.001", "24.200.001", "23.200.001"]


class Server:
    """Answers what a catalogue asks, and remembers it."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.endpoints: object = {
            "endpoints": [{"name": "Default", "version": v, "href": "/lies/"} for v in VERSIONS]
        }
        self.custom: object = {"custom": {"BAccount": {"UsrA": {"type": "CustomStringField"}}}}

    def __call__(self, path: str) -> bytes:
        self.asked.append(path)
        if path == "entity":
            return json.dumps(self.endpoints).encode()
        if "swagger.json" in path:
            if "24.200.001" not in path:
                raise AcumaticaNotFoundError("no such endpoint", status_code=404)
            return json.dumps(DOCUMENT).encode()
        if isinstance(self.custom, Exception):
            raise self.custom
        return json.dumps(self.custom).encode()


@pytest.fixture
def server() -> Server:
    return Server()


def test_the_latest_version_is_read_once(server: Server) -> None:
    catalogue = Catalogue(server, name="Default", tenant="T 1")
    assert catalogue.endpoint.version == "24.200.001"
    assert list(catalogue.endpoint.entities) == ["Customer"]
    assert server.asked == ["entity", "entity/Default/24.200.001/swagger.json?company=T%201"]


def test_custom_fields_cost_one_request(server: Server) -> None:
    catalogue = Catalogue(server, name="Default", version="24.200.001")
    for _ in range(2):
        assert catalogue.entity("Customer").custom == (CustomField("BAccount", "UsrA", "String"),)
    assert server.asked[1:] == ["entity/Default/24.200.001/Customer/$adHocSchema"]


def test_a_fresh_copy_needs_no_request_at_all(server: Server, tmp_path: Path) -> None:
    Catalogue(server, name="Default", store=SchemaStore(tmp_path, ["x"])).entity("Customer")
    server.asked.clear()
    again = Catalogue(server, name="Default", store=SchemaStore(tmp_path, ["x"]))
    assert again.entity("Customer").custom
    assert again.endpoint.entities["Customer"].screen == "AR303000"
    assert server.asked == []
    again.refresh()
    assert len(server.asked) == 2


def test_a_stale_copy_is_compared_entity_by_entity(server: Server, tmp_path: Path) -> None:
    store = SchemaStore(tmp_path, ["x"])
    first = Catalogue(server, name="Default", store=store)
    assert first.entity("Customer").custom
    assert first.changes == Changes(added=("Customer",))
    again = Catalogue(server, name="Default", store=store, ttl_hours=0)
    server.asked.clear()
    assert again.changes == Changes(unchanged=("Customer",))
    assert len(server.asked) == 2
    again.entity("Customer")
    assert "$adHocSchema" in server.asked[-1]  # custom fields change without a trace in the document


def test_a_rebuild_ignores_the_copy(server: Server, tmp_path: Path) -> None:
    store = SchemaStore(tmp_path, ["x"])
    _ = Catalogue(server, name="Default", store=store).endpoint
    assert Catalogue(server, name="Default", store=store, rebuild=True).changes == Changes(
        added=("Customer",)
    )


def test_custom_fields_that_the_server_cannot_tell_are_asked_for_again(server: Server) -> None:
    catalogue = Catalogue(server, name="Default", version="24.200.001")
    told, server.custom = server.custom, AcumaticaServerError("binary field", status_code=500)
    assert catalogue.entity("Customer").custom == ()
    server.custom = told
    assert catalogue.entity("Customer").custom


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_server_that_is_away_for_a_moment_is_no_tenant_without_custom_fields(
    server: Server, status: int
) -> None:
    catalogue = Catalogue(server, name="Default", version="24.200.001")
    server.custom = AcumaticaServerError("away", status_code=status)
    with pytest.raises(AcumaticaServerError, match="away"):
        catalogue.entity("Customer")


@pytest.mark.parametrize(
    ("versions", "latest"),
    [
        (["9.200.001", "24.200.001"], "24.200.001"),
        (["24.200.001", "24.200.002", "24.100.009"], "24.200.002"),
        (["25.1", "24.200.001"], "25.1"),
    ],
)
def test_versions_are_compared_as_numbers(versions: list[str], latest: str) -> None:
    assert latest_version([{"name": "Default", "version": v} for v in versions], "default") == latest


def test_an_unknown_endpoint_names_what_there_is(server: Server) -> None:
    with pytest.raises(AcumaticaSchemaError, match="endpoint_name to one of Default"):
        _ = Catalogue(server, name="Defautl").endpoint


def test_an_unknown_version_names_the_nearest(server: Server) -> None:
    with pytest.raises(AcumaticaSchemaError, match="no endpoint Default/22.200.001") as caught:
        _ = Catalogue(server, name="Default", version="22.200.001").endpoint
    assert "Default/23.200.001" in str(caught.value)


def test_old_builds_list_endpoints_in_a_bare_array(server: Server) -> None:
    server.endpoints = [{"name": "Default", "version": "24.200.001"}]
    assert Catalogue(server, name="Default").endpoint.version == "24.200.001"


@pytest.mark.parametrize("answer", ["<html>", {"version": {}}, 5])
def test_an_address_that_is_no_acumatica(server: Server, answer: object) -> None:
    server.endpoints = answer
    with pytest.raises(AcumaticaSchemaError, match="address|base_url"):
        _ = Catalogue(server, name="Default").endpoint
