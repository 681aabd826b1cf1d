"""What can be done with one entity of a tenant: frames, records, files and actions."""

from __future__ import annotations

from acudata.services.actions import ActionResult, ActionTaking
from acudata.services.attachments import Attachment, FileKeeping
from acudata.services.base import Connection
from acudata.services.exports import Exporting
from acudata.services.inquiries import InquiryAnswering
from acudata.services.writing import FrameWriting

__all__ = ["ActionResult", "Attachment", "Connection", "Service"]


class Service(Exporting, InquiryAnswering, FrameWriting, FileKeeping, ActionTaking):
    """Reads and writes one entity; a client gives one for each, such as `client.customers`."""
