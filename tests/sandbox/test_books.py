"""The company's documents agree with each other and with the journal, to the cent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

import pytest

from acudata.sandbox.records import Record
from tests.sandbox.companies import PERIODS, Books, by_keys, exact, signed, sums, text, total

CONTROL = {"Receivables": "11000", "Inventory": "12100", "Payables": "20000"}
RETAINED = "32000"
RESULTS = {"Income", "Expense"}
DEBIT_TYPES = {"Asset", "Expense"}
TOUCHED_BY_EURO = {"10250", "11000", "40100", "40200", "40300", "40400", "40900", "49000", "69000"}
"""Accounts whose batches are partly in euro, while the summary is in dollars."""


@pytest.fixture(scope="module", params=[(1, 0), (3, 7)], ids=["scale 1", "scale 3, another seed"])
def books(request: pytest.FixtureRequest) -> Books:
    return Books(*request.param)


def test_invoice_lines_freight_discount_and_tax_sum_to_the_amount(books: Books) -> None:
    for invoice in books.records("SalesInvoice"):
        lines = total(invoice.details["Details"], "Amount")
        discount = total(invoice.details["DiscountDetails"], "DiscountAmount")
        freight = total(invoice.details["FreightDetails"], "TotalFreightAmount")
        tax = total(invoice.details["TaxDetails"], "TaxAmount")
        assert lines == exact(invoice.values["DetailTotal"])
        assert tax == exact(invoice.values["TaxTotal"])
        assert lines - discount + freight + tax == exact(invoice.values["Amount"])


def test_bills_and_receipts_sum_their_lines(books: Books) -> None:
    for bill in books.records("Bill"):
        assert total(bill.details["Details"], "Amount") == exact(bill.values["Amount"])
    for receipt in books.records("PurchaseReceipt"):
        assert total(receipt.details["Details"], "ExtendedCost") == exact(receipt.values["TotalCost"])
        assert total(receipt.details["Details"], "ReceiptQty") == exact(receipt.values["TotalQty"])
    for order in books.records("PurchaseOrder"):
        assert total(order.details["Details"], "ExtendedCost") == exact(order.values["OrderTotal"])


def test_order_lines_sum_to_the_order_total(books: Books) -> None:
    for order in books.records("SalesOrder"):
        totals = order.linked["Totals"].values
        lines = total(order.details["Details"], "Amount")
        assert lines == exact(totals["LineTotalAmount"])
        assert total(order.details["Details"], "UnbilledAmount") == exact(totals["UnbilledAmount"])
        charges = exact(totals["Freight"]) + exact(totals["TaxTotal"]) - exact(totals["DiscountTotal"])
        assert lines + charges == exact(order.values["OrderTotal"])


def test_applications_sum_to_what_is_missing_from_the_balance(books: Books) -> None:
    for invoice in books.records("Invoice"):
        settled = total(invoice.details["ApplicationsDefault"], "AmountPaid")
        spent = total(invoice.details["ApplicationsCreditMemo"], "AmountPaid")
        missing = exact(invoice.values["Amount"]) - exact(invoice.values["Balance"])
        assert settled + spent == missing
        assert 0 <= exact(invoice.values["Balance"]) <= exact(invoice.values["Amount"])


def test_payments_are_applied_or_available(books: Books) -> None:
    for payment in books.records("Payment"):
        applied = total(payment.details["ApplicationHistory"], "AmountPaid")
        assert applied == exact(payment.values["AppliedToDocuments"])
        available = exact(payment.values["AvailableBalance"])
        assert applied + available == exact(payment.values["PaymentAmount"])
        assert (payment.values["Status"] == "Open") is (available > 0)


def test_payments_and_invoices_tell_the_same_applications(books: Books) -> None:
    told_by_payments = {
        (text(payment, "Type", "ReferenceNbr"), text(row, "AdjustedDocType", "AdjustedRefNbr", "AmountPaid"))
        for payment in books.records("Payment")
        for row in payment.details["ApplicationHistory"]
    }
    told_by_invoices = {
        (
            text(row, "DocType", "ReferenceNbr"),
            (*text(invoice, "Type", "ReferenceNbr"), *text(row, "AmountPaid")),
        )
        for invoice in books.records("Invoice")
        for row in invoice.details["ApplicationsDefault"]
        if row.values["DocType"] != "Credit Memo"
    }
    assert told_by_payments == told_by_invoices != set()


def test_checks_pay_what_is_missing_from_bills(books: Books) -> None:
    for check in books.records("Check"):
        paid = total(check.details["History"], "AmountPaid")
        assert paid == exact(check.values["PaymentAmount"])
    for bill in books.records("Bill"):
        applied = total(bill.details["Applications"], "AmountPaid")
        assert applied == exact(bill.values["Amount"]) - exact(bill.values["Balance"])


def test_open_receivables_are_the_balance_of_the_control_account(books: Books) -> None:
    owed = sum(signed(invoice, "Balance") for invoice in books.released("Invoice"))
    ahead = total(books.records("Payment"), "AvailableBalance")
    assert owed - ahead == books.balance(CONTROL["Receivables"]) > 0


def test_open_payables_are_the_balance_of_the_control_account(books: Books) -> None:
    owed = sum(signed(bill, "Balance") for bill in books.released("Bill"))
    assert owed == books.balance(CONTROL["Payables"]) > 0


def test_goods_on_hand_are_the_balance_of_the_inventory_account(books: Books) -> None:
    value = Decimal(0)
    for item in books.records("StockItem"):
        answer = books.company.inquire("InventorySummaryInquiry", {"InventoryID": item.values["InventoryID"]})
        value += total(answer, "EstimatedTotalCost")
        on_shelves = total(item.details["WarehouseDetails"], "QtyOnHand")
        assert total(answer, "QtyOnHand") == on_shelves
    assert value == books.balance(CONTROL["Inventory"]) > 0


def test_what_was_received_and_not_billed_is_accrued(books: Books) -> None:
    billed = {
        text(row, "POReceiptType", "POReceiptNbr")
        for bill in books.released("Bill")
        for row in bill.details["Details"]
        if row.values.get("POReceiptNbr")
    }
    waiting = [
        receipt
        for receipt in books.records("PurchaseReceipt")
        if text(receipt, "Type", "ReceiptNbr") not in billed
    ]
    assert total(waiting, "TotalCost") == books.balance("20100")


def test_every_batch_balances(books: Books) -> None:
    for batch in books.records("JournalTransaction"):
        rows = batch.details["Details"]
        assert total(rows, "DebitAmount") == total(rows, "CreditAmount"), batch.values["BatchNbr"]


@pytest.mark.parametrize("period", PERIODS)
def test_the_trial_balance_is_zero(books: Books, period: str) -> None:
    rows = books.summary(period)
    assert total(rows, "DebitTotal") == total(rows, "CreditTotal") > 0
    for field in ("BeginningBalance", "EndingBalance"):
        held = total([row for row in rows if row.values["Type"] in DEBIT_TYPES], field)
        assert held == total([row for row in rows if row.values["Type"] not in DEBIT_TYPES], field)


def test_a_period_ends_with_what_it_began_with_and_turned_over(books: Books) -> None:
    for period in PERIODS:
        for row in books.summary(period):
            for prefix in ("", "Currency"):
                begins, debit, credit, ends, moved = (
                    exact(row.values[prefix + field])
                    for field in (
                        "BeginningBalance",
                        "DebitTotal",
                        "CreditTotal",
                        "EndingBalance",
                        "PtdTotal",
                    )
                )
                assert moved == (debit - credit if row.values["Type"] in DEBIT_TYPES else credit - debit)
                assert begins + moved == ends


def _endings(rows: list[Record], field: str) -> dict[tuple[str, ...], Decimal]:
    found = ((text(row, "Account", "Branch"), exact(row.values[field])) for row in rows)
    return {key: amount for key, amount in found if amount}


def test_a_period_begins_with_what_the_last_one_ended_with(books: Books) -> None:
    for before, after in pairwise(PERIODS):
        ended, began = books.summary(before), books.summary(after)
        if after.startswith("01"):
            keeps = [
                row
                for row in ended
                if row.values["Type"] not in RESULTS and row.values["Account"] != RETAINED
            ]
            ended = keeps
            began = [row for row in began if row.values["Account"] != RETAINED]
        assert _endings(ended, "EndingBalance") == _endings(began, "BeginningBalance")


def test_the_result_of_a_year_is_carried_to_retained_earnings(books: Books) -> None:
    rows = books.summary("122023")
    earned = total([row for row in rows if row.values["Type"] == "Income"], "EndingBalance")
    spent = total([row for row in rows if row.values["Type"] == "Expense"], "EndingBalance")
    assert books.balance(RETAINED, "012024") - books.balance(RETAINED, "122023") == earned - spent != 0


def _posted(books: Books) -> Iterator[tuple[tuple[str, ...], Decimal]]:
    for batch in books.records("JournalTransaction"):
        if batch.values["Status"] == "Posted":
            for row in batch.details["Details"]:
                keys = (*text(batch, "PostPeriod"), *text(row, "Account", "BranchID"))
                yield keys, exact(row.values["DebitAmount"]) - exact(row.values["CreditAmount"])


def test_batches_add_up_to_the_turnover_of_accounts(books: Books) -> None:
    posted = sums(_posted(books))
    for period in PERIODS:
        for row in books.summary(period):
            if row.values["Account"] not in TOUCHED_BY_EURO:
                moved = exact(row.values["DebitTotal"]) - exact(row.values["CreditTotal"])
                assert posted.get((period, *text(row, "Account", "Branch")), 0) == moved


def test_the_sales_tax_of_a_month_is_paid_in_the_next(books: Books) -> None:
    posted = {
        module: sums(
            ((*text(batch, "PostPeriod"), *text(row, "BranchID")), exact(row.values["CreditAmount"]) - debit)
            for batch in books.records("JournalTransaction")
            for row in batch.details["Details"]
            if row.values["Account"] == "24100" and batch.values["Module"] == module
            for debit in [exact(row.values["DebitAmount"])]
        )
        for module in ("AR", "GL")
    }
    for before, after in pairwise(PERIODS):
        for branch in ("HEADOFFICE", "RETAIL"):
            assert posted["GL"].get((after, branch), 0) == -posted["AR"].get((before, branch), Decimal(0))


def test_euro_are_kept_beside_dollars(books: Books) -> None:
    paid = [payment for payment in books.records("Payment") if payment.values["CurrencyID"] == "EUR"]
    account = [row for row in books.summary("122024") if row.values["CurrencyID"] == "EUR"]
    assert total(paid, "PaymentAmount") == total(account, "CurrencyEndingBalance") > 0
    assert total(account, "EndingBalance") > total(account, "CurrencyEndingBalance")
    open_now = [invoice for invoice in books.records("SalesInvoice") if invoice.values["Balance"]]
    assert {invoice.values["Currency"] for invoice in open_now} == {"USD"}


def test_orders_name_shipments_and_invoices_that_name_them(books: Books) -> None:
    shipments = by_keys(books.records("Shipment"), "ShipmentNbr")
    invoices = by_keys(books.records("SalesInvoice"), "Type", "ReferenceNbr")
    named: set[tuple[str, ...]] = set()
    for order in books.records("SalesOrder"):
        for row in order.details["Shipments"]:
            shipment = shipments[text(row, "ShipmentNbr")]
            back = shipment.details["Orders"][0].values
            assert (back["OrderType"], back["OrderNbr"]) == text(order, "OrderType", "OrderNbr")
            assert row.values["ShippingNoteID"] == shipment.id
            assert row.values["OrderNoteID"] == order.id == back["OrderNoteID"]
            named.add(text(row, "ShipmentNbr"))
            if row.values["InvoiceNbr"]:
                lines = invoices[text(row, "InvoiceType", "InvoiceNbr")].details["Details"]
                assert {line.values["ShipmentNbr"] for line in lines} == {row.values["ShipmentNbr"]}
    assert named == set(shipments)


def test_what_is_open_on_a_line_is_ordered_and_not_shipped(books: Books) -> None:
    shipped = sums(
        (text(row, "OrderType", "OrderNbr", "OrderLineNbr"), exact(row.values["ShippedQty"]))
        for shipment in books.records("Shipment")
        for row in shipment.details["Details"]
    )
    for order in books.records("SalesOrder"):
        is_live = order.values["OrderType"] == "SO" and order.values["Status"] != "Canceled"
        for line in order.details["Details"]:
            ordered, on_shipments = exact(line.values["OrderQty"]), exact(line.values["QtyOnShipments"])
            if order.values["OrderType"] == "SO":
                assert on_shipments == shipped.get(
                    (*text(order, "OrderType", "OrderNbr"), *text(line, "LineNbr")), 0
                )
            assert exact(line.values["OpenQty"]) == (ordered - on_shipments if is_live else 0)


def _moves(books: Books) -> Iterator[tuple[tuple[str, ...], str, Decimal]]:
    """Yield item and warehouse, day, and what came in or went out; what comes in does so in the morning."""
    for receipt in books.records("PurchaseReceipt"):
        for row in receipt.details["Details"]:
            day = f"{receipt.values['Date']} morning"
            yield text(row, "InventoryID", "Warehouse"), day, exact(row.values["ReceiptQty"])
    for shipment in books.records("Shipment"):
        for row in shipment.details["Details"] if shipment.values["Status"] != "Open" else ():
            day = f"{shipment.values['ShipmentDate']} noon"
            yield text(row, "InventoryID", "WarehouseID"), day, -exact(row.values["ShippedQty"])


def test_stock_is_what_was_received_less_what_was_shipped_and_never_short(books: Books) -> None:
    levels: Counter[tuple[str, ...]] = Counter()
    for place, _, quantity in sorted(_moves(books), key=lambda move: move[1]):
        levels[place] += int(quantity)
        assert levels[place] >= 0
    on_hand = {
        (*text(item, "InventoryID"), *text(row, "WarehouseID")): row.values["QtyOnHand"]
        for item in books.records("StockItem")
        for row in item.details["WarehouseDetails"]
    }
    assert {place: on_hand[place] for place in levels} == levels


def test_both_forms_of_receivables_show_the_same_documents(books: Books) -> None:
    sales = by_keys(books.records("SalesInvoice"), "Type", "ReferenceNbr")
    all_receivables = by_keys(books.records("Invoice"), "Type", "ReferenceNbr")
    released = {text(invoice, "Type", "ReferenceNbr") for invoice in books.released("SalesInvoice")}
    assert released == sales.keys() & all_receivables.keys()
    assert len(released) < len(sales)
    assert len(released) < len(all_receivables)
    for keys in released:
        one, other = sales[keys], all_receivables[keys]
        assert one.id == other.id
        assert one.values["CustomerID"] == other.values["Customer"]
        shared = ("Amount", "Balance", "Date", "DueDate", "Status", "TaxTotal")
        assert text(one, *shared) == text(other, *shared)
        assert total(one.details["Details"], "Amount") == total(other.details["Details"], "Amount")


def test_credit_limits_know_what_is_owed(books: Books) -> None:
    owed = sums(
        [
            *(
                (text(invoice, "Customer"), signed(invoice, "Balance"))
                for invoice in books.released("Invoice")
            ),
            *(
                (text(paid, "CustomerID"), -exact(paid.values["AvailableBalance"]))
                for paid in books.records("Payment")
            ),
        ]
    )
    for customer in books.records("Customer"):
        credit = customer.linked["CreditVerificationRules"].values
        left = exact(credit["CreditLimit"]) - exact(credit["RemainingCreditLimit"])
        assert left - exact(credit["UnreleasedBalance"]) == owed.get(text(customer, "CustomerID"), 0)


def test_projects_earn_what_was_billed_of_them(books: Books) -> None:
    billed = sums(
        (text(invoice, "Project"), exact(invoice.values["Amount"]))
        for invoice in books.released("Invoice")
        if invoice.values["Project"]
    )
    for project in books.records("Project"):
        assert exact(project.values["Income"]) == billed.get(text(project, "ProjectID"), 0)
