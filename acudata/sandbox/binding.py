"""Filters bound to the fields of an entity: what an instance refuses, and the tests that are left."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from acudata.sandbox.endpoint import Endpoint, Structure
from acudata.sandbox.envelopes import unknown_name
from acudata.sandbox.filters import (
    COMPARISONS,
    Call,
    Comparison,
    Custom,
    Literal,
    Logical,
    Node,
    Not,
    Path,
    parse,
    refused,
    unsupported,
)
from acudata.sandbox.matching import Field, Predicate, Row, Test, comparable
from acudata.sandbox.settings import SandboxSettings

EDM = {
    "String": "Edm.String",
    "Boolean": "Edm.Boolean",
    "Int": "Edm.Int32",
    "Short": "Edm.Int16",
    "Long": "Edm.Int64",
    "Byte": "Edm.Byte",
    "Decimal": "Edm.Decimal",
    "Double": "Edm.Double",
    "DateTime": "Edm.DateTimeOffset",
    "Guid": "Edm.Guid",
    "DateOnly": "Edm.Date",
}
"""The EDM type of each kind of field."""
NUMBERS = frozenset({"Edm.Int16", "Edm.Int32", "Edm.Int64", "Edm.Byte", "Edm.Decimal", "Edm.Double"})
PARSED_ONLY = frozenset(
    {"tolower", "toupper", "concat", "length", "indexof", "trim", "replace", "substring"}
    | {"round", "floor", "ceiling", "year", "month", "day", "hour", "minute", "second"}
)
"""Functions of OData v3 that the server's parser knows and its queries do not."""
TESTS: Mapping[str, Callable[[Any, Any], bool]] = {
    "substringof": operator.contains,
    "startswith": str.startswith,
    "endswith": str.endswith,
}
ORDERED: Mapping[str, Callable[[Any, Any], bool]] = {
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}
NEITHER = "This may also be a function import or a key lookup on a navigation property, which is not allowed."
NOT_SINGLE = "is not a single value. Property access can only be applied to a single value."

Get = Callable[[Row], Any]
"""Returns the value of an operand for a row."""


def predicate(text: str, structure: Structure, endpoint: Endpoint, settings: SandboxSettings) -> Predicate:
    """Return the filter of a request, bound to the fields of a structure.

    Raises:
        Fault: 500 with the server's text for syntax, unknown fields, types that do not fit and functions that
            it cannot run.
    """
    binder = _Binder(structure, endpoint, settings)
    test = binder.condition(parse(text))
    return Predicate(tuple(binder.fields), test, settings)


class _Binder:
    """Turns nodes into tests over rows, and collects the fields that a row must hold."""

    def __init__(self, structure: Structure, endpoint: Endpoint, settings: SandboxSettings) -> None:
        self._structure = structure
        self._structures = endpoint.structures
        self._settings = settings
        self.fields: dict[Field, int] = {}

    def condition(self, node: Node) -> Test:
        """Return the test of a node that has to be a condition."""
        match node:
            case Logical():
                return self._logical(node)
            case Not():
                return self._negation(node)
            case Comparison(left=Call()) | Comparison(right=Call()):
                return self._compared_call(node)
            case Comparison():
                return self._comparison(node)
            case Call():
                return self._call(node)
            case _:
                return self._truth(node)

    def _truth(self, node: Node) -> Test:
        edm, get = self._operand(node)
        if edm != "Edm.Boolean":
            raise refused("The $filter expression must evaluate to a single boolean value.")
        return lambda row: get(row) is True

    def _logical(self, node: Logical) -> Test:
        tests = [self.condition(operand) for operand in node.operands]
        if node.operator == "and":
            return lambda row: all(test(row) for test in tests)
        return lambda row: any(test(row) for test in tests)

    def _negation(self, node: Not) -> Test:
        if isinstance(node.operand, Call):
            self._call(node.operand)
            raise unsupported()
        test = self.condition(node.operand)
        return lambda row: not test(row)

    def _compared_call(self, node: Comparison) -> Test:
        """Bind ``substringof(…) eq true``, which is taken and matches nothing."""
        call, other = (node.left, node.right) if isinstance(node.left, Call) else (node.right, node.left)
        if isinstance(call, Call):
            self._call(call)
        if node.operator != "eq" or other != Literal(value=True, type="Edm.Boolean"):
            raise unsupported()
        return lambda _: False

    def _comparison(self, node: Comparison) -> Test:
        (left_type, left), (right_type, right) = self._operand(node.left), self._operand(node.right)
        fit = left_type == right_type or "" in {left_type, right_type} or {left_type, right_type} <= NUMBERS
        if not fit:
            raise incompatible(left_type, right_type, node.operator)
        if node.operator in ORDERED:
            return _ordered(ORDERED[node.operator], left, right)
        if node.operator == "eq":
            return lambda row: left(row) == right(row)
        return self._unequal(left, right)

    def _unequal(self, left: Get, right: Get) -> Test:
        if self._settings.empty_differs:
            return lambda row: left(row) != right(row)
        return lambda row: None not in (pair := (left(row), right(row))) and pair[0] != pair[1]

    def _call(self, node: Call) -> Test:
        texts = [self._text(argument) for argument in node.arguments] if self._runs(node.function) else []
        if len(texts) != 2:
            problem = f"No function signature for the function with name '{node.function}'"
            raise refused(f"{problem} matches the specified arguments.")
        whole, part = reversed(texts) if node.function == "substringof" else texts
        return _ordered(TESTS[node.function], whole, part)

    def _runs(self, function: str) -> bool:
        if function in PARSED_ONLY:
            raise unsupported()
        if function not in TESTS:
            raise refused(f"An unknown function with name '{function}' was found. {NEITHER}")
        return True

    def _text(self, node: Node) -> Get:
        edm, get = self._operand(node)
        if edm != "Edm.String":
            raise unsupported()
        return get

    def _operand(self, node: Node) -> tuple[str, Get]:
        match node:
            case Literal(value=value, type=edm):
                constant = comparable(value, edm, self._settings)
                return edm, lambda _: constant
            case Path():
                return self._field(self._found(node))
            case Custom():
                return self._field(Field((), node.view, node.name, self._custom_type(node)))
            case Call():
                self._call(node)
                raise unsupported()
        raise unsupported()

    def _field(self, field: Field) -> tuple[str, Get]:
        place = self.fields.setdefault(field, len(self.fields))
        return field.type, operator.itemgetter(place)

    def _found(self, path: Path) -> Field:
        structure = self._structure
        *linked, name = path.names
        for step, below in zip(path.names, path.names[1:], strict=False):
            structure = self._step(structure, step, below)
        if name not in structure.fields:
            raise refused(f"Could not find a property named '{name}' on type '{structure.name}'.")
        return Field(tuple(linked), None, name, EDM[structure.fields[name]])

    def _step(self, structure: Structure, step: str, below: str) -> Structure:
        if step in structure.details:
            raise refused(f"The parent value for a property access of a property '{below}' {NOT_SINGLE}")
        if step not in structure.linked:
            raise refused(f"Could not find a property named '{step}' on type '{structure.name}'.")
        return self._structures[structure.linked[step]]

    def _custom_type(self, node: Custom) -> str:
        if node.kind not in EDM:
            raise refused(f"An unknown function with name 'cf.{node.kind}' was found. {NEITHER}")
        known = {(item.view, item.name): item.kind for item in self._structure.custom}
        kind = known.get((node.view, node.name))
        if kind is None and self._settings.unknown_custom == "error":
            raise unknown_name()
        if kind not in {None, node.kind}:
            raise unsupported()
        return EDM[node.kind]


def _ordered(test: Callable[[Any, Any], bool], left: Get, right: Get) -> Test:
    """Return a test that no empty value passes."""

    def run(row: Row) -> bool:
        first, second = left(row), right(row)
        return first is not None and second is not None and test(first, second)

    return run


def incompatible(left: str, right: str, comparison: str) -> Exception:
    """Return the refusal of operands whose types do not fit."""
    found = f"Found operand types '{left}' and '{right}' for operator kind '{COMPARISONS[comparison]}'."
    return refused(f"A binary operator with incompatible types was detected. {found}")
