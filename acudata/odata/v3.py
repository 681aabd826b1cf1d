"""The filter in the dialect of the contract API: OData v3 with gaps of its own.

(Acumatica: `substringof` takes the needle first and stands alone; `contains`, `tolower` and other functions,
arithmetic and a negated `substringof` are answered with an error; whether other negated searches are is not
known, so they are not sent.)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from acudata.errors import AcumaticaValidationError
from acudata.odata.fitting import KindOf, fitted, kind_of_node, unknown_kinds
from acudata.odata.literals import of_kind
from acudata.odata.nodes import CONDITIONS, Arithmetic, Call, Comparison, Literal, Node, Not, walk
from acudata.odata.text import TextForm, text

if TYPE_CHECKING:
    from acudata.odata.expressions import Expression

_CASE = "use .contains(), which ignores case at the server"
_DATES = "compare with dates: F.Date.between('2024-03-01', '2024-03-31')"
_READING = "give the filter to to_frame or get_list, which apply this part to the rows that they read"
_INSTEAD = {"tolower": _CASE, "toupper": _CASE, "year": _DATES, "month": _DATES, "day": _DATES}


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Names a part of a filter that a server cannot do: `what` it is, and what to write `instead` if anything."""

    part: Node
    what: str
    instead: str | None = None


def to_v3(expression: Expression, *, kind_of: KindOf | None = None) -> str:
    """Return the filter as the contract API takes it; the text is still to be percent-encoded.

    `kind_of` tells the kinds of fields: a value is then written as its field wants it, otherwise by its Python type.

    Raises:
        AcumaticaValidationError: the contract API cannot do a part of the filter, or a value does not fit its field.

    >>> from acudata.odata import F
    >>> to_v3(F.Description.contains("pump") & (F.Date >= "2024-01-01"), kind_of={("Date",): "DateTime"}.get)
    "substringof('pump',Description) and Date ge datetimeoffset'2024-01-01'"

    """
    kinds = kind_of or unknown_kinds
    for obstacle in obstacles(expression.node):
        raise AcumaticaValidationError(
            f"The contract API of Acumatica cannot filter by {obstacle.what}: {text(obstacle.part)}",
            suggestions=[obstacle.instead or _READING],
            context={"part": text(obstacle.part)},
        )
    return _V3(kinds).visit(fitted(expression.node, kinds))


def obstacles(node: Node) -> Iterator[Obstacle]:
    """Yield the parts of a filter that the contract API cannot do."""
    for part in walk(node):
        if isinstance(part, Call) and part.function not in CONDITIONS:
            yield Obstacle(part, f"the function {part.function}", _INSTEAD.get(part.function))
        elif isinstance(part, Arithmetic):
            yield Obstacle(part, "arithmetic")
        elif isinstance(part, Not):
            calls = (below for below in walk(part.term) if isinstance(below, Call))
            yield from (Obstacle(part, f"a negated {call.function}") for call in calls)


class _V3(TextForm):
    def __init__(self, kind_of: KindOf) -> None:
        self._kind_of = kind_of

    def visit_call(self, node: Call) -> str:
        if node.function == "contains":
            haystack, needle = node.arguments
            return f"substringof({self.visit(needle)},{self.visit(haystack)})"
        return super().visit_call(node)

    def visit_comparison(self, node: Comparison) -> str:
        if not isinstance(node.right, Literal):
            return super().visit_comparison(node)
        value = of_kind(node.right.value, kind_of_node(node.left, self._kind_of))
        return f"{self.visit(node.left)} {node.operator} {value}"
