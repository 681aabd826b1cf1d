"""What the help of a service and of its methods tells: the entity as this tenant has it."""

from __future__ import annotations

import functools
import inspect
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MethodType
from typing import TYPE_CHECKING, Any

import inflection

from acudata.naming import nearest, plural_attribute
from acudata.schema import Entity
from acudata.schema.kinds import KINDS

if TYPE_CHECKING:
    from acudata.services.base import EntityService


def story(entity: Entity) -> str:
    """Return what an entity is and has, as text for a docstring."""
    paragraphs = (textwrap.fill(part, 100, break_long_words=False) for part in _parts(entity))
    return "\n\n".join([*paragraphs, _example(entity)])


def _parts(entity: Entity) -> Iterator[str]:
    structure = entity.structure
    form = f" ({' '.join(filter(None, (entity.screen, entity.title)))})" if entity.screen else ""
    keys = f", by {' and '.join(entity.keys)}" if entity.keys else ""
    yield f"{entity.name}{form}{keys}."
    yield _listed("Fields", (f"{name} ({_type(kind)})" for name, kind in structure.fields.items()))
    own = (field for field in entity.custom if field.is_tenants_own)
    yield _listed("Custom fields", (f"{field.address} ({_type(field.kind)})" for field in own))
    yield _listed("Linked entities", (f"{name} ({target})" for name, target in structure.linked.items()))
    yield _listed("Detail rows", (f"{name} ({target})" for name, target in structure.details.items()))
    yield _listed("Actions", (f"invoke_action_{inflection.underscore(name)}" for name in entity.actions))


def _listed(what: str, names: Iterable[str]) -> str:
    return f"{what}: {', '.join(names) or 'none'}."


def _type(kind: str) -> str:
    return str(KINDS[kind].python.__name__)


def _example(entity: Entity) -> str:
    columns = list(entity.keys) or list(entity.structure.fields)[:2]
    return f">>> client.{plural_attribute(entity.name)}.to_frame(columns={columns!r}, top=10)"


def told_with(doc: str | None, entity: Entity) -> str:
    """Return a docstring with the story of an entity behind its first paragraph."""
    summary, _, rest = inspect.cleandoc(doc or "").partition("\n\n")
    return "\n\n".join(filter(None, (summary, story(entity), rest)))


class Story:
    """Is the `__doc__` of a class of services: of the class its docstring, of a service its entity's story as well."""

    def __init__(self, doc: str) -> None:
        self._doc = doc

    def __get__(self, service: EntityService | None, owner: type[EntityService]) -> str:
        return self._doc if service is None else told_with(self._doc, service.entity)


class Told:
    """Makes a method tell of the entity when its help is asked for, as `client.customers.to_frame?` does."""

    def __init__(self, method: Callable[..., Any]) -> None:
        self._method = method

    def __get__(self, service: EntityService | None, owner: type[EntityService]) -> Callable[..., Any]:
        return self._method if service is None else MethodType(_Telling(self._method, service), service)


class _Telling:
    """Is a method of one service; its docstring is made when it is read, since that takes the schema."""

    def __init__(self, method: Callable[..., Any], service: EntityService) -> None:
        assigned = [name for name in functools.WRAPPER_ASSIGNMENTS if name != "__doc__"]
        functools.update_wrapper(self, method, assigned=assigned)
        self._method = method
        self._service = service

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        try:
            inspect.signature(self._method).bind(*arguments, **options)
        except TypeError as error:
            raise self._misused(error, options) from None
        return self._method(*arguments, **options)

    def _misused(self, error: TypeError, options: Mapping[str, Any]) -> TypeError:
        """Return the error for arguments that do not fit, told by the user's own names, with the nearest option."""
        known = list(inspect.signature(self._method).parameters)[1:]
        near = [found for name in options if name not in known for found in nearest(name, known)]
        advice = f"\n  did you mean: {', '.join(near)}" if near else ""
        method = f"client.{plural_attribute(self._service.name)}.{self._method.__name__}"
        return TypeError(f"{method}: {error}{advice}")

    @property
    def __doc__(self) -> str:  # type: ignore[override]
        return told_with(self._method.__doc__, self._service.entity)
