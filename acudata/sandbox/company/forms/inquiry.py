"""Answers of inquiries: GL401000, what accounts did in a period, and IN401000, what lies in the warehouses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from acudata.sandbox.company.balances import Movement
from acudata.sandbox.company.calendar import MONTHS, month_period
from acudata.sandbox.company.chart import BRANCHES, BY_CODE, subaccount_of
from acudata.sandbox.company.facts import Facts
from acudata.sandbox.company.identity import guid
from acudata.sandbox.company.items import CLASSES, WAREHOUSES
from acudata.sandbox.company.money import number
from acudata.sandbox.company.sheet import Values
from acudata.sandbox.records import Record, Scalar

Filters = Mapping[str, Scalar]
PERIODS = {month_period(month): month for month in range(MONTHS)}


class AccountSummary:
    """Answers what every account of a branch began a period with, turned over and ended with.

    Balances have the sign of the account's type: what an asset or an expense holds is a debit, what a liability
    or an income does is a credit. A period without books, a missing one and any ledger but the actual one have no rows.
    """

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def rows(self, filters: Filters) -> list[Record]:
        """Return the rows for a filter: Ledger, Period, Branch, AccountClass and Subaccount."""
        month = PERIODS.get(str(filters.get("Period") or "").replace("-", ""))
        if month is None or filters.get("Ledger") not in {None, "ACTUAL"}:
            return []
        movements = enumerate(self._facts.balances.of_month(month))
        rows = (_account_row(place, month, movement) for place, movement in movements)
        return list(_fitting(rows, filters, ("Branch", "AccountClass", "Subaccount")))


def _account_row(place: int, month: int, movement: Movement) -> Record:
    account = BY_CODE[movement.account]
    sign = account.sign
    last = month_period(month) if movement.debit or movement.credit else None
    values: Values = {
        "Account": account.code,
        "AccountClass": account.account_class,
        "BeginningBalance": number(sign * movement.begins),
        "Branch": BRANCHES[movement.branch].branch_id,
        "CreditTotal": number(movement.credit),
        "CurrencyBeginningBalance": number(sign * movement.currency_begins),
        "CurrencyCreditTotal": number(movement.currency_credit),
        "CurrencyDebitTotal": number(movement.currency_debit),
        "CurrencyEndingBalance": number(sign * movement.currency_ends),
        "CurrencyID": account.currency,
        "CurrencyPtdTotal": number(sign * (movement.currency_debit - movement.currency_credit)),
        "DebitTotal": number(movement.debit),
        "Description": account.description,
        "EndingBalance": number(sign * movement.ends),
        "LastActivity": last,
        "LedgerID": 1,
        "PtdTotal": number(sign * (movement.debit - movement.credit)),
        "Subaccount": subaccount_of(account.code, movement.branch),
        "Type": account.type,
    }
    return Record(guid("AccountSummary", month * 10_000 + place), values)


class InventorySummary:
    """Answers where an item lies; without an item there are no rows, whatever warehouse is named."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._places = {item.inventory_id: place for place, item in enumerate(facts.items)}

    def rows(self, filters: Filters) -> list[Record]:
        """Return the rows for a filter: InventoryID, WarehouseID and LocationID."""
        item = self._places.get(str(filters.get("InventoryID") or "").strip())
        if item is None:
            return []
        return list(_fitting(self._stores(item), filters, ("WarehouseID", "LocationID")))

    def _stores(self, item: int) -> Iterator[Record]:
        for warehouse in range(len(WAREHOUSES)):
            if self._facts.stock.on_hand[warehouse, item]:
                yield self._row(warehouse, item)

    def _row(self, warehouse: int, item: int) -> Record:
        stock, described = self._facts.stock, self._facts.items[item]
        on_hand = stock.on_hand[warehouse, item]
        values: Values = {
            "BaseUOM": CLASSES[described.item_class].unit,
            "EstimatedTotalCost": number(on_hand * described.cost),
            "EstimatedUnitCost": number(described.cost),
            "LocationID": "R1S1",
            "QtyAvailable": on_hand - stock.shipping[warehouse, item] - stock.promised[warehouse, item],
            "QtyAvailableForShipment": on_hand - stock.shipping[warehouse, item],
            "QtyNotAvailable": 0,
            "QtyOnHand": on_hand,
            "WarehouseID": WAREHOUSES[warehouse].warehouse_id,
        }
        return Record(guid("InventorySummary", item * len(WAREHOUSES) + warehouse), values)


def _fitting(rows: Iterable[Record], filters: Filters, names: tuple[str, ...]) -> Iterator[Record]:
    """Yield the rows that have what the filter asks for, in the fields of these names."""
    wanted = {name: str(filters[name]).strip() for name in names if filters.get(name) not in {None, ""}}
    return (row for row in rows if all(row.values.get(name) == value for name, value in wanted.items()))
