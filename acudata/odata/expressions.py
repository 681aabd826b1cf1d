"""Conditions: what comparing a field makes, joined by Python's own operators."""

from __future__ import annotations

from typing import ClassVar, NoReturn

from acudata.looks.text import cut, html, visible
from acudata.odata.nodes import And, Node, Not, Or
from acudata.odata.text import text

_LONGEST = 500
"""Characters of a filter that are shown."""


class Loud:
    """Refuses what Python would answer with a silently wrong filter."""

    __slots__ = ("node",)
    __array_ufunc__: ClassVar[None] = None
    __iter__: ClassVar[None] = None

    def __init__(self, node: Node) -> None:
        self.node = node

    def __str__(self) -> str:
        return text(self.node)

    def __repr__(self) -> str:
        return visible(f"<{type(self).__name__} {cut(str(self), _LONGEST)}>")

    def _repr_html_(self) -> str:
        return f'<code style="background:none">{html(cut(str(self), _LONGEST))}</code>'

    def __bool__(self) -> NoReturn:
        raise TypeError(
            f"The filter `{self}` is neither true nor false by itself: `and`, `or`, `not`, `in` and chained"
            " comparisons would lose a part of it. Write (a) & (b) for `a and b`, (a) | (b) for `a or b`, ~(a) for"
            " `not a`, F.X.isin([1, 2]) for `F.X in [1, 2]`, and F.X.between(1, 5) or (F.X > 1) & (F.X < 5) for"
            " `1 < F.X < 5`."
        )

    def __hash__(self) -> NoReturn:
        raise TypeError(
            f"`{self}` is unhashable: it can be no member of a set and no key. For `F.X in {{1, 2}}` write"
            " F.X.isin({1, 2})."
        )


class Expression(Loud):
    """Is a condition on the records to read, made by comparing a field: `F.Status == "Open"`.

    Conditions are joined by `&` and `|` and negated by `~`; each comparison needs brackets of its own.

    >>> from acudata.odata import F
    >>> print((F.Status == "Open") & ~F.Description.contains("test"))
    Status eq 'Open' and not contains(Description,'test')

    """

    __slots__ = ()
    __hash__ = Loud.__hash__

    def __and__(self, other: Expression) -> Expression:
        return Expression(And(_terms(And, self, _condition(other))))

    def __or__(self, other: Expression) -> Expression:
        return Expression(Or(_terms(Or, self, _condition(other))))

    def __rand__(self, other: object) -> Expression:
        return _condition(other) & self

    def __ror__(self, other: object) -> Expression:
        return _condition(other) | self

    def __invert__(self) -> Expression:
        return Expression(self.node.term if isinstance(self.node, Not) else Not(self.node))

    def __eq__(self, other: object) -> Expression:  # type: ignore[override]
        if not isinstance(other, bool):
            raise TypeError(
                f"The condition `{self}` can only be compared with True or False, not with {other!r}."
            )
        return self if other else ~self

    def __ne__(self, other: object) -> Expression:  # type: ignore[override]
        return ~(self == other)


def _terms(cls: type[And] | type[Or], *conditions: Expression) -> tuple[Node, ...]:
    nodes = [condition.node for condition in conditions]
    return tuple(term for node in nodes for term in (node.terms if isinstance(node, cls) else (node,)))


def _condition(value: object) -> Expression:
    if isinstance(value, Expression):
        return value
    raise TypeError(
        f"& and | join conditions, and {value} is none. They bind tighter than comparisons, so each comparison needs"
        ' brackets: (F.Status == "Open") & (F.Balance > 0).'
    )
