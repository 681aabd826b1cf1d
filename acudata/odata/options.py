"""The options of a query: which records, which fields of them, how many."""

from __future__ import annotations

import operator
import re
from collections.abc import Iterable
from dataclasses import dataclass

from acudata.odata.expressions import Expression
from acudata.odata.fitting import KindOf
from acudata.odata.operands import Operand
from acudata.odata.v3 import to_v3

_NAME = re.compile(r"[^\W\d]\w*(?:[/.][^\W\d]\w*)*")
_ORDER = re.compile(rf"({_NAME.pattern})(?:\s+(asc|desc))?")

Names = str | Operand | Iterable[str | Operand]


def checked_filter(given: object) -> Expression | str:
    """Return a filter as it is, if it is one.

    Raises:
        TypeError: it is neither an expression nor text; a field alone is no condition.
        ValueError: it is empty text, which would let everything through.

    """
    if isinstance(given, str) and not given.strip():
        raise ValueError("The filter is empty; leave it out to read everything.")
    if isinstance(given, Expression | str):
        return given
    if isinstance(given, Operand):
        raise TypeError(
            f"`{given}` alone is no condition; compare it: F.{given} == True, F.{given}.is_not_null() …"
        )
    slip = " Is a () missing, as in F.Date.year() == 2024, or `is None` written for == None?"
    raise TypeError(
        f"A filter is an expression such as F.Status == 'Open', or OData text; {given!r} is neither."
        f"{slip if isinstance(given, bool) else ''}"
    )


@dataclass(frozen=True, init=False)
class QueryOptions:
    """Holds the options of a query, checked when it is made.

    `filter` is an expression or raw OData text. `select`, `expand`, `custom` and `orderby` take a list, or text with
    commas; names in them are paths such as `Details/InventoryID`, in `custom` addresses such as `Document.UsrX`, in
    `orderby` followed by `desc` if need be. `skip` is applied before `top`.

    Raises:
        TypeError: an option is of the wrong type.
        ValueError: an option makes no sense.

    >>> QueryOptions(select="CustomerID, CustomerName", top=5).to_params()
    {'$select': 'CustomerID,CustomerName', '$top': '5'}

    """

    filter: Expression | str | None
    select: tuple[str, ...] | None
    expand: tuple[str, ...] | None
    top: int | None
    skip: int | None
    custom: tuple[str, ...] | None
    orderby: tuple[str, ...] | None

    def __init__(
        self,
        filter: Expression | str | None = None,  # noqa: A002 - the user's word
        select: Names | None = None,
        expand: Names | None = None,
        top: int | None = None,
        skip: int | None = None,
        custom: Names | None = None,
        orderby: Names | None = None,
    ) -> None:
        keep = object.__setattr__
        keep(self, "filter", None if filter is None else checked_filter(filter))
        keep(self, "select", _some(_names("select", select)))
        keep(self, "expand", _names("expand", expand))
        keep(self, "top", _count("top", top))
        keep(self, "skip", _count("skip", skip))
        keep(self, "custom", _names("custom", custom))
        keep(self, "orderby", _names("orderby", orderby, shape=_ORDER))

    def to_params(self, *, kind_of: KindOf | None = None) -> dict[str, str]:
        """Return the parameters of the request to the contract API, still to be percent-encoded.

        The contract API ignores `$orderby`, so it is not sent: whoever reads sorts the rows. `kind_of` is that of
        `to_v3`.
        """
        params = {
            "$filter": to_v3(self.filter, kind_of=kind_of)
            if isinstance(self.filter, Expression)
            else self.filter,
            "$select": _joined(self.select),
            "$expand": _joined(self.expand),
            "$custom": _joined(self.custom),
            "$top": None if self.top is None else str(self.top),
            "$skip": None if self.skip is None else str(self.skip),
        }
        return {name: text for name, text in params.items() if text is not None}


def _names(option: str, given: Names | None, *, shape: re.Pattern[str] = _NAME) -> tuple[str, ...] | None:
    if given is None:
        return None
    parts = given.split(",") if isinstance(given, str) else [given] if isinstance(given, Operand) else given
    found = tuple(dict.fromkeys(" ".join(str(part).split()) for part in parts))
    for name in found:
        if not shape.fullmatch(name):
            raise ValueError(
                f"{option} has {name!r}, which is no name; give names such as 'Date' or 'Details/Qty'."
            )
    return found


def _some(names: tuple[str, ...] | None) -> tuple[str, ...] | None:
    if names == ():
        raise ValueError("select has no names; leave it out to read every field.")
    return names


def _count(option: str, given: int | None) -> int | None:
    if given is None:
        return None
    if isinstance(given, bool) or not hasattr(given, "__index__"):
        raise TypeError(f"{option} is a number of records, not {given!r}.")
    if (count := operator.index(given)) < 0:
        raise ValueError(f"{option} is a number of records and cannot be negative: {count}.")
    return count


def _joined(names: tuple[str, ...] | None) -> str | None:
    return ",".join(names) if names else None
