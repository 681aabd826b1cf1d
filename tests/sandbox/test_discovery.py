"""What the sandbox tells about itself: endpoints, their documents in both dialects, and gzip."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from acudata.sandbox import Sandbox
from acudata.sandbox.documents.openapi3 import openapi3
from acudata.sandbox.documents.swagger2 import swagger2
from acudata.sandbox.openapi import read_document

from .conftest import Start, Web

DEFAULT_VERSIONS = ["20.200.001", "22.200.001", "23.200.001", "24.200.001"]


def endpoints(web: Web) -> list[tuple[str, str]]:
    return [(row["name"], row["version"]) for row in web.get("/entity").json()["endpoints"]]


def test_item_030_a_stranger_sees_the_system_endpoints(stranger: Web) -> None:
    answer = stranger.get("/entity")
    assert answer.status_code == 200
    assert answer.json()["version"]["acumaticaBuildVersion"].startswith("24.2")
    assert endpoints(stranger) == [("Default", version) for version in DEFAULT_VERSIONS]


def test_item_030_an_href_is_an_absolute_path_with_a_slash_at_its_end(stranger: Web) -> None:
    hrefs = [row["href"] for row in stranger.get("/entity").json()["endpoints"]]
    assert hrefs[-1] == "/AcumaticaERP/entity/Default/24.200.001/"


def test_item_030_a_session_sees_the_endpoints_of_its_tenant_too(web: Web) -> None:
    assert ("Portal", "1.0.0") in endpoints(web)
    assert ("Depot", "1.0.0") not in endpoints(web)
    web.sign_in(tenant="T100")
    assert ("Depot", "1.0.0") in endpoints(web)


def test_item_031_old_builds_answer_a_bare_array(start: Start) -> None:
    rows = start(endpoint_list="array").get("/entity").json()
    assert [row["version"] for row in rows] == DEFAULT_VERSIONS


def test_item_032_a_session_gets_the_openapi_document(web: Web) -> None:
    document = web.get("swagger.json").json()
    assert list(document) == ["openapi", "info", "servers", "paths", "components", "tags"]
    assert document["openapi"] == "3.0.1"
    assert document["info"] == {"title": "Default/24.200.001", "version": "4"}
    assert document["servers"] == [{"url": f"{web.box.url}/entity/Default/24.200.001"}]


def test_item_032_old_builds_write_swagger_2(start: Start) -> None:
    web = start(dialect="swagger2")
    web.sign_in()
    document = web.get("/entity/Default/23.200.001/swagger.json").json()
    keys = ["swagger", "info", "host", "basePath", "schemes", "paths", "definitions", "tags"]
    assert list(document) == keys
    assert document["basePath"] == "/entity/Default/23.200.001"


def test_item_032_company_chooses_the_tenant(web: Web) -> None:
    def entities(company: str) -> set[str]:
        document = web.get(f"/entity/Portal/1.0.0/swagger.json?company={company}").json()
        return {tag["name"] for tag in document["tags"]}

    assert entities("U100") == {"Customer", "SalesOrder"}
    assert entities("T100") == {"Customer", "StockItem"}


def test_item_033_a_document_tells_neither_order_nor_links_nor_keys(web: Web) -> None:
    text = web.get("swagger.json").text
    assert "$orderby" not in text
    assert "_links" not in text
    paths = json.loads(text)["paths"]
    assert {"/Customer/{ids}", "/Customer/{id}"} <= set(paths)


@pytest.mark.parametrize("endpoint", ["Default/9.200.001", "Nothing/24.200.001", "default/24.200.001"])
def test_item_034_an_unknown_endpoint_or_version_is_a_404(web: Web, endpoint: str) -> None:
    for path in ("swagger.json", "Customer"):
        answer = web.get(f"/entity/{endpoint}/{path}")
        assert answer.status_code == 404
        assert answer.json()["message"]


@pytest.mark.parametrize("path", ["Nothing", "Nothing/A/B", "Nothing/$adHocSchema", "customer"])
def test_item_035_an_unknown_entity_is_a_404(web: Web, path: str) -> None:
    assert web.get(path).status_code == 404


def test_item_036_an_endpoint_of_another_tenant_is_a_404(web: Web) -> None:
    assert web.get("/entity/Depot/1.0.0/Warehouse").status_code == 404


def test_a_verb_that_a_path_does_not_take_is_a_405(web: Web) -> None:
    answer = web.patch("Customer", json={})
    assert answer.status_code == 405
    assert "PATCH" in answer.json()["message"]


def test_item_118_bodies_are_zipped_for_those_who_ask(web: Web) -> None:
    zipped = web.get("swagger.json", headers={"Accept-Encoding": "gzip"})
    plain = web.get("swagger.json", headers={"Accept-Encoding": "identity"})
    assert (zipped.headers["Content-Encoding"], zipped.headers["Vary"]) == ("gzip", "Accept-Encoding")
    assert int(zipped.headers["Content-Length"]) < int(plain.headers["Content-Length"])
    assert "Content-Encoding" not in plain.headers
    assert zipped.json() == plain.json()


def test_openapi_is_written_as_a_real_instance_writes_it(openapi_document: dict[str, Any]) -> None:
    written = openapi3(read_document(openapi_document), url=openapi_document["servers"][0]["url"])
    assert untitled(outline(written)) == untitled(outline(openapi_document))


def test_swagger_is_written_as_a_real_instance_writes_it(swagger_document: dict[str, Any]) -> None:
    written = swagger2(read_document(swagger_document))
    assert untitled(outline(written)) == untitled(outline(swagger_document))


@pytest.mark.parametrize("name", ["Default_24.200.001.openapi3.json", "Default_23.200.001.swagger2.json"])
def test_a_real_document_is_served_whole(schemas: Path, name: str) -> None:
    real = json.loads((schemas / name).read_text(encoding="utf-8"))
    base = f"/entity/{real['info']['title']}"
    with Sandbox(schema=schemas / name) as box, Web(box) as web:
        web.sign_in()
        assert endpoints(web) == [tuple(real["info"]["title"].split("/"))]
        served = web.get(f"{base}/swagger.json").json()
        if "servers" in real:
            assert served.pop("servers") == [{"url": box.url + base}]
            del real["servers"]
        assert list(served) == list(real)
        assert served == real


def outline(document: dict[str, Any]) -> str:
    """Return a document as text, with the members of each entity in alphabetical order."""
    copied = json.loads(json.dumps(document))
    schemas = copied.get("definitions") or copied["components"]["schemas"]
    for schema in schemas.values():
        if "allOf" in schema:
            properties = schema["allOf"][1].get("properties", {})
            schema["allOf"][1]["properties"] = dict(sorted(properties.items()))
    return json.dumps(copied, indent=1)


def untitled(text: str) -> str:
    """Drop the titles of forms, which a real document leaves out here and there."""
    return re.sub(r'"description": "[^"]*(\(\w{8}\))"', r'"description": "\1"', text)
