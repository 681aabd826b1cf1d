"""The client: one signed-in session, and a service for each entity of the tenant."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from acudata.config import AcumaticaConfig
from acudata.errors import AcumaticaUnknownNameError
from acudata.models import Models
from acudata.naming import attribute_index, nearest, plural_attribute
from acudata.schema.catalogue import Catalogue
from acudata.schema.store import SchemaStore
from acudata.services import Connection, Service
from acudata.transport import Session


class AcumaticaClient:
    """Is the door to one tenant: signs in when it is made, and gives a service for each entity.

    `client.sales_orders`, `client.sales_order` and `client["SalesOrder"]` are the same service. Use it as a context
    manager, or call `close()`, so that the API seat is free again at once:

    >>> with AcumaticaClient() as client:                      # settings from .env or the environment
    ...     orders = client.sales_orders.to_frame("Status eq 'Open'", expand="Details")

    Settings are passed here, or as `config`, or stand in the environment or a `.env` file under the names that
    `AcumaticaConfig` tells; what is passed wins over the environment, and that over the file. `env_file` names the
    file, `auto_load_env=False` keeps acudata from looking for one. `config` overrides all of them.

    Raises AcumaticaConfigError when settings are missing, AcumaticaAuthError when the sign-in is refused.
    """

    def __init__(
        self,
        base_url: str | None = None,
        username: str | None = None,
        password: str | None = None,
        tenant: str | None = None,
        *,
        config: AcumaticaConfig | None = None,
        env_file: str | Path | None = None,
        auto_load_env: bool = True,
        **settings: Any,
    ) -> None:
        self.config = config or AcumaticaConfig.load(
            env_file=env_file,
            auto_load_env=auto_load_env,
            base_url=base_url,
            username=username,
            password=password,
            tenant=tenant,
            **settings,
        )
        self._session = Session(self.config)
        self._catalogue = self._make_catalogue()
        self.models = Models(self._catalogue)
        self._connection = Connection(self._session, self._catalogue, self.models, self.config.tenant)
        self._index: dict[str, str] | None = None
        self._session.sign_in()

    def _make_catalogue(self) -> Catalogue:
        config, session = self.config, self._session
        return Catalogue(
            lambda path: session.get(path).content,
            name=config.endpoint_name,
            version=config.endpoint_version,
            tenant=config.tenant,
            store=_store(config) if config.cache_methods else None,
            ttl_hours=config.cache_ttl_hours,
            rebuild=config.force_rebuild,
        )

    # The registry of services: one look-up behind attributes, brackets, dir(), in, len() and iteration.

    def __getattr__(self, name: str) -> Service:
        if name.startswith("_"):
            raise AttributeError(name)
        index = self._attributes()
        if name in index:
            return self[index[name]]
        raise AcumaticaUnknownNameError(
            f"There is no service {name!r}.", suggestions=[plural_attribute(n) for n in self._near(name)]
        )

    def __getitem__(self, entity: str) -> Service:
        if entity in self:
            return Service(entity, self._connection)
        raise AcumaticaUnknownNameError(f"There is no entity {entity!r}.", suggestions=self._near(entity))

    def __contains__(self, entity: object) -> bool:
        return entity in self._catalogue.endpoint.entities

    def __iter__(self) -> Iterator[Service]:
        return (self[entity] for entity in self._catalogue.endpoint.entities)

    def __len__(self) -> int:
        return len(self._catalogue.endpoint.entities)

    def __dir__(self) -> list[str]:
        return [
            *super().__dir__(),
            *(plural_attribute(entity) for entity in self._catalogue.endpoint.entities),
        ]

    def _ipython_key_completions_(self) -> list[str]:
        return self.list_services()

    def _attributes(self) -> dict[str, str]:
        if self._index is None:
            self._index = attribute_index(self._catalogue.endpoint.entities)
        return self._index

    def _near(self, name: str) -> list[str]:
        index = {**{entity: entity for entity in self._catalogue.endpoint.entities}, **self._attributes()}
        return list(dict.fromkeys(index[near] for near in nearest(name, index)))

    # What the tenant offers.

    def list_services(self) -> list[str]:
        """Return the names of all entities, sorted."""
        return sorted(self._catalogue.endpoint.entities)

    def list_models(self) -> list[str]:
        """Return the names of all models: entities, and the rows and linked entities in them."""
        return sorted(self._catalogue.endpoint.structures)

    def list_endpoints(self) -> list[dict[str, str]]:
        """Return name and version of each endpoint that the server offers."""
        return self._catalogue.list_endpoints()

    def refresh_schema(self) -> None:
        """Read the tenant's schema anew, for instance after a custom field was added."""
        self._catalogue.refresh()
        self._index = None
        self.models = Models(self._catalogue)
        self._connection = Connection(self._session, self._catalogue, self.models, self.config.tenant)

    # The session.

    def close(self) -> None:
        """Sign out and free the API seat; closing twice is harmless."""
        self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        config = self.config
        return f"<AcumaticaClient {config.username}@{config.tenant or 'default tenant'} {config.base_url}>"


def _store(config: AcumaticaConfig) -> SchemaStore:
    identity = (
        config.base_url,
        config.tenant,
        config.username,
        config.branch,
        config.locale,
        config.endpoint_name,
        config.endpoint_version,
    )
    return SchemaStore(config.cache_dir, identity)
