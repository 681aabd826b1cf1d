"""The sandbox as a server in a thread of this process."""

from __future__ import annotations

import errno
import json
import os
import socket
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from acudata.sandbox.building import Blueprint
from acudata.sandbox.records import Scalar
from acudata.sandbox.settings import SandboxSettings
from acudata.sandbox.store import Table
from acudata.sandbox.traffic import After, Arrival, Before, Hook, Traffic

if TYPE_CHECKING:
    from uvicorn import Server

TENANTS = ("U100", "T100")
PORTS = range(2**16)
KEEP_ALIVE = 120
"""Seconds that an idle connection stays open, as IIS keeps it."""


class Sandbox:
    """Serves an imitation of an Acumatica instance on loopback.

    Use it in a ``with`` block; `url` is known as soon as the block is entered.

    Args:
        scale: size of the company: 1 is about 300 customers and 2,000 orders.
        seed: another seed is another company.
        port: TCP port; 0 takes a free one.
        schema: file with the endpoint document of a real instance, to be served with generated rows.
        tenants: login names; the first is the default tenant.
        seats: sessions that may be signed in at a time.
        settings: everything else that can be switched.
        clock: returns the seconds by which sessions age.

    Raises:
        ValueError: for a scale, port, number of seats or list of tenants that cannot be, and for a schema that is
            no endpoint document.

    Example:
        >>> with Sandbox() as box:
        ...     box.url.endswith("/AcumaticaERP"), box.tenant
        (True, 'U100')
    """

    def __init__(
        self,
        *,
        scale: int = 1,
        seed: int = 0,
        port: int = 0,
        schema: str | Path | None = None,
        tenants: Sequence[str] = TENANTS,
        seats: int = 10,
        settings: SandboxSettings | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if port not in PORTS:
            raise ValueError(f"port is {port!r}; it is a number up to {PORTS[-1]}, and 0 takes a free port.")
        self.settings = settings or SandboxSettings()
        self.instance = Blueprint(
            settings=self.settings,
            tenants=tenants,
            seats=seats,
            scale=scale,
            seed=seed,
            schema=schema,
            clock=clock,
        ).build()
        self.tenants = tuple(tenants)
        self._traffic = Traffic()
        self._port = port
        self._server: Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Return the address of the instance, its virtual directory included."""
        return f"http://127.0.0.1:{self._port}{self.settings.instance_path}"

    @property
    def username(self) -> str:
        """Return the first user."""
        return next(iter(self.settings.users))

    @property
    def password(self) -> str:
        """Return the password of the first user."""
        return self.settings.users[self.username]

    @property
    def tenant(self) -> str:
        """Return the login name of the default tenant."""
        return self.tenants[0]

    @property
    def requests(self) -> list[Arrival]:
        """Return the latest requests, in the order of their arrival."""
        return list(self._traffic.arrivals)

    def before(
        self, act: Before, path: str = "*", *, method: str = "", number: int | None = None
    ) -> Callable[[], None]:
        """Let something happen whenever a request arrives, before the instance answers it.

        Args:
            act: gets the request; None lets the instance answer, an `Answer` or a raised `Fault` goes back instead,
                and `cut` breaks the connection.
            path: pattern, as of `fnmatch`, that the path below the instance fits, such as "*/Customer*".
            method: GET, PUT, POST or DELETE; "" for any.
            number: which of these requests is meant, counted from 1 since now; None means all.

        Returns:
            A function that takes the hook away again.

        Example:
            >>> box.before(lambda call: box.delete("Customer", "C000000001"), "*/Customer", number=2)  # doctest: +SKIP
        """
        return self._traffic.set(Hook(act, path, method, number, is_after=False))

    def after(
        self, act: After, path: str = "*", *, method: str = "", number: int | None = None
    ) -> Callable[[], None]:
        """Let something happen when a request was carried out, before its answer goes back; the rest as `before`.

        >>> box.after(cut, "*/Customer", method="PUT", number=3)  # stored, but the answer is lost  # doctest: +SKIP
        """
        return self._traffic.set(Hook(act, path, method, number, is_after=True))

    def recycle(self) -> None:
        """End all sessions and long operations, as a restart of the site does; what is stored stays."""
        self.instance.recycle()

    def occupy(self) -> Callable[[], None]:
        """Take every free seat for somebody else; return what frees them again."""
        return self.instance.signin.occupy()

    def table(self, entity: str, *, tenant: str = "") -> Table:
        """Return the records of an entity, to be looked at or changed without HTTP, rules and stamps."""
        return self.instance.tenant(tenant or self.tenant).store.table(entity)

    def put(self, entity: str, *, tenant: str = "", **values: Scalar) -> None:
        """Insert or update a record as a PUT of these fields does; raise a `Fault` where that is refused."""
        body = json.dumps({name: {"value": value} for name, value in values.items()}).encode()
        self.instance.tenant(tenant or self.tenant).newest.editor.put(entity, body, {}, {})

    def delete(self, entity: str, place: str, *, tenant: str = "") -> None:
        """Delete the record at a place, keys between `/` or an id; raise a `Fault` when there is none."""
        self.instance.tenant(tenant or self.tenant).newest.editor.delete(entity, place)

    def start(self) -> None:
        """Begin to serve; return as soon as requests are taken."""
        listener = _listen(self._port)
        self._port = listener.getsockname()[1]
        self._server = self._make_server()
        self._thread = threading.Thread(
            target=_serve, args=[self._server, listener], name="acudata-sandbox", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Stop serving and free the port; without effect when not started."""
        if self._server and self._thread:
            self._server.should_exit = True
            self._thread.join()
            self._server = self._thread = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"Sandbox({self.url!r}, tenants={self.tenants!r})"

    def _make_server(self) -> Server:
        from uvicorn import Config, Server

        from acudata.sandbox.application import application
        from acudata.sandbox.connection import Connection

        config = Config(
            application(self.instance, self._traffic),
            http=Connection,
            ws="none",
            lifespan="off",
            loop="asyncio",
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=KEEP_ALIVE,
            timeout_graceful_shutdown=2,
        )
        return Server(config)


def _serve(server: Server, listener: socket.socket) -> None:
    with listener:  # uvicorn leaves it open when it is stopped before it is up
        server.run([listener])


def _listen(port: int) -> socket.socket:
    # asyncio spares each answer the 40 ms of a delayed ACK on sockets that name their protocol, and on no others.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        running = "; a sandbox may be running there already" if error.errno == errno.EADDRINUSE else ""
        message = (
            f"The sandbox cannot listen on port {port}: {error.strerror}{running}. Port 0 takes a free one."
        )
        raise OSError(error.errno, message) from error
    return listener
