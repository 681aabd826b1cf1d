"""Batches of the journal as the form GL301000 shows them."""

from __future__ import annotations

from functools import partial

from acudata.sandbox.company.calendar import date_text, period_text, stamp_text
from acudata.sandbox.company.chart import BRANCHES, BY_CODE, subaccount_of
from acudata.sandbox.company.entries import Entry
from acudata.sandbox.company.facts import Facts
from acudata.sandbox.company.identity import guid
from acudata.sandbox.company.journal import Book
from acudata.sandbox.company.money import number
from acudata.sandbox.company.sheet import Details, Sheet, Values
from acudata.sandbox.records import Record

MOST_LINES = 16


class JournalForm:
    """Makes the records of batches; their amounts are in the currency of the document."""

    def __init__(self, facts: Facts) -> None:
        self._journal = facts.journal

    def record(self, batch: int) -> Record:
        """Make the record of a batch."""
        journal = self._journal
        book, fact = journal.source(batch)
        day = book.day[fact]
        module, reference = journal.register.keys(batch)
        status = journal.status(batch)
        values: Values = {
            "BatchNbr": reference,
            "BranchID": BRANCHES[book.branch(fact)].branch_id,
            "CreatedDateTime": stamp_text(day, batch * 104_729),
            "CurrencyID": _currency(book.entries(fact)),
            "Description": book.partner(fact)[1],
            "Hold": status == "On Hold",
            "LastModifiedDateTime": stamp_text(day, batch * 104_729 + 60_000),
            "LedgerID": "ACTUAL",
            "Module": module,
            "PostPeriod": period_text(day),
            "Status": status,
            "TransactionDate": date_text(day),
        }
        place = journal.register.place(batch)
        return Sheet(
            guid("JournalTransaction", place), values, detail=partial(self._details, place, book, fact)
        )

    def _details(self, place: int, book: Book, fact: int) -> Details:
        rows = enumerate(book.entries(fact), 1)
        return {"Details": [_row(place, line_number, entry, book, fact) for line_number, entry in rows]}


def _currency(entries: list[Entry]) -> str:
    return "EUR" if any(entry.amount != entry.base for entry in entries) else "USD"


def _row(place: int, line_number: int, entry: Entry, book: Book, fact: int) -> Record:
    partner, name = book.partner(fact)
    branch = book.branch(fact)
    values: Values = {
        "Account": entry.account,
        "BranchID": BRANCHES[branch].branch_id,
        "CreditAmount": number(max(0, -entry.amount)),
        "DebitAmount": number(max(0, entry.amount)),
        "Description": BY_CODE[entry.account].description,
        "IsNonPM": False,
        "LineNbr": line_number,
        "NonBillable": False,
        "Qty": 0,
        "ReferenceNbr": book.reference(fact),
        "Subaccount": subaccount_of(entry.account, branch),
        "TransactionDescription": name,
        "VendorOrCustomer": partner or None,
    }
    return Record(guid("JournalTransaction/Details", place * MOST_LINES + line_number), values)
