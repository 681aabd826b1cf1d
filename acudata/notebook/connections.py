"""The one connection of a notebook: made, exchanged, and ended with the kernel."""

from __future__ import annotations

import atexit
from contextlib import ExitStack
from typing import TYPE_CHECKING

from acudata.errors import AcumaticaConfigError
from acudata.notebook.variables import Variables

if TYPE_CHECKING:
    from acudata.client import AcumaticaClient

VARIABLE = "client"
"""The name under which a notebook's own client is looked for."""


class Connections:
    """Holds the client that `%acu` works with, and the sandbox behind it if there is one."""

    def __init__(self) -> None:
        self._client: AcumaticaClient | None = None
        self._kept = ExitStack()
        atexit.register(self.close)

    def connect(self, env_file: str | None, *, demo: bool = False) -> AcumaticaClient:
        """Sign in and return the client; the one before is signed out first, since seats are scarce."""
        from acudata.client import AcumaticaClient
        from acudata.lab import shared_company

        self.close()
        opened = shared_company() if demo else AcumaticaClient(env_file=env_file)
        self._client = self._kept.enter_context(opened)
        return self._client

    def client(self, known: Variables) -> AcumaticaClient:
        """Return the client that was signed in here, else the one that the notebook has in `client`.

        Raises AcumaticaConfigError where there is neither.
        """
        from acudata.client import AcumaticaClient

        if self._client is not None:
            return self._client
        own = known.get(VARIABLE)
        if isinstance(own, AcumaticaClient):
            return own
        raise AcumaticaConfigError(
            "%acu is not connected.",
            suggestions=["%acu connect", "%acu connect --demo, which needs no ERP"],
        )

    def close(self) -> None:
        """Sign out and end the sandbox; closing twice is harmless."""
        self._client = None
        self._kept.close()

    def end(self) -> None:
        """Close for good."""
        self.close()
        atexit.unregister(self.close)
