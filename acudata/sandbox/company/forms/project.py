"""Projects as the form PM301000 shows them, and their tasks as PM302000 does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property, partial

from acudata.sandbox.company import chart
from acudata.sandbox.company.calendar import MONTHS, date_text, month_start, stamp_text
from acudata.sandbox.company.facts import Facts
from acudata.sandbox.company.forms.address import address, document_contact
from acudata.sandbox.company.identity import guid
from acudata.sandbox.company.money import number
from acudata.sandbox.company.projects import TASKS, Project
from acudata.sandbox.company.sheet import Details, Linked, Sheet, Values
from acudata.sandbox.records import Record

SEEN_IN = ("AP", "AR", "CA", "CRM", "Expenses", "GL", "IN", "PO", "SO", "TimeEntries")


class ProjectForm:
    """Makes the records of projects; their income is what was billed of their work."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    @cached_property
    def _billed(self) -> Mapping[int, list[int]]:
        """Return the documents that billed each project."""
        billed: defaultdict[int, list[int]] = defaultdict(list)
        for invoice in range(len(self._facts.invoices)):
            for project in {work.project for work in self._facts.invoices.work_of(invoice)}:
                billed[project].append(invoice)
        return billed

    def _income(self, index: int) -> int:
        invoices = self._facts.invoices
        return sum(invoices.amount[invoice] for invoice in self._billed[index] if invoices.released[invoice])

    def record(self, index: int) -> Record:
        """Make the record of a project."""
        project = self._facts.projects[index]
        values: Values = {
            "Assets": 0,
            "Customer": self._facts.customers[project.customer].customer_id,
            "Description": project.description,
            "Expenses": 0,
            "ExternalRefNbr": None if project.bits % 3 else f"LOI-{project.bits % 997}",
            "Hold": False,
            "Income": number(self._income(index)),
            "LastModifiedDateTime": stamp_text(_last_day(project), project.bits * 31),
            "Liabilities": 0,
            "ProjectID": project.project_id,
            "Status": project.status,
        }
        return Sheet(
            guid("Project", index),
            values,
            link=partial(self._linked, index),
            detail=partial(self._details, index),
        )

    def _linked(self, index: int) -> Linked:
        project = self._facts.projects[index]
        customer = self._facts.customers[project.customer]
        place = address("Project", index, customer.street, customer.place)
        return {
            "BillingAndAllocationSettings": _billing(index, project, customer.terms),
            "BillToSettings": Record(
                guid("Project/BillToSettings", index),
                {"BillToAddressOverride": False, "BillToContactOverride": False, "CustomerLocation": "MAIN"},
                linked={
                    "BillToAddress": place,
                    "BillToContact": document_contact("Project", index, customer.name, customer.contact),
                },
            ),
            "GLAccounts": _accounts("Project/GLAccounts", index),
            "ProjectAddress": _site(index, place),
            "ProjectProperties": self._properties(index, project),
            "Retainage": Record(guid("Project/Retainage", index), {"RetainagePct": 0, "UseSteps": False}),
            "VisibilitySettings": visibility("Project", index),
        }

    def _properties(self, index: int, project: Project) -> Record:
        values: Values = {
            "CertifiedJob": False,
            "ChangeOrderWorkflow": False,
            "EndDate": date_text(_last_day(project)) if project.status == "Completed" else None,
            "ProjectCurrency": "USD",
            "ProjectManager": self._facts.staff[project.manager].employee_id,
            "RestrictEmployees": False,
            "RestrictEquipment": False,
            "StartDate": date_text(month_start(project.first_month)),
        }
        return Record(guid("Project/ProjectProperties", index), values)

    def _details(self, index: int) -> Details:
        billed = enumerate(self._billed[index], 1)
        return {"Invoices": [self._invoice(billing, invoice) for billing, invoice in billed]}

    def _invoice(self, billing: int, invoice: int) -> Record:
        invoices = self._facts.invoices
        label, reference = invoices.register.keys(invoice)
        values: Values = {
            "ARDocDate": date_text(invoices.day[invoice]),
            "ARDocOriginalAmount": number(invoices.amount[invoice]),
            "ARDocType": label,
            "ARReferenceNbr": reference,
            "BillingNbr": billing,
            "InvoiceTotal": number(invoices.amount[invoice]),
            "OpenARBalance": number(invoices.balance[invoice]),
            "RetainageInvoice": False,
            "TotalAmount": number(invoices.amount[invoice]),
        }
        return Record(guid("Project/Invoices", invoice), values)


class ProjectTaskForm:
    """Makes the records of tasks: the same few in every project."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def keys(self) -> list[tuple[str, str]]:
        """Return the keys of all tasks."""
        return [(project.project_id, task) for project in self._facts.projects for task, _, _ in TASKS]

    def record(self, index: int) -> Record:
        """Make the record of a task."""
        place, number_of_task = divmod(index, len(TASKS))
        project, (task, description, _) = self._facts.projects[place], TASKS[number_of_task]
        values: Values = {
            "Default": number_of_task == 0,
            "Description": description,
            "LastModifiedDateTime": stamp_text(month_start(project.first_month), project.bits * 37 + index),
            "ProjectID": project.project_id,
            "ProjectTaskID": task,
            "Status": project.status,
        }
        return Sheet(guid("ProjectTask", index), values, link=partial(self._linked, index, project))

    def _linked(self, index: int, project: Project) -> Linked:
        customer = self._facts.customers[project.customer]
        billing: Values = {"BillSeparately": False, "Customer": customer.customer_id, "Location": "MAIN"}
        properties: Values = {
            "Completed": 100 if project.status == "Completed" else 50,
            "CompletionMethod": "Manual",
            "PlannedStartDate": date_text(month_start(project.first_month)),
            "StartDate": date_text(month_start(project.first_month)),
        }
        defaults: Values = {
            "DefaultAccount": chart.SERVICES,
            "DefaultSubaccount": "000000",
            "TaxCategory": "EXEMPT",
        }
        return {
            "BillingAndAllocationSettings": Record(guid("ProjectTask/Billing", index), billing),
            "CRMLink": Record(guid("ProjectTask/CRMLink", index)),
            "DefaultValues": Record(guid("ProjectTask/DefaultValues", index), defaults),
            "Properties": Record(guid("ProjectTask/Properties", index), properties),
            "VisibilitySettings": visibility("ProjectTask", index),
        }


def visibility(collection: str, index: int) -> Record:
    """Return in which modules a project or a task can be picked."""
    return Record(guid(f"{collection}/VisibilitySettings", index), dict.fromkeys(SEEN_IN, True))


def _last_day(project: Project) -> int:
    return month_start(min(project.last_month + 1, MONTHS)) - 1


def _billing(index: int, project: Project, terms: str) -> Record:
    values: Values = {
        "AutomaticallyReleaseARDocuments": False,
        "BillingCurrency": "USD",
        "BillingPeriod": "Month",
        "CreateProFormaOnBilling": False,
        "LastBillingDate": date_text(_last_day(project)),
        "Terms": terms,
    }
    return Record(guid("Project/Billing", index), values)


def _accounts(collection: str, index: int) -> Record:
    values: Values = {"DefaultAccount": chart.SERVICES, "DefaultSubaccount": "000000"}
    return Record(guid(collection, index), values)


def _site(index: int, place: Record) -> Record:
    names = ("AddressLine1", "City", "Country", "PostalCode", "State")
    return Record(guid("Project/ProjectAddress", index), {name: place.values[name] for name in names})
