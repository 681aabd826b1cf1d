"""One deterministic company: two years of business whose documents and journal agree."""

from acudata.sandbox.company.company import Company

__all__ = ["Company"]
