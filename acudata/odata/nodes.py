"""The filter as a tree of frozen nodes, and the visitor that renders it.

* Node
  x Field         MainContact/Email
  x CustomField   cf.String(f='Document.UsrX')
  x Literal       'Open', 12.5, null
  x Call          tolower(Name), contains(Name,'x')
  x Arithmetic    Price mul Quantity
  x Comparison    Status eq 'Open'
  x Membership    Status is one of 'Open', 'Hold'
  x And, Or, Not

Nodes are plain data: equal when they say the same, hashable, and without any knowledge of a dialect. What can be done
with a tree (text, OData v3, a mask over a frame …) is one visitor each.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import decimal
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Scalar = str | bool | int | float | decimal.Decimal | dt.datetime | dt.date | uuid.UUID | None

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Node:
    """Is the base of all nodes."""


@dataclass(frozen=True, slots=True)
class Field(Node):
    """Names a field of the contract; a field of a linked entity has a path of several names."""

    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CustomField(Node):
    """Names a field outside the contract by its kind, its view and its name on the form."""

    kind: str
    view: str
    name: str


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """Holds a value, already reduced to one of Python's own types."""

    value: Scalar


@dataclass(frozen=True, slots=True)
class Call(Node):
    """Applies a function, named as in OData v4 (`contains(Name,'x')`, whatever a dialect makes of it)."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """Joins two numbers by `add`, `sub`, `mul`, `div` or `mod`."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """Compares two values by `eq`, `ne`, `lt`, `le`, `gt` or `ge`."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Membership(Node):
    """Holds where the operand equals one of the options, of which there is at least one."""

    operand: Node
    options: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class And(Node):
    """Holds where all terms hold; never contains another `And` as a term."""

    terms: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or(Node):
    """Holds where any term holds; never contains another `Or` as a term."""

    terms: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not(Node):
    """Holds where the term does not."""

    term: Node


CONDITIONS = frozenset({"contains", "startswith", "endswith"})
"""The functions that are conditions by themselves."""


def is_condition(node: Node) -> bool:
    """Tell whether a node is true or false for a record, rather than a value of it."""
    if isinstance(node, Call):
        return node.function in CONDITIONS
    return isinstance(node, Comparison | Membership | And | Or | Not)


class Visitor(Generic[Result]):
    """Calls `visit_<class of the node>`; subclasses say what each node becomes."""

    def visit(self, node: Node) -> Result:
        """Return what the node becomes."""
        method: Callable[[Node], Result] = getattr(self, f"visit_{type(node).__name__.lower()}")
        return method(node)


def children(node: Node) -> Iterator[Node]:
    """Yield the nodes directly below a node, from left to right."""
    for field in dataclasses.fields(node):
        member = getattr(node, field.name)
        yield from (part for part in _as_tuple(member) if isinstance(part, Node))


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all nodes below it, in the order in which they are written."""
    yield node
    for child in children(node):
        yield from walk(child)


def transform(node: Node, replace: Callable[[Node], Node]) -> Node:
    """Return the tree with every node replaced by what `replace` makes of it, the leaves first."""
    members = {field.name: getattr(node, field.name) for field in dataclasses.fields(node)}
    return replace(
        dataclasses.replace(node, **{name: _transformed(m, replace) for name, m in members.items()})
    )


def _transformed(member: Any, replace: Callable[[Node], Node]) -> Any:
    if isinstance(member, Node):
        return transform(member, replace)
    if isinstance(member, tuple):
        return tuple(_transformed(part, replace) for part in member)
    return member


def _as_tuple(member: Any) -> tuple[Any, ...]:
    return member if isinstance(member, tuple) else (member,)
