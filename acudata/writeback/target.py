"""What a plan needs of the service that carries it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from acudata.models import Record
from acudata.writeback.changes import Address
from acudata.writeback.identity import Mode
from acudata.writeback.plan import Aim

if TYPE_CHECKING:
    import pyarrow as pa


class Target(Protocol):
    """Reads and writes the records of one entity; `Service` is one."""

    @property
    def aim(self) -> Aim:
        """Return where records are written to."""

    @property
    def journals(self) -> Path:
        """Return the folder in which journals of plans are kept."""

    @property
    def progress(self) -> bool | None:
        """Return whether long work shows how far it is, as `acudata.progress.progress` takes it."""

    def landed_tenant(self) -> str | None:
        """Return the login name of the tenant that the session is really in, None where the server does not tell."""

    def server_time(self) -> str:
        """Return the server's time in ISO 8601, so that records made after it can be found."""

    def current(self, columns: Sequence[str], addresses: Sequence[Address]) -> pa.Table:
        """Return, with `id`, columns of those of the records that are there."""

    def lines(self, member: str, columns: Sequence[str], addresses: Sequence[Address]) -> pa.Table:
        """Return the lines that a detail array of records has: columns, the record's `id`, and `line.id`, in order."""

    def made_since(self, moment: str, columns: Sequence[str]) -> pa.Table | None:
        """Return the records created since a moment; None where the entity does not tell when."""

    def put(self, values: Mapping[str, Any], *, mode: Mode) -> Record:
        """Write one record, given by nested plain values, and return it as the server answers it."""

    def remove(self, id_: str) -> None:
        """Delete one record."""


class Writable(Protocol):
    """Is what plans can be carried out on: a service such as `client.customers`."""

    def as_target(self) -> Target:
        """Return the service as plans use it."""
