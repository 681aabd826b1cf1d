"""Keeps the schema of a tenant on disk as JSON, so that the next start needs no request and parses no swagger.

The file of a tenant, user and endpoint is named by a hash of them. Its first line tells the format and a checksum of
the second, which is the schema. Whatever else stands in its place (half a file, a wrong byte, an older format, a folder
without rights) counts as no copy at all; nothing in it is ever executed.
"""

from __future__ import annotations

import hashlib
import json
import logging
import math
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from acudata.replacement import replacing
from acudata.schema.endpoint import CustomField, Endpoint, Entity, Structure

FORMAT = 2
_OWN_NAME = re.compile(r"schema-[0-9a-f]{32}\.json")

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class StoredSchema:
    """Holds an endpoint and those custom fields that were read so far, with the time of reading in epoch seconds."""

    endpoint: Endpoint
    custom: dict[str, tuple[CustomField, ...]]
    read_at: float

    @property
    def age_hours(self) -> float:
        """Return the hours since the server was asked; infinite for a copy that comes from the future."""
        age = (time.time() - self.read_at) / 3600
        return age if age >= 0 else math.inf


class SchemaStore:
    """Keeps one schema in one file of `directory`; `identity` says whose it is: address, tenant, user, endpoint."""

    def __init__(self, directory: Path, identity: Iterable[str | None]) -> None:
        digest = hashlib.sha256(json.dumps(list(identity)).encode()).hexdigest()
        self.path = directory / f"schema-{digest[:32]}.json"  # as in _OWN_NAME

    def load(self) -> StoredSchema | None:
        """Return the copy, however old, unless there is none or it cannot be read."""
        try:
            header, _, schema = self.path.read_text(encoding="utf-8").partition("\n")
            _check(json.loads(header), schema)
            return _from_json(json.loads(schema))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            _log.info("the schema's copy %s is of no use: %s", self.path, error)
            return None

    def save(self, stored: StoredSchema) -> None:
        """Write the copy; a folder that cannot be written to only costs the next start its speed."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            schema = json.dumps(_to_json(stored))
            header = json.dumps({"format": FORMAT, "sha256": _checksum(schema)})
            with replacing(self.path) as temporary:
                temporary.chmod(0o600)
                temporary.write_text(f"{header}\n{schema}", encoding="utf-8")
        except OSError as error:
            _log.warning("the schema's copy could not be written: %s", error)

    @property
    def size(self) -> int:
        """Return the bytes of the copy on disk, 0 without one."""
        return self.path.stat().st_size if self.path.is_file() else 0

    def clear(self) -> int:
        """Remove the copies of all tenants in the folder, and nothing else; return how many there were."""
        named_so = (path for path in self.path.parent.glob("schema-*.json") if _OWN_NAME.fullmatch(path.name))
        found = [path for path in named_so if path.is_file()]
        for path in found:
            path.unlink(missing_ok=True)
        return len(found)


def _check(header: Mapping[str, Any], schema: str) -> None:
    if header["format"] != FORMAT:
        raise ValueError(f"format {header['format']!r} instead of {FORMAT}")
    if header["sha256"] != _checksum(schema):
        raise ValueError("it was changed or cut off")


def _checksum(schema: str) -> str:
    return hashlib.sha256(schema.encode()).hexdigest()


def _to_json(stored: StoredSchema) -> dict[str, Any]:
    return {
        "read_at": stored.read_at,
        "name": stored.endpoint.name,
        "version": stored.endpoint.version,
        "entities": {
            entity.name: [entity.screen, entity.title, sorted(entity.methods), entity.actions]
            for entity in stored.endpoint
        },
        "structures": {
            name: [structure.fields, structure.linked, structure.details]
            for name, structure in stored.endpoint.structures.items()
        },
        "custom": {entity: [asdict(field) for field in fields] for entity, fields in stored.custom.items()},
    }


def _from_json(root: Mapping[str, Any]) -> StoredSchema:
    structures = {name: Structure(name, *members) for name, members in root["structures"].items()}
    entities = {
        name: Entity(name, structures[name], screen, title, frozenset(methods), actions)
        for name, (screen, title, methods, actions) in root["entities"].items()
    }
    custom = {
        name: tuple(CustomField(**field) for field in fields) for name, fields in root["custom"].items()
    }
    endpoint = Endpoint(root["name"], root["version"], entities=entities, structures=structures)
    return StoredSchema(endpoint, custom, float(root["read_at"]))
