"""Records as Python objects: one pydantic dataclass per entity or row, made when first touched.

Models are for writing and for single records, never for bulk reading. A model remembers what was set on it, and only
that is sent: a field that nobody touched stays as it is in the ERP, `None` set on purpose clears it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from acudata.errors import AcumaticaServerError, AcumaticaUnknownNameError, AcumaticaValidationError
from acudata.frames.layout import value_column
from acudata.frames.tolerant import converter
from acudata.looks.card import Card, card_html, card_text
from acudata.looks.schema import models_card
from acudata.models.build import make_model
from acudata.models.listing import Records
from acudata.models.record import Record
from acudata.models.wrapping import unwrap
from acudata.naming import nearest
from acudata.schema.catalogue import Catalogue

__all__ = ["Models", "Record", "Records"]


class Models:
    """Gives the models of one tenant: `models.Customer` or `models["SalesOrderDetail"]`.

    `hasattr(models.Customer, "UsrRegion")` is true exactly when the tenant has that field.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._made: dict[str, type[Record]] = {}

    def __getattr__(self, name: str) -> type[Record]:
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]

    def __getitem__(self, name: str) -> type[Record]:
        if name not in self._made:
            self._made.setdefault(name, self._make(name))  # the first of two threads counts
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._catalogue.endpoint.structures

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._catalogue.endpoint.structures))

    def __dir__(self) -> list[str]:
        return list(self)

    def __repr__(self) -> str:
        return card_text(self._card())

    def _repr_html_(self) -> str:
        return card_html(self._card())

    def _card(self) -> Card:
        """Return what there is to see, without a request."""
        known = self._catalogue.known
        return models_card(known.endpoint if known else None)

    def _make(self, name: str) -> type[Record]:
        endpoint = self._catalogue.endpoint
        if name not in endpoint.structures:
            raise AcumaticaUnknownNameError(
                f"There is no model {name!r}.", suggestions=nearest(name, endpoint.structures)
            )
        structure = endpoint.structures[name]
        own = [field for field in self._catalogue.custom_fields(name) if field.is_tenants_own]
        custom = {
            field.name: field for field in reversed(own)
        }  # the first of a name, as in frames and filters
        beside = {f.name: f for f in own if custom[f.name] is f and f.name not in structure.fields}
        return make_model(structure, beside, self.__getitem__)

    def of(self, name: str, record: Record | Mapping[str, Any]) -> Record:
        """Return a model as it is, or the model that a mapping of plain or wrapped values describes.

        Raises AcumaticaUnknownNameError for a name that it does not have, at any level, and AcumaticaValidationError
        for a value of a wrong type, for a model of another entity, and for what is no record.
        """
        if isinstance(record, Mapping):
            return self[name](**unwrap(record))
        if isinstance(record, Record) and record.structure.name == name:
            return record
        given = record.structure.name if isinstance(record, Record) else type(record).__name__
        raise AcumaticaValidationError(
            f"{given} is no record of {name}.", suggestions=["give one model or one mapping of values"]
        )

    def read(self, name: str, body: Mapping[str, Any]) -> Record:
        """Return the record that a JSON object of the server holds.

        Raises AcumaticaServerError when it is none.
        """
        model = self[name]
        try:
            values = dict(self._values(model, body))
        except (AttributeError, TypeError) as error:
            raise AcumaticaServerError(f"The server answered something that is no {name}.") from error
        record = model.__new__(model)
        record.__dict__.update(dict.fromkeys(model.member_names()) | values)
        record.__dict__.update(id=body.get("id"), note=_unwrapped(body.get("note")), delete=False)
        record.remember(*values, by_server=True)
        return record

    def _values(self, model: type[Record], body: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        structure = model.structure
        for name, value in body.items():
            if name in structure.fields:
                yield name, _typed(name, structure.fields[name], value)
            elif name in structure.linked:
                yield name, self.read(structure.linked[name], value) if value else None
            elif name in structure.details:
                yield name, [self.read(structure.details[name], row) for row in value or ()]
        for view, fields in (body.get("custom") or {}).items():
            for name, value in fields.items():
                if name in model.custom and model.custom[name].view == view:
                    yield name, _typed(name, model.custom[name].kind, value)


@lru_cache(maxsize=10_000)
def _converter(name: str, kind: str) -> Callable[[Any], Any]:
    """Return what makes a field's cell; fields are few, and records many."""
    return converter(value_column(name, kind, (name,)))


def _typed(name: str, kind: str, wrapper: Any) -> Any:
    value = _unwrapped(wrapper)
    cell = None if value is None else _converter(name, kind)(value)
    return _without_trailing_zeros(cell) if isinstance(cell, Decimal) else cell


def _without_trailing_zeros(value: Decimal) -> Decimal:
    """Return a decimal as people write it: 492.4, not 492.4000000000, and 200, not 2E+2."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def _unwrapped(wrapper: Any) -> Any:
    return wrapper.get("value") if isinstance(wrapper, Mapping) else wrapper
