"""Employees as the form EP203000 shows them, and salespersons as AR205000 does."""

from __future__ import annotations

from functools import partial

from acudata.sandbox.company import chart
from acudata.sandbox.company.calendar import date_text, stamp_text
from acudata.sandbox.company.chart import BRANCHES
from acudata.sandbox.company.facts import Facts
from acudata.sandbox.company.forms.address import address, mail, phone
from acudata.sandbox.company.identity import guid
from acudata.sandbox.company.sheet import Details, Linked, Sheet, Values
from acudata.sandbox.company.words import HOME_PLACES
from acudata.sandbox.records import Record

FIRST_CONTACT = 180_001


class EmployeeForm:
    """Makes the records of employees."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._sellers = {seller.employee: seller.salesperson_id for seller in facts.salespersons}

    def record(self, index: int) -> Record:
        """Make the record of an employee."""
        employee = self._facts.staff[index]
        values: Values = {
            "EmployeeID": employee.employee_id,
            "EmployeeName": employee.name,
            "LastModifiedDateTime": stamp_text(employee.since + 10, employee.bits),
            "Status": "Active",
        }
        return Sheet(
            guid("Employee", index),
            values,
            link=partial(self._linked, index),
            detail=partial(self._details, index),
        )

    def _linked(self, index: int) -> Linked:
        return {
            "ContactInfo": self._contact(index),
            "EmployeeSettings": self._settings(index),
            "FinancialSettings": _finance(index),
        }

    def _contact(self, index: int) -> Record:
        employee = self._facts.staff[index]
        values: Values = {
            "ContactID": FIRST_CONTACT + index,
            "DisplayName": employee.name,
            "Email": mail(employee.name, "sweetlife"),
            "FirstName": employee.first_name,
            "LastName": employee.last_name,
            "Phone1": phone(FIRST_CONTACT + index),
            "Phone1Type": "Business 1",
        }
        place = HOME_PLACES[employee.bits % len(HOME_PLACES)]
        home = address("Employee", index, f"{1 + employee.bits % 900} Oak St", place)
        return Record(guid("Employee/ContactInfo", index), values, linked={"Address": home})

    def _settings(self, index: int) -> Record:
        employee = self._facts.staff[index]
        values: Values = {
            "BranchID": BRANCHES[employee.branch].branch_id,
            "Calendar": "8HOURS",
            "CurrencyID": "USD",
            "DepartmentID": employee.department,
            "EmployeeClass": "EMPLOYEES",
            "EnableCurrencyOverride": False,
            "EnableRateOverride": False,
            "ReportsTo": self._facts.staff[0].employee_id if index else None,
            "RouteEmails": False,
            "Salesperson": self._sellers.get(index),
            "TimeCardIsRequired": False,
        }
        return Record(guid("Employee/EmployeeSettings", index), values)

    def _details(self, index: int) -> Details:
        employee = self._facts.staff[index]
        values: Values = {
            "Active": True,
            "LineNbr": 1,
            "PositionID": "SALESREP" if index in self._sellers else "CLERK",
            "RehireEligible": False,
            "StartDate": date_text(employee.since),
            "StartReason": "New Hire",
            "Terminated": False,
        }
        history = Record(guid("Employee/EmploymentHistory", index), values)
        return {"EmploymentHistory": [history]}


def _finance(index: int) -> Record:
    values: Values = {
        "APAccount": chart.PAYABLES,
        "APSubaccount": "000000",
        "CashAccount": chart.CASH,
        "ExpenseAccount": chart.SALARIES,
        "ExpenseSubaccount": "000000",
        "PaymentMethod": "CHECK",
        "TaxZone": "EXEMPT",
        "Terms": "30D",
    }
    return Record(guid("Employee/FinancialSettings", index), values)


class SalespersonForm:
    """Makes the records of salespersons."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def record(self, index: int) -> Record:
        """Make the record of a salesperson."""
        seller = self._facts.salespersons[index]
        employee = self._facts.staff[seller.employee]
        values: Values = {
            "CreatedDateTime": stamp_text(employee.since, employee.bits // 3),
            "DefaultCommission": seller.percent,
            "IsActive": True,
            "LastModifiedDateTime": stamp_text(employee.since + 20, employee.bits // 5),
            "Name": employee.name,
            "SalespersonID": seller.salesperson_id,
            "SalesSubaccount": BRANCHES[employee.branch].subaccount,
        }
        return Record(guid("Salesperson", index), values)
