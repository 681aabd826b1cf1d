"""A filter read by plain Python, one row at a time, by the rules of OData: what the mask is compared with."""

from __future__ import annotations

import datetime as dt
import math
import operator
import uuid
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from acudata.odata import CustomField, Field
from acudata.odata.nodes import And, Arithmetic, Call, Comparison, Literal, Membership, Not, Or, Visitor


class Plain(Visitor[Any]):
    """Evaluates a filter on one row; None is a missing value, and what is neither true nor false."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.row = row

    def visit_field(self, node: Field) -> Any:
        return self.row[".".join(node.path)]

    def visit_customfield(self, node: CustomField) -> Any:
        return self.row[node.name]

    def visit_literal(self, node: Literal) -> Any:
        return node.value

    def visit_call(self, node: Call) -> Any:
        arguments = [self.visit(argument) for argument in node.arguments]
        return None if None in arguments else CALLS[node.function](*arguments)

    def visit_arithmetic(self, node: Arithmetic) -> Any:
        left, right = self.visit(node.left), self.visit(node.right)
        return None if None in (left, right) else calculated(node.operator, Fraction(left), Fraction(right))

    def visit_comparison(self, node: Comparison) -> bool:
        left, right = self.visit(node.left), self.visit(node.right)
        if node.operator in {"eq", "ne"}:
            return same(left, right) == (node.operator == "eq")
        left, right = plain(left, right), plain(right, left)
        return None not in (left, right) and bool(getattr(operator, node.operator)(left, right))

    def visit_membership(self, node: Membership) -> bool:
        return any(same(self.visit(node.operand), option.value) for option in node.options)

    def visit_and(self, node: And) -> bool | None:
        held = [self.visit(term) for term in node.terms]
        return False if False in held else None if None in held else True

    def visit_or(self, node: Or) -> bool | None:
        held = [self.visit(term) for term in node.terms]
        return True if True in held else None if None in held else False

    def visit_not(self, node: Not) -> bool | None:
        held = self.visit(node.term)
        return None if held is None else not held


def same(left: Any, right: Any) -> bool:
    return bool(plain(left, right) == plain(right, left))


def plain(value: Any, other: Any) -> Any:
    """Return a value as it is compared with another: text may stand for what the other is."""
    if isinstance(value, str):
        return read_as(value, other) if not isinstance(other, str) else value.lower().rstrip(" ")
    if isinstance(value, float):
        return Fraction(str(value))
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        value = dt.datetime.combine(value, dt.time())
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).replace(tzinfo=None) if value.tzinfo else value
    return str(value) if isinstance(value, uuid.UUID) else value


def read_as(text: str, other: Any) -> Any:
    if isinstance(other, bool):
        return text.lower() == "true"
    if isinstance(other, dt.date):
        return plain(dt.datetime.fromisoformat(text), None)
    return text.lower().rstrip(" ")


def calculated(name: str, left: Fraction, right: Fraction) -> Fraction | None:
    if name in {"div", "mod"} and not right:
        return None
    if name == "mod":
        return left - math.trunc(left / right) * right
    if name == "div":
        return left / right
    return {"add": left + right, "sub": left - right, "mul": left * right}[name]


def away_from_zero(number: Any) -> int:
    exact, half = Fraction(number), Fraction(1, 2)
    return math.floor(exact + half) if exact > 0 else math.ceil(exact - half)


CALLS: dict[str, Callable[..., Any]] = {
    "contains": lambda text, needle: needle.lower() in text.lower(),
    "startswith": lambda text, needle: text.lower().startswith(needle.lower()),
    "endswith": lambda text, needle: text.lower().endswith(needle.lower()),
    "tolower": str.lower,
    "toupper": str.upper,
    "trim": str.strip,
    "length": len,
    "concat": operator.add,
    "indexof": lambda text, needle: text.lower().find(needle.lower()),
    "replace": str.replace,
    "substring": lambda text, start, length=None: text[start:][:length],
    "round": away_from_zero,
    "floor": math.floor,
    "ceiling": math.ceil,
    **{
        part: lambda time, part=part: getattr(time, part, 0)
        for part in ("year", "month", "day", "hour", "minute", "second")
    },
}
