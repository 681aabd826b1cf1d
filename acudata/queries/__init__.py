"""Checks what a user asks of an entity against its schema, before any request, and says what to send and expect."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from acudata.errors import AcumaticaValidationError
from acudata.filters import Condition, Needed, Remainder, part_filter, rows_not_asked_for
from acudata.frames.layout import Layout
from acudata.queries.asked import Asked
from acudata.queries.attributes import ARRAY, Attributes, attributes_of, not_both
from acudata.queries.chunks import Chunk, chunk_of
from acudata.queries.custom import in_chunks
from acudata.queries.options import expand_of, select_of
from acudata.queries.places import Places
from acudata.queries.tables import tables_of
from acudata.queries.wanted import Columns, Wanted, in_order, selected
from acudata.questions import Question
from acudata.schema import CustomField, Endpoint, Entity
from acudata.schema.paths import Path, split_paths

__all__ = ["Query", "make_query"]


@dataclass(frozen=True, slots=True)
class Query:
    """Holds one checked question: what is sent, and the tables that the answer becomes.

    `params` are the query options as they go to the server. `tables` maps the entity's name, and the path of each
    expanded detail array, to the layout of its table. `remainder` is what of the filter is left to be done here,
    `chunks` are the further requests that each page takes, `attributes` the rows that become columns, `expanded` the
    members that every answer should have, `left_out` the paths of what is not asked for though the question has it.
    `by_key` tells that the server is known not to list it, so that each record is read by itself.
    """

    entity: Entity
    params: Mapping[str, str]
    tables: Mapping[str, Layout]
    remainder: Remainder | None = None
    chunks: tuple[Chunk, ...] = ()
    attributes: Attributes | None = None
    expanded: tuple[Path, ...] = ()
    left_out: tuple[Path, ...] = ()
    by_key: bool = False

    @property
    def filter(self) -> str | None:
        """Return the filter as sent."""
        return self.params.get("$filter")

    def only_table(self) -> str:
        """Return the name of the table that the one frame becomes: of the lines where a detail array is expanded.

        Raises AcumaticaValidationError when several arrays are, since their rows do not belong side by side.
        """
        lines = [name for name in self.tables if name != self.entity.name]
        innermost = [name for name in lines if not any(other.startswith(f"{name}/") for other in lines)]
        if len(innermost) > 1:
            raise AcumaticaValidationError(
                f"One frame cannot hold the rows of {' and '.join(innermost)}.",
                suggestions=[f"to_frames(expand={innermost}) gives a frame for each, to be joined on 'id'"],
            )
        return innermost[0] if innermost else self.entity.name


def make_query(
    endpoint: Endpoint,
    entity: Entity,
    question: Question | None = None,
    *,
    in_one_request: bool = True,
    without: Collection[Path] = (),
) -> Query:
    """Return the checked query.

    With `in_one_request=False` custom fields may come by further requests of the same page. `without` are the paths of
    fields and members that are left out, whatever the question says.

    Raises AcumaticaUnknownNameError for a name that the entity does not have, AcumaticaValidationError for parts of the
    question that do not go together and, when it is strict, for a filter that the server cannot do.
    """
    return _Making(Places(endpoint, entity), question or Question(), without).query(
        in_one_request=in_one_request
    )


class _Making:
    """Makes the query of one question."""

    def __init__(self, places: Places, question: Question, without: Collection[Path]) -> None:
        self._places = places
        self._question = question
        self._without = without
        self._attributes = attributes_of(places) if question.attributes == "columns" else None
        self._wanted = self._columns() if question.columns is not None else None
        self._asked = self._as_asked()

    def query(self, *, in_one_request: bool) -> Query:
        condition = self._condition()
        needed = (*self._needed_by(condition), *(self._attributes.needed if self._attributes else ()))
        first, *chunks = [self._asked.custom] if in_one_request else self._chunks(needed)
        params = {
            "$filter": condition.text or "",
            "$select": select_of(self._asked, needed),
            "$expand": expand_of(self._asked, needed),
            "$custom": _addresses(first, needed),
        }
        return Query(
            self._places.entity,
            {name: text for name, text in params.items() if text},
            self._tables(),
            condition.remainder,
            tuple(chunk_of(self._places, chunk) for chunk in chunks),
            self._attributes,
            tuple(split_paths(params["$expand"])),
            tuple(self._without),
        )

    def _expand(self) -> list[Path]:
        """Return the members to expand; attributes that become columns make no rows."""
        paths = split_paths(self._question.expand)
        return [path for path in paths if self._attributes is None or path != (ARRAY,)]

    def _columns(self) -> Wanted:
        columns = Columns(self._places, self._expand(), has_attributes=self._attributes is not None)
        return columns.of(self._question.columns or ())

    def _as_asked(self) -> Asked:
        question = self._question
        if self._wanted is None:
            select, expand, custom = split_paths(question.select), self._expand(), question.custom
        else:  # a linked entity comes with its columns, an array makes rows also without
            select, custom = list(selected(self._wanted)), "auto"
            expand = [path for path in self._expand() if self._places.find(path).rows]
        if self._wanted is not None and not select:
            select = [("id",)]
        return Asked(self._places, select=select, expand=expand, custom=custom, without=self._without)

    def _tables(self) -> Mapping[str, Layout]:
        tables = tables_of(self._asked)
        return tables if self._wanted is None else in_order(tables, self._wanted)

    def _condition(self) -> Condition:
        """Return the filter in two parts; the detail rows that it looks at must be asked for."""
        question = self._question
        if question.filter is None:
            return Condition()
        places = self._places
        condition = part_filter(places.endpoint, places.entity, question.filter, strict=question.strict)
        for field in self._needed_by(condition):
            if self._attributes is not None and field.rows[:1] == self._attributes.layout.rows:
                raise not_both(field.name)
            if field.rows and not self._asked.has_rows(field.rows):
                raise rows_not_asked_for(field.name, field.rows)
        return condition

    @staticmethod
    def _needed_by(condition: Condition) -> tuple[Needed, ...]:
        return condition.remainder.needed if condition.remainder else ()

    def _chunks(self, needed: Iterable[Needed]) -> Iterable[list[CustomField]]:
        return in_chunks(self._asked.custom, before=sum(1 for field in needed if field.custom))


def _addresses(fields: Iterable[CustomField], needed: Iterable[Needed]) -> str:
    extra = (field.custom for field in needed if field.custom)
    return ",".join(dict.fromkeys([*(field.address for field in fields), *extra]))
