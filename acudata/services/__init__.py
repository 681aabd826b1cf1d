"""What can be done with one entity of a tenant: read it into frames and files, read, write and delete records."""

from __future__ import annotations

from acudata.services.base import Connection
from acudata.services.frames import FrameReading
from acudata.services.records import RecordKeeping

__all__ = ["Connection", "Service"]


class Service(FrameReading, RecordKeeping):
    """Reads and writes one entity; a client gives one for each, such as `client.customers`."""

    def __repr__(self) -> str:
        return f"<acudata.Service {self.name}>"
