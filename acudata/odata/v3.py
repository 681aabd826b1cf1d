"""The filter in the dialect of the contract API: OData v3 with gaps of its own.

(Acumatica: `substringof` takes the needle first and stands alone; `contains`, `tolower` and other functions,
arithmetic and a negated `substringof` are answered with an error; whether other negated searches are is not
known, so they are not sent.)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from acudata.errors import AcumaticaValidationError
from acudata.odata.literals import MisfitError, of_kind
from acudata.odata.nodes import Arithmetic, Call, Comparison, CustomField, Field, Literal, Node, Not, walk
from acudata.odata.text import TextForm, text

if TYPE_CHECKING:
    from acudata.odata.expressions import Expression

KindOf = Callable[[tuple[str, ...]], str | None]

_CASE = "use .contains(), which ignores case at the server"
_DATES = "compare with dates: F.Date.between('2024-03-01', '2024-03-31')"
_LOCALLY = "read without this condition and select the rows of the frame: frame[frame['…'] == …]"
_INSTEAD = {"tolower": _CASE, "toupper": _CASE, "year": _DATES, "month": _DATES, "day": _DATES}


def to_v3(expression: Expression, *, kind_of: KindOf | None = None) -> str:
    """Return the filter as the contract API takes it; the text is still to be percent-encoded.

    `kind_of` tells the kind of the field at a path (`("MainContact", "Email")` → `"String"`), None if it is not
    known; a value is then written as that kind wants it, otherwise by its Python type.

    Raises:
        AcumaticaValidationError: the contract API cannot do a part of the filter, or a value does not fit its field.

    >>> from acudata.odata import F
    >>> to_v3(F.Description.contains("pump") & (F.Date >= "2024-01-01"), kind_of={("Date",): "DateTime"}.get)
    "substringof('pump',Description) and Date ge datetimeoffset'2024-01-01'"

    """
    return _V3(kind_of or _unknown).visit(expression.node)


def _unknown(path: tuple[str, ...]) -> None:  # noqa: ARG001 - the shape of a KindOf
    return None


class _V3(TextForm):
    def __init__(self, kind_of: KindOf) -> None:
        self._kind_of = kind_of

    def visit_call(self, node: Call) -> str:
        if node.function == "contains":
            haystack, needle = node.arguments
            return f"substringof({self.visit(needle)},{self.visit(haystack)})"
        if node.function in {"startswith", "endswith"}:
            return super().visit_call(node)
        raise _impossible(node, f"the function {node.function}", _INSTEAD.get(node.function, _LOCALLY))

    def visit_arithmetic(self, node: Arithmetic) -> str:
        raise _impossible(node, "arithmetic", _LOCALLY)

    def visit_not(self, node: Not) -> str:
        for part in walk(node.term):
            if isinstance(part, Call):
                raise _impossible(node, f"a negated {part.function}", _LOCALLY)
        return super().visit_not(node)

    def visit_comparison(self, node: Comparison) -> str:
        if isinstance(node.right, Literal):
            return f"{self.visit(node.left)} {node.operator} {self._value(node.left, node.right)}"
        return super().visit_comparison(node)

    def _value(self, field: Node, literal: Literal) -> str:
        kind = self._kind(field)
        try:
            return of_kind(literal.value, kind)
        except MisfitError as misfit:
            raise AcumaticaValidationError(
                f"{text(field)} is of kind {kind}; it cannot be compared with {literal.value!r}.",
                suggestions=[str(misfit)],
                context={"field": text(field), "kind": kind},
            ) from None

    def _kind(self, node: Node) -> str | None:
        if isinstance(node, CustomField):
            return node.kind
        return self._kind_of(node.path) if isinstance(node, Field) else None


def _impossible(node: Node, what: str, instead: str) -> AcumaticaValidationError:
    return AcumaticaValidationError(
        f"The contract API of Acumatica cannot filter by {what}: {text(node)}",
        suggestions=[instead],
        context={"part": text(node)},
    )
