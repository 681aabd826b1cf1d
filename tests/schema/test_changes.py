"""Two readings of an endpoint: what stayed, changed, came and went, down to the rows of rows."""

from __future__ import annotations

from acudata.schema import Endpoint, Entity, Structure
from acudata.schema.changes import Changes, compare


def endpoint(**structures: Structure) -> Endpoint:
    entities = {name: Entity(name, structures[name]) for name in structures if not name.startswith("Row")}
    return Endpoint("Default", "1", entities, structures)


def order(**details: str) -> Structure:
    return Structure("Order", {"OrderNbr": "String"}, {}, details)


ROW = Structure("Row", {"Qty": "Decimal"}, {"Parent": "Order"})
WIDER = Structure("Row", {"Qty": "Decimal", "Lot": "String"}, {"Parent": "Order"})
ITEM = Structure("Item", {"ItemID": "String"})


def test_nothing_changed() -> None:
    one = endpoint(Order=order(Details="Row"), Row=ROW, Item=ITEM)
    assert compare(one, one) == Changes(unchanged=("Order", "Item"))


def test_a_change_below_changes_what_reaches_it() -> None:
    old = endpoint(Order=order(Details="Row"), Row=ROW, Item=ITEM)
    new = endpoint(Order=order(Details="Row"), Row=WIDER, Item=ITEM)
    assert compare(old, new) == Changes(unchanged=("Item",), changed=("Order",))


def test_entities_come_and_go() -> None:
    old = endpoint(Order=order(Details="Row"), Row=ROW)
    new = endpoint(Item=ITEM)
    assert compare(old, new) == Changes(added=("Item",), removed=("Order",))
