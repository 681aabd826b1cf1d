"""What lies in the warehouses today: receipts less shipments, item by item."""

from __future__ import annotations

from collections import Counter

from acudata.sandbox.company.purchases import Receipts
from acudata.sandbox.company.shipments import Shipments

Place = tuple[int, int]
"""A warehouse and an item."""


class Stock:
    """Holds quantities of items in warehouses.

    `on_hand` lies there, `shipping` of it is on shipments that are not confirmed, `promised` on open orders,
    and `coming` on purchase orders.
    """

    def __init__(self, shipments: Shipments, receipts: Receipts) -> None:
        self.on_hand: Counter[Place] = Counter()
        self.shipping: Counter[Place] = Counter()
        self.promised: Counter[Place] = Counter()
        self.coming: Counter[Place] = Counter()
        self._count_receipts(receipts)
        self._count_shipments(shipments)
        self._count_orders(shipments)

    def _count_receipts(self, receipts: Receipts) -> None:
        purchases = receipts.purchases
        for order, warehouse in enumerate(purchases.warehouse):
            counted = self.on_hand if order in receipts.of_order else self.coming
            for line in purchases.lines(order):
                counted[warehouse, purchases.item[line]] += purchases.quantity[line]

    def _count_shipments(self, shipments: Shipments) -> None:
        orders = shipments.orders
        for shipment, order in enumerate(shipments.order):
            warehouse = orders.warehouse(order)
            for line in shipments.lines(shipment):
                place = warehouse, orders.item[shipments.order_line[line]]
                if shipments.confirmed[shipment]:
                    self.on_hand[place] -= shipments.quantity[line]
                else:
                    self.shipping[place] += shipments.quantity[line]

    def _count_orders(self, shipments: Shipments) -> None:
        orders = shipments.orders
        for order in range(len(orders)):
            warehouse = orders.warehouse(order)
            for line in orders.lines(order):
                if left := orders.left(order, line):
                    self.promised[warehouse, orders.item[line]] += left
