"""The order of keys: in which a server lists records, and beyond which of them the next page begins."""

from __future__ import annotations

import operator
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from acudata.errors import AcumaticaValidationError
from acudata.odata import names
from acudata.odata.literals import of_kind
from acudata.paging.marks import Key, Marks
from acudata.schema import Entity

_KINDS = frozenset({"String", "Int", "Short", "Long", "Byte"})
_TEXTS = re.compile(r"'(?:[^']|'')*'")
_CUSTOM = re.compile(r"\bcf\s*\.")


@dataclass(frozen=True, slots=True)
class KeyOrder:
    """Knows the key fields of an entity, in the order of the form, and their kinds.

    >>> order = KeyOrder({"OrderType": "String", "OrderNbr": "String"})
    >>> order.beyond(("SO", "000070"))
    "OrderType gt 'SO' or (OrderType eq 'SO' and OrderNbr gt '000070')"
    """

    fields: Mapping[str, str]

    def beyond(self, key: Key) -> str:
        """Return the condition of the records that come after one."""
        return " or ".join(self._alternatives(key))

    def ascends(self, marks: Marks, *, after: Key | None = None) -> bool:
        """Tell whether records come in the order of their keys, all of them after a key.

        Texts are compared without case and trailing blanks. Whatever a server orders in another way does not ascend.
        """
        ranks: list[Any] = marks.folded if after is None else [*Marks([None], [after]).folded, *marks.folded]
        if not all(ranks) or not self._fit(marks.keys):
            return False
        return all(map(operator.lt, ranks, islice(ranks, 1, None)))

    def _alternatives(self, key: Key) -> Iterator[str]:
        literals = [
            (name, of_kind(part, kind)) for (name, kind), part in zip(self.fields.items(), key, strict=True)
        ]
        for at, (name, literal) in enumerate(literals):
            same = [f"{before} eq {value}" for before, value in literals[:at]]
            terms = " and ".join([*same, f"{name} gt {literal}"])
            yield f"({terms})" if same else terms

    def _fit(self, keys: Sequence[Key]) -> bool:
        """Tell whether keys are of their kinds."""
        kinds = [str if kind == "String" else int for kind in self.fields.values()]
        columns = zip(*keys, strict=True)
        return all(
            set(map(type, column)) == {kind} for column, kind in zip(columns, kinds, strict=bool(keys))
        )


def key_order(entity: Entity, filter_text: str | None) -> KeyOrder | None:
    """Return the order by whose keys a list can be cut into ranges; None where it cannot, or nobody knows.

    (Acumatica: a filter that looks at more than one view may be answered with an empty list, and no word. So there must
    be nothing in it but fields of the record itself.)
    """
    fields = keys_of(entity)
    return KeyOrder(fields) if fields and looks_at_the_record_alone(entity, filter_text) else None


def keys_of(entity: Entity) -> dict[str, str]:
    """Return the key fields by which records are told apart, with their kinds; none where nobody knows them."""
    fields = {name: entity.structure.fields[name] for name in entity.keys}
    return fields if _KINDS.issuperset(fields.values()) and not entity.is_inquiry else {}


def looks_at_the_record_alone(entity: Entity, filter_text: str | None) -> bool:
    """Tell whether a filter as sent has nothing in it but fields of the record itself."""
    if not filter_text:
        return True
    bare = _TEXTS.sub("''", filter_text)
    if _CUSTOM.search(bare) or not _is_balanced(bare):
        return False
    try:
        paths = names(filter_text)
    except AcumaticaValidationError:
        return False
    return all(len(path) == 1 and path[0] in entity.structure.fields for path in paths)


def joined(conditions: Sequence[str | None]) -> str | None:
    """Return the condition that all of some hold, each in brackets; None and "" ask for nothing.

    >>> joined(["A eq 1 or B eq 2", None, "K gt 'x'"])
    "(A eq 1 or B eq 2) and (K gt 'x')"
    """
    asked = [condition for condition in conditions if condition]
    return " and ".join(f"({one})" for one in asked) if len(asked) > 1 else next(iter(asked), None)


def _is_balanced(text: str) -> bool:
    """Tell whether no bracket of a text could close one that is put around it."""
    depth = 0
    for character in text:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth < 0:
            return False
    return depth == 0
