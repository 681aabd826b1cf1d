"""Reports people build from an ERP, as pure functions on frames, and the page that shows them."""

from acudata.reports.receivables import receivables_by_age
from acudata.reports.sales import sales_by_month

__all__ = ["receivables_by_age", "sales_by_month"]
