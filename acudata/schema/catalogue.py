"""What a tenant offers, read when first asked for: the endpoint, and the custom fields of each entity."""

from __future__ import annotations

import json
import logging
import re
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from acudata.errors import (
    AcumaticaNotFoundError,
    AcumaticaOfflineError,
    AcumaticaSchemaError,
    AcumaticaServerError,
)
from acudata.naming import nearest
from acudata.schema.adhoc import read_custom_fields
from acudata.schema.changes import Changes, compare
from acudata.schema.endpoint import CustomField, Endpoint, Entity
from acudata.schema.openapi import read_endpoint
from acudata.schema.store import SchemaStore, StoredSchema

Fetch = Callable[[str], bytes]

_log = logging.getLogger(__name__)
_UNAVAILABLE = (502, 503, 504)


class Catalogue:
    """Holds the schema of one endpoint of one tenant.

    `fetch` gets a path below the instance. Without `version` the latest one that the server lists is taken, by number:
    24.200.001 comes after 9.200.001. `store` keeps a copy on disk that is believed for `ttl_hours`; after that the
    endpoint is read again and compared with it, entity by entity. `rebuild` ignores the copy that is there.
    """

    def __init__(
        self,
        fetch: Fetch,
        *,
        name: str,
        version: str | None = None,
        tenant: str | None = None,
        store: SchemaStore | None = None,
        ttl_hours: float = 24,
        rebuild: bool = False,
    ) -> None:
        self._fetch = fetch
        self._name = name
        self._version = version
        self._tenant = tenant
        self._store = store
        self._ttl_hours = ttl_hours
        self._rebuild = rebuild
        self._changes = Changes()
        self._stored: StoredSchema | None = None
        self._lock = threading.RLock()

    @property
    def endpoint(self) -> Endpoint:
        """Return the endpoint; from the copy on disk where there is a fresh one, else from the server."""
        return self._schema().endpoint

    @property
    def known(self) -> StoredSchema | None:
        """Return what is known so far, for looking at it: nothing is read, and no reading waited for."""
        return self._stored

    @property
    def read_at(self) -> float:
        """Return when the schema was read from the server, in epoch seconds."""
        return self._schema().read_at

    def entity(self, name: str) -> Entity:
        """Return an entity with its custom fields, which cost one request when they are first asked for."""
        with self._lock:
            stored = self._schema()
            if name not in stored.custom:
                custom = self._read_custom_fields(name)
                if custom is None:
                    return stored.endpoint.entities[name]
                stored.custom[name] = custom
                self._save(stored)
            return stored.endpoint.entities[name].with_custom(stored.custom[name])

    def custom_fields(self, structure: str) -> tuple[CustomField, ...]:
        """Return the custom fields of an entity itself, or of the rows or linked entities that one entity alone has.

        Those of a structure that many entities share are told by no document, but for each entity by a request.
        """
        if structure in self.endpoint.entities:
            return tuple(field for field in self.entity(structure).custom if not field.member)
        owners = {
            entity.name: members for entity in self.endpoint if (members := entity.members_of(structure))
        }
        if len(owners) != 1:
            return ()
        [(owner, members)] = owners.items()
        return tuple(field for field in self.entity(owner).custom if field.member in members)

    @property
    def known_custom(self) -> Mapping[str, tuple[CustomField, ...]]:
        """Return the custom fields of those entities whose were read so far, also by earlier runs; asks for none."""
        with self._lock:
            return dict(self._schema().custom)

    @property
    def store(self) -> SchemaStore | None:
        """Return where the copy is kept, None when none is."""
        return self._store

    @property
    def changes(self) -> Changes:
        """Return what the last reading found different from the one before; what came from the copy is unchanged."""
        self._schema()
        return self._changes

    def refresh(self) -> Endpoint:
        """Read the endpoint from the server again and forget all custom fields."""
        with self._lock:
            self._stored = self._read(self._stored)
            return self._stored.endpoint

    def _schema(self) -> StoredSchema:
        with self._lock:
            if self._stored is None:
                copy = self._store.load() if self._store and not self._rebuild else None
                if copy is not None and copy.age_hours < self._ttl_hours:
                    self._stored = copy
                    self._changes = Changes(unchanged=tuple(copy.endpoint.entities))
                else:
                    self._stored = self._read(copy)
            return self._stored

    def _read(self, before: StoredSchema | None) -> StoredSchema:
        stored = StoredSchema(self._read_endpoint(), {}, time.time())
        new = stored.endpoint
        self._changes = compare(before.endpoint, new) if before else Changes(added=tuple(new.entities))
        self._save(stored)
        return stored

    def _save(self, stored: StoredSchema) -> None:
        if self._store is not None:
            self._store.save(stored)

    def _read_endpoint(self) -> Endpoint:
        version = self._version or latest_version(self.list_endpoints(), self._name)
        company = f"?company={quote(self._tenant)}" if self._tenant else ""
        path = f"entity/{quote(self._name)}/{quote(version)}/swagger.json{company}"
        try:
            return read_endpoint(self._fetch(path))
        except AcumaticaNotFoundError as error:
            raise self._unknown_version(version) from error

    def _unknown_version(self, version: str) -> AcumaticaSchemaError:
        listed = [f"{row['name']}/{row['version']}" for row in self.list_endpoints()]
        wanted = f"{self._name}/{version}"
        return AcumaticaSchemaError(
            f"The server has no endpoint {wanted}.",
            suggestions=[f"choose one of {', '.join(nearest(wanted, listed) or listed)}"],
        )

    def list_endpoints(self) -> list[dict[str, str]]:
        """Return name and version of each endpoint that the server lists.

        Raises AcumaticaSchemaError when the answer is no such list. Old builds answer a bare array.
        """
        root = _parse(self._fetch("entity"))
        try:
            rows = root["endpoints"] if isinstance(root, Mapping) else root
            return [{"name": str(row["name"]), "version": str(row["version"])} for row in rows]
        except (TypeError, LookupError) as error:
            raise AcumaticaSchemaError(
                "The server's list of endpoints cannot be read; is the address that of Acumatica?"
            ) from error

    def _read_custom_fields(self, name: str) -> tuple[CustomField, ...] | None:
        """Return the custom fields; None when they cannot be told now, which some entities make the server say."""
        try:
            return read_custom_fields(_parse(self._fetch(f"{self.endpoint.path}/{name}/$adHocSchema")))
        except (AcumaticaServerError, AcumaticaNotFoundError, AcumaticaOfflineError) as error:
            if error.status_code in _UNAVAILABLE:  # else a frame would lack columns for want of a moment
                raise
            _log.warning("the custom fields of %s are unknown: %s", name, error.message)
            return None


def latest_version(endpoints: list[dict[str, str]], name: str) -> str:
    """Return the highest version of an endpoint, compared number by number; case does not count in the name.

    Raises AcumaticaSchemaError when there is none of that name.

    >>> latest_version([{"name": "Default", "version": "9.200.001"}, {"name": "Default", "version": "24.200.001"}],
    ...                "Default")
    '24.200.001'
    """
    versions = [row["version"] for row in endpoints if row["name"].lower() == name.lower()]
    if not versions:
        listed = sorted({row["name"] for row in endpoints})
        raise AcumaticaSchemaError(
            f"The server has no endpoint named {name!r}.",
            suggestions=[f"set endpoint_name to one of {', '.join(nearest(name, listed) or listed)}"],
        )
    return max(versions, key=lambda version: [int(part) for part in re.findall(r"\d+", version)])


def _parse(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise AcumaticaSchemaError(
            f"The server's answer is not JSON ({error}).",
            suggestions=["check that base_url leads to an Acumatica instance, virtual directory included"],
        ) from error
