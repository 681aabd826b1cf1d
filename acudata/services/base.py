"""What every part of a service builds on: the entity, its address, its questions and its pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from acudata.filters import Filter
from acudata.models import Models, Record
from acudata.queries import Query, make_query
from acudata.questions import Custom, Names, Question, check_number
from acudata.schema import Endpoint, Entity
from acudata.schema.catalogue import Catalogue
from acudata.transport import Session
from acudata.transport.paging import Pages


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

    @property
    def entity(self) -> Entity:
        """Return the schema of the entity, the tenant's custom fields included."""
        return self._connection.catalogue.entity(self.name)

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
    ) -> Query:
        return self._asked(
            Question(filter=filter, select=select, expand=expand, custom=custom, strict=strict)
        )

    def _asked(self, question: Question) -> Query:
        """Return the query of a question, and warn when a part of its filter is done here."""
        query = make_query(self._endpoint, self.entity, question)
        if query.remainder is not None:
            query.remainder.warn()
        return query

    def _pages(self, query: Query, *, top: int | None, page_size: int | None, skip: int = 0) -> Pages:
        """Return the pages of a list; of one that is filtered here too, whoever reads them skips and stops."""
        for name, number, least in (("top", top, 0), ("page_size", page_size, 1), ("skip", skip, 0)):
            check_number(name, number, least=least)
        session, path = self._connection.session, self._path
        if query.remainder is not None:
            top, skip = None if top else top, 0
        return Pages(
            lambda page: session.get(path, params=page).content, query.params, page_size or 1000, top, skip
        )
