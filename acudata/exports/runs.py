"""What an export of several entities has done so far, kept beside the data so that it can go on after a kill."""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from acudata.exports.locks import locked
from acudata.exports.reports import TableReport

if TYPE_CHECKING:
    from acudata.exports.places import Place

_log = logging.getLogger(__name__)

RECORD = "_acudata.export.json"
LOCK = "_acudata.export.lock"
GOES_ON_WITHIN = dt.timedelta(hours=12)
"""How long after its last sign of life a run that was interrupted goes on; later, what it stored is read anew."""

_TOLD = ("entity", "table", "path", "rows", "left_out")


class Run:
    """Knows the tables of the entities that are done; each is noted when all of its tables are stored."""

    def __init__(
        self, place: Place, asked: Mapping[str, Any], done: Mapping[str, list[dict[str, Any]]]
    ) -> None:
        self._place = place
        self._asked = asked
        self._done = dict(done)

    def stored(self, entity: str) -> list[TableReport] | None:
        """Return the tables of an entity that is done, None for one that is not."""
        tables = self._done.get(entity)
        return None if tables is None else [_told_again(table) for table in tables]

    def note(self, entity: str, tables: Sequence[TableReport]) -> None:
        """Note that the tables of an entity are stored."""
        self._done[entity] = [{name: getattr(table, name) for name in _TOLD} for table in tables]
        facts = {"asked": self._asked, "done": self._done, "at": dt.datetime.now(dt.UTC).isoformat()}
        (self._place / RECORD).write_bytes(json.dumps(facts, ensure_ascii=False).encode())


def _told_again(facts: Mapping[str, Any]) -> TableReport:
    return TableReport(**{**facts, "left_out": tuple(facts.get("left_out", ()))}, mode="done before")


@contextmanager
def running(place: Place, asked: Mapping[str, Any]) -> Iterator[Run]:
    """Give the run: a new one, or one that asked for the same and was interrupted not long ago.

    Raises AcumaticaConcurrencyError while another export runs into the same folder.
    """
    place.make_folder()
    with locked(place / LOCK, target=place):
        yield Run(place, asked, _interrupted(place, asked))
        (place / RECORD).delete()


def _interrupted(place: Place, asked: Mapping[str, Any]) -> Mapping[str, list[dict[str, Any]]]:
    """Return what the run before has done, if it did not end and was this one."""
    content = (place / RECORD).read_bytes()
    try:
        facts = json.loads(content or b"{}")
        is_this = facts["asked"] == json.loads(json.dumps(asked))
        if not is_this or dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(facts["at"]) > GOES_ON_WITHIN:
            return {}
        done: Mapping[str, list[dict[str, Any]]] = facts["done"]
    except (ValueError, KeyError, TypeError):
        return {}
    _log.info("%s: an export that was interrupted goes on; done are %s", place, ", ".join(done))
    return done
