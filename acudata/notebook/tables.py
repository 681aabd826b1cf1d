"""What a tenant offers and how it is connected, as frames."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from acudata.discovery import search
from acudata.naming import plural_attribute

if TYPE_CHECKING:
    import pandas as pd

    from acudata.client import AcumaticaClient


def status_table(client: AcumaticaClient) -> pd.DataFrame:
    """Return where the client is signed in, as whom, and what it asked so far; no secret."""
    import pandas as pd

    told = client.get_connection_stats()
    names = ("base_url", "tenant", "branch", "username", "endpoint")
    facts = {name: told[name] for name in names if told[name] is not None}
    facts |= {"services": len(client), "requests": client.get_api_usage_stats()["total_requests"]}
    return pd.DataFrame({"value": {name: str(fact) for name, fact in facts.items()}})


def services_table(client: AcumaticaClient, pattern: str | None = None) -> pd.DataFrame:
    """Return the services whose names fit a pattern, with attribute, form and keys; no entity is asked for."""
    import pandas as pd

    entities = client.endpoint.entities
    rows = [
        [
            name,
            plural_attribute(name),
            entities[name].title,
            entities[name].screen,
            ", ".join(entities[name].keys),
        ]
        for name in matching(sorted(entities), pattern)
    ]
    return _with_empty_text(pd.DataFrame(rows, columns=["name", "attribute", "title", "screen", "keys"]))


def fields_table(client: AcumaticaClient, service: str, pattern: str | None = None) -> pd.DataFrame:
    """Return the fields and members of a service, the tenant's own included, with kind and Arrow type."""
    import pandas as pd

    name = client[service].name
    fields = client.get_model_info(name)["fields"]
    columns = ["kind", "arrow", "custom", "view", "model"]
    rows = [[field, *map(fields[field].get, columns)] for field in matching(fields, pattern)]
    frame = pd.DataFrame(rows, columns=["field", *columns])
    return _with_empty_text(frame.assign(custom=frame["custom"].eq(True)))  # noqa: FBT003 - missing for members


def _with_empty_text(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame of texts in which what is missing is empty, not None here and NaN there."""
    return frame.where(frame.notna(), "")


def matching(names: Iterable[str], pattern: str | None) -> list[str]:
    """Return the names that hold every word of a pattern, or fit one with wildcards.

    >>> matching(["SalesOrder", "Customer"], "order"), matching(["UsrTier", "Status"], "usr*")
    (['SalesOrder'], ['UsrTier'])
    """
    if pattern is None:
        return list(names)
    if any(sign in pattern for sign in "*?["):
        return [name for name in names if fnmatchcase(name.lower(), pattern.lower())]
    return search(names, pattern)
