"""A value of a record: what comparing, calculating with or applying a function to a field makes."""

from __future__ import annotations

import decimal
import operator
from collections.abc import Callable, Iterable
from typing import NoReturn

from acudata.odata.expressions import Expression, Loud
from acudata.odata.nodes import Arithmetic, Call, Comparison, Literal, Membership, Node
from acudata.odata.values import literal, literals

_NUMBERS = (int, float, decimal.Decimal)


def _function(name: str, doc: str) -> Callable[[Operand], Operand]:
    def call(self: Operand) -> Operand:
        return Operand(Call(name, (self.node,)))

    call.__doc__ = doc
    return call


def _arithmetic(
    operator: str,
) -> tuple[Callable[[Operand, object], Operand], Callable[[Operand, object], Operand]]:
    def forward(self: Operand, other: object) -> Operand:
        return Operand(Arithmetic(operator, self.node, _number(other)))

    def reflected(self: Operand, other: object) -> Operand:
        return Operand(Arithmetic(operator, _number(other), self.node))

    return forward, reflected


class Operand(Loud):
    """Is a value of a record, such as a field or a function of one; comparing it makes an `Expression`."""

    __slots__ = ()
    __hash__ = Loud.__hash__

    def __eq__(self, other: object) -> Expression:  # type: ignore[override]
        return _comparison("eq", self, other)

    def __ne__(self, other: object) -> Expression:  # type: ignore[override]
        return _comparison("ne", self, other)

    def __lt__(self, other: object) -> Expression:
        return _comparison("lt", self, other)

    def __le__(self, other: object) -> Expression:
        return _comparison("le", self, other)

    def __gt__(self, other: object) -> Expression:
        return _comparison("gt", self, other)

    def __ge__(self, other: object) -> Expression:
        return _comparison("ge", self, other)

    def eq(self, other: object) -> Expression:
        """Return the condition `self == other`."""
        return _comparison("eq", self, other)

    def ne(self, other: object) -> Expression:
        """Return the condition `self != other`."""
        return _comparison("ne", self, other)

    def lt(self, other: object) -> Expression:
        """Return the condition `self < other`."""
        return _comparison("lt", self, other)

    def le(self, other: object) -> Expression:
        """Return the condition `self <= other`."""
        return _comparison("le", self, other)

    def gt(self, other: object) -> Expression:
        """Return the condition `self > other`."""
        return _comparison("gt", self, other)

    def ge(self, other: object) -> Expression:
        """Return the condition `self >= other`."""
        return _comparison("ge", self, other)

    def isin(self, options: Iterable[object]) -> Expression:
        """Return the condition that this equals any of the options (a list, a set, a Series).

        Raises:
            ValueError: there is no option, so that nothing could match.

        """
        if isinstance(options, str | bytes):
            raise TypeError(f"isin() takes a list of values; for one value write F.X == {options!r}.")
        choices = literals(options)
        if not choices:
            raise ValueError(
                f"isin() of {self} was given no values: nothing would match, so nothing need be read."
            )
        return Expression(Membership(self.node, choices))

    def between(self, low: object, high: object) -> Expression:
        """Return the condition that this lies between two bounds, both included."""
        return (self >= low) & (self <= high)

    def is_null(self) -> Expression:
        """Return the condition that this is empty."""
        return self == None  # noqa: E711

    def is_not_null(self) -> Expression:
        """Return the condition that this is not empty."""
        return self != None  # noqa: E711

    def contains(self, needle: str) -> Expression:
        """Return the condition that this text contains another; Acumatica ignores case here."""
        return Expression(self._call("contains", _needle(needle)))

    def startswith(self, prefix: str) -> Expression:
        """Return the condition that this text starts with another."""
        return Expression(self._call("startswith", _needle(prefix)))

    def endswith(self, suffix: str) -> Expression:
        """Return the condition that this text ends with another."""
        return Expression(self._call("endswith", _needle(suffix)))

    def concat(self, other: object) -> Operand:
        """Return this text followed by another."""
        return Operand(self._call("concat", other))

    def indexof(self, needle: str) -> Operand:
        """Return the position, from 0, at which a text first occurs in this one; -1 if it does not."""
        return Operand(self._call("indexof", _needle(needle)))

    def replace(self, old: str, new: str) -> Operand:
        """Return this text with every occurrence of a text replaced by another."""
        if not old:
            raise ValueError(f"Nothing can be replaced in {self}: the text to look for is empty.")
        return Operand(self._call("replace", _needle(old), _needle(new)))

    def substring(self, start: int, length: int | None = None) -> Operand:
        """Return the part of this text from a position on, counted from 0, at most `length` characters of it."""
        bounds = (start,) if length is None else (start, length)
        return Operand(self._call("substring", *map(_position, bounds)))

    tolower = _function("tolower", "Return this text in lower case.")
    toupper = _function("toupper", "Return this text in upper case.")
    trim = _function("trim", "Return this text without the spaces around it.")
    length = _function("length", "Return the number of characters of this text.")
    year = _function("year", "Return the year of this date.")
    month = _function("month", "Return the month of this date, 1 to 12.")
    day = _function("day", "Return the day of the month of this date, 1 to 31.")
    hour = _function("hour", "Return the hour of this time, 0 to 23.")
    minute = _function("minute", "Return the minute of this time, 0 to 59.")
    second = _function("second", "Return the second of this time, 0 to 59.")
    round = _function("round", "Return this number, rounded to an integer.")
    floor = _function("floor", "Return the largest integer that is not above this number.")
    ceiling = _function("ceiling", "Return the smallest integer that is not below this number.")

    __add__, __radd__ = _arithmetic("add")
    __sub__, __rsub__ = _arithmetic("sub")
    __mul__, __rmul__ = _arithmetic("mul")
    __truediv__, __rtruediv__ = _arithmetic("div")
    __mod__, __rmod__ = _arithmetic("mod")

    def __and__(self, other: object) -> NoReturn:
        raise TypeError(_brackets(self, other, "&"))

    def __or__(self, other: object) -> NoReturn:
        raise TypeError(_brackets(self, other, "|"))

    def __rand__(self, other: object) -> NoReturn:
        raise TypeError(_brackets(other, self, "&"))

    def __ror__(self, other: object) -> NoReturn:
        raise TypeError(_brackets(other, self, "|"))

    def __invert__(self) -> NoReturn:
        raise TypeError(
            f"`~` needs a condition in brackets, such as ~(F.{self} == 1); a value cannot be negated."
        )

    def __contains__(self, needle: object) -> NoReturn:
        raise TypeError(f"`in` cannot make a filter; write F.{self}.contains({needle!r}).")

    def _call(self, function: str, *others: object) -> Call:
        return Call(function, (self.node, *map(_node, others)))


def _comparison(operator: str, left: Operand, right: object) -> Expression:
    if right is None and operator not in {"eq", "ne"}:
        raise TypeError(
            f"Nothing is less or greater than an empty value; write {left}.is_null() to look for it."
        )
    return Expression(Comparison(operator, left.node, _node(right)))


def _node(value: object) -> Node:
    if isinstance(value, Expression):
        raise TypeError(f"The condition `{value}` is no value to compare with; join conditions by & and |.")
    return value.node if isinstance(value, Operand) else literal(value)


def _needle(text: str) -> str:
    if not isinstance(text, str):
        raise TypeError(f"Text is looked for with text, not with {text!r}.")
    return text


def _position(number: int) -> int:
    if isinstance(number, bool) or not hasattr(number, "__index__"):
        raise TypeError(f"A position in a text is a whole number, not {number!r}.")
    if (position := operator.index(number)) < 0:
        raise ValueError(f"A position in a text is counted from its start, from 0 on; {number} is negative.")
    return position


def _number(value: object) -> Node:
    node = _node(value)
    if isinstance(node, Literal) and (isinstance(node.value, bool) or not isinstance(node.value, _NUMBERS)):
        raise TypeError(f"{value!r} is no number to calculate with; texts are joined by .concat().")
    return node


def _brackets(left: object, right: object, operator: str) -> str:
    slip, first, second = (f"{_spelled(left)} {operator} {_spelled(right)}", *map(_compared, (left, right)))
    return (
        f"{operator} binds tighter than comparisons, so that Python computes `{slip}` first. Put each comparison into"
        f" brackets: {first} {operator} {second}."
    )


def _spelled(side: object) -> str:
    return f"F.{side}" if isinstance(side, Operand) else repr(side)


def _compared(side: object) -> str:
    if isinstance(side, Expression):
        return f"({side})"
    return f"(F.{side} == ...)" if isinstance(side, Operand) else f"(F.X == {side!r})"
