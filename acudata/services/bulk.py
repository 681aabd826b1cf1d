"""How the lists of an entity are read: by which query, from which pages, and what is done about lists that fail."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from acudata.errors import AcumaticaOptimizationError
from acudata.finishing import Finishing, Pivot, Server
from acudata.frames.layout import Layout
from acudata.frames.pivot import attribute_ids
from acudata.queries import Query, make_query
from acudata.queries.attributes import ARRAY, with_attributes
from acudata.questions import Question
from acudata.readings import Reading
from acudata.schema.paths import Path
from acudata.services.base import EntityService
from acudata.unoptimised import Listing, causes, warn_of_narrowing

_log = logging.getLogger(__name__)


class BulkReading(EntityService):
    """Reads the lists of an entity as streams of Arrow batches."""

    def _query_of(self, question: Question, listing: Listing | None = None) -> Query:
        """Return the query of a question, narrowed to what the server can list where that is wanted.

        How it lists that is seen by asking for one record, unless a `listing` says it.
        """
        if listing is not None:
            query = replace(self._made(question, without=listing.left_out), by_key=listing.by_key)
        else:
            query = self._narrowed(question) if question.on_unoptimised == "narrow" else self._made(question)
        if query.left_out:
            warn_of_narrowing(query)
        if query.remainder is not None:
            query.remainder.warn()
        return query

    def _made(self, question: Question, *, without: Collection[Path] = ()) -> Query:
        return make_query(self._endpoint, self.entity, question, in_one_request=False, without=without)

    def _narrowed(self, question: Question) -> Query:
        """Return the query without what makes the server refuse the list of a single record."""
        query = self._made(question)
        while True:
            try:
                self._lists(query, cache=question.cache).check()
            except AcumaticaOptimizationError as error:
                left_out = [path for path in causes(query, error) if path not in query.left_out]
                if not left_out:
                    raise
            else:
                return query
            query = self._made(question, without=(*query.left_out, *left_out))

    def _listing(self, question: Question) -> Listing:
        """Find out, by asking for one record, how the server lists what a question asks for."""
        if question.on_unoptimised == "narrow":
            return Listing(left_out=self._narrowed(question).left_out)
        return Listing(by_key=question.on_unoptimised == "by_key" and not self._can_be_listed(question))

    def _can_be_listed(self, question: Question) -> bool:
        try:
            self._lists(self._made(question), cache=question.cache).check()
        except AcumaticaOptimizationError as error:
            _log.info("%s: the records are read one by one, since %s", self.name, error.message)
            return False
        return True

    def _reading_of(
        self, question: Question, query: Query, tables: Mapping[str, Layout], *, doubts: bool = True
    ) -> Reading:
        """Return the reading of some tables; with `doubts=False` an empty answer is believed."""
        if query.attributes is None:
            return self._begun(question, query, tables, doubts=doubts)
        if question.columns is not None:
            return self._begun(question, query, tables, pivot=Pivot(), doubts=doubts)
        learned = self._attributes(question, query)
        wide = {name: with_attributes(layout, learned) for name, layout in tables.items()}
        return self._begun(question, query, wide, pivot=Pivot(learned), doubts=doubts)

    def _attributes(self, question: Question, query: Query) -> list[str]:
        """Return the attributes that the records have, which a narrow reading of its own tells."""
        is_of_rows = query.remainder is not None and bool(query.remainder.rows)
        narrow = replace(
            question,
            columns=None,
            select=[f"{ARRAY}/AttributeID"],
            expand=question.expand if is_of_rows else None,
            custom=None,
            attributes="rows",
        )
        names = make_query(self._endpoint, self.entity, narrow)
        reading = self._begun(narrow, names, {ARRAY: names.tables[ARRAY]})
        return attribute_ids(reading.to_tables()[ARRAY])

    def _begun(
        self,
        question: Question,
        query: Query,
        tables: Mapping[str, Layout],
        *,
        pivot: Pivot | None = None,
        doubts: bool = True,
    ) -> Reading:
        if self.entity.is_inquiry:
            _log.warning(
                "%s is an inquiry: inquire(…) asks it; a list of it is empty or not allowed", self.name
            )
        by_key = question.on_unoptimised == "by_key"
        lists = self._lists(query, cache=question.cache, by_key=by_key)
        server = Server(lists.look_up, lists.age, lists.has_records if doubts and question.top != 0 else None)
        finishing = Finishing(query, server, errors=question.errors, pivot=pivot)
        pages = self._pages(
            query,
            top=question.top,
            page_size=question.page_size,
            fetch=lists.page,
            is_kept=self._connection.session.cache.is_used(cache=question.cache),
            progress=question.progress,
        )
        return Reading(
            query,
            pages,
            tables=tables,
            origin=self._origin(),
            top=question.top,
            finishing=finishing,
            errors=question.errors,
        )

    def _origin(self) -> dict[str, Any]:
        """Return where the data of a frame come from."""
        return {
            "endpoint": f"{self._endpoint.name}/{self._endpoint.version}",
            "tenant": self._connection.tenant,
        }
