"""Parting a filter: what the contract API can do goes there, the rest stays, and nothing is lost."""

import pytest

from acudata.odata import Expression, F
from acudata.odata.nodes import Field, Node
from acudata.odata.split import split

A, B = F.A == 1, F.B == 2
LOCAL = F.Name.tolower() == "x"


def in_details(node: Node) -> bool:
    return isinstance(node, Field) and node.path[0] == "Details"


PARTED: list[tuple[Expression, str | None, str | None]] = [
    (A, "A eq 1", None),
    (A & B, "A eq 1 and B eq 2", None),
    (LOCAL, None, "tolower(Name) eq 'x'"),
    (A & LOCAL & B, "A eq 1 and B eq 2", "tolower(Name) eq 'x'"),
    (LOCAL & A & (F.Date.year() == 2024), "A eq 1", "tolower(Name) eq 'x' and year(Date) eq 2024"),
    (A | LOCAL, None, "A eq 1 or tolower(Name) eq 'x'"),
    (B & (A | LOCAL), "B eq 2", "A eq 1 or tolower(Name) eq 'x'"),
    ((A | B) & LOCAL, "A eq 1 or B eq 2", "tolower(Name) eq 'x'"),
    (~(A & LOCAL), None, "not (A eq 1 and tolower(Name) eq 'x')"),
    (F.Name.contains("x") & A, "contains(Name,'x') and A eq 1", None),
    (~F.Name.contains("x") & A, "A eq 1", "not contains(Name,'x')"),
    (~F.Name.startswith("x") & ~A, "not (A eq 1)", "not startswith(Name,'x')"),
    (F.Name.toupper().contains("x") & A, "A eq 1", "contains(toupper(Name),'x')"),
    ((F.Qty * 2 > 5) & (F.Qty > 1), "Qty gt 1", "Qty mul 2 gt 5"),
    ((F.A == F.B + 1) & A, "A eq 1", "A eq B add 1"),
    (F.Name.length().isin([1]) & A, "A eq 1", "(length(Name) eq 1)"),
    (F.A.isin([1, 2]) & F.B.between(1, 2), "(A eq 1 or A eq 2) and B ge 1 and B le 2", None),
    ((F.Details.Qty > 1) & A, "A eq 1", "Details/Qty gt 1"),
    (((F.Details.Qty > 1) | A) & F.Details.Item.isin(["x"]), None,
     "(Details/Qty gt 1 or A eq 1) and (Details/Item eq 'x')"),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "server", "rest"), PARTED, ids=[str(e) for e, *_ in PARTED])
def test_a_filter_is_parted_at_its_outermost_and(
    expression: Expression, server: str | None, rest: str | None
) -> None:
    parts = split(expression, is_beyond=in_details)
    written = [None if part is None else str(part) for part in (parts.server, parts.rest)]
    assert written == [server, rest]
