"""`F`: a field of the entity, by its name."""

from __future__ import annotations

from typing import ClassVar, NoReturn

from acudata.errors import AcumaticaUnknownNameError
from acudata.naming import nearest
from acudata.odata.nodes import CustomField, Field
from acudata.odata.operands import Operand

_KINDS = (
    "String",
    "Int",
    "Short",
    "Long",
    "Byte",
    "Decimal",
    "Double",
    "Boolean",
    "DateTime",
    "DateOnly",
    "Guid",
)
_METHODS = [name for name in dir(Operand) if not name.startswith("_") and name != "node"]


class Path(Operand):
    """Is a field of the entity or, after a dot, of an entity linked to it: `F.MainContact.Address.City`.

    A name that Python does not take is written in brackets: `F.MainContact["Phone1"]`.
    """

    __slots__ = ()

    def __getattr__(self, name: str) -> Path:
        if name[:1].isupper():
            return self[name]
        raise AttributeError(_no_method(name), name=name)

    def __getitem__(self, name: str) -> Path:
        parent = self.node.path if isinstance(self.node, Field) else ()
        return Path(Field((*parent, *_names(name))))


class Fields:
    """Makes fields of their names; `F` is the one to use.

    >>> print(F.MainContact.Email == "ada@example.com")
    MainContact/Email eq 'ada@example.com'
    >>> print(F["MainContact/Email"].is_null())
    MainContact/Email eq null
    """

    __slots__ = ()
    __iter__: ClassVar[None] = None

    def __getattr__(self, name: str) -> Path:
        if name.startswith("_"):
            raise AttributeError(name)
        return Path(Field((name,)))

    def __getitem__(self, name: str) -> Path:
        return Path(Field(_names(name)))

    def __contains__(self, name: object) -> NoReturn:
        raise TypeError("F makes a field of any name; the fields of an entity are listed by its service.")

    def __repr__(self) -> str:
        return "F"

    def cf(self, kind: str, view: str, name: str) -> Operand:
        """Return a field outside the contract, addressed by its kind, its view and its name on the form.

        Raises:
            AcumaticaUnknownNameError: there is no such kind of field.

        >>> print(F.cf("String", "Document", "UsrRoute") == "north")
        cf.String(f='Document.UsrRoute') eq 'north'

        """
        if kind not in _KINDS:
            raise AcumaticaUnknownNameError(
                f"There is no kind of custom field {kind!r}; the kinds are {', '.join(_KINDS)}.",
                suggestions=nearest(kind, _KINDS),
            )
        return Operand(CustomField(kind, *_checked(view), *_checked(name)))


F = Fields()


def _names(path: str) -> tuple[str, ...]:
    return _checked(*path.split("/"))


def _checked(*names: str) -> tuple[str, ...]:
    for name in names:
        if not name.isidentifier():
            raise ValueError(
                f"{name!r} is no name of a field: letters, digits and _ only, parts of a path apart by /."
            )
    return names


def _no_method(name: str) -> str:
    near = nearest(name, _METHODS)
    hint = f" Did you mean .{near[0]}()?" if near else f" There are: {', '.join(_METHODS)}."
    return f"A field of a filter has no method {name!r}.{hint} A field of that name is written F.X[{name!r}]."
