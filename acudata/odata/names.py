"""Which fields a filter uses, be it an expression or raw text; and how to exchange them."""

from __future__ import annotations

import re
from collections.abc import Callable

from acudata.errors import AcumaticaValidationError
from acudata.odata.expressions import Expression
from acudata.odata.nodes import Field, Node, transform, walk

_TOKEN = re.compile(
    r"""
      cf\.\w+\s*\(\s*f\s*=\s*'(?:[^']|'')*'\s*\)     # a custom field
    | (?:[A-Za-z]\w*)?'(?:[^']|'')*'                 # a text, or another literal with its prefix
    | (?P<open>')                                    # a text without an end
    | \d[\w.:+-]*                                    # a number, or a bare date of OData v4
    | @\w+                                           # a parameter
    | (?:not|and|or|in)\b                            # operators that a bracket may follow
    | [^\W\d][\w/.]*(?=\s*\()                        # a function
    | (?P<name>[^\W\d]\w*(?:/[^\W\d]\w*)*)
    """,
    re.VERBOSE,
)
_WORDS = {
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
    "has",
    "add",
    "sub",
    "mul",
    "div",
    "mod",
    "null",
    "true",
    "false",
}


def names(filter: Expression | str) -> list[tuple[str, ...]]:  # noqa: A002 - the user's word
    """Return the paths of the fields that a filter uses, each once, in their order.

    Fields outside the contract (`cf.String(f='View.Field')`) are left out: no endpoint document lists
    them.

    Raises:
        AcumaticaValidationError: a text in the raw filter has no closing quote.

    >>> names("Status eq 'On Hold' and MainContact/Email ne null")
    [('Status',), ('MainContact', 'Email')]

    """
    found = _names_of_text(filter) if isinstance(filter, str) else _names_of_tree(filter.node)
    return list(dict.fromkeys(found))


def rewrite(expression: Expression, replace: Callable[[Field], Node]) -> Expression:
    """Return the filter with each field replaced by what `replace` makes of it, such as a `CustomField`.

    >>> from acudata.odata import F, CustomField
    >>> print(rewrite(F.UsrRoute == "north", lambda field: CustomField("String", "Document", field.path[-1])))
    cf.String(f='Document.UsrRoute') eq 'north'
    """
    return Expression(
        transform(expression.node, lambda node: replace(node) if isinstance(node, Field) else node)
    )


def _names_of_tree(node: Node) -> list[tuple[str, ...]]:
    return [part.path for part in walk(node) if isinstance(part, Field)]


def _names_of_text(text: str) -> list[tuple[str, ...]]:
    found = list(_TOKEN.finditer(text))
    if any(token["open"] for token in found):
        raise AcumaticaValidationError(
            f"A text in the filter has no closing quote: {text}",
            suggestions=[
                "double a quote inside a text: 'O''Brien'",
                'or write F.X == "O\'Brien", which quotes by itself',
            ],
        )
    paths = [token["name"] for token in found if token["name"]]
    return [tuple(path.split("/")) for path in paths if path not in _WORDS]
