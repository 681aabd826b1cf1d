"""The chart of accounts, and the branches, subaccounts and ledgers that postings are sorted by."""

from __future__ import annotations

from typing import Literal, NamedTuple

AccountType = Literal["Asset", "Liability", "Income", "Expense"]


class Account(NamedTuple):
    """Describes a general ledger account; `currency` is set where the account is kept in one."""

    code: str
    description: str
    type: AccountType
    account_class: str
    currency: str | None = None

    @property
    def is_cash(self) -> bool:
        """Tell whether the account is a till or a bank account."""
        return self.account_class == "CASHASSET"

    @property
    def sign(self) -> int:
        """Return 1 where debits raise the balance, and -1 where credits do."""
        return 1 if self.type in {"Asset", "Expense"} else -1

    @property
    def is_result(self) -> bool:
        """Tell whether the account starts every year at zero."""
        return self.type in {"Income", "Expense"}


CASH, EURO_CASH, RECEIVABLES, INVENTORY = "10200", "10250", "11000", "12100"
EQUIPMENT, DEPRECIATED = "15000", "15900"
PAYABLES, ACCRUAL, SALES_TAX, STOCK_CAPITAL, RETAINED = "20000", "20100", "24100", "31000", "32000"
FREIGHT_INCOME, SERVICES, DISCOUNTS = "40900", "41000", "49000"
COST_OF_SALES, PRICE_VARIANCE = "50000", "50500"
RENT, UTILITIES, CARRIERS, INSURANCE = "60100", "60200", "60300", "60400"
SALARIES, DEPRECIATION, BANK_FEES, CURRENCY_GAINS = "61000", "62000", "63000", "69000"

ACCOUNTS = (
    Account("10100", "Petty Cash", "Asset", "CASHASSET", "USD"),
    Account(CASH, "Checking Account", "Asset", "CASHASSET", "USD"),
    Account(EURO_CASH, "Checking Account in Euro", "Asset", "CASHASSET", "EUR"),
    Account(RECEIVABLES, "Accounts Receivable", "Asset", "AR"),
    Account(INVENTORY, "Inventory", "Asset", "INVENTORY"),
    Account(EQUIPMENT, "Equipment", "Asset", "FIXEDASSET"),
    Account(DEPRECIATED, "Accumulated Depreciation", "Asset", "FIXEDASSET"),
    Account(PAYABLES, "Accounts Payable", "Liability", "AP"),
    Account(ACCRUAL, "Purchase Accrual", "Liability", "ACCRUAL"),
    Account(SALES_TAX, "Sales Tax Payable", "Liability", "TAX"),
    Account(STOCK_CAPITAL, "Common Stock", "Liability", "EQUITY"),
    Account(RETAINED, "Retained Earnings", "Liability", "EQUITY"),
    Account("40100", "Sales - Cooling", "Income", "SALES"),
    Account("40200", "Sales - Fruit and Preserves", "Income", "SALES"),
    Account("40300", "Sales - Juicers", "Income", "SALES"),
    Account("40400", "Sales - Packaging", "Income", "SALES"),
    Account(FREIGHT_INCOME, "Freight Income", "Income", "OTHERINC"),
    Account(SERVICES, "Service Revenue", "Income", "SALES"),
    Account(DISCOUNTS, "Sales Discounts", "Income", "DISCOUNT"),
    Account(COST_OF_SALES, "Cost of Goods Sold", "Expense", "COGS"),
    Account(PRICE_VARIANCE, "Purchase Price Variance", "Expense", "COGS"),
    Account(RENT, "Rent", "Expense", "OPERATING"),
    Account(UTILITIES, "Utilities", "Expense", "OPERATING"),
    Account(CARRIERS, "Freight Out", "Expense", "OPERATING"),
    Account(INSURANCE, "Insurance", "Expense", "OPERATING"),
    Account(SALARIES, "Salaries and Wages", "Expense", "PAYROLL"),
    Account(DEPRECIATION, "Depreciation", "Expense", "OPERATING"),
    Account(BANK_FEES, "Bank Charges", "Expense", "OPERATING"),
    Account(CURRENCY_GAINS, "Realized Currency Gains and Losses", "Expense", "OTHEREXP"),
)
BY_CODE = {account.code: account for account in ACCOUNTS}


class Branch(NamedTuple):
    """Describes a branch; results are kept in a subaccount of its own."""

    branch_id: str
    name: str
    subaccount: str


BRANCHES = (
    Branch("HEADOFFICE", "Head Office and Wholesale", "WHS000"),
    Branch("RETAIL", "SweetLife Store", "RET000"),
)
SUBACCOUNTS = {"000000": "Default", "WHS000": "Wholesale", "RET000": "Retail"}
LEDGERS = {"ACTUAL": ("Actual", "Actual Ledger"), "BUDGET": ("Budget", "Budget of the Year")}


def subaccount_of(account: str, branch: int) -> str:
    """Return the subaccount that a posting goes to: that of the branch for results, else the default."""
    return BRANCHES[branch].subaccount if BY_CODE[account].is_result else "000000"
