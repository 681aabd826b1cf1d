"""The connection under a request, so that it can be cut in the middle of one."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

CONNECTION = "acudata.connection"
"""Where a scope holds the transport of its request."""


class Connection(H11Protocol):
    """Serves HTTP as uvicorn does, and hands the transport to the application."""

    def connection_made(self, transport: Any) -> None:
        """Begin to serve; each request sees the transport in its scope."""
        super().connection_made(transport)
        served = self.app

        async def serve(scope: Any, receive: Any, send: Any) -> None:
            await served({**scope, CONNECTION: transport}, receive, send)

        self.app = serve


class Severed(Response):
    """Is no answer at all: the connection ends."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - nothing is sent
        """Cut the connection and wait until it is gone."""
        transport: asyncio.Transport = scope[CONNECTION]
        transport.abort()
        while (await receive())["type"] != "http.disconnect":
            pass
