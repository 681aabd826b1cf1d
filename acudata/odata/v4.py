"""The filter in OData v4, as generic inquiries and data access classes take it at `/api/odata`.

(Acumatica: `contains`, `tolower` and bare ISO dates belong to v4; it answers `substringof` and `datetimeoffset'…'`
with an error.)
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from acudata.errors import AcumaticaValidationError
from acudata.odata.fitting import KindOf, fitted, unknown_kinds
from acudata.odata.literals import bare, moment_text
from acudata.odata.nodes import Call, Comparison, CustomField, Literal, Membership, Node, Not
from acudata.odata.text import TextForm, text

if TYPE_CHECKING:
    from acudata.odata.expressions import Expression


def to_v4(expression: Expression, *, kind_of: KindOf | None = None) -> str:
    """Return the filter as OData v4 has it; the text is still to be percent-encoded.

    `kind_of` tells the kinds of fields: a value is then written as its field wants it, otherwise by its Python type.
    A moment without a zone is sent as UTC, since v4 has no others.

    Raises:
        AcumaticaValidationError: OData v4 cannot do a part of the filter, or a value does not fit its field.

    >>> from acudata.odata import F
    >>> to_v4(F.Status.isin(["Open", "Hold"]) & (F.Date >= "2024-01-01"), kind_of={("Date",): "DateTime"}.get)
    "Status in ('Open','Hold') and Date ge 2024-01-01"

    """
    return _V4().visit(fitted(expression.node, kind_of or unknown_kinds))


class _V4(TextForm):
    def visit_literal(self, node: Literal) -> str:
        value = node.value
        if isinstance(value, dt.datetime):
            return moment_text(value) + ("Z" if value.tzinfo is None else "")
        return str(value) if isinstance(value, dt.date | uuid.UUID) else bare(value)

    def visit_membership(self, node: Membership) -> str:
        values = [option for option in node.options if option.value is not None]
        empty = [Comparison("eq", node.operand, option) for option in node.options if option.value is None]
        listed = ",".join(self.visit(value) for value in values)
        written = [f"{self.visit(node.operand)} in ({listed})"] if values else []
        alternatives = [*written, *map(self.visit, empty)]
        return alternatives[0] if len(alternatives) == 1 else f"({' or '.join(alternatives)})"

    def visit_not(self, node: Not) -> str:
        return f"not ({self.visit(node.term)})"

    def visit_call(self, node: Call) -> str:
        if node.function == "replace":
            raise _impossible(node, "the function replace", "filter the frame after reading it")
        return super().visit_call(node)

    def visit_customfield(self, node: CustomField) -> str:
        raise _impossible(node, "custom fields by view", f"they are columns of their own: F.{node.name}")


def _impossible(node: Node, what: str, instead: str) -> AcumaticaValidationError:
    return AcumaticaValidationError(
        f"OData v4 cannot filter by {what}: {text(node)}", suggestions=[instead], context={"part": text(node)}
    )
