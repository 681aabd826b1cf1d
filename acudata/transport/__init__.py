"""Bytes in, bytes out: sign-in, seats, pace, retries and errors of one instance; it knows no entity."""

from acudata.transport.exchange import Reply
from acudata.transport.session import Session

__all__ = ["Reply", "Session"]
