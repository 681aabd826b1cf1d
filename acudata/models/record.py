"""What every model is: a record or row that remembers what was set on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from acudata.errors import AcumaticaUnknownNameError
from acudata.looks.card import card_html, card_text
from acudata.looks.records import record_card
from acudata.looks.schema import members_line
from acudata.models.wrapping import body_of, plain
from acudata.naming import nearest
from acudata.schema import CustomField, Structure
from acudata.schema.kinds import KINDS


class ModelClass(type):
    """Is the class of all models, so that a model tells its fields when it is looked at."""

    def __repr__(cls) -> str:
        return f"<model {members_line(cls.structure)}>" if hasattr(cls, "structure") else super().__repr__()


class Record(metaclass=ModelClass):
    """Is the base of all models: attributes by the contract's names, `record["CustomerName"]` as well.

    `id` is that of the record in the ERP, None for a new one; `note` is its note; `delete = True` marks a detail row
    for removal when its document is put.
    """

    # Beside `__dict__`, which pydantic replaces at each assignment.
    __slots__ = ("_changed", "_names")

    structure: ClassVar[Structure]
    custom: ClassVar[Mapping[str, CustomField]]
    _names: dict[str, None]
    _changed: dict[str, None]
    id: str | None
    note: str | None
    delete: bool

    if TYPE_CHECKING:  # the fields come from the tenant's schema
        __dataclass_fields__: ClassVar[dict[str, Any]]

        def __init__(self, **values: Any) -> None: ...
        def __setattr__(self, name: str, value: Any) -> None: ...

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("_"):
            self.check_names(name)
        raise AttributeError(name)

    def __setstate__(self, state: tuple[dict[str, Any], dict[str, Any]]) -> None:
        """Make this a copy, as the module `copy` wants it."""
        values, noted = state
        self.__dict__.update(values)
        for slot, names in noted.items():
            object.__setattr__(self, slot, dict(names))

    def __str__(self) -> str:
        return card_text(record_card(self))

    def _repr_html_(self) -> str:
        return card_html(record_card(self))

    def __getitem__(self, name: str) -> Any:
        self.check_names(name)
        return getattr(self, name)

    def __setitem__(self, name: str, value: Any) -> None:
        setattr(self, name, value)

    def __iter__(self) -> Iterator[str]:
        """Yield the names that were set or read, in that order."""
        return iter(self._names)

    def remember(self, *names: str, by_server: bool = False) -> None:
        """Note that names were set, by the user or by the server's answer."""
        noted = dict.fromkeys(names)
        object.__setattr__(self, "_names", {**getattr(self, "_names", {}), **noted})
        object.__setattr__(
            self, "_changed", {**getattr(self, "_changed", {}), **({} if by_server else noted)}
        )

    @property
    def is_changed(self) -> bool:
        """Tell whether there is anything to send: the record or a row of it is new, changed or to be deleted."""
        return self.id is None or self.delete or bool(self._changed) or bool(list(self._changed_members()))

    def _changed_members(self) -> Iterator[str]:
        for name in (*self.structure.linked, *self.structure.details):
            value = getattr(self, name)
            children = value if isinstance(value, list) else [value]
            if any(isinstance(child, Record) and child.is_changed for child in children):
                yield name

    @classmethod
    def member_names(cls) -> list[str]:
        """Return every field and member, custom fields included."""
        return [*cls.structure.fields, *cls.structure.linked, *cls.structure.details, *cls.custom]

    @classmethod
    def check_names(cls, *names: str) -> None:
        """Raise AcumaticaUnknownNameError, with the nearest names, unless all of the names are members."""
        known = [*cls.member_names(), "id", "note", "delete"]
        for name in names:
            if name not in known:
                raise AcumaticaUnknownNameError(
                    f"{cls.structure.name} has no field {name!r}.", suggestions=nearest(name, known)
                )

    def to_json(self) -> dict[str, Any]:
        """Return the record as the server takes it: the wrapped values of just what was set or changed, and the id.

        Raises AcumaticaValidationError for a value that no field can hold, such as NaN.
        """
        body: dict[str, Any] = {"id": self.id} if self.id else {}
        if self.delete:
            body["delete"] = True
        for name in {**self._changed, **dict.fromkeys(self._changed_members())}:
            if name in self.custom:
                self._put_custom(body, self.custom[name])
            elif name not in body:
                body[name] = self._json_of(name)
        return body

    def _json_of(self, name: str) -> Any:
        value = getattr(self, name)
        if name in self.structure.details:
            return [body_of(row) for row in value or () if not isinstance(row, Record) or row.is_changed]
        if name in self.structure.linked:
            return body_of(value or {})
        return {"value": plain(name, value)}

    def _put_custom(self, body: dict[str, Any], field: CustomField) -> None:
        value = {"type": KINDS[field.kind].custom, "value": plain(field.name, getattr(self, field.name))}
        body.setdefault("custom", {}).setdefault(field.view, {})[field.name] = value
