"""What is bought: purchase orders for each quarter's demand, and their receipts."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from acudata.sandbox.company import chart
from acudata.sandbox.company.calendar import MONTHS, TODAY, month_of, month_start, working_day
from acudata.sandbox.company.entries import Entry
from acudata.sandbox.company.items import WAREHOUSES, Item
from acudata.sandbox.company.registers import Register, Series
from acudata.sandbox.company.shipments import OPENING, Shipments
from acudata.sandbox.company.vendors import Vendor

QUARTERS = MONTHS // 3
LOT = 6
"""Goods are bought in lots of so many."""
SPARE_PERCENT = 8
"""What is bought beyond the demand, so that the shelves are never empty."""


class Purchase(NamedTuple):
    """Holds an order before it is numbered: days of order and receipt, and (item, quantity) pairs."""

    ordered: int
    received: int
    vendor: int
    warehouse: int
    lines: tuple[tuple[int, int], ...]


class Purchases:
    """Holds the facts of purchase orders."""

    def __init__(self, items: Sequence[Item], vendors: Sequence[Vendor]) -> None:
        self.items = items
        self.vendors = vendors
        self.register = Register(Series("Normal"))
        self.vendor = array("i")
        self.warehouse = array("b")
        self.day = array("h")
        self.promised = array("h")
        self.first_line = array("i", [0])
        self.item = array("i")
        self.quantity = array("i")

    def __len__(self) -> int:
        return len(self.day)

    def enter(self, purchase: Purchase) -> int:
        """Add a purchase order and return the fact."""
        self.day.append(purchase.ordered)
        self.promised.append(purchase.received)
        self.vendor.append(purchase.vendor)
        self.warehouse.append(purchase.warehouse)
        for item, quantity in purchase.lines:
            self.item.append(item)
            self.quantity.append(quantity)
        self.first_line.append(len(self.item))
        return self.register.enter()

    def lines(self, order: int) -> range:
        """Return the indexes of the lines of an order."""
        return range(self.first_line[order], self.first_line[order + 1])

    def branch(self, order: int) -> int:
        """Return the branch that the goods are for."""
        return WAREHOUSES[self.warehouse[order]].branch

    def cost(self, order: int) -> int:
        """Return what the goods of an order cost, in cents."""
        return sum(self.quantity[line] * self.items[self.item[line]].cost for line in self.lines(order))


class Receipts:
    """Holds the facts of receipts, and is the book of their goods; each brings the whole of an order."""

    module = "IN"

    def __init__(self, purchases: Purchases) -> None:
        self.purchases = purchases
        self.register = Register(Series("Receipt"))
        self.order = array("i")
        self.day = array("h")
        self.of_order: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self.order)

    def enter(self, order: int) -> int:
        """Bring the goods of an order in on the promised day and return the fact."""
        self.order.append(order)
        self.day.append(self.purchases.promised[order])
        self.of_order[order] = self.register.enter()
        return self.of_order[order]

    def posted(self) -> Iterable[int]:
        """Return all receipts: each is released when it is entered."""
        return range(len(self))

    def branch(self, receipt: int) -> int:
        """Return the branch that the goods came to."""
        return self.purchases.branch(self.order[receipt])

    def reference(self, receipt: int) -> str:
        """Return the number of a receipt."""
        return self.register.reference(receipt)

    def partner(self, receipt: int) -> tuple[str, str]:
        """Return id and name of the vendor."""
        purchases = self.purchases
        return purchases.vendors[purchases.vendor[self.order[receipt]]][:2]

    def entries(self, receipt: int) -> list[Entry]:
        """Return what a receipt posts: goods against what the vendor will bill."""
        cost = self.purchases.cost(self.order[receipt])
        return [Entry(chart.INVENTORY, cost, cost), Entry(chart.ACCRUAL, -cost, -cost)]


def restock(receipts: Receipts, shipments: Shipments) -> None:
    """Order what the customers will have taken, and receive it before the quarter of the demand begins."""
    purchases = receipts.purchases
    for purchase in sorted(_purchases(purchases, _demand(shipments))):
        purchases.enter(purchase)
    for _, order in sorted((day, order) for order, day in enumerate(purchases.promised)):
        if purchases.promised[order] <= TODAY:
            receipts.enter(order)


Demand = dict[tuple[int, int], int]
"""Maps a warehouse and an item to a quantity."""


def _demand(shipments: Shipments) -> list[Demand]:
    """Return for each quarter what was shipped of an item from a warehouse; the last is a forecast."""
    orders = shipments.orders
    quarters: list[Demand] = [defaultdict(int) for _ in range(QUARTERS)]
    for shipment, order in enumerate(shipments.order):
        taken = quarters[month_of(shipments.day[shipment]) // 3]
        warehouse = orders.warehouse(order)
        for line in shipments.lines(shipment):
            taken[warehouse, orders.item[shipments.order_line[line]]] += shipments.quantity[line]
    return [*quarters, quarters[-4]]


def _purchases(purchases: Purchases, demand: Sequence[Demand]) -> Iterator[Purchase]:
    stock: Demand = defaultdict(int)
    for quarter, taken in enumerate(demand):
        wanted: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
        for place, quantity in sorted(taken.items()):
            warehouse, item = place
            short = quantity + quantity * SPARE_PERCENT // 100 + 1 - stock[place]
            bought = -(-short // LOT) * LOT if short > 0 else 0
            stock[place] += bought - quantity
            if bought:
                wanted[purchases.items[item].vendor, warehouse].append((item, bought))
        for (vendor, warehouse), lines in wanted.items():
            yield _purchase(purchases.vendors[vendor], quarter, vendor, warehouse, lines)


def _purchase(
    source: Vendor, quarter: int, vendor: int, warehouse: int, lines: list[tuple[int, int]]
) -> Purchase:
    start, chance = month_start(3 * quarter), source.bits // (quarter + warehouse + 1) % 24
    received = OPENING - 1 if quarter == 0 else working_day(start - 4 - chance // 2)
    if quarter == QUARTERS:
        received += chance
    ordered = max(OPENING - 1, received - source.lead_days)
    return Purchase(ordered, received, vendor, warehouse, tuple(lines))
