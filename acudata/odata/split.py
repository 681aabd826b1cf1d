"""Parts a filter between the server and the rows it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from acudata.odata.expressions import Expression
from acudata.odata.nodes import And, Node, walk
from acudata.odata.v3 import obstacles


@dataclass(frozen=True, slots=True)
class Split:
    """Holds both parts of a filter; a row is selected where both of them hold. None lets everything through."""

    server: Expression | None
    rest: Expression | None


def split(expression: Expression, *, is_beyond: Callable[[Node], bool] = lambda _: False) -> Split:
    """Return the part of a filter that the contract API can do, and the rest.

    The filter is parted at its outermost `and`: a term goes to the server as a whole or not at all, so that both parts
    together select what the filter does. `is_beyond` tells of further nodes that the server cannot do, such as fields
    of detail rows.

    >>> from acudata.odata import F
    >>> parts = split((F.Status == "Open") & F.Description.tolower().startswith("a") & (F.Total > 5))
    >>> print(parts.server, "|", parts.rest)
    Status eq 'Open' and Total gt 5 | startswith(tolower(Description),'a')

    """
    terms = expression.node.terms if isinstance(expression.node, And) else (expression.node,)
    is_local = [any(obstacles(term)) or any(map(is_beyond, walk(term))) for term in terms]
    server = [term for term, local in zip(terms, is_local, strict=True) if not local]
    rest = [term for term, local in zip(terms, is_local, strict=True) if local]
    return Split(_joined(server), _joined(rest))


def _joined(terms: list[Node]) -> Expression | None:
    if len(terms) > 1:
        return Expression(And(tuple(terms)))
    return Expression(terms[0]) if terms else None
