"""What can be done with one entity of a tenant: read it into frames and files, read, write and delete records."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from acudata.errors import AcumaticaNotFoundError, AcumaticaValidationError
from acudata.frames.dtypes import Decimals, DtypeBackend, to_pandas
from acudata.frames.layout import Layout
from acudata.models import Models, Record
from acudata.models.wrapping import body_of
from acudata.queries import Custom, Filter, Names, Query, make_query
from acudata.readings import Reading
from acudata.schema import Entity
from acudata.schema.catalogue import Catalogue
from acudata.transport import Session
from acudata.transport.paging import Pages

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from acudata.odata import QueryOptions

Keys = str | uuid.UUID | Sequence[str]

_UNADDRESSABLE = frozenset("/<>*%&:\\?")
"""Acumatica cannot address a key with a slash, and its web server refuses the others in a path, encoded or not."""


@dataclass(frozen=True, slots=True)
class Connection:
    """Holds what all services of a client share."""

    session: Session
    catalogue: Catalogue
    models: Models
    tenant: str | None


class Service:
    """Reads and writes one entity; a client gives one for each, such as `client.customers`."""

    def __init__(self, name: str, connection: Connection) -> None:
        self.name = name
        self._connection = connection

    def __repr__(self) -> str:
        return f"<acudata.Service {self.name}>"

    @property
    def entity(self) -> Entity:
        """Return the schema of the entity, the tenant's custom fields included."""
        return self._connection.catalogue.entity(self.name)

    # Bulk reading: one stream of Arrow batches with thin ends.

    def to_frame(
        self,
        filter: Filter | None = None,  # noqa: A002 - OData's own word, and the reference's
        *,
        select: Names | None = None,
        expand: Names | None = None,
        custom: Custom = "auto",
        top: int | None = None,
        dtype_backend: DtypeBackend = "numpy_nullable",
        decimals: Decimals = "float",
        page_size: int = 1000,
    ) -> pd.DataFrame:
        """Return the records as a DataFrame whose dtypes come from the tenant's schema.

        >>> client.customers.to_frame(F.Status == "Active", select="CustomerID,CustomerName", top=2)
          CustomerID      CustomerName                                    id
        ...

        `filter` is an expression or OData text. `select` and `expand` name fields and members, with `/` for the
        fields of a linked entity, which become columns such as `MainContact.Email`. `expand="Details"` gives one row
        per line with the keys of its document. `custom="auto"` adds the tenant's `Usr…` and `Attribute…` fields; a
        list adds just those, "all" every field outside the contract, None none. `top` is the number of records to
        read, `page_size` the number per request. `dtype_backend` and `decimals` are those of
        `acudata.frames.dtypes.to_pandas`. The column `id` comes last; `df.attrs` tells where the frame came from.

        Raises AcumaticaUnknownNameError, before any request, for a field that the entity does not have.
        """
        reading, table = self._one_table(filter, select, expand, custom, top, page_size)
        frame = to_pandas(reading.to_tables()[table], dtype_backend=dtype_backend, decimals=decimals)
        frame.attrs.update(reading.facts())
        return frame

    def to_frames(
        self,
        filter: Filter | None = None,  # noqa: A002
        *,
        expand: Names,
        select: Names | None = None,
        custom: Custom = "auto",
        top: int | None = None,
        dtype_backend: DtypeBackend = "numpy_nullable",
        decimals: Decimals = "float",
        page_size: int = 1000,
    ) -> dict[str, pd.DataFrame]:
        """Return a frame of the records, under the entity's name, and one for each detail array, under its path.

        All of them have the record's `id`, on which they join:

        >>> frames = client.sales_orders.to_frames(expand=["Details"], top=10)
        >>> lines = frames["Details"].merge(frames["SalesOrder"][["id", "Status"]], on="id")

        The arguments are those of `to_frame`.
        """
        query = self._query(filter, select, expand, custom)
        reading = self._reading(query, query.tables, top, page_size)
        frames = {
            name: to_pandas(table, dtype_backend=dtype_backend, decimals=decimals)
            for name, table in reading.to_tables().items()
        }
        for name, frame in frames.items():
            frame.attrs.update(reading.facts() | {"table": name})
        return frames

    def iter_frames(
        self,
        filter: Filter | None = None,  # noqa: A002
        *,
        select: Names | None = None,
        expand: Names | None = None,
        custom: Custom = "auto",
        top: int | None = None,
        dtype_backend: DtypeBackend = "numpy_nullable",
        decimals: Decimals = "float",
        page_size: int = 1000,
    ) -> Iterator[pd.DataFrame]:
        """Yield a frame per page, each as `to_frame` would give it, so that memory holds one page at a time."""
        import pyarrow as pa

        reading, table = self._one_table(filter, select, expand, custom, top, page_size)
        for batch in reading.batches(table):
            frame = to_pandas(pa.Table.from_batches([batch]), dtype_backend=dtype_backend, decimals=decimals)
            frame.attrs.update(reading.facts())
            yield frame

    def to_arrow(
        self,
        filter: Filter | None = None,  # noqa: A002
        *,
        select: Names | None = None,
        expand: Names | None = None,
        custom: Custom = "auto",
        top: int | None = None,
        page_size: int = 1000,
    ) -> pa.Table:
        """Return the records as an Arrow table: exact decimals, instants in UTC.

        The arguments are those of `to_frame`.
        """
        reading, table = self._one_table(filter, select, expand, custom, top, page_size)
        return reading.to_tables()[table]

    def to_parquet(
        self,
        path: str | Path,
        *,
        filter: Filter | None = None,  # noqa: A002
        select: Names | None = None,
        expand: Names | None = None,
        custom: Custom = "auto",
        top: int | None = None,
        page_size: int = 1000,
        compression: str = "zstd",
    ) -> int:
        """Write the records to one parquet file and return the number of its rows.

        Pages are written as they come, so memory holds one at a time. The types are the schema's. The file appears
        under its name only when it is complete; one that was there before stays as it was until then. Missing folders
        are made.

        Raises AcumaticaValidationError when `path` is a folder.
        """
        from acudata.exports.parquet import write_parquet

        reading, table = self._one_table(filter, select, expand, custom, top, page_size)
        return write_parquet(
            reading.batches(table),
            Path(path).expanduser(),
            schema=reading.tables[table].schema,
            compression=compression,
            facts=reading.facts(),
        )

    def _one_table(
        self,
        filter: Filter | None,  # noqa: A002
        select: Names | None,
        expand: Names | None,
        custom: Custom,
        top: int | None,
        page_size: int,
    ) -> tuple[Reading, str]:
        query = self._query(filter, select, expand, custom)
        name = query.only_table()
        return self._reading(query, {name: query.tables[name]}, top, page_size), name

    def _query(
        self,
        filter: Filter | None,  # noqa: A002
        select: Names | None,
        expand: Names | None,
        custom: Custom,
    ) -> Query:
        endpoint = self._connection.catalogue.endpoint
        return make_query(endpoint, self.entity, filter=filter, select=select, expand=expand, custom=custom)

    def _reading(
        self, query: Query, tables: Mapping[str, Layout], top: int | None, page_size: int
    ) -> Reading:
        endpoint = self._connection.catalogue.endpoint
        origin = {"endpoint": f"{endpoint.name}/{endpoint.version}", "tenant": self._connection.tenant}
        pages = self._pages(query.params, top=top, page_size=page_size)
        return Reading(query, pages, tables=tables, origin=origin)

    def _pages(self, params: Mapping[str, str], *, top: int | None, page_size: int, skip: int = 0) -> Pages:
        for name, number in (("top", top), ("page_size", page_size), ("skip", skip)):
            if number is not None and number < (1 if name == "page_size" else 0):
                raise AcumaticaValidationError(f"{name}={number} makes no sense.")
        session, path = self._connection.session, self._path
        return Pages(lambda page: session.get(path, params=page).content, params, page_size, top, skip)

    # Single records.

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
        page_size: int = 1000,
    ) -> list[Record]:
        """Return the records as model instances; `options` stand in for arguments that are not given.

        For more than a few records `to_frame` is faster by far.
        """
        if options is not None:
            filter = filter if filter is not None else options.filter  # noqa: A001
            select, expand = select or options.select, expand or options.expand
            custom = options.custom or custom
            top, skip = top if top is not None else options.top, skip or options.skip or 0
        query = self._query(filter, select, expand, custom)
        pages = self._pages(query.params, top=top, page_size=page_size, skip=skip)
        records = []
        for content in pages:
            bodies = json.loads(content, parse_float=Decimal)
            pages.received(len(bodies))
            records += [self._connection.models.read(self.name, body) for body in bodies]
        return records

    def get_by_id(
        self,
        entity_id: Keys,
        *,
        select: Names | None = None,
        expand: Names | None = None,
        custom: Custom = "auto",
    ) -> Record:
        """Return a record by its id (a GUID), its key, or a sequence of its keys in the order of the form.

        Raises AcumaticaNotFoundError when there is none.

        >>> client.sales_orders.get_by_id(["SO", "000070"]).Status
        'Completed'
        """
        query = self._query(None, select, expand, custom)
        reply = self._connection.session.get(self._record_path(entity_id), params=query.params)
        return self._connection.models.read(self.name, reply.json())

    def get_by_keys(
        self, *keys: str, select: Names | None = None, expand: Names | None = None, custom: Custom = "auto"
    ) -> Record:
        """Return a record by its keys, in the order of the form: `client.sales_orders.get_by_keys("SO", "000070")`.

        Raises AcumaticaNotFoundError when there is none.
        """
        return self.get_by_id(keys, select=select, expand=expand, custom=custom)

    def put_entity(
        self,
        entity: Record | Mapping[str, Any],
        *,
        filter: Filter | None = None,  # noqa: A002
        select: Names | None = None,
        expand: Names | None = None,
        custom: Custom = None,
    ) -> Record:
        """Create or update a record and return it as the server answers it.

        `entity` is a model or a mapping of plain values. Its `id`, else `filter`, else its keys say which record is
        meant; there is none of them, or no such record: it is created. Only what was set is sent.

        Raises AcumaticaValidationError, with the texts per field, when the server refuses values.

        >>> client.customers.put_entity({"CustomerID": "ABARTENDE", "CustomerName": "USA Bartending School"})
        Customer(...)
        """
        query = self._query(filter, select, expand, custom)
        reply = self._connection.session.put(self._path, params=query.params, json=body_of(entity))
        return self._connection.models.read(self.name, reply.json())

    def delete_by_id(self, entity_id: Keys) -> None:
        """Delete a record by its id, its key, or a sequence of its keys.

        Raises AcumaticaNotFoundError when there is none.
        """
        self._connection.session.delete(self._record_path(entity_id))

    def delete_by_keys(self, *keys: str) -> None:
        """Delete a record by its keys, in the order of the form."""
        self.delete_by_id(keys)

    @property
    def _path(self) -> str:
        return f"{self._connection.catalogue.endpoint.path}/{self.name}"

    def _record_path(self, entity_id: Keys) -> str:
        keys = [str(entity_id)] if isinstance(entity_id, str | uuid.UUID) else [str(key) for key in entity_id]
        if not keys or any(key.strip() in {"", ".", ".."} for key in keys):
            raise AcumaticaValidationError(
                f"{keys} is no key of {self.name}.",
                suggestions=[f"the keys are {', '.join(self.entity.keys)}"],
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
