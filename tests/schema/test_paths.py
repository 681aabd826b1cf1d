"""Paths of names: found with exact spelling, or answered with what comes near."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from acudata.errors import AcumaticaUnknownNameError
from acudata.odata import F
from acudata.schema import Endpoint, Entity, Structure
from acudata.schema.paths import Path, find, split_paths

ADDRESS = Structure("Address", {"City": "String"})
CONTACT = Structure("Contact", {"Email": "String"}, {"Address": "Address"})
SPLIT = Structure("Split", {"Qty": "Decimal"})
LINE = Structure("Line", {"OrderQty": "Decimal"}, {}, {"Allocations": "Split"})
TEAM = Structure("Team", {"Share": "Decimal"}, {}, {"Members": "Contact"})
ORDER = Structure(
    "Order", {"OrderNbr": "String"}, {"Contact": "Contact", "Team": "Team"}, {"Details": "Line"}
)
ENTITY = Entity("Order", ORDER)
ENDPOINT = Endpoint(
    "Default", "1", {"Order": ENTITY}, {s.name: s for s in (ADDRESS, CONTACT, SPLIT, LINE, TEAM, ORDER)}
)


@pytest.mark.parametrize(
    ("path", "rows", "rest", "kind"),
    [
        ("OrderNbr", (), ("OrderNbr",), "String"),
        ("Contact", (), ("Contact",), None),
        ("Contact/Address/City", (), ("Contact", "Address", "City"), "String"),
        ("Details", (("Details",),), (), None),
        ("Details/OrderQty", (("Details",),), ("OrderQty",), "Decimal"),
        ("Details/Allocations/Qty", (("Details",), ("Allocations",)), ("Qty",), "Decimal"),
        ("Team/Members/Address/City", (("Team", "Members"),), ("Address", "City"), "String"),
    ],
)
def test_a_path_leads_to_its_place(path: str, rows: tuple[Path, ...], rest: Path, kind: str | None) -> None:
    place = find(ENDPOINT, ENTITY, tuple(path.split("/")))
    assert (place.rows, place.rest, place.kind, place.is_field) == (rows, rest, kind, kind is not None)


@pytest.mark.parametrize(
    ("path", "message", "near"),
    [
        ("OrderNr", "Order has no field or member 'OrderNr'", "OrderNbr"),
        ("ordernbr", "Order has no field or member 'ordernbr'", "OrderNbr"),
        ("Contact/Emial", "Order/Contact has no field or member 'Emial'", "Email"),
        ("Details/OrderQy", "Order/Details has no field or member 'OrderQy'", "OrderQty"),
        ("OrderNbr/X", "Order/OrderNbr is a plain field; it has nothing below it", None),
        ("", "Order has no field or member ''", None),
    ],
)
def test_a_step_that_is_not_there(path: str, message: str, near: str | None) -> None:
    with pytest.raises(AcumaticaUnknownNameError, match=message) as caught:
        find(ENDPOINT, ENTITY, tuple(path.split("/")))
    assert near is None or near in caught.value.suggestions


@pytest.mark.parametrize(
    ("names", "paths"),
    [
        (None, []),
        ("", []),
        (" A , B/C ,", [("A",), ("B", "C")]),
        (["A", "B.C"], [("A",), ("B", "C")]),
        ([F.A, F.B.C], [("A",), ("B", "C")]),
    ],
)
def test_lists_and_comma_text_name_the_same(names: str | Iterable[str] | None, paths: list[Path]) -> None:
    assert split_paths(names) == paths
