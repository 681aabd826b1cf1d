"""An instance whose endpoint changes between two clients, and what a client tells of it."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from acudata import AcumaticaClient
from acudata.sandbox import Sandbox, SandboxSettings
from acudata.sandbox.settings import CustomEndpoint
from tests.conftest import connect

Document = dict[str, Any]


def portal_document() -> Document:
    """Return the document of an endpoint with three entities, as the sandbox writes it."""
    portal = CustomEndpoint("U100", "Portal", "1.0.0", ("Customer", "StockItem", "Warehouse"))
    with (
        Sandbox(settings=SandboxSettings(custom_endpoints=(portal,))) as box,
        connect(box, endpoint_name="Portal") as client,
    ):
        found: Document = client._session.get("entity/Portal/1.0.0/swagger.json").json()
    return found


class Instance:
    """Serves endpoint documents at one address, one after the other, as an instance that is customised does."""

    def __init__(self, folder: Path, document: Document) -> None:
        self.folder = folder
        self.cache = folder / "cache"
        self.document = document
        self._file = folder / "document.json"
        self._port = 0

    @contextmanager
    def serve(self, document: Document | None = None) -> Iterator[Sandbox]:
        self._file.write_text(json.dumps(document or self.document), encoding="utf-8")
        with Sandbox(schema=self._file, port=self._port) as box:
            self._port = int(box.url.split(":")[2].partition("/")[0])
            yield box

    def connect(self, box: Sandbox, **settings: Any) -> AcumaticaClient:
        options = {"cache_methods": True, "cache_dir": self.cache, "endpoint_name": "Portal"}
        return connect(box, **{**options, **settings})

    def edited(self) -> Document:
        """Return the document with a field more on Customer, without StockItem, and with a new entity Visit."""
        edited = copy.deepcopy(self.document)
        schemas, paths = edited["components"]["schemas"], edited["paths"]
        added = {"$ref": "#/components/schemas/StringValue"}
        schemas["Customer"]["allOf"][1]["properties"]["Nickname"] = added
        schemas["Visit"] = {"allOf": [schemas["Customer"]["allOf"][0], {"properties": {"VisitID": added}}]}
        paths |= {
            path.replace("/StockItem", "/Visit"): paths[path] for path in ("/StockItem", "/StockItem/{ids}")
        }
        edited["paths"] = {path: body for path, body in paths.items() if not path.startswith("/StockItem")}
        return edited


def told(client: AcumaticaClient) -> dict[str, Any]:
    """Return everything that a client knows of its tenant."""
    return {
        "services": {name: client.get_service_info(name) for name in client.list_services()},
        "models": {name: client.get_model_info(name) for name in client.list_models()},
    }


def requests_of(client: AcumaticaClient) -> int:
    return int(client.get_api_usage_stats()["total_requests"])


def age(client: AcumaticaClient, *, hours: float) -> None:
    """Make the copy of a client as old as that."""
    store = client._catalogue.store
    assert store is not None
    stored = store.load()
    assert stored is not None
    stored.read_at = time.time() - hours * 3600
    store.save(stored)
