"""Whether an answer can be believed: members that never appear, and emptiness where there are records."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from acudata.errors import AcumaticaServerError
from acudata.notices import EmptyAnswerWarning, warn
from acudata.odata import names
from acudata.queries import Query
from acudata.schema import Entity
from acudata.schema.paths import Path

UNRELIABLE = frozenset({"PhysicalInventoryCount", "PurchaseOrder", "Shipment"})
"""Entities that are known to answer nothing to a filter on what is no key, though there are such records."""


class Members:
    """Watches pages for the members that were expanded."""

    def __init__(self, entity: Entity, expanded: Iterable[Path]) -> None:
        self._entity = entity
        self._unseen = {path: _named(path[-1]) for path in expanded}
        self._suspects: dict[Path, None] = {}

    def see(self, page: bytes) -> None:
        """Note which members a page has, and which one it lacks though something above it is there."""
        for path, named in list(self._unseen.items()):
            if named.search(page):
                del self._unseen[path]
                self._suspects.pop(path, None)
            elif all(_filled(name).search(page) for name in path[:-1]):
                self._suspects[path] = None

    def end(self, records: int) -> None:
        """Raise AcumaticaServerError when a member never appeared in the records."""
        if not records or not self._suspects:
            return
        member = "/".join(next(iter(self._suspects)))
        raise AcumaticaServerError(
            f"{self._entity.name} never showed {member}, which was expanded, in a list of {records} records.",
            suggestions=[
                f"read a record by its key to see whether it has any: get_by_keys(…, expand={member!r})",
                f"ask whether the user has rights to {member} on form {self._entity.screen or '(unknown)'}; a"
                " missing right shows as missing data",
                "leave it out of expand, or read it with a Generic Inquiry",
            ],
            context={"entity": self._entity.name, "member": member},
        )


def _named(name: str) -> re.Pattern[bytes]:
    return re.compile(rb'"%b"\s*:' % re.escape(name.encode()))


def _filled(name: str) -> re.Pattern[bytes]:
    """Return what finds a member that is an object with something in it, or has rows that are."""
    return re.compile(rb'"%b"\s*:\s*(?:\[\s*)?\{\s*"' % re.escape(name.encode()))


def doubts(query: Query) -> str | None:
    """Return why an empty answer to the filter of a query is not to be believed, None when it is."""
    if not query.filter:
        return None
    fields = list(_outside(query.filter))
    if fields:
        return f"it looks at {', '.join(fields)}, outside the form's first view"
    others = [path[0] for path in names(query.filter) if path[0] not in query.entity.keys]
    if query.entity.name in UNRELIABLE and others:
        return f"{query.entity.name} is known to answer nothing to filters on {', '.join(others)}, which is no key"
    return None


def _outside(filter: str) -> Iterator[str]:  # noqa: A002 - OData's own word
    """Yield the fields of linked entities and the custom fields that a filter looks at."""
    yield from ("/".join(path) for path in names(filter) if len(path) > 1)
    yield from (found.replace("''", "'") for found in re.findall(r"cf\.\w+\s*\(\s*f\s*=\s*'([^']+)'", filter))


def question_emptiness(query: Query, has_records: Callable[[], bool]) -> None:
    """Warn when an empty answer is not to be believed; `has_records` asks the server once, without the filter."""
    if (reason := doubts(query)) and has_records():
        warn(
            f"{query.entity.name} has records, but the server answered none to {query.filter}; {reason}, and Acumatica"
            " can answer an empty list to that, whatever there is. To be sure, read without this filter and choose"
            f" here (frame = ….to_frame(); frame[frame[…] == …]), or filter by key"
            f" ({', '.join(query.entity.keys) or 'which is not known'}).",
            EmptyAnswerWarning,
        )
