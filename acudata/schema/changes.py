"""What is different between two readings of an endpoint, entity by entity."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from acudata.schema.endpoint import Endpoint, Structure


@dataclass(frozen=True, slots=True)
class Changes:
    """Names the entities that stayed, changed, came and went."""

    unchanged: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def compare(old: Endpoint, new: Endpoint) -> Changes:
    """Return the changes; an entity is unchanged when itself and every structure that it reaches are equal."""
    both = [name for name in new.entities if name in old.entities]
    same = {
        name for name in both if old.entities[name] == new.entities[name] and _equal_below(old, new, name)
    }
    return Changes(
        unchanged=tuple(name for name in both if name in same),
        changed=tuple(name for name in both if name not in same),
        added=tuple(name for name in new.entities if name not in old.entities),
        removed=tuple(name for name in old.entities if name not in new.entities),
    )


def _equal_below(old: Endpoint, new: Endpoint, entity: str) -> bool:
    return all(
        old.structures.get(part.name) == part for part in _reached(new, new.entities[entity].structure, set())
    )


def _reached(endpoint: Endpoint, structure: Structure, seen: set[str]) -> Iterator[Structure]:
    if structure.name in seen:
        return
    seen.add(structure.name)
    yield structure
    for member in (*structure.linked, *structure.details):
        below = endpoint.member(structure, member)
        if below is not None:
            yield from _reached(endpoint, below, seen)
