"""The `$filter` language of the contract API, a dialect of OData v3: text to nodes.

Only the shape is looked at here; `matching` knows the fields and decides what an instance would refuse.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from acudata.sandbox.envelopes import Fault, server_error

COMPARISONS = {
    "eq": "Equal",
    "ne": "NotEqual",
    "gt": "GreaterThan",
    "ge": "GreaterThanOrEqual",
    "lt": "LessThan",
    "le": "LessThanOrEqual",
}
"""The comparison operators, with the names that messages call them by."""
ARITHMETIC = frozenset({"add", "sub", "mul", "div", "mod"})
DEEPEST = 100
"""Nesting that the parser follows."""

Value = str | int | float | Decimal | bool | datetime | date | UUID | None
"""What a literal, or a field made ready for comparison, can hold."""


@dataclass(frozen=True, slots=True)
class Literal:
    """Holds a constant and its EDM type; `null` has the type ""."""

    value: Value
    type: str


@dataclass(frozen=True, slots=True)
class Path:
    """Names a field, through linked entities or not: ``MainContact/Email``."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Custom:
    """Names a field outside the contract: ``cf.String(f='Document.AttributeCOLOR')``."""

    kind: str
    view: str
    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """Holds a call such as ``startswith(Name,'A')``."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Compares two operands."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Logical:
    """Joins two or more conditions by `and` or `or`."""

    operator: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Negates a condition."""

    operand: Node


Node = Literal | Path | Custom | Call | Comparison | Logical | Not


class Token(NamedTuple):
    """Holds a piece of the text: its kind, itself, and where it begins."""

    kind: str
    text: str
    start: int


TOKEN = re.compile(
    r"(?P<blank>\s+)"
    r"|(?P<typed>[A-Za-z]+'(?:[^']|'')*')"
    r"|(?P<string>'(?:[^']|'')*')"
    r"|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?[MmLlDdFf]?(?!\w))"
    r"|(?P<name>[A-Za-z_]\w*(?:[./][A-Za-z_]\w*)*)"
    r"|(?P<mark>[(),=])"
)


def parse(text: str) -> Node:
    """Return the nodes of a filter.

    Raises:
        Fault: 500 with the text of the server's OData parser.

    Example:
        >>> parse("OrderTotal gt 100")
        Comparison(operator='gt', left=Path(names=('OrderTotal',)), right=Literal(value=100, type='Edm.Int32'))
    """
    return _Parser(text).whole()


def refused(message: str) -> Fault:
    """Return the 500 of a filter that the server's OData library does not take."""
    return server_error(message, exception="Microsoft.Data.OData.ODataException")


def unsupported() -> Fault:
    """Return the 500 of a filter that parses but that the server cannot run."""
    return server_error("Type conversions not supported", exception="System.NotSupportedException")


class _Parser:
    """Climbs the precedences: `or`, `and`, `not`, comparisons."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = [*_tokens(text), Token("end", "", len(text))]
        self._at = 0
        self._depth = 0

    def whole(self) -> Node:
        node = self._joined("or")
        if self._next.kind != "end":
            raise self._syntax()
        return node

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _takes(self, *texts: str) -> bool:
        """Step over the next token if it is one of these words or marks."""
        found = self._next.kind in {"name", "mark"} and self._next.text in texts
        self._at += found
        return found

    def _expect(self, mark: str) -> None:
        if not self._takes(mark):
            raise self._syntax()

    def _syntax(self) -> Fault:
        return refused(f"Syntax error at position {self._next.start} in '{self._text}'.")

    def _joined(self, operator: str) -> Node:
        below = self._negated if operator == "and" else lambda: self._joined("and")
        operands = [below()]
        while self._takes(operator):
            operands.append(below())
        return operands[0] if len(operands) == 1 else Logical(operator, tuple(operands))

    def _negated(self) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise refused("Recursion limit reached.")
        node = Not(self._negated()) if self._takes("not") else self._compared()
        self._depth -= 1
        return node

    def _compared(self) -> Node:
        left = self._operand()
        if self._next.text in ARITHMETIC:
            raise unsupported()
        if self._next.kind == "name" and self._next.text in COMPARISONS:
            return Comparison(self._take().text, left, self._operand())
        return left

    def _operand(self) -> Node:
        if self._takes("("):
            node = self._joined("or")
            self._expect(")")
            return node
        if self._next.kind == "end":
            raise refused(f"Expression expected at position {self._next.start} in '{self._text}'.")
        if self._next.kind == "mark":
            raise self._syntax()
        token = self._take()
        return self._named(token) if token.kind == "name" else self._literal(token)

    def _named(self, token: Token) -> Node:
        if token.text in WORDS:
            return WORDS[token.text]
        if not self._takes("("):
            return Path(tuple(token.text.split("/")))
        return self._custom(token.text) if token.text.startswith("cf.") else self._call(token.text)

    def _call(self, function: str) -> Node:
        arguments: list[Node] = []
        while not self._takes(")"):
            if arguments:
                self._expect(",")
            arguments.append(self._joined("or"))
        return Call(function, tuple(arguments))

    def _custom(self, function: str) -> Node:
        self._expect("f")
        self._expect("=")
        token = self._take()
        view, dot, name = token.text.strip("'").partition(".")
        if token.kind != "string" or not dot:
            raise self._syntax()
        self._expect(")")
        return Custom(function.removeprefix("cf."), view, name)

    def _literal(self, token: Token) -> Literal:
        if token.kind == "string":
            return Literal(_unquoted(token.text), "Edm.String")
        try:
            return _number(token.text) if token.kind == "number" else _typed(token.text)
        except (ValueError, KeyError):
            place = f"at '{token.start}' in '{self._text}'"
            raise refused(f"Unrecognized 'Edm.String' literal '{token.text}' {place}.") from None


WORDS = {
    "true": Literal(True, "Edm.Boolean"),  # noqa: FBT003 - the value of a literal
    "false": Literal(False, "Edm.Boolean"),  # noqa: FBT003 - the value of a literal
    "null": Literal(None, ""),
}


def _tokens(text: str) -> Iterator[Token]:
    at = 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            raise refused(_illegible(text, at))
        if match.lastgroup != "blank":
            yield Token(str(match.lastgroup), match[0], at)
        at = match.end()


def _illegible(text: str, at: int) -> str:
    if "'" in text[at : at + 1]:
        return f"There is an unterminated string literal at position {len(text)} in '{text}'."
    return f"Syntax error: character '{text[at]}' is not valid at position {at} in '{text}'."


def _unquoted(text: str) -> str:
    return text[1:-1].replace("''", "'")


def _number(text: str) -> Literal:
    suffix = text[-1].upper() if text[-1].isalpha() else ""
    digits = text[:-1] if suffix else text
    if suffix in {"", "L"} and digits.lstrip("-").isdigit():
        return Literal(int(digits), "Edm.Int64" if suffix else "Edm.Int32")
    return Literal(Decimal(digits), "Edm.Decimal" if suffix == "M" else "Edm.Double")


def _typed(text: str) -> Literal:
    name, _, rest = text.partition("'")
    return {"datetimeoffset": _instant, "datetime": _instant, "date": _day, "guid": _guid}[name](rest[:-1])


def _instant(text: str) -> Literal:
    # Python would take other separators, a blank among them, which is what a bare + in a URL turns into.
    if not re.fullmatch(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,7})?)?(Z|[+-]\d\d:\d\d)?)?", text):
        raise ValueError(text)
    return Literal(datetime.fromisoformat(text), "Edm.DateTimeOffset")


def _day(text: str) -> Literal:
    return Literal(date.fromisoformat(text), "Edm.Date")


def _guid(text: str) -> Literal:
    return Literal(UUID(text), "Edm.Guid")
