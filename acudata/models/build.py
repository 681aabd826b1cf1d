"""Makes the pydantic dataclass of a structure."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from acudata.errors import AcumaticaValidationError
from acudata.models.record import Record
from acudata.scalars import python_value
from acudata.schema import CustomField, Structure
from acudata.schema.kinds import KINDS


def make_model(
    structure: Structure, custom: Mapping[str, CustomField], model_of: Callable[[str], type[Record]]
) -> type[Record]:
    """Return the model of a structure, with the tenant's custom fields beside the contract's.

    Its instances check types, refuse names that do not exist and remember which ones were set. `model_of` gives the
    models of rows and linked entities, of which mappings become instances.
    """
    from pydantic import ConfigDict
    from pydantic.dataclasses import dataclass

    plain = dataclasses.make_dataclass(
        structure.name,
        list(_fields(structure, custom)),
        bases=(Record,),
        namespace={"structure": structure, "custom": custom, "__module__": __name__},
        kw_only=True,
        repr=False,
    )
    config = ConfigDict(arbitrary_types_allowed=True, validate_assignment=True, hide_input_in_errors=True)
    model = cast("type[Record]", dataclass(config=config, repr=False)(plain))
    for name, method in _careful_methods(model, model_of).items():
        setattr(model, name, method)
    return model


def _fields(structure: Structure, custom: Mapping[str, CustomField]) -> Iterator[tuple[str, Any, Any]]:
    kinds = dict(structure.fields) | {name: field.kind for name, field in custom.items()}
    yield from ((name, KINDS[kind].python | None, None) for name, kind in kinds.items())
    yield from ((name, Record | dict[str, Any] | None, None) for name in structure.linked)
    yield from ((name, list[Record | dict[str, Any]] | None, None) for name in structure.details)
    yield from (("id", str | None, None), ("note", str | None, None), ("delete", bool, False))


def _careful_methods(
    model: type[Record], model_of: Callable[[str], type[Record]]
) -> dict[str, Callable[..., Any]]:
    """Return methods around pydantic's own that note the names set and explain what is wrong."""
    validate, assign = model.__init__, model.__setattr__
    members = {**model.structure.linked, **model.structure.details}

    def fitted(name: str, value: Any) -> Any:
        return _as_models(name, value, model_of(members[name])) if name in members else python_value(value)

    def __init__(self: Record, **values: Any) -> None:  # noqa: N807 - it becomes the method of that name
        given = {name: value for name, value in values.items() if not _is_absent(model, name, value)}
        model.check_names(*given)
        with _explained(model):
            validate(self, **{name: fitted(name, value) for name, value in given.items()})
        self.remember(*given)

    def __setattr__(self: Record, name: str, value: Any) -> None:  # noqa: N807
        model.check_names(name)
        with _explained(model):
            assign(self, name, fitted(name, value))
        self.remember(name)

    def __repr__(self: Record) -> str:  # noqa: N807
        values = ", ".join(f"{name}={getattr(self, name)!r}" for name in self)
        return f"{model.__name__}({values})"

    return {"__init__": __init__, "__setattr__": __setattr__, "__repr__": __repr__}


def _as_models(name: str, value: Any, model: type[Record]) -> Any:
    """Return what was set as rows or linked entity, with mappings made models; other models are refused."""
    if isinstance(value, list | tuple):
        return [_as_models(name, row, model) for row in value]
    if isinstance(value, Record) and value.structure.name != model.structure.name:
        wanted, got = model.structure.name, value.structure.name
        raise AcumaticaValidationError(
            f"{name} takes {wanted}, not {got}.", field_errors={name: [f"{got} given in place of {wanted}"]}
        )
    return model(**value) if isinstance(value, Mapping) else value


def _is_absent(model: type[Record], name: str, value: Any) -> bool:
    """Tell whether this is `UsrX=None` for a custom field that the tenant does not have, which scripts for many do."""
    return value is None and name.startswith("Usr") and name not in model.member_names()


@contextlib.contextmanager
def _explained(model: type[Record]) -> Iterator[None]:
    """Turn pydantic's error into one that names the field as the user wrote it, without the value."""
    from pydantic import ValidationError

    try:
        yield
    except ValidationError as error:
        texts: dict[str, list[str]] = {}
        for problem in error.errors(include_url=False, include_input=False):
            texts.setdefault(str(problem["loc"][0]), []).append(problem["msg"])
        raise AcumaticaValidationError(
            f"{model.__name__} cannot hold these values.", field_errors=texts
        ) from None
