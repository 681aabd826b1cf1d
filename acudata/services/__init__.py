"""What can be done with one entity of a tenant: frames, records, files and actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acudata.services.actions import ActionResult, ActionTaking
from acudata.services.attachments import Attachment, FileKeeping
from acudata.services.base import Connection
from acudata.services.exports import Exporting
from acudata.services.fields import EntityFields
from acudata.services.frames import FrameReading
from acudata.services.inquiries import InquiryAnswering
from acudata.services.story import Story, Told
from acudata.services.writing import FrameWriting

__all__ = ["ActionResult", "Attachment", "Connection", "Service"]


class Service(Exporting, InquiryAnswering, FrameWriting, FileKeeping, ActionTaking):
    """Reads and writes one entity; a client gives one for each, such as `client.customers`."""

    if not TYPE_CHECKING:  # checkers see docstring and method as they are written
        __doc__ = Story(__doc__)
        to_frame = Told(FrameReading.to_frame)

    @property
    def F(self) -> EntityFields:  # noqa: N802 - as `acudata.F`, which knows no names
        """Return the fields of the entity, for filters: after `F = client.customers.F`, `F.<Tab>` lists them."""
        return EntityFields(self._endpoint, self.entity)
