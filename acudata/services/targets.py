"""The service of an entity as a plan wants it: current records in bulk, one record written, where all of it happens."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import and_, or_
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from acudata.errors import AcumaticaNotFoundError
from acudata.models import Record
from acudata.odata import F
from acudata.odata.expressions import Expression
from acudata.questions import Question
from acudata.writeback.changes import Address
from acudata.writeback.columns import ID
from acudata.writeback.identity import Mode
from acudata.writeback.line_columns import LINE_ID
from acudata.writeback.line_identity import folded_id as folded
from acudata.writeback.plan import Aim

if TYPE_CHECKING:
    import pyarrow as pa

    from acudata.transport import Session

IN_ONE_LIST = 400
"""Records beyond which one list of the entity costs less than asking for keys in groups."""
_LONGEST = 1500
"""Characters of one filter as they are sent, since it has to fit into an address."""

_LANDED = re.compile(r"<input\b[^>]*\bid=\"txtSingleCompany\"[^>]*>")
_VALUE = re.compile(r"\bvalue=\"([^\"]*)\"")


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityTarget:
    """Reads and writes the records of one entity for plans, as `acudata.writeback.target.Target` describes it.

    `read` gives the table of a question, `look_up` that of records by their ids; `write` and `delete` are those of the
    service. `made` is the field that tells when a record was made, or changed last.
    """

    aim: Aim
    journals: Path
    session: Session
    read: Callable[[Question], pa.Table]
    look_up: Callable[[Question, Sequence[str]], pa.Table]
    write: Callable[..., Record]
    delete: Callable[[str], None]
    made: str | None

    @property
    def progress(self) -> bool | None:
        """Return what the client's settings say of progress."""
        return self.session.config.progress

    def landed_tenant(self) -> str | None:
        """Return the tenant that the session is in, as the form for signing in shows it; None where it does not."""
        page = self.session.get("Frames/Login.aspx", headers={"Accept": "text/html"}).content
        field = _LANDED.search(page.decode("utf-8", "replace"))
        value = _VALUE.search(field[0]) if field else None
        return value[1] if value else None

    def server_time(self) -> str:
        """Return the time at the server."""
        return self.session.clock.now().isoformat(timespec="seconds")

    def current(self, columns: Sequence[str], addresses: Sequence[Address]) -> pa.Table:
        """Return columns and `id` of the records that are there.

        A few are asked for by their keys, in groups, and by their ids where that finds none; many come in one list.
        """
        names = list(dict.fromkeys([*columns, *(name for address in addresses for name in address.key)]))
        return self._found(Question(columns=names or [ID], cache=False), addresses)

    def lines(self, member: str, columns: Sequence[str], addresses: Sequence[Address]) -> pa.Table:
        """Return columns, `id` and `line.id` of the lines that records have in a detail array."""
        import pyarrow as pa

        names = {f"{member}.{name}": name for name in columns}
        array = member.rpartition(".")[2]
        question = Question(columns=[*names, f"{array}.id"], expand=member.replace(".", "/"), cache=False)
        wanted = {folded(address.id) for address in addresses}
        table = self._found(question, addresses)
        names |= {f"{array}.id": LINE_ID, ID: ID}
        table = table.select(list(names)).rename_columns(list(names.values()))
        return table.filter(
            pa.array([folded(id_) in wanted for id_ in table.column(ID).to_pylist()], pa.bool_())
        )

    def _found(self, question: Question, addresses: Sequence[Address]) -> pa.Table:
        import pyarrow as pa

        if len(addresses) > IN_ONE_LIST:
            return self.read(question)
        keyed = [address.key for address in addresses if address.has_key]
        question = replace(question, progress=False)  # the work that these readings are a part of has a bar
        tables = [self.read(replace(question, filter=condition)) for condition in _conditions(keyed)]
        found = {id_ for table in tables for id_ in table.column(ID).to_pylist()}
        missing = [address.id for address in addresses if address.id is not None and address.id not in found]
        if missing or not tables:
            tables.append(self.look_up(question, missing))
        return pa.concat_tables(tables)

    def made_since(self, moment: str, columns: Sequence[str]) -> pa.Table | None:
        """Return the records made since a moment; None where the entity does not tell when."""
        if self.made is None:
            return None
        since = dt.datetime.fromisoformat(moment)
        condition = F[self.made] >= since
        return self.read(Question(columns=list(columns), filter=condition, cache=False, progress=False))

    def put(self, values: Mapping[str, Any], *, mode: Mode) -> Record:
        """Write one record and return it as the server answers it."""
        return self.write(dict(values), mode=mode)

    def remove(self, id_: str) -> None:
        """Delete one record; one that is gone already is no error."""
        with contextlib.suppress(AcumaticaNotFoundError):
            self.delete(id_)


def _conditions(keys: Sequence[Mapping[str, Any]]) -> Iterator[Expression]:
    """Yield conditions that together select the records of all keys, each short enough for an address.

    What keys begin with alike, such as the type of an order, is said once for all of them.
    """
    alike: dict[tuple[tuple[str, Any], ...], list[Expression]] = {}
    for key in keys:
        *start, (name, value) = key.items()
        alike.setdefault(tuple(start), []).append(_equals(name, value))
    for common, ends in alike.items():
        for some in _in_addresses(ends):
            yield reduce(and_, [*(_equals(name, value) for name, value in common), reduce(or_, some)])


def _equals(name: str, value: Any) -> Expression:
    return F[name.replace(".", "/")].eq(value)


def _in_addresses(conditions: Iterable[Expression]) -> Iterator[list[Expression]]:
    """Yield as many conditions at a time as fit into an address."""
    some: list[Expression] = []
    length = 0
    for condition in conditions:
        more = len(quote(f"{condition} or "))
        if some and length + more > _LONGEST:
            yield some
            some, length = [], 0
        some.append(condition)
        length += more
    if some:
        yield some
