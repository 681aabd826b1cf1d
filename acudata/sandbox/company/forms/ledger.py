"""What postings are sorted by: accounts, subaccounts, ledgers and the financial calendar."""

from __future__ import annotations

from functools import partial

from acudata.sandbox.company.calendar import FIRST, MONTHS, date_text, month_period, month_start, stamp_text
from acudata.sandbox.company.chart import ACCOUNTS, BRANCHES, LEDGERS, SUBACCOUNTS
from acudata.sandbox.company.identity import guid
from acudata.sandbox.company.sheet import Details, Sheet, Values
from acudata.sandbox.records import Record

YEARS = (FIRST.year, FIRST.year + 1, FIRST.year + 2)
OPEN_MONTHS = 2
"""The last months of the books that are not closed yet; the year after them is not open at all."""
FOUNDED = -400


def account(index: int) -> Record:
    """Make the record of an account, as GL202500 shows it."""
    described = ACCOUNTS[index]
    values: Values = {
        "AccountCD": described.code,
        "AccountClass": described.account_class,
        "AccountID": 1000 + index,
        "Active": True,
        "CashAccount": described.is_cash,
        "ChartOfAccountsOrder": {"Asset": 1, "Liability": 2, "Income": 3, "Expense": 4}[described.type],
        "CreatedDateTime": stamp_text(FOUNDED, 11_000_003 * (index + 1)),
        "CurrencyID": described.currency,
        "Description": described.description,
        "LastModifiedDateTime": stamp_text(FOUNDED + index, 13_000_027 * (index + 1)),
        "PostOption": "Summary" if described.is_cash else "Detail",
        "RequireUnits": False,
        "Secured": False,
        "Type": described.type,
        "UseDefaultSubaccount": not described.is_result,
    }
    return Record(guid("Account", index), values)


def subaccount(index: int) -> Record:
    """Make the record of a subaccount, as GL203000 shows it."""
    code = sorted(SUBACCOUNTS)[index]
    values: Values = {
        "Active": True,
        "Description": SUBACCOUNTS[code],
        "Secured": False,
        "SubaccountCD": code,
        "SubaccountID": 450 + index,
    }
    return Record(guid("Subaccount", index), values)


def ledger(index: int) -> Record:
    """Make the record of a ledger, as GL201500 shows it."""
    code = sorted(LEDGERS)[index]
    kind, description = LEDGERS[code]
    values: Values = {
        "ConsolidationSource": False,
        "Currency": "USD",
        "Description": description,
        "LastModifiedDateTime": stamp_text(FOUNDED, 17_000_023 * (index + 1)),
        "LedgerID": code,
        "Type": kind,
    }
    return Sheet(guid("Ledger", index), values, detail=partial(_ledger_details, index))


def _ledger_details(index: int) -> Details:
    branches = [
        Record(
            guid("Ledger/Branches", index * len(BRANCHES) + place),
            {
                "Active": True,
                "BranchID": branch.branch_id,
                "BranchName": branch.name,
                "CompanyName": "SweetLife Foods",
            },
        )
        for place, branch in enumerate(BRANCHES)
    ]
    company: Values = {
        "Active": True,
        "Company": "SWEETLIFE",
        "CompanyName": "SweetLife Foods",
        "CompanyType": "With Branches Not Requiring Balancing",
    }
    return {"Branches": branches, "Companies": [Record(guid("Ledger/Companies", index), company)]}


def financial_year(index: int) -> Record:
    """Make the record of a year of the master calendar, as GL201000 shows it."""
    values: Values = {
        "CreatedDateTime": stamp_text(FOUNDED, 19_000_013 * (index + 1)),
        "FinancialYear": str(YEARS[index]),
        "LastModifiedDateTime": stamp_text(FOUNDED + 365 * index, 23_000_009 * (index + 1)),
        "NbrOfPeriods": 12,
        "StartDate": date_text(month_start(12 * index)),
        "UserDefinedPeriods": False,
    }
    return Sheet(guid("FinancialPeriod", index), values, detail=partial(_periods, index))


def _periods(index: int) -> Details:
    return {"Details": [_period(month) for month in range(12 * index, 12 * index + 12)]}


def _period(month: int) -> Record:
    start, end = month_start(month), month_start(month + 1)
    is_closed = month < MONTHS - OPEN_MONTHS
    values: Values = {
        "AdjustmentPeriod": False,
        "ClosedInAP": is_closed,
        "ClosedInAR": is_closed,
        "ClosedInCA": is_closed,
        "ClosedInFA": is_closed,
        "ClosedInIN": is_closed,
        "Description": f"Period {month % 12 + 1:02d}",
        "EndDate": date_text(end - 1),
        "FinancialPeriodID": month_period(month),
        "LengthInDays": end - start,
        "PeriodNbr": f"{month % 12 + 1:02d}",
        "StartDate": date_text(start),
        "Status": "Closed" if is_closed else ("Open" if month < MONTHS else "Inactive"),
    }
    return Record(guid("FinancialPeriod/Details", month), values)
