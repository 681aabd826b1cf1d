"""The filter as a mask over rows: what a server cannot do, done by Arrow for whole columns at a time.

Missing values are those of OData: a missing value equals only another missing one, is neither less nor greater than
any, and differs (`ne`) from every value. A function of a missing value is missing; a search in one is neither true nor
false, and neither is its negation, so that no such row is selected.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from acudata.errors import AcumaticaUnknownNameError, AcumaticaValidationError
from acudata.naming import nearest
from acudata.odata.comparing import ORDERS, aligned, comparable, constant
from acudata.odata.decimals import calculate
from acudata.odata.expressions import Expression
from acudata.odata.fitting import fitted
from acudata.odata.functions import FUNCTIONS
from acudata.odata.nodes import (
    And,
    Arithmetic,
    Call,
    Comparison,
    CustomField,
    Field,
    Literal,
    Membership,
    Node,
    Not,
    Or,
    Visitor,
)

ColumnOf = Callable[[Field | CustomField], str]


def column_name(field: Field | CustomField) -> str:
    """Return the name that a field has as a column of a frame.

    >>> column_name(Field(("MainContact", "Email"))), column_name(CustomField("String", "Document", "UsrRoute"))
    ('MainContact.Email', 'UsrRoute')
    """
    return field.name if isinstance(field, CustomField) else ".".join(field.path)


def mask(
    expression: Expression, data: pa.RecordBatch | pa.Table, *, column_of: ColumnOf = column_name
) -> pa.BooleanArray | pa.ChunkedArray:
    """Return which rows a filter selects; no entry is missing.

    `column_of` tells the column of each field; the types of the columns say what values they are compared with.

    Raises:
        AcumaticaUnknownNameError: there is no column for a field.
        AcumaticaValidationError: a value or function does not fit its column, or numbers get too large to be exact.

    >>> from acudata.odata import F
    >>> batch = pa.RecordBatch.from_pydict({"Name": ["Acme Ltd", "Beta", None]})
    >>> mask(F.Name.tolower().startswith("acme"), batch).to_pylist()
    [True, False, False]

    """
    if isinstance(data, pa.Table):
        masks = [mask(expression, batch, column_of=column_of) for batch in data.to_batches()]
        return pa.chunked_array(masks, pa.bool_())
    visitor = _Mask(data, column_of)
    node = fitted(expression.node, lambda path: _kind(visitor.visit_field(Field(path)).type))
    try:
        return pc.fill_null(visitor.visit(node), fill_value=False)
    except pa.ArrowInvalid as reason:
        raise AcumaticaValidationError(f"{expression} cannot be computed: {reason}") from reason


def _kind(arrow_type: pa.DataType) -> str | None:
    names = {"string": "String", "bool": "Boolean", "double": "Double", "date32[day]": "DateOnly"}
    if pa.types.is_integer(arrow_type) or pa.types.is_decimal(arrow_type):
        return "Decimal"
    return "DateTime" if pa.types.is_timestamp(arrow_type) else names.get(str(arrow_type))


class _Mask(Visitor[Any]):
    def __init__(self, batch: pa.RecordBatch, column_of: ColumnOf) -> None:
        self._batch = batch
        self._column_of = column_of

    def visit_field(self, node: Field) -> pa.Array:
        return self._column(node)

    def visit_customfield(self, node: CustomField) -> pa.Array:
        return self._column(node)

    def _column(self, node: Field | CustomField) -> pa.Array:
        name, known = self._column_of(node), self._batch.schema.names
        if name not in known:
            raise AcumaticaUnknownNameError(
                f"There is no column {name!r} to filter by.", suggestions=nearest(name, known)
            )
        return self._batch.column(name)

    def visit_call(self, node: Call) -> pa.Array:
        first, *others = node.arguments
        constants = (other.value if isinstance(other, Literal) else self.visit(other) for other in others)
        return FUNCTIONS[node.function](self.visit(first), *constants)

    def visit_arithmetic(self, node: Arithmetic) -> pa.Array:
        return calculate(node.operator, *self._sides(node.left, node.right))

    def visit_comparison(self, node: Comparison) -> pa.BooleanArray:
        if node.right == Literal(None):
            is_null = pc.is_null(self.visit(node.left))
            return is_null if node.operator == "eq" else pc.invert(is_null)
        left, right = aligned(*self._sides(node.left, node.right))
        if node.operator in ORDERS:
            return pc.fill_null(ORDERS[node.operator](left, right), fill_value=False)
        return _equal(left, right) if node.operator == "eq" else pc.invert(_equal(left, right))

    def _sides(self, *nodes: Node) -> list[Any]:
        """Return what two nodes stand for; one of them may be a constant."""
        values = [None if isinstance(node, Literal) else self.visit(node) for node in nodes]
        column = next(value for value in values if value is not None)
        return [
            constant(node.value, column.type) if isinstance(node, Literal) else value
            for node, value in zip(nodes, values, strict=True)
        ]

    def visit_membership(self, node: Membership) -> pa.BooleanArray:
        values = comparable(self.visit(node.operand))
        wanted = [constant(option.value, values.type) for option in node.options if option.value is not None]
        options = pa.array([comparable(option).as_py() for option in wanted], values.type)
        found = pc.is_in(values, value_set=options)
        return found if len(wanted) == len(node.options) else pc.or_(found, pc.is_null(values))

    def visit_and(self, node: And) -> pa.BooleanArray:
        return reduce(pc.and_kleene, map(self.visit, node.terms))

    def visit_or(self, node: Or) -> pa.BooleanArray:
        return reduce(pc.or_kleene, map(self.visit, node.terms))

    def visit_not(self, node: Not) -> pa.BooleanArray:
        return pc.invert(self.visit(node.term))


def _equal(left: Any, right: Any) -> pa.BooleanArray:
    equal = pc.fill_null(pc.equal(left, right), fill_value=False)
    return pc.or_(equal, pc.and_(pc.is_null(left), pc.is_null(right)))
