"""The one registry of value kinds: wrapper on the wire, Arrow type, pandas dtype and Python type of each.

A kind is the wrapper's name without `Value`: `DecimalValue` in a contract and `CustomDecimalField` in a custom block
are both of kind `Decimal`.
"""

from __future__ import annotations

import datetime as dt
import decimal
import re
import uuid
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

DECIMAL_PRECISION = 38
DECIMAL_SCALE = 10
"""Acumatica keeps up to 8 decimals (currency rates); ten hold them, with 28 digits before the point."""

_STAMP = re.compile(r"DateTime$|^LastModified|^Created")


@dataclass(frozen=True, slots=True)
class Kind:
    """Describes one kind of value.

    `arrow` is the name of the Arrow type as `arrow_type` understands it, `python` the type a value has in a model.
    """

    name: str
    arrow: str
    python: Any

    @property
    def wrapper(self) -> str:
        """Return the name of the contract's wrapper, such as `DecimalValue`."""
        return f"{self.name}Value"

    @property
    def custom(self) -> str:
        """Return the name a custom field of this kind has on the wire, such as `CustomDecimalField`."""
        return f"Custom{self.name}Field"


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("String", "string", str),
        Kind("Boolean", "bool", bool),
        Kind("Int", "int64", int),
        Kind("Short", "int64", int),
        Kind("Long", "int64", int),
        Kind("Byte", "int64", int),
        Kind("Decimal", "decimal", decimal.Decimal),
        Kind("Double", "double", float),
        Kind("DateTime", "datetime", dt.datetime),
        Kind("DateOnly", "date", dt.date),
        Kind("Guid", "string", uuid.UUID),
    )
}
"""Every kind by name. All integers are 64 bit, because sums of narrower columns overflow without a word."""

_BY_WRAPPER = {kind.wrapper: kind.name for kind in KINDS.values()}
_BY_CUSTOM = {kind.custom: kind.name for kind in KINDS.values()}


def kind_of_wrapper(name: str) -> str | None:
    """Return the kind of a value wrapper, or None for a name that is no wrapper.

    >>> kind_of_wrapper("DecimalValue"), kind_of_wrapper("Address")
    ('Decimal', None)
    """
    return _BY_WRAPPER.get(name)


def kind_of_custom(name: str) -> str:
    """Return the kind of a custom field's type; a type not known here is read as text.

    >>> kind_of_custom("CustomDateTimeField")
    'DateTime'
    """
    return _BY_CUSTOM.get(name, "String")


def is_stamp(field: str, kind: str) -> bool:
    """Tell whether a field is an instant (UTC, time-zone aware) rather than business time (the wall clock as written).

    The rule goes by the schema alone, so that a column has one type whatever a page holds.

    >>> is_stamp("LastModifiedDateTime", "DateTime"), is_stamp("DueDate", "DateTime")
    (True, False)
    """
    return kind == "DateTime" and _STAMP.search(field) is not None


def arrow_type(field: str, kind: str) -> pa.DataType:
    """Return the Arrow type of a field's column."""
    return _arrow_types()["stamp" if is_stamp(field, kind) else KINDS[kind].arrow]


@cache
def _arrow_types() -> dict[str, pa.DataType]:
    import pyarrow as pa

    return {
        "string": pa.string(),
        "bool": pa.bool_(),
        "int64": pa.int64(),
        "double": pa.float64(),
        "decimal": pa.decimal128(DECIMAL_PRECISION, DECIMAL_SCALE),
        "stamp": pa.timestamp("us", tz="UTC"),
        "datetime": pa.timestamp("us"),
        "date": pa.date32(),
    }
