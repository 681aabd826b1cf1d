"""Fits a filter to the kinds of its fields: values as their fields want them, functions only where they make sense."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from acudata.errors import AcumaticaValidationError
from acudata.odata.literals import MisfitError, as_kind
from acudata.odata.nodes import (
    Arithmetic,
    Call,
    Comparison,
    CustomField,
    Field,
    Literal,
    Membership,
    Node,
    transform,
)
from acudata.odata.text import text

KindOf = Callable[[tuple[str, ...]], str | None]
"""Tells the kind of the field at a path (`("MainContact", "Email")` → `"String"`), None where it is not known."""

_NUMBERS = ("Int", "Short", "Long", "Byte", "Decimal", "Double")
_FAMILIES = {
    "String": "text",
    "Guid": "an id",
    "Boolean": "true or false",
    "DateTime": "a date",
    "DateOnly": "a date",
    **dict.fromkeys(_NUMBERS, "a number"),
}
_SEARCHES = ("contains", "startswith", "endswith")
_FUNCTIONS: dict[str, tuple[str, str]] = {
    **dict.fromkeys(_SEARCHES, ("text", "Boolean")),
    **dict.fromkeys(("tolower", "toupper", "trim", "concat", "replace", "substring"), ("text", "String")),
    **dict.fromkeys(("length", "indexof"), ("text", "Int")),
    **dict.fromkeys(("year", "month", "day", "hour", "minute", "second"), ("a date", "Int")),
    **dict.fromkeys(("round", "floor", "ceiling"), ("a number", "Decimal")),
}
"""What each function takes, and the kind of what it gives."""


def unknown_kinds(path: tuple[str, ...]) -> None:
    """Return None: nothing is known of any field."""


def fitted(node: Node, kind_of: KindOf) -> Node:
    """Return the filter with each value as the kind of what it is compared with.

    Where the kind of a field is not known, the value stays as it is.

    Raises:
        AcumaticaValidationError: a value, a field or a function does not go together with its counterpart.

    >>> print(text(fitted(Comparison("eq", Field(("CustomerID",)), Literal(7)), lambda path: "String")))
    CustomerID eq '7'

    """
    return transform(node, lambda part: _fit(part, kind_of))


def kind_of_node(node: Node, kind_of: KindOf) -> str | None:
    """Return the kind of the value that a node stands for, None where it is not known.

    >>> kind_of_node(Call("year", (Field(("Date",)),)), unknown_kinds)
    'Int'
    """
    if isinstance(node, CustomField):
        return node.kind
    if isinstance(node, Call):
        return _FUNCTIONS[node.function][1]
    if isinstance(node, Arithmetic):
        return "Decimal"
    return kind_of(node.path) if isinstance(node, Field) else None


def _fit(node: Node, kind_of: KindOf) -> Node:
    if isinstance(node, Call):
        return _fit_call(node, kind_of)
    if isinstance(node, Arithmetic):
        for side in (node.left, node.right):
            _check(side, "a number", "arithmetic", kind_of)
    elif isinstance(node, Membership):
        options = tuple(_value(option, node.operand, kind_of) for option in node.options)
        return replace(node, options=options)
    elif isinstance(node, Comparison):
        return _fit_comparison(node, kind_of)
    return node


def _fit_call(call: Call, kind_of: KindOf) -> Call:
    for argument in call.arguments:
        if not isinstance(argument, Literal):
            _check(argument, _FUNCTIONS[call.function][0], f"{call.function}()", kind_of)
    if call.function != "concat":
        return call
    return replace(call, arguments=tuple(_text(argument) for argument in call.arguments))


def _fit_comparison(node: Comparison, kind_of: KindOf) -> Comparison:
    if isinstance(node.right, Literal):
        return replace(node, right=_value(node.right, node.left, kind_of))
    left, right = (_FAMILIES.get(kind_of_node(side, kind_of) or "") for side in (node.left, node.right))
    if left and right and left != right:
        raise AcumaticaValidationError(f"{text(node)} compares {left} with {right}.")
    return node


def _check(node: Node, wanted: str, what: str, kind_of: KindOf) -> None:
    kind = kind_of_node(node, kind_of)
    if kind is not None and _FAMILIES.get(kind) != wanted:
        raise AcumaticaValidationError(f"{what} needs {wanted}; {text(node)} is of kind {kind}.")


def _text(argument: Node) -> Node:
    return _fitting(argument, "String", argument) if isinstance(argument, Literal) else argument


def _value(literal: Literal, operand: Node, kind_of: KindOf) -> Literal:
    return _fitting(literal, kind_of_node(operand, kind_of), operand)


def _fitting(literal: Literal, kind: str | None, operand: Node) -> Literal:
    try:
        return Literal(as_kind(literal.value, kind))
    except MisfitError as misfit:
        raise AcumaticaValidationError(
            f"{text(operand)} is of kind {kind}; it cannot be compared with {literal.value!r}.",
            suggestions=[str(misfit)],
            context={"field": text(operand), "kind": kind},
        ) from None
