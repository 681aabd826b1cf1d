"""Bills as the form AP301000 shows them, and the checks that pay them as AP302000 does."""

from __future__ import annotations

from functools import partial

from acudata.sandbox.company import chart
from acudata.sandbox.company.bills import BILL, NO_RECEIPT
from acudata.sandbox.company.calendar import date_text, period_text, stamp_text
from acudata.sandbox.company.chart import BRANCHES, subaccount_of
from acudata.sandbox.company.facts import Facts
from acudata.sandbox.company.identity import guid
from acudata.sandbox.company.items import CLASSES
from acudata.sandbox.company.money import number
from acudata.sandbox.company.sheet import Details, Sheet, Values
from acudata.sandbox.records import Record

MOST_LINES = 1 << 14


class BillForm:
    """Makes the records of bills and adjustments."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._bills = facts.bills

    def record(self, bill: int) -> Record:
        """Make the record of a bill."""
        return Sheet(
            guid("Bill", self._bills.register.place(bill)),
            self._values(bill),
            detail=partial(self._details, bill),
        )

    def status(self, bill: int) -> str:
        """Return the label of the state of a bill."""
        if self._bills.released[bill]:
            return "Open" if self._bills.balance[bill] else "Closed"
        return "On Hold" if bill % 2 else "Balanced"

    def _values(self, bill: int) -> Values:
        bills, status = self._bills, self.status(bill)
        vendor = bills.vendors[bills.vendor[bill]]
        label, reference = bills.register.keys(bill)
        return {
            "Amount": number(bills.amount[bill]),
            "ApprovedForPayment": False,
            "Balance": number(bills.balance[bill]),
            "BranchID": BRANCHES[bills.branch(bill)].branch_id,
            "CashAccount": chart.CASH,
            "CurrencyID": "USD",
            "Date": date_text(bills.day[bill]),
            "Description": self._description(bill),
            "DueDate": date_text(bills.due(bill)),
            "Hold": status == "On Hold",
            "IsTaxValid": False,
            "LastModifiedDateTime": stamp_text(self._last_day(bill), bill * 104_729),
            "LocationID": "MAIN",
            "PostPeriod": period_text(bills.day[bill]),
            "ReferenceNbr": reference,
            "Status": status,
            "TaxTotal": 0,
            "Terms": vendor.terms if bills.kind[bill] == BILL else None,
            "Type": label,
            "Vendor": vendor.vendor_id,
            "VendorRef": f"R-{bill * 7_919 % 1_000_000:06d}" if bills.kind[bill] == BILL else None,
        }

    def _description(self, bill: int) -> str | None:
        if self._bills.kind[bill] != BILL:
            return "Price agreed on later"
        account = self._bills.vendors[self._bills.vendor[bill]].expense_account
        return chart.BY_CODE[account].description if account else None

    def _last_day(self, bill: int) -> int:
        payment = self._facts.checks.payment_of.get(bill)
        return self._bills.day[bill] if payment is None else self._facts.checks.day[payment[0]]

    def _details(self, bill: int) -> Details:
        receipt = self._bills.receipt[bill]
        rows = [self._expense(bill)] if receipt == NO_RECEIPT else self._goods(bill, receipt)
        return {"Applications": self._applications(bill), "Details": rows}

    def _expense(self, bill: int) -> Record:
        values: Values = {"TransactionDescription": self._description(bill) or "Goods", "Qty": 0}
        return self._row(bill, 1, self._bills.amount[bill], values)

    def _goods(self, bill: int, receipt: int) -> list[Record]:
        """Return a row for each line of the receipt that is billed."""
        purchases, receipts = self._facts.purchases, self._facts.receipts
        order = receipts.order[receipt]
        origin: Values = {
            "POOrderNbr": purchases.register.reference(order),
            "POOrderType": purchases.register.label(order),
            "POReceiptNbr": receipts.reference(receipt),
            "POReceiptType": receipts.register.label(receipt),
        }
        rows = []
        for line_number, line in enumerate(purchases.lines(order), 1):
            item, quantity = purchases.items[purchases.item[line]], purchases.quantity[line]
            values: Values = {
                "InventoryID": item.inventory_id,
                "POLine": line_number,
                "POReceiptLine": line_number,
                "Qty": quantity,
                "TransactionDescription": item.description,
                "UnitCost": number(item.cost),
                "UOM": CLASSES[item.item_class].unit,
            }
            rows.append(self._row(bill, line_number, quantity * item.cost, origin | values))
        return rows

    def _row(self, bill: int, line_number: int, amount: int, values: Values) -> Record:
        account, branch = self._bills.expense(bill), self._bills.branch(bill)
        common: Values = {
            "Account": account,
            "Amount": number(amount),
            "Branch": BRANCHES[branch].branch_id,
            "CalculateDiscountsOnImport": False,
            "ExtendedCost": number(amount),
            "NonBillable": False,
            "Subaccount": subaccount_of(account, branch),
            "TaxCategory": "EXEMPT",
        }
        place = self._bills.register.place(bill) * MOST_LINES + line_number
        return Record(guid("Bill/Details", place), common | values)

    def _applications(self, bill: int) -> list[Record]:
        """Return what lowered a bill, or for an adjustment the bill that it lowered."""
        bills, checks = self._bills, self._facts.checks
        rows = []
        other = bills.adjustments.get(bill, bills.adjusted.get(bill))
        if other is not None:
            paid = bills.amount[bills.adjustments.get(bill, bill)]
            status = self.status(other)
            rows.append(_applied(2 * bill, bills.register.keys(other), paid, bills.balance[other], status))
        if bill in checks.payment_of:
            check, paid = checks.payment_of[bill]
            rows.append(_applied(2 * bill + 1, checks.register.keys(check), paid, 0, "Closed"))
        return rows


def _applied(place: int, keys: tuple[str, ...], paid: int, balance: int, status: str) -> Record:
    values: Values = {
        "AmountPaid": number(paid),
        "Balance": number(balance),
        "DocType": keys[0],
        "ReferenceNbr": keys[1],
        "Status": status,
    }
    return Record(guid("Bill/Applications", place), values)


class CheckForm:
    """Makes the records of checks."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._checks = facts.checks

    def record(self, check: int) -> Record:
        """Make the record of a check."""
        checks, day = self._checks, self._checks.day[check]
        label, reference = checks.register.keys(check)
        values: Values = {
            "ApplicationDate": date_text(day),
            "CashAccount": chart.CASH,
            "CurrencyID": "USD",
            "Hold": False,
            "LastModifiedDateTime": stamp_text(day, check * 104_729),
            "PaymentAmount": number(checks.amount[check]),
            "PaymentMethod": "CHECK",
            "PaymentRef": f"{check + 1001}",
            "ReferenceNbr": reference,
            "Status": "Closed",
            "Type": label,
            "UnappliedBalance": 0,
            "Vendor": checks.partner(check)[0],
        }
        place = checks.register.place(check)
        return Sheet(guid("Check", place), values, detail=partial(self._details, check))

    def _details(self, check: int) -> Details:
        first = self._checks.first_bill[check]
        paid = enumerate(self._checks.applications(check), first)
        return {"History": [self._paid(place, bill, amount) for place, (bill, amount) in paid]}

    def _paid(self, place: int, bill: int, amount: int) -> Record:
        label, reference = self._facts.bills.register.keys(bill)
        values: Values = {
            "AmountPaid": number(amount),
            "Balance": number(self._facts.bills.balance[bill]),
            "CashDiscountBalance": 0,
            "CashDiscountTaken": 0,
            "DocType": label,
            "ReferenceNbr": reference,
        }
        return Record(guid("Check/History", place), values)
