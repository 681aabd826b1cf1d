"""The company as a whole: its facts, and the sources that show them."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from acudata.sandbox.company.chart import ACCOUNTS, LEDGERS, SUBACCOUNTS
from acudata.sandbox.company.facts import Facts
from acudata.sandbox.company.forms import catalog, ledger
from acudata.sandbox.company.forms.contact import CaseForm, ContactForm
from acudata.sandbox.company.forms.customer import CustomerForm
from acudata.sandbox.company.forms.inquiry import AccountSummary, InventorySummary
from acudata.sandbox.company.forms.invoice import InvoiceForm
from acudata.sandbox.company.forms.item import StockItemForm
from acudata.sandbox.company.forms.journal import JournalForm
from acudata.sandbox.company.forms.order import SalesOrderForm
from acudata.sandbox.company.forms.payable import BillForm, CheckForm
from acudata.sandbox.company.forms.payment import PaymentForm
from acudata.sandbox.company.forms.project import ProjectForm, ProjectTaskForm
from acudata.sandbox.company.forms.purchase import PurchaseOrderForm, PurchaseReceiptForm
from acudata.sandbox.company.forms.sales_invoice import SalesInvoiceForm
from acudata.sandbox.company.forms.shipment import ShipmentForm
from acudata.sandbox.company.forms.staff import EmployeeForm, SalespersonForm
from acudata.sandbox.company.forms.vendor import VendorForm
from acudata.sandbox.company.items import SERVICES
from acudata.sandbox.company.listing import Catalog, Documents, Make
from acudata.sandbox.company.registers import Register
from acudata.sandbox.records import Record, Scalar, Source


class Company:
    """Holds the facts of one tenant and shows them as records.

    The same scale, seed and tenant give the same records in every process and on every platform.

    Args:
        scale: 1 is about 300 customers, 2,000 orders and 6,000 lines; the figures grow with it.
        seed: another seed is another company.
        tenant: the login name of the tenant, which takes part in the seed.
    """

    def __init__(self, scale: int = 1, seed: int = 0, tenant: str = "U100") -> None:
        random = Random(f"{seed}/{tenant}")  # noqa: S311 - a company for tests, no secret
        self.facts = Facts(scale, random)
        facts = self.facts
        self._inquiries: Mapping[str, AccountSummary | InventorySummary] = {
            "AccountSummaryInquiry": AccountSummary(facts),
            "InventorySummaryInquiry": InventorySummary(facts),
        }
        self.sources: Mapping[str, Source] = (
            _partners(facts) | _items(facts) | _documents(facts) | _ledgers() | _projects(facts)
        )

    def inquire(self, name: str, filters: Mapping[str, Scalar]) -> list[Record]:
        """Return the rows that an inquiry answers to its filter.

        Example:
            >>> rows = Company().inquire("AccountSummaryInquiry", {"Ledger": "ACTUAL", "Period": "122024"})
            >>> sum(row.values["DebitTotal"] for row in rows if row.values["Account"] == "11000") > 0
            True
        """
        return self._inquiries[name].rows(filters)


def _partners(facts: Facts) -> dict[str, Source]:
    contacts = ContactForm(facts)
    customers = [(customer.customer_id,) for customer in facts.customers]
    vendors = [(vendor.vendor_id,) for vendor in facts.vendors]
    staff = [(employee.employee_id,) for employee in facts.staff]
    sellers = [(seller.salesperson_id,) for seller in facts.salespersons]
    cases = [(f"{number:06d}",) for number in range(1, len(facts.cases) + 1)]
    return {
        "Case": Catalog("Case", cases, CaseForm(facts).record),
        "Contact": Catalog("Contact", contacts.keys(), contacts.record),
        "Customer": Catalog("Customer", customers, CustomerForm(facts, contacts).record),
        "Employee": Catalog("Employee", staff, EmployeeForm(facts).record),
        "Salesperson": Catalog("Salesperson", sellers, SalespersonForm(facts).record),
        "Vendor": Catalog("Vendor", vendors, VendorForm(facts, contacts).record),
    }


def _items(facts: Facts) -> dict[str, Source]:
    items = [(item.inventory_id,) for item in facts.items]
    services = [(service_id,) for service_id, _, _ in SERVICES]
    classes = [(item_class.class_id,) for item_class in catalog.ALL_CLASSES]
    stores = [(store.warehouse_id,) for store in catalog.STORES]
    return {
        "ItemClass": Catalog("ItemClass", classes, catalog.item_class),
        "NonStockItem": Catalog("NonStockItem", services, catalog.service),
        "StockItem": Catalog("StockItem", items, StockItemForm(facts).record),
        "Warehouse": Catalog("Warehouse", stores, catalog.warehouse),
    }


def _documents(facts: Facts) -> dict[str, Source]:
    invoices, sales_invoices = InvoiceForm(facts), SalesInvoiceForm(facts)
    receivables = facts.invoices.register
    return {
        "Bill": _all("Bill", facts.bills.register, BillForm(facts).record),
        "Check": _all("Check", facts.checks.register, CheckForm(facts).record),
        "Invoice": Documents("Invoice", receivables, invoices.facts(), invoices.record),
        "JournalTransaction": _all("JournalTransaction", facts.journal.register, JournalForm(facts).record),
        "Payment": _all("Payment", facts.payments.register, PaymentForm(facts).record),
        "PurchaseOrder": _all("PurchaseOrder", facts.purchases.register, PurchaseOrderForm(facts).record),
        "PurchaseReceipt": _all(
            "PurchaseReceipt", facts.receipts.register, PurchaseReceiptForm(facts).record
        ),
        "SalesInvoice": Documents("Invoice", receivables, sales_invoices.facts(), sales_invoices.record),
        "SalesOrder": _all("SalesOrder", facts.orders.register, SalesOrderForm(facts).record),
        "Shipment": _all("Shipment", facts.shipments.register, ShipmentForm(facts).record),
    }


def _all(collection: str, register: Register, make: Make) -> Source:
    return Documents(collection, register, register.in_key_order(), make)


def _ledgers() -> dict[str, Source]:
    years = [(str(year),) for year in ledger.YEARS]
    accounts = [(account.code,) for account in ACCOUNTS]
    return {
        "Account": Catalog("Account", accounts, ledger.account),
        "FinancialPeriod": Catalog("FinancialPeriod", years, ledger.financial_year),
        "Ledger": Catalog("Ledger", [(code,) for code in sorted(LEDGERS)], ledger.ledger),
        "Subaccount": Catalog("Subaccount", [(code,) for code in sorted(SUBACCOUNTS)], ledger.subaccount),
    }


def _projects(facts: Facts) -> dict[str, Source]:
    tasks = ProjectTaskForm(facts)
    projects = [(project.project_id,) for project in facts.projects]
    return {
        "Project": Catalog("Project", projects, ProjectForm(facts).record),
        "ProjectTask": Catalog("ProjectTask", tasks.keys(), tasks.record),
    }
