"""Formulas: what a form puts into fields that nobody filled, and how its amounts follow from each other.

A formula is a list of alternatives divided by ``|``, of which the first with a value counts:

- ``today``, a number, a text in quotes, a field, a field of the record that another field refers to
  (``CustomerID/Terms``), a field of the record above (``../Date``), the sum of a column of rows (``Details/Amount``);
- terms from left to right with ``*``, ``/``, ``-`` (numbers), ``%`` (per cents of an amount), ``&`` (words with a
  space between them) and ``+`` (a date and payment terms such as 30D);
- ``period Date``, ``rate CurrencyID``, and ``if Hold 'On Hold'``, which has a value only where Hold is set.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from acudata.sandbox.endpoint import Structure
from acudata.sandbox.records import Record, Scalar
from acudata.sandbox.settings import SandboxSettings
from acudata.sandbox.store import Store
from acudata.sandbox.values import number

Value = Scalar | Record
WORD = re.compile(r"'[^']*'|\S+")
NUMBER = re.compile(r"\d+(\.\d+)?")
CENT = Decimal("0.01")
RATE = Decimal("0.00000001")


@dataclass(frozen=True, slots=True)
class Scope:
    """Holds a record with all that its formulas look at; `above` is the record that it is part of."""

    record: Record
    structure: Structure
    store: Store
    settings: SandboxSettings
    today: str
    above: Scope | None = None

    def below(self, record: Record, structure: Structure) -> Scope:
        """Return the scope of a row or linked entity of this record."""
        return Scope(record, structure, self.store, self.settings, self.today, self)

    def look(self, path: Sequence[str]) -> Value:
        """Return what stands at a path, None where it leads nowhere."""
        first, *rest = path
        if first == "..":
            return self.above.look(rest) if self.above else None
        if first in self.structure.details:
            return total(self.record, "/".join(path))
        return _inside(self._named(first), rest) if rest else self.record.values.get(first)

    def _named(self, field: str) -> Record | None:
        """Return the record that a field refers to, or the linked entity of that name."""
        key = self.record.values.get(field)
        for entity in self.structure.rules.references.get(field, "").split("|"):
            table = self.store.tables.get(entity)
            slot = table.find_keys([str(key)]) if table and key is not None else None
            if table and slot is not None:
                return table.record(slot)
        return self.record.linked.get(field)


def fill(scope: Scope, *, changed: Collection[str], sent: Collection[str], new: bool) -> None:
    """Compute what a change leaves to the formulas of a record.

    Args:
        scope: the record.
        changed: the fields with another value than before.
        sent: the fields that a request set, which no formula touches.
        new: whether empty fields are to be filled, too.
    """
    values, different = scope.record.values, set(changed)
    for name, formula in scope.structure.rules.formulas.items():
        if name in sent or name not in scope.structure.fields:
            continue
        wanted = inputs(formula) & different or (new and values.get(name) is None)
        found = evaluate(formula, scope) if wanted else None
        if not isinstance(found, Record | None) and found != values.get(name):
            values[name] = found
            different.add(name)


def evaluate(formula: str, scope: Scope) -> Value:
    """Return the value of a formula: that of its first alternative which has one."""
    found = (_alternative(words, scope) for words in parse(formula))
    return next((value for value in found if value is not None), None)


@cache
def parse(formula: str) -> tuple[tuple[str, ...], ...]:
    """Return the alternatives of a formula, each as its words."""
    return tuple(tuple(WORD.findall(alternative)) for alternative in formula.split("|"))


@cache
def inputs(formula: str) -> frozenset[str]:
    """Return the fields of the record itself that a formula looks at, among other words."""
    return frozenset(word.partition("/")[0] for words in parse(formula) for word in words)


def total(record: Record, path: str) -> int | float:
    """Return the sum of a column of rows: ``Details/Amount``."""
    detail, _, field = path.partition("/")
    return number(sum((exact(row.values.get(field)) for row in record.details.get(detail, ())), Decimal(0)))


def exact(value: Value) -> Decimal:
    """Return a number as the decimal that its JSON shows; an empty one is zero."""
    return Decimal(str(value or 0))


def _alternative(words: Sequence[str], scope: Scope) -> Value:
    first, *rest = words
    if first == "if":
        return _alternative(rest[1:], scope) if _term(rest[0], scope) else None
    if first == "rate":
        return scope.settings.currency_rates.get(str(_term(rest[0], scope)))
    if first == "period":
        return _period(_term(rest[0], scope))
    result = _term(first, scope)
    for operator, word in zip(rest[::2], rest[1::2], strict=True):
        operand = _term(word, scope)
        result = None if None in (result, operand) else OPERATORS[operator](result, operand)
    return result


def _term(word: str, scope: Scope) -> Value:
    if word == "today":
        return scope.today
    if word.startswith("'"):
        return word.strip("'")
    return number(Decimal(word)) if NUMBER.fullmatch(word) else scope.look(word.split("/"))


def _inside(record: Record | None, path: Sequence[str]) -> Value:
    for name in path[:-1]:
        record = record and record.linked.get(name)
    if record is None:
        return None
    value = record.linked.get(path[-1])
    return record.values.get(path[-1]) if value is None else value


def _period(date: Value) -> str | None:
    return f"{date[5:7]}{date[:4]}" if isinstance(date, str) else None


def _times(first: Value, second: Value) -> Scalar:
    return number((exact(first) * exact(second)).quantize(CENT, ROUND_HALF_UP))


def _share(amount: Value, percent: Value) -> Scalar:
    return number((exact(amount) * exact(percent) / 100).quantize(CENT, ROUND_HALF_UP))


def _quotient(first: Value, second: Value) -> Scalar:
    return number((exact(first) / exact(second)).quantize(RATE, ROUND_HALF_UP)) if second else None


def _due(date: Value, terms: Value) -> Scalar:
    """Return the date on which terms such as 30D end; terms without a number of days end at once."""
    days = re.match(r"\d+", str(terms))
    return (datetime.fromisoformat(str(date)) + timedelta(int(days[0]) if days else 0)).isoformat()


OPERATORS: Mapping[str, Callable[[Value, Value], Scalar]] = {
    "*": _times,
    "/": _quotient,
    "%": _share,
    "-": lambda first, second: number(exact(first) - exact(second)),
    "+": _due,
    "&": lambda first, second: f"{first} {second}",
}
