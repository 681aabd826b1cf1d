"""Single records: found by filter, key or id, created, changed and deleted."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote

from acudata.errors import AcumaticaNotFoundError, AcumaticaValidationError
from acudata.filters import Filter
from acudata.finishing import question_emptiness
from acudata.finishing.bodies import completed, join
from acudata.frames.dtypes import check_choice
from acudata.frames.tolerant import records_in
from acudata.models import Record, Records
from acudata.models.ordering import order_paths, ordered
from acudata.models.wrapping import without_missing
from acudata.paging import marks_of
from acudata.queries import Query
from acudata.questions import Custom, Names
from acudata.schema.paths import Path, split_paths
from acudata.selection import Selection
from acudata.services.base import EntityService

if TYPE_CHECKING:
    from acudata.odata import QueryOptions

Keys = str | int | uuid.UUID | Sequence[str | int]

_UNADDRESSABLE = frozenset("/<>*%&:\\?")
"""Acumatica cannot address a key with a slash, and its web server refuses the others in a path, encoded or not."""

_CONDITIONS: Mapping[str, Mapping[str, str]] = {
    "upsert": {},
    "insert": {"If-None-Match": "*"},
    "update": {"If-Match": "*"},
}


class RecordKeeping(EntityService):
    """Reads and writes records of an entity one by one."""

    def get_list(
        self,
        filter: Filter | None = None,  # noqa: A002
        options: QueryOptions | None = None,
        *,
        select: Names | None = None,
        expand: Names | None = None,
        custom: Custom = "auto",
        top: int | None = None,
        skip: int = 0,
        strict: bool = False,
        page_size: int | None = None,
        progress: bool | None = None,
    ) -> Records:
        """Return the records as a list of model instances, which has `to_frame()`.

        `options` stand in for arguments that are not given. Their `orderby` sorts here, after all records that the
        filter selects were read, since the server ignores it. For more than a few records `Service.to_frame` is faster
        by far.
        """
        orderby = order_paths(options.orderby or ()) if options is not None else []
        if options is not None:
            filter = filter if filter is not None else options.filter  # noqa: A001
            select, expand = select or options.select, expand or options.expand
            custom = options.custom or custom
            top, skip = top if top is not None else options.top, skip or options.skip or 0
        if orderby:  # what it is sorted by has to exist, and to be read
            self._query(None, _with(None, (path for path, _ in orderby)), None, None)
            select = select and _with(select, (path for path, _ in orderby))
            expand = _with(expand, (path[:-1] for path, _ in orderby)) or None
        query = self._query(filter, select, expand, custom, strict=strict, in_one_request=False)
        if not orderby:
            found = self._read(query, top=top, skip=skip, page_size=page_size, progress=progress)
            return Records(found, query.tables[self.name])
        everything = ordered(self._read(query, page_size=page_size, progress=progress), orderby)
        return Records(everything[skip:][:top], query.tables[self.name])

    def _read(
        self,
        query: Query,
        *,
        top: int | None = None,
        skip: int = 0,
        page_size: int | None,
        progress: bool | None = None,
    ) -> Iterator[Record]:
        bodies = self._bodies(query, top=top, skip=skip, page_size=page_size, progress=progress)
        return (self._connection.models.read(self.name, body) for body in bodies)

    def _bodies(
        self,
        query: Query,
        *,
        top: int | None = None,
        skip: int = 0,
        page_size: int | None,
        progress: bool | None = None,
    ) -> Iterator[Mapping[str, Any]]:
        """Yield the records of a list as JSON has them."""
        lists = self._lists(query)
        fetch = lists.page if query.chunks else None
        pages = self._pages(query, top=top, skip=skip, page_size=page_size, fetch=fetch, progress=progress)
        selection = Selection(query.remainder, {}, top=top, skip=skip) if query.remainder else None
        answered = 0
        for content, found in pages.read(lambda page: (page, records_in(page))):
            bodies = completed(found, content, query.chunks, lists.look_up)
            answered += len(bodies)
            kept = pages.received(marks_of(bodies, list(pages.keys)))
            if selection is not None:
                kept = selection.positions(content, kept)
            yield from bodies if kept is None else [bodies[at] for at in kept]
            if selection is not None and selection.is_complete:
                break
        if not answered and top != 0:
            question_emptiness(query, lists.has_records)

    def first(
        self,
        filter: Filter | None = None,  # noqa: A002
        *,
        select: Names | None = None,
        expand: Names | None = None,
        custom: Custom = "auto",
        strict: bool = False,
    ) -> Record | None:
        """Return the first record that a filter selects, in the order of the keys, or None."""
        found = self.get_list(filter, select=select, expand=expand, custom=custom, top=1, strict=strict)
        return next(iter(found), None)

    def exists(self, entity_id: Keys) -> bool:
        """Tell whether there is a record with this id, key, or sequence of keys."""
        try:
            self.get_by_id(entity_id, select=self._narrowest(), custom=None)
        except AcumaticaNotFoundError:
            return False
        return True

    def count(
        self,
        filter: Filter | None = None,  # noqa: A002
        *,
        page_size: int | None = 5000,
        strict: bool = False,
        progress: bool | None = None,
    ) -> int:
        """Return the number of records that a filter selects, by reading their keys: the server cannot count."""
        query = self._query(filter, self._narrowest(), None, None, strict=strict)
        return sum(1 for _ in self._bodies(query, page_size=page_size, progress=progress))

    def get_ad_hoc_schema(self) -> dict[str, Any]:
        """Return the server's own description of the fields outside the contract, as it comes."""
        return self._connection.session.get(f"{self._path}/$adHocSchema").record()

    def get_by_id(
        self,
        entity_id: Keys,
        select: Names | None = None,
        expand: Names | None = None,
        *,
        custom: Custom = "auto",
        cache: bool | None = None,
    ) -> Record:
        """Return a record by its id (a GUID), its key, or a sequence of its keys in the order of the form.

        `cache=False` asks the server whatever `http_cache` says, True takes a kept answer however old.

        Raises AcumaticaNotFoundError when there is none.

        >>> client.sales_orders.get_by_id(["SO", "000070"]).Status
        'Completed'
        """
        query = self._query(None, select, expand, custom, in_one_request=False)
        with self._explained():
            session, path = self._connection.session, self._record_path(entity_id)
            body, *further = [
                session.get(path, params=params, cache=cache).record()
                for params in (query.params, *(chunk.params for chunk in query.chunks))
            ]
        for more in further:
            join(body, more)
        return self._connection.models.read(self.name, body)

    def get_by_keys(
        self,
        *keys: str,
        select: Names | None = None,
        expand: Names | None = None,
        custom: Custom = "auto",
        cache: bool | None = None,
    ) -> Record:
        """Return a record by its keys, in the order of the form: `client.sales_orders.get_by_keys("SO", "000070")`.

        `cache` is as in `get_by_id`.

        Raises AcumaticaNotFoundError when there is none.
        """
        return self.get_by_id(keys, select=select, expand=expand, custom=custom, cache=cache)

    def put_entity(
        self,
        entity: Record | Mapping[str, Any],
        *,
        filter: Filter | None = None,  # noqa: A002
        select: Names | None = None,
        expand: Names | None = None,
        custom: Custom = None,
        mode: Literal["upsert", "update", "insert"] = "upsert",
    ) -> Record:
        """Create or update a record and return it as the server answers it.

        `entity` is a model or a mapping of plain values. Its `id`, else `filter`, else its keys say which record is
        meant; there is none of them, or no such record: it is created. Only what was set is sent: in a mapping, such as
        a row of a frame, NaN, NaT and NA leave a field alone, and None clears it.

        `mode="insert"` creates only and `mode="update"` changes only; otherwise AcumaticaConcurrencyError is raised and
        nothing changes. (Acumatica: `If-None-Match: *` and `If-Match: *`, answered by 412.)

        Raises AcumaticaValidationError, with the texts per field, when the server refuses values.

        >>> client.customers.put_entity({"CustomerID": "ABARTENDE", "CustomerName": "USA Bartending School"})
        Customer(...)
        """
        check_choice("mode", mode, tuple(_CONDITIONS))
        asked = any(option is not None for option in (filter, select, expand, custom))
        params = self._query(filter, select, expand, custom, strict=True).params if asked else {}
        body = self._body(without_missing(entity))
        reply = self._connection.session.put(self._path, params=params, json=body, headers=_CONDITIONS[mode])
        return self._connection.models.read(self.name, reply.record())

    def delete_by_id(self, entity_id: Keys) -> None:
        """Delete a record by its id, its key, or a sequence of its keys.

        Raises AcumaticaNotFoundError when there is none.
        """
        with self._explained():
            self._connection.session.delete(self._record_path(entity_id))

    def delete_by_keys(self, *keys: str) -> None:
        """Delete a record by its keys, in the order of the form."""
        self.delete_by_id(keys)

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        """Say by which keys records are addressed when one is not found."""
        try:
            yield
        except AcumaticaNotFoundError as error:
            if self.entity.keys:
                error.suggestions.insert(
                    0, f"{self.name} is addressed by {' and '.join(self.entity.keys)}, or by id"
                )
            raise

    def _narrowest(self) -> list[str]:
        """Return the shortest select there is."""
        return list(self.entity.keys) or list(self.entity.structure.fields)[:1]

    def _record_path(self, entity_id: Keys) -> str:
        parts = entity_id if isinstance(entity_id, list | tuple) else [entity_id]
        keys = [str(part) for part in parts if isinstance(part, str | int | uuid.UUID)]
        if not keys or len(keys) < len(parts) or any(key.strip() in {"", ".", ".."} for key in keys):
            known = " and ".join(self.entity.keys) or "not known"
            raise AcumaticaValidationError(
                f"{entity_id!r} is no key of {self.name}.",
                suggestions=[
                    f"the keys are {known}; an id does as well, and count() and first() take a filter"
                ],
            )
        if any(_UNADDRESSABLE & set(key) for key in keys):
            keys = [self._id_of(keys)]
        return "/".join([self._path, *(quote(key, safe="") for key in keys)])

    def _id_of(self, keys: list[str]) -> str:
        """Look up the id of a record whose key cannot stand in a path."""
        conditions = [
            f"{name} eq '{key.replace(chr(39), chr(39) * 2)}'"
            for name, key in zip(self.entity.keys, keys, strict=False)
        ]
        found = (
            self.get_list(" and ".join(conditions), select=list(self.entity.keys), top=1)
            if conditions
            else []
        )
        if not found or found[0].id is None:
            raise AcumaticaNotFoundError(f"There is no {self.name} {'/'.join(keys)}.")
        return found[0].id


def _with(names: Names | None, paths: Iterable[Path]) -> list[str]:
    return ["/".join(path) for path in (*split_paths(names), *paths) if path]
