"""Finds what a tenant offers by parts of its name, fast enough to be asked at every key press."""

from __future__ import annotations

import heapq
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from acudata.naming import plural_attribute
from acudata.schema.endpoint import CustomField, Endpoint
from acudata.schema.entries import WHATS, Entry, What, custom_entries, entries_of

LIMIT = 200
"""Entries that are listed at a time."""

_EXACT, _PREFIX, _PART, _INSIDE, _AROUND = range(5)
_FIELDS: frozenset[What] = frozenset({"field", "custom field", "form field"})


@dataclass(frozen=True, slots=True)
class Found:
    """Holds the best entries for a text, and the `total` of those that match.

    >>> Found((), 0).summary
    'nothing found'
    """

    entries: tuple[Entry, ...]
    total: int

    @property
    def summary(self) -> str:
        """Return how much is listed: "200 of 3,912", or "12" when that is all."""
        if not self.total:
            return "nothing found"
        return (
            f"{self.total:,}"
            if len(self.entries) == self.total
            else f"{len(self.entries):,} of {self.total:,}"
        )


@dataclass(frozen=True, slots=True)
class _Row:
    """Holds an entry with its name in lower case, the way to it, and all of the text that finds it."""

    entry: Entry
    names: tuple[str, ...]
    way: str
    text: str
    tie: tuple[int, int, str]


class SearchIndex:
    """Searches the entries of one endpoint; it never changes, `with_custom` gives another one.

    `custom` holds the custom fields of those entities whose were read. Several words have to be found all, in the name,
    or in the way to it: `customer email` finds Customer.MainContact.Email. Case does not count. The exact name comes
    first, then names that start with the text, that have a word starting with it (`Order` in SalesOrder), and that
    contain it; at last what is below a name that does.
    """

    def __init__(self, rows: Sequence[_Row], custom_known: frozenset[str]) -> None:
        self._rows = rows
        self.custom_known = custom_known

    @classmethod
    def of(cls, endpoint: Endpoint, custom: Mapping[str, Iterable[CustomField]] | None = None) -> SearchIndex:
        """Return the index of an endpoint, with the custom fields of the entities that are known."""
        attributes = {entity.name: plural_attribute(entity.name) for entity in endpoint}
        index = cls([_row(entry, attributes) for entry in entries_of(endpoint)], frozenset())
        for entity, fields in (custom or {}).items():
            index = index.with_custom(entity, fields)
        return index

    def with_custom(self, entity: str, fields: Iterable[CustomField]) -> SearchIndex:
        """Return an index that finds the custom fields of one more entity."""
        if entity in self.custom_known:
            return self
        attributes = {entity: plural_attribute(entity)}
        added = [_row(entry, attributes) for entry in custom_entries(entity, fields)]
        return SearchIndex([*self._rows, *added], self.custom_known | {entity})

    def __len__(self) -> int:
        return len(self._rows)

    def search(self, text: str, *, whats: Collection[What] = WHATS, limit: int = LIMIT) -> Found:
        """Return the `limit` best entries for a text, of the sorts in `whats`; for an empty text the first ones.

        >>> [entry.label for entry in index.search("loyalty").entries]  # doctest: +SKIP
        ['Customer.UsrLoyaltyTier']
        """
        words = _words(text)
        matching = [
            (_rank(row, words), row.tie, row)
            for row in self._rows
            if row.entry.what in whats and all(word in row.text for word in words)
        ]
        best = heapq.nsmallest(limit, matching, key=lambda ranked: ranked[:2])
        return Found(tuple(row.entry for *_, row in best), len(matching))

    def entities_with(self, text: str) -> dict[str, list[Entry]]:
        """Return the fields whose own name has every word of a text, by entity: the entities that have such a field.

        The best of each entity comes first, as in `search`.

        >>> sorted(index.entities_with("tax zone"))  # doctest: +SKIP
        ['Bill', 'Customer', 'SalesOrder', 'Vendor']
        """
        words = _words(text)
        rows = [
            row
            for row in self._rows
            if words and row.entry.what in _FIELDS and all(word in row.names[0] for word in words)
        ]
        found: dict[str, list[Entry]] = {}
        for row in sorted(rows, key=lambda row: (row.entry.entity, _rank(row, words), row.tie)):
            found.setdefault(row.entry.entity, []).append(row.entry)
        return found


def _row(entry: Entry, attributes: Mapping[str, str]) -> _Row:
    attribute = attributes.get(entry.entity, "")
    name = entry.name.lower()
    names = (name, attribute.replace("_", "")) if entry.what == "service" else (name,)
    text = " ".join((*names, entry.label, attribute, entry.view, entry.title, entry.what)).lower()
    tie = (WHATS.index(entry.what), len(entry.path), entry.label)
    return _Row(entry, names, entry.label.lower().replace(".", ""), text, tie)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower().replace("_", " "))


def _rank(row: _Row, words: list[str]) -> float:
    """Return how far an entry is from the words, 0 for its exact name; written apart or together is the same."""
    if not words:
        return 0
    together = "".join(words)
    if len(together) >= len(row.names[0]) and row.way.endswith(together):
        return _EXACT
    return min(_distance(row, together), sum(_distance(row, word) for word in words) / len(words))


def _distance(row: _Row, word: str) -> int:
    """Return how near to the name a word is."""
    if word in row.names:
        return _EXACT
    if any(name.startswith(word) for name in row.names):
        return _PREFIX
    at = row.names[0].find(word)
    if at < 0:
        return _AROUND
    return _PART if row.entry.name[at : at + 1].isupper() else _INSIDE
