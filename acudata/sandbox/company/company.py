"""The company as a whole: its facts, and the sources that show them."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from acudata.sandbox.company.facts import Facts
from acudata.sandbox.company.forms.customer import CustomerForm
from acudata.sandbox.company.listing import Catalog
from acudata.sandbox.records import Source


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
        form = CustomerForm(self.facts.customers)
        keys = [(customer.customer_id,) for customer in self.facts.customers]
        self.sources: Mapping[str, Source] = {"Customer": Catalog("Customer", keys, form.record)}
