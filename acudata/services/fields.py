"""The fields of one entity for its filters: `F = client.customers.F`."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from acudata.errors import AcumaticaUnknownNameError
from acudata.looks.card import card_html
from acudata.looks.schema import fields_card
from acudata.naming import nearest
from acudata.odata import F, Field, Operand
from acudata.schema import CustomField, Endpoint, Entity, Structure
from acudata.schema.addresses import by_name


class EntityFields:
    """Gives the fields that an entity has, custom ones included, and no others; `F.<Tab>` lists them.

    >>> F = client.customers.F
    >>> print((F.Status == "Active") & F.MainContact.Email.is_not_null())
    Status eq 'Active' and MainContact/Email ne null

    Linked entities and detail arrays have fields of their own. `F["MainContact/Email"]` is the same as with dots.

    Raises AcumaticaUnknownNameError, with the nearest names, for a name that the entity does not have.
    """

    __slots__ = ("_endpoint", "_entity", "_path", "_structure")
    __iter__: ClassVar[None] = None
    __hash__: ClassVar[None] = None  # type: ignore[assignment]
    cf = staticmethod(F.cf)

    def __init__(
        self,
        endpoint: Endpoint,
        entity: Entity,
        structure: Structure | None = None,
        path: tuple[str, ...] = (),
    ) -> None:
        self._endpoint = endpoint
        self._entity = entity
        self._structure = structure or entity.structure
        self._path = path

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]

    def __getitem__(self, name: str) -> Any:
        first, _, rest = name.partition("/")
        below = self._endpoint.member(self._structure, first)
        if below is not None:
            member = EntityFields(self._endpoint, self._entity, below, (*self._path, first))
            return member[rest] if rest else member
        steps = (*self._path, *name.split("/"))
        if name in self._structure.fields or ".".join(steps) in by_name(self._entity.custom):
            return Operand(Field(steps))
        raise AcumaticaUnknownNameError(
            f"{self._where} has no field {name!r}.", suggestions=nearest(name, self._names())
        )

    def __dir__(self) -> list[str]:
        return [*self._names(), "cf"]

    def _ipython_key_completions_(self) -> list[str]:
        return self._names()

    def __eq__(self, other: object) -> NoReturn:
        raise TypeError(f"{self._where} is no value to compare; compare one of its fields.")

    def __repr__(self) -> str:
        return f"<F of {self._where}: {len(self._names())} fields and members>"

    def _repr_html_(self) -> str:
        return card_html(fields_card(self._where, self._structure, self._own))

    @property
    def _where(self) -> str:
        return "/".join((self._entity.name, *self._path))

    @property
    def _own(self) -> list[CustomField]:
        """Return the fields outside the contract that the tenant made; forms have many others."""
        return [f for f in self._entity.custom if f.is_tenants_own and f.member == "/".join(self._path)]

    def _names(self) -> list[str]:
        members, own = self._structure, (field.name for field in self._own)
        return list(dict.fromkeys([*members.fields, *members.linked, *members.details, *own]))
