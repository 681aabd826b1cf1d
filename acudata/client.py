"""The client: one signed-in session, and a service for each entity of the tenant."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, Unpack

from pydantic import SecretStr

from acudata import statistics
from acudata.batch import BatchResult, Call, Progress, run_batch
from acudata.config import AcumaticaConfig, Settings
from acudata.looks.card import Card, card_html, card_text
from acudata.looks.clients import client_card, client_line
from acudata.models import Models
from acudata.registry import Registry
from acudata.schema.catalogue import Catalogue
from acudata.schema.store import SchemaStore
from acudata.services import Connection
from acudata.transport import Session
from acudata.transport.cache import clear_all

if TYPE_CHECKING:
    from datetime import timedelta
    from os import PathLike

    from acudata.exports.options import Incremental
    from acudata.exports.parquet import ParquetOptions
    from acudata.exports.reports import ExportReport
    from acudata.lake import ExportOptions
    from acudata.notebook.browser import Browser
    from acudata.scheduler import TaskScheduler


class AcumaticaClient(Registry):
    """Is the door to one tenant: signs in when it is made, and gives a service for each entity.

    `client.sales_orders`, `client.sales_order` and `client["SalesOrder"]` are the same service. Use it as a context
    manager, or call `close()`, so that the API seat is free again at once:

    >>> with AcumaticaClient() as client:                      # settings from .env or the environment
    ...     orders = client.sales_orders.to_frame("Status eq 'Open'", expand="Details")

    Settings are passed here, or as `config`, or stand in the environment or a `.env` file as `ACUMATICA_URL`,
    `ACUMATICA_USERNAME` and so on; what is passed wins over the environment, and that over the file. `env_file` names
    the file, `auto_load_env=False` keeps acudata from looking for one. `config` overrides all of them. The further
    settings, each explained at `AcumaticaConfig`: `branch`, `locale`, `cache_methods`, `cache_ttl_hours`, `cache_dir`,
    `force_rebuild`, `http_cache`, `offline`, `verify_ssl`, `persistent_login`, `retry_on_idle_logout`, `endpoint_name`,
    `endpoint_version`, `rate_limit_calls_per_second` (default 10), `shared_pace`, `max_concurrent_requests` (default
    2), `timeout` (seconds, default 60) and `progress`.

    `http_cache=True` keeps answers for an hour ("8h", "7d": for longer), so that a notebook that runs again asks for
    nothing. What one user is told is kept from all others; every write of this client drops it. `offline=True` takes
    kept answers alone, however old.

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
        **settings: Unpack[Settings],
    ) -> None:
        started = time.monotonic()
        sealed = SecretStr(password) if isinstance(password, str) else password
        password = None  # so that no frame of a traceback holds it open
        self.config = config or AcumaticaConfig.load(
            env_file=env_file,
            auto_load_env=auto_load_env,
            base_url=base_url,
            username=username,
            password=sealed,
            tenant=tenant,
            **settings,
        )
        self._session = Session(self.config)
        self._catalogue = self._make_catalogue()
        self.models = Models(self._catalogue)
        self._connection = Connection(self._session, self._catalogue, self.models, self.config.tenant)
        try:
            self._session.sign_in()
        except BaseException:
            self._session.close()  # a traceback that somebody keeps must not keep the seat
            raise
        self._startup_seconds = time.monotonic() - started

    def _make_catalogue(self) -> Catalogue:
        config, session = self.config, self._session
        is_offline = config.offline
        if config.force_rebuild and not is_offline:
            session.cache.clear(descriptions_only=True)
        # The schema's own copy is what says when the server is asked again; what it answers is kept for offline use.
        cache = False if config.cache_methods and not is_offline else None
        return Catalogue(
            lambda path: session.get(path, cache=cache).content,
            name=config.endpoint_name,
            version=config.endpoint_version,
            tenant=config.tenant,
            store=_store(config) if config.cache_methods else None,
            ttl_hours=math.inf if is_offline else config.cache_ttl_hours,
            rebuild=config.force_rebuild and not is_offline,
        )

    # What the tenant's schema and the answers are kept in.

    def refresh_schema(self) -> None:
        """Read the tenant's schema anew, for instance after a custom field was added."""
        if not self.config.offline:
            self._session.cache.clear(descriptions_only=True)
        self._catalogue.refresh()
        self._index = None
        self.models = Models(self._catalogue)
        self._connection = Connection(self._session, self._catalogue, self.models, self.config.tenant)

    def get_cache_stats(self) -> dict[str, Any]:
        """Return how far the schema's copy on disk spared work.

        `hits` is the number of entities whose description the copy already had, `misses` of those that were new or had
        changed; `age_hours` is the time since the server was asked, `size_bytes` what the copy takes on disk. Under
        `http` stands what `http_cache` keeps: how many answers there are, how often one was taken, and their bytes.
        """
        return {**statistics.cache_stats(self._catalogue), "http": self._session.cache.stats()}

    def clear_cache(self) -> int:
        """Remove acudata's own files from `cache_dir`, of all tenants and users, and nothing else; return how many."""
        self._session.cache.close()
        return _store(self.config).clear() + clear_all(self.config.cache_dir)

    def clear_http_cache(self) -> int:
        """Drop the answers that `http_cache` keeps for this client's user and tenant; return how many there were.

        For when something changed without this client: in the ERP, by another user, or by an action not waited for.
        """
        return self._session.cache.clear()

    def write_stubs(self, path: str | PathLike[str] = "typings", *, check: bool = False) -> list[str]:
        """Write `.pyi` files by which pyright, pylance and mypy know this tenant, and return what changed in them.

        >>> client.write_stubs("typings")  # doctest: +SKIP
        ['Customer.UsrRegion added']

        `path` is a folder of your project: pyright and pylance look into `typings` by themselves, mypy with
        `mypy_path = "typings"`. With `check` nothing is written. Custom fields cost a request for each entity.

        Raises AcumaticaValidationError for a folder of installed packages, and for files in the way.
        """
        from acudata.stubs import write_stubs

        index = self._attributes()
        free = {name: entity for name, entity in index.items() if name not in {*dir(type(self)), *vars(self)}}
        return write_stubs(self._catalogue, free, path, check=check)

    def browse(self) -> Browser:
        """Return a browser of everything that the tenant offers, for a notebook: search, look, copy a line of Python.

        >>> client.browse()  # doctest: +SKIP

        Typing asks the server for nothing; selecting reads the custom fields of that entity, a button its rows.

        Raises AcumaticaConfigError where ipywidgets is not installed.
        """
        from acudata.notebook.browser import Browser

        return Browser(self, self._catalogue)

    # What was done so far.

    def get_api_usage_stats(self) -> dict[str, Any]:
        """Return how many requests were sent, by method and place, how many failed, and what they took in seconds."""
        return statistics.usage_stats(self._session)

    def get_performance_stats(self) -> dict[str, Any]:
        """Return how long the start took, what the schema's copy spared, and the mean seconds of an answer."""
        cache = self.get_cache_stats()
        looked = cache["hits"] + cache["misses"]
        return {
            "startup_time": self._startup_seconds,
            "cache_enabled": cache["enabled"],
            "cache_hits": cache["hits"],
            "cache_misses": cache["misses"],
            "cache_hit_rate": cache["hits"] / looked if looked else 0.0,
            "service_count": len(self),
            "model_count": len(self.list_models()),
            "average_response_time": self._session.usage.average_seconds,
        }

    def get_connection_stats(self) -> dict[str, Any]:
        """Return how this client is connected: address, user, tenant and the settings of the session; no secret."""
        config = self.config
        names = (
            "base_url",
            "username",
            "tenant",
            "branch",
            "locale",
            "verify_ssl",
            "timeout",
            "persistent_login",
        )
        return {name: getattr(config, name) for name in names} | {
            "endpoint": f"{self._catalogue.endpoint.name}/{self._catalogue.endpoint.version}",
            "rate_limit": self.get_rate_limit_status(),
        }

    def get_rate_limit_status(self) -> dict[str, Any]:
        """Return this client's own limit, and how many seconds calls waited under it."""
        return statistics.rate_limit_status(self._session, self.config)

    def test_connection(self) -> dict[str, Any]:
        """Ask the server for its endpoints and return whether it answered, how fast, and its build or the error."""
        return statistics.connection_test(self._session)

    # Many entities, many calls.

    def export(
        self,
        entities: str | Iterable[str],
        path: str | PathLike[str],
        *,
        incremental: Incremental = False,
        deletes: Literal["keys"] | None = None,
        tombstones: bool = True,
        overlap: timedelta | None = None,
        parquet: ParquetOptions | None = None,
        filesystem: Any = None,
        storage_options: Mapping[str, Any] | None = None,
        **options: Unpack[ExportOptions],
    ) -> ExportReport:
        """Export entities with their detail rows into a folder of parquet tables, and report on each table.

        >>> report = client.export(["Customer", "SalesOrder"], "lake", incremental=True)  # doctest: +SKIP
        >>> print(report)  # doctest: +SKIP
        Customer: 300 rows (300 added)
        SalesOrder: 2,057 rows (2,057 added)
        SalesOrder.Details: 6,182 rows (2,057 added)
        ...

        Every table is a folder below `path`, of the entity's name, or `SalesOrder.Details` for a detail array; all of
        them have the record's `id`, on which they join. `incremental`, `deletes`, `tombstones` and `overlap` are those
        of `Service.to_parquet`; without them everything is read and replaces what was there. `children` is False for no
        detail rows, or names them: `{"SalesOrder": "Details"}`. `filters` and `select` are given by entity too. An
        entity that fails is reported and the others go on (`on_error="collect"`), or nothing further is read ("stop").

        Fields and detail rows that the server cannot list ("Optimization cannot be performed", such as a Payment's
        ApplicationHistory) are left out, which a NarrowedWarning and the report's `left_out` tell; they are an error
        where `children` or `select` names them. `on_unoptimised` says it for all: "narrow" leaves them out, "raise"
        fails, "by_key" reads each record of such an entity by itself, at the cost of a request for each.

        An export that was killed goes on where it was when it is called again with the same arguments within twelve
        hours: entities that it had stored are not read again. No table is ever seen half written.

        Raises AcumaticaUnknownNameError for an entity that does not exist, before anything is read, and
        AcumaticaConcurrencyError while another export runs into the same folder.
        """
        from acudata.exports.options import SyncOptions
        from acudata.exports.places import Place
        from acudata.lake import Lake, entities_of
        from acudata.services.syncing import Syncing

        known = {**self._attributes(), **{entity: entity for entity in self._catalogue.endpoint.entities}}
        services = [Syncing(entity, self._connection) for entity in entities_of(entities, known)]
        sync = SyncOptions.of(
            incremental, deletes=deletes, tombstones=tombstones, overlap=overlap, parquet=parquet
        )
        place = Place.of(path, filesystem=filesystem, storage_options=storage_options)
        return Lake.of(place, sync, options).fill(services)

    def batch(
        self,
        calls: Iterable[Call],
        *,
        max_concurrent: int = 2,
        on_error: Literal["collect", "stop"] = "collect",
        progress: Progress | bool | None = None,
    ) -> BatchResult:
        """Make many calls in this one session and return an outcome for each, in their order.

        >>> keys = ["C000000001", "C000000002"]
        >>> result = client.batch([(client.customers.get_by_id, key) for key in keys])
        >>> [record.CustomerID for record in result.values]
        ['C000000001', 'C000000002']

        `max_concurrent` calls run at a time, with `max_concurrent_requests` requests under way between them: a licence
        serves few at once, and others only wait there. `on_error` says whether errors are collected or end the batch;
        `progress` gets the number of calls ended, and of all, or says whether a bar is shown; None leaves that to the
        setting of this name.
        """
        shown = self.config.progress if progress is None else progress
        return run_batch(calls, max_concurrent=max_concurrent, on_error=on_error, progress=shown)

    @property
    def scheduler(self) -> TaskScheduler:
        """Return what runs functions again and again in the background, until the client is closed.

        >>> task_id = client.scheduler.schedule_task(sync_customers, interval_seconds=300)  # doctest: +SKIP
        """
        from acudata.scheduler import TaskScheduler

        scheduler: TaskScheduler = vars(self).setdefault("_scheduler", TaskScheduler())  # one for all threads
        return scheduler

    # The session.

    def close(self) -> None:
        """Stop all tasks, sign out and free the API seat; closing twice is harmless."""
        try:
            self.scheduler.close()
        finally:
            self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return client_line(vars(self).get("config"))

    def __str__(self) -> str:
        return card_text(self._card())

    def _repr_html_(self) -> str:
        return card_html(self._card())

    def _card(self) -> Card:
        """Return what there is to see, without a request, also of a client whose sign-in failed."""
        if "_session" not in vars(self) or "_catalogue" not in vars(self):
            return client_card(None, None)
        known = self._catalogue.known
        return client_card(self.config, known.endpoint if known else None, requests=self._session.usage.calls)


def _store(config: AcumaticaConfig) -> SchemaStore:
    return SchemaStore(config.cache_dir, config.identity)
