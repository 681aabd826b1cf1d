"""One exchange with the server: what is asked, and what it replies."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pydantic import SecretBytes

from acudata.errors import AcumaticaServerError

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Ask:
    """Holds one request; `path` is what messages and logs show of it, `what` a better name for it if it has one.

    `timeout` is in seconds. `cache` and `keep_empty` are those of `Session.get`.
    """

    method: str
    url: str = field(repr=False)
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | SecretBytes | None = field(default=None, repr=False)
    timeout: float = 60
    what: str = ""
    cache: bool | None = None
    keep_empty: bool = False

    def __str__(self) -> str:
        return self.what or f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class Reply:
    """Holds one answer of the server; `elapsed` is in seconds, `headers` ignores the case of names.

    `age` is the number of seconds since a kept answer was asked for; one that comes from the server has none.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)
    elapsed: float
    url: str
    age: float | None = None

    @property
    def ok(self) -> bool:
        """Return whether the status tells success."""
        return 200 <= self.status < 300

    def json(self) -> Any:
        """Return the body as JSON, numbers with a fraction as exact decimals.

        Raises:
            AcumaticaServerError: the body is empty or no JSON. (Acumatica: some filters get 200 and no body.)
        """
        try:
            return json.loads(self.content, parse_float=Decimal)
        except (ValueError, RecursionError):
            what = "something that is not JSON" if self.content.strip() else "an empty body"
        raise AcumaticaServerError(f"The server answered {what}.", status_code=self.status)

    def record(self) -> dict[str, Any]:
        """Return the body as the JSON object that it has to be.

        Raises:
            AcumaticaServerError: it is none.
        """
        body = self.json()
        if isinstance(body, dict):
            return body
        raise AcumaticaServerError("The server answered no JSON object.", status_code=self.status)
