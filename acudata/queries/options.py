"""What is sent: the texts of `$select`, `$expand` and `$custom`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from acudata.filters import Needed
from acudata.queries.asked import Asked
from acudata.queries.places import FILES, named_in_select
from acudata.schema.paths import Path, Place


def select_of(asked: Asked, needed: Iterable[Needed]) -> str:
    """Return `$select`, in which an expanded member must be named too, since it vanishes from the answer otherwise.

    Everything is answered where nothing is selected or left out; else what a filter needs is named beside the rest.
    """
    names = list(_selected(asked))
    extra = (field.select for field in needed if field.select) if names else ()
    names += [path for path in dict.fromkeys(extra) if not any(_overlap(path, name) for name in names)]
    return ",".join(map("/".join, names))


def expand_of(asked: Asked, needed: Iterable[Needed]) -> str:
    """Return `$expand`, each member after its parents."""
    extra = (field.expand[: end + 1] for field in needed for end in range(len(field.expand)))
    return ",".join(map("/".join, dict.fromkeys([*asked.expanded, *extra])))


def _selected(asked: Asked) -> Iterator[Path]:
    if not asked.is_narrowed and asked.is_whole(()):
        return
    named = dict.fromkeys(_named(asked) if asked.is_narrowed else _parts(asked, ()))
    yield from named
    for member in asked.expanded:
        if not any(path[: len(member)] == member for path in named):
            yield from _parts(asked, member)


def _named(asked: Asked) -> list[Path]:
    """Return what is selected, with the keys where lines need them or nothing else would be named."""
    paths = [path for place in asked.selected for path in _of_place(asked, place) if path]
    keys = [(key,) for key in asked.places.entity.keys] if asked.chains() or not paths else []
    return [*keys, *paths]


def _of_place(asked: Asked, place: Place) -> list[Path]:
    return [named_in_select(place)] if place.is_field else _parts(asked, place.path)


def _parts(asked: Asked, member: Path) -> list[Path]:
    """Return what names a member, field by field where a part of it is left out."""
    if member and (asked.is_whole(member) or member[-1] == FILES):
        return [member]
    structure = asked.places.find(member).structure if member else asked.places.entity.structure
    return [(*member, name) for name in structure.fields if not asked.is_left_out((*member, name))]


def _overlap(path: Path, other: Path) -> bool:
    """Tell whether naming one of two paths brings something of the other."""
    shorter = min(len(path), len(other))
    return path[:shorter] == other[:shorter]
