"""What there is to see of a client: where it is, as whom, and what it knows so far; no secret."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from acudata.looks.card import Card, Fact, Word, listed
from acudata.looks.schema import MOST
from acudata.looks.text import visible
from acudata.naming import plural_attribute

if TYPE_CHECKING:
    from acudata.config import AcumaticaConfig
    from acudata.schema import Endpoint


def client_line(config: AcumaticaConfig | None) -> str:
    """Return in one line who a client is; one without settings was never finished."""
    if config is None:
        return "<AcumaticaClient, not connected>"
    return visible(f"<AcumaticaClient {_whom(config)} {config.base_url}>")


def client_card(config: AcumaticaConfig | None, endpoint: Endpoint | None, *, requests: int = 0) -> Card:
    """Return what is known of a client; `endpoint` is None until a name of the schema was needed."""
    if config is None:
        return Card("AcumaticaClient, not connected")
    return Card(
        f"AcumaticaClient {_whom(config)}",
        list(_facts(config, endpoint, requests)),
        "client.customers.to_frame(top=10)" if endpoint is None or "Customer" in endpoint.entities else "",
    )


def _facts(config: AcumaticaConfig, endpoint: Endpoint | None, requests: int) -> Iterator[Fact]:
    yield Fact("address", text=config.base_url)
    named = f"{config.endpoint_name}/{config.endpoint_version or 'latest'}"
    yield Fact("endpoint", text=named if endpoint is None else f"{endpoint.name}/{endpoint.version}")
    if endpoint is None:
        yield Fact("services", text="not read yet; one request when the first is needed")
    else:
        names = (Word(plural_attribute(entity)) for entity in sorted(endpoint.entities))
        yield listed("services", names, MOST)
    yield Fact("requests", text=f"{requests:,} sent")
    if config.offline:
        yield Fact("offline", text="kept answers alone, however old")
    elif config.http_cache:
        yield Fact("answers", text="kept; df.attrs['cache_age'] tells the age of a frame in seconds")


def _whom(config: AcumaticaConfig) -> str:
    return f"{config.username}@{config.tenant or 'default tenant'}"
