"""What every part of a service builds on: the entity, its address, its questions and its pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from acudata.config import AcumaticaConfig
from acudata.errors import AcumaticaUnknownNameError
from acudata.filters import Filter
from acudata.looks.card import Card, card_html, card_text
from acudata.looks.schema import service_card
from acudata.models import Models, Record
from acudata.naming import nearest, plural_attribute
from acudata.paging import FIRST, Course, Fetch, Pages, PageSize, changes_of, key_order, keys_of
from acudata.progress import progress as bar
from acudata.queries import Query, make_query
from acudata.questions import Custom, Names, Question, check_number
from acudata.schema import Endpoint, Entity
from acudata.schema.catalogue import Catalogue
from acudata.services.lists import Lists
from acudata.transport import Session
from acudata.transport.exchange import Reply

_MEANT = {
    "columns": ("F", "entity"),
    "fields": ("F", "entity"),
    "get": ("get_by_keys", "get_by_id", "get_list"),
    "schema": ("entity",),
}
"""What those look for who come from other libraries, where no spelling leads to it."""


@dataclass(frozen=True, slots=True)
class Connection:
    """Holds what all services of a client share."""

    session: Session
    catalogue: Catalogue
    models: Models
    tenant: str | None


class EntityService:
    """Knows one entity and where it is; the verbs are in the classes made of it."""

    def __init__(self, name: str, connection: Connection) -> None:
        self.name = name
        self._connection = connection

    def __repr__(self) -> str:
        return card_text(self._card())

    def _repr_html_(self) -> str:
        return card_html(self._card())

    def _card(self) -> Card:
        """Return what there is to see, without a request."""
        known = self._connection.catalogue.known
        if known is None:
            return service_card(self.name, None, None)
        return service_card(self.name, known.endpoint.entities.get(self.name), known.custom.get(self.name))

    @property
    def entity(self) -> Entity:
        """Return the schema of the entity, the tenant's custom fields included."""
        return self._connection.catalogue.entity(self.name)

    def _without(self, name: str) -> AttributeError:
        """Return the error for an attribute that does not exist, with what may be meant; protocols get a plain one."""
        if name.startswith("_") or "name" not in vars(self):
            return AttributeError(f"{type(self).__name__} has no attribute {name!r}")
        known = [found for found in dir(type(self)) if not found.startswith("_")]
        near = dict.fromkeys([*_MEANT.get(name, ()), *nearest(name, known)])
        return AcumaticaUnknownNameError(
            f"client.{plural_attribute(self.name)} has no attribute {name!r}.", suggestions=list(near)
        )

    @property
    def _endpoint(self) -> Endpoint:
        return self._connection.catalogue.endpoint

    @property
    def _path(self) -> str:
        return f"{self._endpoint.path}/{self.name}"

    def _body(self, entity: Record | Mapping[str, Any]) -> dict[str, Any]:
        """Return the JSON of a record to send, with every name and value in it checked."""
        return self._connection.models.of(self.name, entity).to_json()

    def _query(
        self,
        filter: Filter | None,  # noqa: A002
        select: Names | None,
        expand: Names | None,
        custom: Custom,
        *,
        strict: bool = False,
        in_one_request: bool = True,
    ) -> Query:
        """Return the query of a question, and warn when a part of its filter is done here."""
        question = Question(filter=filter, select=select, expand=expand, custom=custom, strict=strict)
        query = make_query(self._endpoint, self.entity, question, in_one_request=in_one_request)
        if query.remainder is not None:
            query.remainder.warn()
        return query

    def _lists(self, query: Query, *, cache: bool | None = None, by_key: bool = False) -> Lists:
        """Return what fetches the pages of a query."""
        session = self._connection.session

        def get(path: str, params: Mapping[str, str], *, anew: bool = False) -> Reply:
            if anew and not session.config.offline:
                return session.get(path, params=params, cache=False)
            return session.get(path, params=params, cache=cache, keep_empty=goes_on(query, params))

        at_once = session.config.max_concurrent_requests
        return Lists(get, self._path, query, by_key=by_key, at_once=at_once)

    def _pages(
        self,
        query: Query,
        *,
        top: int | None,
        page_size: int | None,
        skip: int = 0,
        fetch: Fetch | None = None,
        is_kept: bool | None = None,
        progress: bool | None = None,
    ) -> Pages:
        """Return the pages of a list; of one that is filtered here too, whoever reads them skips and stops.

        Where answers are kept, the same is asked each time: no sizes that follow the clock, nor what changed since.
        """
        for name, number, least in (("top", top, 0), ("page_size", page_size, 1), ("skip", skip, 0)):
            check_number(name, number, least=least)
        session, path = self._connection.session, self._path
        is_kept = session.cache.is_used(cache=None) if is_kept is None else is_kept
        stops_early = query.remainder is not None and bool(top)
        if query.remainder is not None:
            top, skip = None if top else top, 0
        course = Course(
            sizes=PageSize(page_size or (FIRST if is_kept else None)),
            order=key_order(self.entity, query.filter),
            changes=None if is_kept else changes_of(self.entity, query.filter, session.clock.now),
            top=top,
            skip=skip,
        )
        return Pages(
            fetch or (lambda page: session.get(path, params=page, keep_empty=goes_on(query, page)).content),
            query.params,
            course,
            keys=keys_of(self.entity),
            allowed=0 if stops_early else _concurrency(session.config),
            watch=partial(
                bar,
                top,
                description=self.name,
                unit="records",
                enabled=session.config.progress if progress is None else progress,
            ),
        )


def goes_on(query: Query, page: Mapping[str, str]) -> bool:
    """Return whether a page is one after others: an empty one is the end of a list then, and no reason for doubt."""
    return "$skip" in page or page.get("$filter") != query.filter


def _concurrency(config: AcumaticaConfig) -> int:
    """Return how many requests a reading may make ahead: none where each call signs in by itself."""
    return config.max_concurrent_requests if config.persistent_login else 0
