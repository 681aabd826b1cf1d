"""The names that custom fields go by: the plain one, with the view, with the member that owns them."""

from __future__ import annotations

from collections.abc import Iterable

from acudata.schema.endpoint import CustomField


def by_name(fields: Iterable[CustomField]) -> dict[str, CustomField]:
    """Map every name that a custom field goes by, from the plain one to the full address; the first of a name wins.

    >>> sorted(by_name([CustomField("Transactions", "UsrLot", "String", "Details")]))
    ['Details.Transactions.UsrLot', 'Details.UsrLot', 'Transactions.UsrLot', 'UsrLot']
    """
    mapped: dict[str, CustomField] = {}
    for field in fields:
        owner = field.member.replace("/", ".")
        for name in (
            f"{owner}.{field.view}.{field.name}",
            f"{owner}.{field.name}",
            f"{field.view}.{field.name}",
            field.name,
        ):
            mapped.setdefault(name.lstrip("."), field)
    return mapped
