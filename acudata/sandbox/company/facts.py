"""Everything that happened in the company, in the order in which one thing follows from another."""

from __future__ import annotations

from functools import cached_property
from random import Random

from acudata.sandbox.company.accounts import Accounts
from acudata.sandbox.company.balances import Balances
from acudata.sandbox.company.billing import bill_shipments, bill_work, credit_returns
from acudata.sandbox.company.bills import Bills, bill_purchases
from acudata.sandbox.company.cases import make_cases
from acudata.sandbox.company.checks import Checks, pay_vendors
from acudata.sandbox.company.collecting import collect, pay_ahead
from acudata.sandbox.company.customers import make_customers
from acudata.sandbox.company.general import write_vouchers
from acudata.sandbox.company.invoices import Invoices
from acudata.sandbox.company.items import make_items
from acudata.sandbox.company.journal import Journal
from acudata.sandbox.company.orders import Orders, take_orders
from acudata.sandbox.company.payments import Payments
from acudata.sandbox.company.people import People
from acudata.sandbox.company.projects import make_projects, work_done
from acudata.sandbox.company.purchases import Purchases, Receipts, restock
from acudata.sandbox.company.shipments import Shipments, ship
from acudata.sandbox.company.staff import Salesperson, make_salespersons, make_staff
from acudata.sandbox.company.stock import Stock
from acudata.sandbox.company.vendors import make_vendors

OVERHEADS = 5_000_000
"""Cents that rent, power, freight and insurance cost in a month at scale 1."""


class Facts:
    """Holds the tables of one company; every number that a form shows is computed from them.

    Args:
        scale: 1 is about 300 customers, 2,000 orders and 6,000 lines.
        random: where all chance comes from.
    """

    def __init__(self, scale: int, random: Random) -> None:
        self.scale = scale
        goods = 10 + 10 * scale
        self.customers = make_customers(random, 300 * scale)
        self.vendors = make_vendors(random, goods)
        self.items = make_items(random, 60 + 40 * scale, goods)
        self.staff = make_staff(random, 18 + 6 * scale)
        self.salespersons = make_salespersons(self.staff)
        self.projects = make_projects(random, self.customers, 10 + 2 * scale, len(self.staff))
        self.people = People(self.customers, self.vendors)
        self.cases = make_cases(random, self.people, self.customers, len(self.staff), 40 * scale)
        self._sell(random)
        self._buy()
        self.stock = Stock(self.shipments, self.receipts)
        self.vouchers = write_vouchers(self.invoices, scale)
        self.journal = Journal(
            [
                self.invoices,
                self.payments,
                self.bills,
                self.checks,
                self.shipments,
                self.receipts,
                self.vouchers,
            ]
        )

    @cached_property
    def balances(self) -> Balances:
        """Return the balances of all accounts, added up when they are first asked for."""
        return Balances(self.journal)

    @cached_property
    def accounts(self) -> Accounts:
        """Return what each customer owes, added up when it is first asked for."""
        return Accounts(self.payments)

    def salesperson(self, customer: int) -> Salesperson:
        """Return who looks after a customer."""
        return self.salespersons[self.customers[customer].salesperson % len(self.salespersons)]

    def _sell(self, random: Random) -> None:
        self.orders = Orders(self.customers, self.items)
        take_orders(random, self.orders, 2000 * self.scale)
        self.shipments = Shipments(self.orders)
        ship(self.shipments)
        self.work = work_done(self.projects)
        self.invoices = Invoices(self.shipments, self.work)
        bill_shipments(self.invoices)
        bill_work(self.invoices)
        credit_returns(self.invoices)
        self.payments = Payments(self.invoices)
        collect(self.payments)
        pay_ahead(self.payments)

    def _buy(self) -> None:
        self.purchases = Purchases(self.items, self.vendors)
        self.receipts = Receipts(self.purchases)
        restock(self.receipts, self.shipments)
        self.bills = Bills(self.receipts)
        bill_purchases(self.bills, monthly=OVERHEADS * self.scale)
        self.checks = Checks(self.bills)
        pay_vendors(self.checks)
