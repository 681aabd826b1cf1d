"""What Tab completes and `?` tells in IPython: names of this tenant, at no cost but that of reading its schema."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell

from acudata import AcumaticaClient
from acudata.errors import AcumaticaUnknownNameError
from tests.customised import requests_of


@pytest.fixture(scope="module")
def shell(client: AcumaticaClient) -> Iterator[InteractiveShell]:
    shell = InteractiveShell.instance()
    shell.user_ns |= {"client": client, "F": client.customers.F, "orders": client.sales_orders}
    yield shell
    InteractiveShell.clear_instance()


def completions(shell: InteractiveShell, text: str) -> list[str]:
    with provisionalcompleter():
        return [found.text.lstrip(".") for found in shell.Completer.completions(text, len(text))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("client.sal", ["sales_invoices", "sales_orders", "salespeople"]),
        ('client["Sal', ["SalesInvoice", "SalesOrder", "Salesperson"]),
        ("client.models.CustomerC", ["CustomerContact"]),
        ("client.customers.invoke_action_", ["invoke_action_create_contact_from_customer"]),
        ("orders.invoke_action_c", ["invoke_action_cancel_sales_order"]),
        ("F.CustomerN", ["CustomerName"]),
        ("F.UsrR", ["UsrRebatePct"]),
        ("F.MainContact.Ema", ["Email"]),
        ('F["CustomerN', ["CustomerName"]),
    ],
)
def test_tab_completes(shell: InteractiveShell, text: str, found: list[str]) -> None:
    pytest.importorskip("jedi")  # without it IPython evaluates plain names alone
    assert completions(shell, text) == found


def test_completion_asks_nothing_that_is_known(shell: InteractiveShell, client: AcumaticaClient) -> None:
    completions(shell, "client.customers.")
    before = requests_of(client)
    for text in ("client.", 'client["', "client.customers.", "F.", "client.customers.invoke_action_"):
        completions(shell, text)
    assert requests_of(client) == before


def test_help_of_a_service_and_of_to_frame_tells_the_entity(client: AcumaticaClient) -> None:
    for doc in (client.customers.__doc__, client.customers.to_frame.__doc__):
        assert doc is not None
        assert "Customer (AR303000 Customers), by CustomerID." in doc
        assert "CurrentCustomer.UsrRebatePct (Decimal)" in doc
        assert "invoke_action_create_contact_from_customer" in doc
    assert "**Which columns.**" in str(client.customers.to_frame.__doc__)
    assert type(client.customers).__doc__ == (
        "Reads and writes one entity; a client gives one for each, such as `client.customers`."
    )


def test_the_fields_of_an_entity_make_filters(client: AcumaticaClient) -> None:
    F = client.customers.F  # noqa: N806
    filtered = (F.Status == "Active") & F.MainContact.Email.is_not_null() & (F["MainContact/Phone1"] != "")
    assert str(filtered) == "Status eq 'Active' and MainContact/Email ne null and MainContact/Phone1 ne ''"
    assert str(F.UsrRebatePct > 1) == "UsrRebatePct gt 1"
    assert len(client.customers.to_frame(filtered, columns=["CustomerID"], top=2)) == 2


@pytest.mark.parametrize(
    ("path", "near"),
    [("CustomerNam", "CustomerName"), ("MainContact/Emial", "Email"), ("UsrRebate", "UsrRebatePct")],
)
def test_a_field_that_does_not_exist_is_refused_with_the_nearest(
    client: AcumaticaClient, path: str, near: str
) -> None:
    with pytest.raises(AcumaticaUnknownNameError) as caught:
        client.customers.F[path]
    assert caught.value.suggestions[0] == near


def test_a_linked_entity_is_no_value(client: AcumaticaClient) -> None:
    with pytest.raises(TypeError, match="Customer/MainContact is no value to compare"):
        _ = client.customers.F.MainContact == "x"
