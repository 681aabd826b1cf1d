"""Python variables in the words of a magic: `{since}` becomes its value, `{{` and `}}` are braces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from string import Formatter
from typing import Any, TypeAlias

from acudata.errors import AcumaticaUnknownNameError, AcumaticaValidationError
from acudata.naming import nearest
from acudata.odata import Expression
from acudata.odata.literals import bare
from acudata.odata.nodes import Scalar
from acudata.scalars import python_value

Variables: TypeAlias = Mapping[str, Any]

_BRACES = "write {name} for a variable, {{ and }} for braces"


def value(word: str, variables: Variables) -> Any:
    """Return what a word says: the variable itself where it is nothing else, otherwise text with the values in it.

    >>> value("{top}", {"top": 5}), value("lake/{year}", {"year": 2024}), value("{{x}}", {})
    (5, 'lake/2024', '{x}')
    """
    parts = list(_parts(word))
    if len(parts) == 1 and parts[0][1] is not None and not parts[0][0] and not any(parts[0][2:]):
        return _found(parts[0][1], variables)
    return "".join(text + ("" if name is None else _told(name, how, variables)) for text, name, *how in parts)


def condition(word: str, variables: Variables) -> str | Expression:
    """Return the filter that a word says; values become literals of OData, and stay text inside quotes.

    >>> import datetime as dt
    >>> condition("Date ge {since} and City eq '{city}'", {"since": dt.date(2024, 1, 1), "city": "L'Aquila"})
    "Date ge datetimeoffset'2024-01-01' and City eq 'L''Aquila'"
    """
    word = word.replace("\n", " ")
    whole = _whole(word, variables)
    if whole is not None:
        return whole
    told = ""
    for text, name, *how in _parts(word):
        told += text
        if name is not None:
            is_quoted = told.count("'") % 2 == 1
            told += _escaped(name, how, variables) if is_quoted else _literal(name, how, variables)
    return told


def names(words: list[str], variables: Variables) -> list[str]:
    """Return names that stand in words with blanks or commas between, or in lists.

    >>> names(["CustomerID,Status", "{more}"], {"more": ["City", "Terms"]})
    ['CustomerID', 'Status', 'City', 'Terms']
    """
    listed: list[str] = []
    for word in words:
        given = value(word, variables)
        listed += str(given).split(",") if isinstance(given, str) else map(str, given)
    return [name.strip() for name in listed if name.strip()]


def number(word: str, variables: Variables) -> int:
    """Return the whole number that a word says.

    Raises AcumaticaValidationError for anything else.
    """
    given = value(word, variables)
    try:
        return int(given)
    except (TypeError, ValueError):
        raise AcumaticaValidationError(f"{word!r} is no whole number.") from None


def variable(name: str, variables: Variables) -> Any:
    """Return a variable by its name; a miss names the nearest."""
    if name not in variables:
        own = [known for known in variables if not known.startswith("_")]
        raise AcumaticaUnknownNameError(f"There is no variable {name!r}.", suggestions=nearest(name, own))
    return variables[name]


def _whole(word: str, variables: Variables) -> str | Expression | None:
    """Return the filter that a variable is, where the word names just that."""
    parts = list(_parts(word))
    if len(parts) != 1 or parts[0][1] is None or parts[0][0]:
        return None
    found = _found(parts[0][1], variables)
    return found if isinstance(found, str | Expression) else None


def _parts(word: str) -> Iterator[tuple[str, str | None, str, str]]:
    """Yield text and the variable after it, with its format and conversion."""
    try:
        for text, name, form, conversion in Formatter().parse(word):
            yield text, name, form or "", conversion or ""
    except ValueError as error:
        raise AcumaticaValidationError(f"{word!r}: {error}.", suggestions=[_BRACES]) from None


def _found(name: str, variables: Variables) -> Any:
    first = name.partition(".")[0].partition("[")[0].strip()
    if not first.isidentifier():
        raise AcumaticaValidationError(f"{{{name}}} names no variable.", suggestions=[_BRACES])
    variable(first, variables)
    try:
        return Formatter().get_field(name.strip(), (), variables)[0]
    except (AttributeError, LookupError, TypeError) as error:
        raise AcumaticaValidationError(f"{{{name}}} has no value: {error}.") from None


def _told(name: str, how: list[str], variables: Variables) -> str:
    form, conversion = how
    found = _found(name, variables)
    try:
        return format(Formatter().convert_field(found, conversion or None), form)
    except (TypeError, ValueError) as error:
        raise AcumaticaValidationError(f"{{{name}:{form}}}: {error}.") from None


def _escaped(name: str, how: list[str], variables: Variables) -> str:
    return _told(name, how, variables).replace("'", "''")


def _literal(name: str, how: list[str], variables: Variables) -> str:
    found = python_value(_told(name, how, variables) if any(how) else _found(name, variables))
    if not isinstance(found, Scalar):
        raise AcumaticaValidationError(
            f"{{{name}}} is a {type(found).__name__}, which no filter compares with.",
            suggestions=["name a text, number, date, bool or None"],
        )
    return bare(found)
