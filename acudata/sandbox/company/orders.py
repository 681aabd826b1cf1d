"""What customers order: sales orders, quotes and returns, with their lines."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from random import Random
from typing import NamedTuple

from acudata.sandbox.company.calendar import TODAY, calendar_date, month_of
from acudata.sandbox.company.customers import BUYING, TAX_RATES, Customer
from acudata.sandbox.company.items import Item, demand_pools
from acudata.sandbox.company.money import share, taxed
from acudata.sandbox.company.registers import Register, Series

RETURN, QUOTE, SALE = range(3)
SHIPS, CANCELED, HELD, CREDIT_HELD = range(4)

MONTHLY = (70, 72, 85, 90, 100, 108, 104, 96, 100, 112, 138, 155)
DAILY = (11, 11, 10, 10, 12, 3, 1)
"""How busy the months of a year and the days of a week are."""
DISCOUNT_FROM = 500_000
DISCOUNT_PERCENT = 5
"""Orders from so many cents on get so many percent off the whole."""


class OrderLine(NamedTuple):
    """Holds a line of an order; money in cents."""

    item: int
    quantity: int
    price: int
    percent: int

    @property
    def discount(self) -> int:
        """Return what the customer does not pay of this line."""
        return share(self.quantity * self.price, self.percent)

    @property
    def amount(self) -> int:
        """Return what the customer pays for this line."""
        return self.quantity * self.price - self.discount


class Totals(NamedTuple):
    """Holds the sums of a sales document in cents."""

    lines: int
    discount: int
    freight: int
    tax: int

    @property
    def amount(self) -> int:
        """Return what the customer is to pay."""
        return self.lines - self.discount + self.freight + self.tax


class Orders:
    """Holds the facts of sales orders, each an index into parallel arrays."""

    def __init__(self, customers: Sequence[Customer], items: Sequence[Item]) -> None:
        self.customers = customers
        self.items = items
        self.register = Register(Series("CM"), Series("QT"), Series("SO"))
        self.kind = array("b")
        self.day = array("h")
        self.customer = array("i")
        self.outcome = array("b")
        self.bits = array("Q")
        self.first_line = array("i", [0])
        self.item = array("i")
        self.quantity = array("i")
        self.price = array("i")
        self.percent = array("b")
        self.shipped = array("i")
        self.billed = array("i")

    def __len__(self) -> int:
        return len(self.kind)

    def enter(self, kind: int, day: int, customer: int, bits: int, lines: Sequence[OrderLine]) -> int:
        """Add an order and return the fact."""
        self.kind.append(kind)
        self.day.append(day)
        self.customer.append(customer)
        self.outcome.append(SHIPS)
        self.bits.append(bits)
        for item, quantity, price, percent in lines:
            self.item.append(item)
            self.quantity.append(quantity)
            self.price.append(price)
            self.percent.append(percent)
            self.shipped.append(0)
            self.billed.append(0)
        self.first_line.append(len(self.item))
        return self.register.enter(kind)

    def of_line(self, line: int) -> int:
        """Return the order that a line belongs to."""
        return bisect_right(self.first_line, line) - 1

    def lines(self, order: int) -> range:
        """Return the indexes of the lines of an order."""
        return range(self.first_line[order], self.first_line[order + 1])

    def warehouse(self, order: int) -> int:
        """Return the warehouse that an order is shipped from."""
        return self.customers[self.customer[order]].warehouse

    def left(self, order: int, line: int) -> int:
        """Return what of a line of an order is still to be shipped; nothing of quotes and canceled orders."""
        if self.kind[order] == QUOTE or self.outcome[order] == CANCELED:
            return 0
        return self.quantity[line] - self.shipped[line]

    def unbilled(self, order: int, line: int) -> OrderLine:
        """Return a line with what of it is still to be billed; nothing of quotes and canceled orders."""
        is_over = self.kind[order] == QUOTE or self.outcome[order] == CANCELED
        left = 0 if is_over else self.quantity[line] - self.billed[line]
        return self.line(line, left)

    def line(self, line: int, quantity: int | None = None) -> OrderLine:
        """Return a line by its index, with another quantity if one is given."""
        taken = self.quantity[line] if quantity is None else quantity
        return OrderLine(self.item[line], taken, self.price[line], self.percent[line])

    def sold(self, order: int) -> list[tuple[int, OrderLine]]:
        """Return the lines of an order, each with its index."""
        return [(line, self.line(line)) for line in self.lines(order)]

    def totals(self, order: int) -> Totals:
        """Return the sums of an order as it was agreed on."""
        amount = sum(self.line(line).amount for line in self.lines(order))
        return self.price_up(order, amount, freight=self.kind[order] == SALE)

    def price_up(self, order: int, amount: int, *, freight: bool) -> Totals:
        """Return the sums of a document over lines that belong to an order: discount, freight and tax."""
        customer = self.customers[self.customer[order]]
        rebated = self.kind[order] != RETURN and self.is_rebated(order)
        discount = share(amount, DISCOUNT_PERCENT) if rebated else 0
        carriage = 1500 + self.bits[order] % 4000 if freight and customer.pays_freight else 0
        tax = taxed(amount - discount, TAX_RATES[customer.place.tax_zone])
        return Totals(amount, discount, carriage, tax)

    def is_rebated(self, order: int) -> bool:
        """Tell whether the order is large enough for a discount on the whole."""
        first, end = self.first_line[order], self.first_line[order + 1]
        gross = sum(self.quantity[line] * self.price[line] for line in range(first, end))
        return gross >= DISCOUNT_FROM


def take_orders(random: Random, orders: Orders, count: int) -> None:
    """Enter sales orders and quotes over two years, busier in some months and on some weekdays."""
    pools = demand_pools(list(orders.items))
    buyers = [place for place, customer in enumerate(orders.customers) if customer.status in BUYING]
    random.shuffle(buyers)
    for day in _days(count):
        kind = QUOTE if random.random() < 0.05 else SALE
        customer = _buyer(random, orders.customers, buyers, day)
        lines = list(_lines(random, orders, pools, customer, day))
        order = orders.enter(kind, day, customer, random.getrandbits(63), lines)
        orders.outcome[order] = _outcome(random, orders.customers[customer], day)


def _days(count: int) -> Iterator[int]:
    """Yield the days of so many orders, in order."""
    growth = (100, 115)
    dates = [calendar_date(day) for day in range(TODAY + 1)]
    weights = [growth[when.year - 2023] * MONTHLY[when.month - 1] * DAILY[when.weekday()] for when in dates]
    passed = list(accumulate(weights))
    day = 0
    for order in range(count):
        while passed[day] * count <= order * passed[-1]:
            day += 1
        yield day


def _buyer(random: Random, customers: Sequence[Customer], buyers: list[int], day: int) -> int:
    """Return a customer who is known by that day; those ahead in the list buy more."""
    while True:
        customer = buyers[int(min(random.random(), random.random()) * len(buyers))]
        if customers[customer].since <= day:
            return customer


def _lines(
    random: Random, orders: Orders, pools: list[list[int]], customer: int, day: int
) -> Iterator[OrderLine]:
    pool = pools[month_of(day) % 12]
    euro, wholesale = orders.customers[customer].euro, orders.customers[customer].warehouse != 1
    year = month_of(day) // 12
    for _ in range(1 + int(random.random() * 5)):
        item = pool[int(random.random() * len(pool))]
        price = orders.items[item].prices[year]
        quantity = 1 + int(random.random() * random.random() * (24 if wholesale else 5))
        percent = 10 if random.random() < 0.06 else 0
        yield OrderLine(item, quantity, price * 92 // 100 if euro else price, percent)


def _outcome(random: Random, customer: Customer, day: int) -> int:
    chance = random.random()
    if chance < 0.02:
        return CANCELED
    if day > TODAY - 60 and customer.status == "Credit Hold":
        return CREDIT_HELD
    return HELD if day > TODAY - 40 and chance < 0.06 else SHIPS
