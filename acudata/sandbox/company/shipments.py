"""What leaves the warehouses: shipments of sales orders."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence

from acudata.sandbox.company import chart
from acudata.sandbox.company.calendar import TODAY, working_day
from acudata.sandbox.company.entries import Entry
from acudata.sandbox.company.items import WAREHOUSES
from acudata.sandbox.company.orders import SALE, SHIPS, OrderLine, Orders
from acudata.sandbox.company.registers import Register, Series

OPENING = 2
"""The first day on which something can be shipped: the first goods come in the day before."""
WHOLE, FIRST_PART, SECOND_PART = range(3)


class Shipments:
    """Holds the facts of shipments, and is the book of what they cost.

    A line ships a quantity of a line of the order.
    """

    module = "IN"

    def __init__(self, orders: Orders) -> None:
        self.orders = orders
        self.register = Register(Series())
        self.order = array("i")
        self.day = array("h")
        self.confirmed = array("b")
        self.completes = array("b")
        self.first_line = array("i", [0])
        self.order_line = array("i")
        self.quantity = array("i")
        self._of_order: dict[int, tuple[int, ...]] = {}

    def __len__(self) -> int:
        return len(self.order)

    def enter(self, order: int, day: int, part: int, lines: list[tuple[int, int]]) -> int:
        """Add a shipment of (line, quantity) pairs and return the fact."""
        self._of_order[order] = (*self.of_order(order), len(self.order))
        self.order.append(order)
        self.completes.append(part == SECOND_PART)
        self.day.append(day)
        self.confirmed.append(day < TODAY - 1 or self.orders.bits[order] % 3 == 0)
        for line, quantity in lines:
            self.order_line.append(line)
            self.quantity.append(quantity)
            self.orders.shipped[line] += quantity
        self.first_line.append(len(self.order_line))
        return self.register.enter()

    def lines(self, shipment: int) -> range:
        """Return the indexes of the lines of a shipment."""
        return range(self.first_line[shipment], self.first_line[shipment + 1])

    def of_order(self, order: int) -> Sequence[int]:
        """Return the shipments of an order, in the order of the days."""
        return self._of_order.get(order, ())

    def posted(self) -> Iterable[int]:
        """Return the confirmed shipments."""
        return (shipment for shipment, confirmed in enumerate(self.confirmed) if confirmed)

    def reference(self, shipment: int) -> str:
        """Return the number of a shipment."""
        return self.register.reference(shipment)

    def partner(self, shipment: int) -> tuple[str, str]:
        """Return id and name of the customer."""
        orders = self.orders
        return orders.customers[orders.customer[self.order[shipment]]][:2]

    def branch(self, shipment: int) -> int:
        """Return the branch that the goods came from."""
        return WAREHOUSES[self.orders.warehouse(self.order[shipment])].branch

    def sold(self, shipment: int) -> list[tuple[int, OrderLine]]:
        """Return the lines of the order that are shipped, each with how much of it."""
        places = self.lines(shipment)
        lines = self.order_line[places.start : places.stop]
        shipped = zip(lines, self.quantity[places.start : places.stop], strict=True)
        return [(line, self.orders.line(line, quantity)) for line, quantity in shipped]

    def entries(self, shipment: int) -> list[Entry]:
        """Return what a confirmed shipment posts: the cost of what was sold against the stock."""
        cost = self.cost(shipment)
        return [Entry(chart.COST_OF_SALES, cost, cost), Entry(chart.INVENTORY, -cost, -cost)]

    def weight(self, shipment: int) -> int:
        """Return what the shipped goods weigh, in hundredths of a pound."""
        return sum(line.quantity * self.orders.items[line.item].weight for _, line in self.sold(shipment))

    def cost(self, shipment: int) -> int:
        """Return what the shipped goods cost, in cents."""
        orders = self.orders
        items = orders.items
        return sum(
            self.quantity[line] * items[orders.item[self.order_line[line]]].cost
            for line in self.lines(shipment)
        )


def ship(shipments: Shipments) -> None:
    """Ship what is due by today, in the order of the days; some orders go in two parts."""
    orders = shipments.orders
    plan = sorted(code for order in range(len(orders)) for code in _plan(orders, order))
    for code in plan:
        day, order, part = code >> 34, code >> 2 & 0xFFFFFFFF, code & 3
        lines = _part(orders, order, part)
        if day <= TODAY and lines:
            shipments.enter(order, day, part, lines)


def _plan(orders: Orders, order: int) -> Iterator[int]:
    """Yield the shipments of an order as numbers that sort by day: day, order and part."""
    if orders.kind[order] != SALE or orders.outcome[order] != SHIPS:
        return
    bits = orders.bits[order]
    first = max(OPENING, working_day(orders.day[order] + (1, 1, 2, 2, 3, 4, 6, 9)[bits >> 8 & 7]))
    if bits >> 12 & 15:
        yield first << 34 | order << 2 | WHOLE
    else:
        second = working_day(first + 9 + (bits >> 16 & 15))
        yield first << 34 | order << 2 | FIRST_PART
        yield second << 34 | order << 2 | SECOND_PART


def _part(orders: Orders, order: int, part: int) -> list[tuple[int, int]]:
    """Return lines and quantities of a part: of the last line, half is short at first."""
    lines = orders.lines(order)
    last = lines[-1]
    short = orders.quantity[last] // 2
    if part == SECOND_PART:
        return [(last, short)] if short else []
    whole = [(line, orders.quantity[line]) for line in lines]
    return [*whole[:-1], (last, whole[-1][1] - short)] if part == FIRST_PART else whole
