"""One request as the sandbox sees it, and one answer, both without any web framework."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from acudata.sandbox.envelopes import JSON, Fault


@dataclass(frozen=True, slots=True)
class Call:
    """Holds one request, read whole.

    `path` is decoded and begins below the instance. `parts` are what the route found in it, `query` the decoded
    options. Names of `headers` are lower-case. `origin` is scheme and host as the caller wrote them.
    """

    method: str
    path: str
    parts: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    origin: str = ""

    @property
    def has_length(self) -> bool:
        """Tell whether the caller said how long the body is, or sent it in chunks."""
        return "content-length" in self.headers or "transfer-encoding" in self.headers


@dataclass(frozen=True, slots=True)
class Answer:
    """Holds what goes back; `cookies` are whole Set-Cookie values, empty for those of any answer."""

    body: bytes = b""
    status: int = 200
    media_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: tuple[str, ...] = ()

    @classmethod
    def of(cls, fault: Fault) -> Answer:
        """Return the answer that a fault stands for."""
        return cls(fault.content, fault.status, fault.media_type, fault.headers)
