"""What is known of stored data: columns, origin, counts, and every file with its hash."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from acudata.errors import AcumaticaSchemaError
from acudata.exports.drift import SchemaDrift

if TYPE_CHECKING:
    import pyarrow as pa

FORMAT = 1

_DECIMAL = re.compile(r"decimal128\((\d+), (\d+)\)")
_ZONED = re.compile(r"timestamp\[(\w+), tz=(.+)\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """Describes one parquet file: its path in the folder, its partition, and what it holds.

    `partition` maps the columns that stand in the path to their values as text, None where the value is missing.
    """

    path: str
    rows: int
    bytes: int
    sha256: str
    partition: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """Names what is left to do of a change that is decided: files to delete, and files to move to their names."""

    deletes: tuple[str, ...] = ()
    moves: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.deletes or self.moves)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Describes one stored table, as JSON beside its files.

    `columns` maps names to Arrow types. `origin` tells what was read: entity, endpoint, tenant, address, filter, time.
    `records` is the number of the entity's records where rows are lines of them, `watermark` the instant up to which
    the data are known to be complete, `state` what an incremental run wants to find again.
    """

    columns: Mapping[str, str]
    files: tuple[StoredFile, ...] = ()
    partition_by: tuple[str, ...] = ()
    origin: Mapping[str, Any] = field(default_factory=dict)
    records: int | None = None
    watermark: str | None = None
    state: Mapping[str, Any] = field(default_factory=dict)
    written_at: str = field(default_factory=lambda: dt.datetime.now(dt.UTC).isoformat(timespec="seconds"))
    pending: Pending | None = None

    @property
    def rows(self) -> int:
        """Return the number of rows in all files."""
        return sum(file.rows for file in self.files)

    @property
    def size(self) -> int:
        """Return the size of all files in bytes."""
        return sum(file.bytes for file in self.files)

    @property
    def fingerprint(self) -> str:
        """Return a hash of the columns and their types, whatever their order."""
        return hashlib.sha256(json.dumps(sorted(self.columns.items())).encode()).hexdigest()

    @property
    def schema(self) -> pa.Schema:
        """Return the columns as an Arrow schema, those that stand in paths included."""
        import pyarrow as pa

        return pa.schema([(name, _arrow_type(kind)) for name, kind in self.columns.items()])

    def drift(self, schema: pa.Schema) -> SchemaDrift:
        """Return what other columns or types a schema has."""
        return SchemaDrift.between(self.columns, columns_of(schema))

    def to_json(self) -> str:
        """Return the manifest as JSON text, with the counts and the fingerprint that follow from it."""
        plain = {key: value for key, value in dataclasses.asdict(self).items() if value is not None}
        derived = {"rows": self.rows, "bytes": self.size, "fingerprint": self.fingerprint}
        return json.dumps({"format": FORMAT, **derived, **plain}, indent=1, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str | bytes) -> Manifest:
        """Return the manifest of a JSON text.

        Raises AcumaticaSchemaError when it is none, or one of a later format.
        """
        try:
            facts = json.loads(text)
            if facts["format"] > FORMAT:
                raise AcumaticaSchemaError(
                    f"The manifest is of format {facts['format']}; this version reads {FORMAT}.",
                    suggestions=["use the version of acudata that wrote it, or a later one"],
                )
            return cls(**_own(facts))
        except (ValueError, KeyError, TypeError) as error:
            if isinstance(error, AcumaticaSchemaError):
                raise
            raise AcumaticaSchemaError(f"The manifest cannot be read: {error!r}.") from error


def columns_of(schema: pa.Schema) -> dict[str, str]:
    """Return the names and types of a schema as text."""
    return {field.name: str(field.type) for field in schema}


def _own(facts: dict[str, Any]) -> dict[str, Any]:
    """Return what the class itself holds; counts and fingerprint follow from it."""
    known = {field.name for field in dataclasses.fields(Manifest)}
    own = {key: value for key, value in facts.items() if key in known}
    own["files"] = tuple(StoredFile(**file) for file in own["files"])
    own["partition_by"] = tuple(own["partition_by"])
    if pending := own.get("pending"):
        own["pending"] = Pending(deletes=tuple(pending["deletes"]), moves=pending["moves"])
    return own


def _arrow_type(text: str) -> pa.DataType:
    import pyarrow as pa

    if match := _DECIMAL.fullmatch(text):
        return pa.decimal128(*map(int, match.groups()))
    if match := _ZONED.fullmatch(text):
        return pa.timestamp(match[1], tz=match[2])
    return pa.type_for_alias(text)
