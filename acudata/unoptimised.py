"""What a list that the server cannot optimise is about: which fields are the cause, and the ways out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from acudata.errors import AcumaticaOptimizationError
from acudata.notices import NarrowedWarning, warn
from acudata.odata import names
from acudata.queries import Query
from acudata.queries.attributes import is_attribute
from acudata.queries.naming import source_of
from acudata.questions import OnUnoptimised
from acudata.schema.paths import Path


@dataclass(frozen=True, slots=True)
class Listing:
    """Says how the server was seen to list what a question asks for: without some paths, or record by record."""

    left_out: tuple[Path, ...] = ()
    by_key: bool = False

    def serves(self, on_unoptimised: OnUnoptimised) -> bool:
        """Tell whether a list is read in such a way where that is wanted of those that cannot be optimised."""
        return not (self.by_key if on_unoptimised == "narrow" else self.left_out)


def causes(query: Query, error: AcumaticaOptimizationError) -> list[Path]:
    """Return the paths that the server cannot list: of members of which nothing else is asked, and of fields.

    The server names fields without saying where they stand. A name is that of a field of the record only when no member
    that is to blame as a whole has it. Where it names none, every member that is expanded is suspected.
    """
    fields = _asked(query)
    named = {tuple(field.replace(".", "/").split("/"))[-1] for field in error.fields}
    if not named:
        return _outermost(query.expanded)
    below = {member: [path for path in fields if path[: len(member)] == member] for member in query.expanded}
    members = _outermost(
        member for member, paths in below.items() if paths and named.issuperset(path[-1] for path in paths)
    )
    explained = {path[-1] for member in members for path in below[member]}
    own = (path for path in fields if path[-1] in named - explained)
    return [*members, *own]


def explained(query: Query, error: AcumaticaOptimizationError) -> AcumaticaOptimizationError:
    """Return the error with what causes it and the ways out, ready to copy."""
    found = ["/".join(path) for path in causes(query, error)]
    entity, filtered = query.entity.name, sorted(_filtered(query, error))
    error.context["causes"] = found
    error.suggestions = [
        *([f"leave {', '.join(filtered)} out of the filter, and choose here"] if filtered else []),
        *(
            [
                f"on_unoptimised='narrow' leaves {', '.join(found)} out and reads the rest at once",
                "on_unoptimised='by_key' reads every record by itself, with all columns: a request for each",
                *_without(query, set(causes(query, error))),
            ]
            if found
            else []
        ),
        f"make a Generic Inquiry (SM208000) of what {entity} shows, and read that",
    ]
    if found:
        error.message = f"{entity} cannot be listed with {', '.join(found)}. {error.message}"
        error.args = (error.message,)
    return error


def warn_of_narrowing(query: Query) -> None:
    """Tell the user what was left out."""
    named = ", ".join("/".join(path) for path in query.left_out)
    warn(
        f"The server cannot list {named} of {query.entity.name}, so that was left out."
        " on_unoptimised='by_key' reads it, record by record.",
        NarrowedWarning,
    )


def _asked(query: Query) -> list[Path]:
    """Return the path of every field that is asked for, as the server knows it."""
    columns = [
        source_of(column, layout.rows)
        for layout in query.tables.values()
        for column in layout.columns
        if not is_attribute(column) and column.path[-1] != "id"
    ]
    needed = query.attributes.needed if query.attributes else ()
    return list(dict.fromkeys([*columns, *(field.select for field in needed)]))


def _outermost(members: Iterable[Path]) -> list[Path]:
    found: list[Path] = []
    for member in sorted(members, key=len):
        if not any(member[: len(other)] == other for other in found):
            found.append(member)
    return found


def _filtered(query: Query, error: AcumaticaOptimizationError) -> set[str]:
    """Return the fields of the filter that are among the causes."""
    named = {field.replace(".", "/").rpartition("/")[2] for field in error.fields}
    return {"/".join(path) for path in names(query.filter or "") if path[-1] in named}


def _without(query: Query, left_out: set[Path]) -> list[str]:
    """Return the options that ask for the rest, where whole members are to blame."""
    rest = ["/".join(path) for path in query.expanded if not any(path[: len(o)] == o for o in left_out)]
    if not left_out.intersection(query.expanded):
        return []
    return [f"expand={rest!r}" if rest else "leave out expand="]
