"""Filters and query options: built with Python's operators, rendered in the dialect of the target."""

from acudata.odata.expressions import Expression
from acudata.odata.fields import F
from acudata.odata.names import names, rewrite
from acudata.odata.nodes import CustomField, Field
from acudata.odata.operands import Operand
from acudata.odata.options import QueryOptions
from acudata.odata.v3 import to_v3
from acudata.odata.v4 import to_v4

__all__ = [
    "CustomField",
    "Expression",
    "F",
    "Field",
    "Operand",
    "QueryOptions",
    "names",
    "rewrite",
    "to_v3",
    "to_v4",
]
