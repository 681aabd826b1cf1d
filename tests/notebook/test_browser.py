"""The schema browser, driven from Python as a user drives it: typing, selecting, clicking."""

from __future__ import annotations

import re
import sys

import pytest

from acudata import AcumaticaClient
from acudata.errors import AcumaticaConfigError
from acudata.notebook.browser import EVERYTHING, LIKE, Browser
from acudata.schema import CustomField, Endpoint, Entity, Structure
from acudata.schema.catalogue import Catalogue
from acudata.schema.entries import WHATS

EVIL = "<script>alert(1)</script>"


@pytest.fixture
def browser(client: AcumaticaClient) -> Browser:
    return client.browse()


def requests_of(client: AcumaticaClient) -> int:
    return int(client.get_api_usage_stats()["total_requests"])


def select(browser: Browser, text: str, label: str) -> None:
    """Type a text and select what is listed under a label."""
    browser.search.value = text
    labels = [shown.split("  ")[0] for shown, _ in browser.list.options]
    browser.list.index = labels.index(label)


def test_it_begins_with_the_services(browser: Browser) -> None:
    assert browser.list.options[0][0].startswith("Account [service]")
    assert re.search(r"200 of [\d,]+; custom fields of \d+ of 28 entities", browser.summary.value)
    assert (browser.selected, browser.code.value, browser.button.disabled) == (None, "", True)


def test_typing_asks_the_server_for_nothing(client: AcumaticaClient, browser: Browser) -> None:
    before = requests_of(client)
    for text in ("c", "cu", "customer", "customer email", "", "nothing of this name"):
        browser.search.value = text
        assert browser.selected is None
    assert requests_of(client) == before
    assert "nothing found" in browser.summary.value


@pytest.mark.parametrize(
    ("text", "label", "line"),
    [
        ("customer", "Customer [service]", "df = client.customers.to_frame(top=10)"),
        (
            "main email",
            "Customer.MainContact.Email",
            "df = client.customers.to_frame(columns=['CustomerID', 'MainContact.Email'], top=10)",
        ),
        (
            "maincontact",
            "Customer.MainContact [linked]",
            "df = client.customers.to_frame(expand='MainContact', top=10)",
        ),
        (
            "salesorder orderqty",
            "SalesOrder.Details.OrderQty",
            "df = client.sales_orders.to_frame(expand='Details', top=10)",
        ),
        (
            "release salesinvoice",
            "SalesInvoice.ReleaseSalesInvoice [action]",
            "client.sales_invoices.invoke_action_release_sales_invoice({'Type': ..., 'ReferenceNbr': ...})",
        ),
        ("address", "Address [model]", "record = client.models['Address']()"),
    ],
)
def test_the_line_of_python_for_what_is_selected(browser: Browser, text: str, label: str, line: str) -> None:
    select(browser, text, label)
    assert browser.code.value == line


def test_the_fields_of_a_service(browser: Browser) -> None:
    select(browser, "customer", "Customer [service]")
    pane = browser.pane.value
    assert row(pane, "CustomerID") == ["CustomerID", "String", "string", "key", ""]
    assert row(pane, "LastModifiedDateTime")[2] == "datetime64[us, UTC]"
    assert row(pane, "UsrLoyaltyTier [custom]") == [
        "UsrLoyaltyTier [custom]",
        "String",
        "string",
        "",
        "CurrentCustomer",
    ]
    assert row(pane, "MainContact")[1:3] == ["linked", "Contact"]


def test_custom_fields_are_read_for_the_selected_entity_alone(own_client: AcumaticaClient) -> None:
    browser = own_client.browse()
    browser.search.value = "usrloyalty"
    assert not browser.list.options
    before = requests_of(own_client)
    select(browser, "customer", "Customer [service]")
    select(browser, "customer email", "Customer.Email")
    assert requests_of(own_client) == before + 1
    select(browser, "usrloyalty", "Customer.UsrLoyaltyTier [custom field]")
    assert browser.code.value == (
        "df = client.customers.to_frame(columns=['CustomerID', 'UsrLoyaltyTier'], top=10)"
    )
    assert "CurrentCustomer" in browser.pane.value
    assert "custom fields of 1 of 28 entities are known" in browser.summary.value
    browser.search.value = "attributecolor"
    assert not browser.list.options


def test_actions_are_shown_with_their_parameters(browser: Browser) -> None:
    browser.shows.value = "parameter"
    assert browser.list.options
    browser.list.index = 0
    assert browser.selected is not None
    action, parameter = browser.selected.path
    assert f"{parameter}: {browser.selected.kind}" in row(browser.pane.value, action)[1]
    assert f"{parameter!r}: ..." in browser.code.value


def test_which_entities_have_a_field_like(browser: Browser) -> None:
    browser.shows.value = LIKE
    browser.search.value = "email"
    entities = [entry.entity for _, entry in browser.list.options]
    assert {"Customer", "Vendor"} <= set(entities)
    assert len(entities) == len(set(entities))
    browser.shows.value = EVERYTHING
    assert len(browser.list.options) > len(entities)


def test_rows_are_read_when_asked_for(client: AcumaticaClient, browser: Browser) -> None:
    select(browser, "customer email", "Customer.Email")
    before = requests_of(client)
    assert not browser.sample.value
    browser.button.click()
    assert requests_of(client) == before + 1
    assert browser.sample.value.count("<tr") == 11
    assert re.search(r"<th [^>]*>Email</th>", browser.sample.value)
    select(browser, "customer", "Customer [service]")
    assert not browser.sample.value


def test_every_line_for_a_sample_reads_it(browser: Browser) -> None:
    for text in ("customer", "maincontact", "salesorder orderqty", "usrloyaltytier", "main email"):
        browser.search.value = text
        browser.list.index = 0
        browser.button.click()
        assert "<table" in browser.sample.value, text


def test_what_goes_wrong_with_a_sample_is_shown(own_client: AcumaticaClient) -> None:
    browser = own_client.browse()
    select(browser, "customer", "Customer [service]")
    own_client.close()
    browser.button.click()
    assert "<table" not in browser.sample.value
    assert "closed" in browser.sample.value


def test_a_repr_asks_for_nothing_and_keeps_a_table(client: AcumaticaClient, browser: Browser) -> None:
    before = requests_of(client)
    bundle = browser._repr_mimebundle_()
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == browser.widget.model_id
    assert "<td" in bundle["text/html"]
    assert "client.sales_orders" in bundle["text/html"]
    assert bundle["text/plain"] == repr(browser)
    assert requests_of(client) == before


def test_the_display_keeps_a_table_that_shows_once_the_widget_is_gone(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[dict[str, str]] = []

    def display(bundle: dict[str, str], *, raw: bool) -> None:
        assert raw
        shown.append(bundle)

    monkeypatch.setattr("IPython.display.display", display)
    browser._ipython_display_()
    widget, left = shown
    assert "application/vnd.jupyter.widget-view+json" in widget
    assert set(left) == {"text/plain", "text/html"}
    assert 'style="display:none"' in left["text/html"]
    assert browser.widget._dom_classes[0] in left["text/html"]


def test_without_ipywidgets_the_error_says_what_to_install(
    client: AcumaticaClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    monkeypatch.delitem(sys.modules, "acudata.notebook.browser")
    with pytest.raises(AcumaticaConfigError, match=r"pip install 'acudata\[notebook\]'"):
        client.browse()


# Nothing that the ERP says acts.


@pytest.fixture
def evil(client: AcumaticaClient) -> Browser:
    """Browse an endpoint in which every name is a script."""
    rows = Structure(EVIL, {f"F{EVIL}": "String"}, linked={f"L{EVIL}": EVIL}, details={f"D{EVIL}": EVIL})
    actions = {f"A{EVIL}": {f"P{EVIL}": "String"}}
    custom = (CustomField(f"V{EVIL}", f"Usr{EVIL}", "String"),)
    entity = Entity(EVIL, rows, f"S{EVIL}", f"T{EVIL}", actions=actions)
    endpoint = Endpoint(EVIL, EVIL, {EVIL: entity}, {EVIL: rows})

    class Told(Catalogue):
        endpoint = property(lambda _self: endpoint)
        known_custom = property(lambda _self: {})

        def entity(self, name: str) -> Entity:
            return endpoint.entities[name].with_custom(custom)

    return Browser(client, Told(lambda _path: b"", name="Default"))


def test_names_of_an_endpoint_do_nothing(evil: Browser) -> None:
    evil.list.index = 0  # from now on its custom field is known
    evil.search.value = "script"
    assert {entry.what for _, entry in evil.list.options} == set(WHATS) - {"form field"}
    for index in range(len(evil.list.options)):
        evil.list.index = index
        assert "<script" not in evil.pane.value + evil.summary.value
        assert "&lt;script&gt;" in evil.pane.value
    evil.button.click()
    assert "&lt;script&gt;" in evil.sample.value
    assert "<script" not in evil.sample.value
    for table in (evil._repr_mimebundle_()["text/html"], evil._left_behind()):
        assert "&lt;script&gt;" in table
        assert "<script" not in table


def test_values_of_the_erp_do_nothing(own_client: AcumaticaClient) -> None:
    own_client.customers.put_entity({"CustomerID": "AAA", "CustomerName": EVIL, "CustomerClass": "DEFAULT"})
    browser = own_client.browse()
    select(browser, "customer", "Customer [service]")
    browser._client = Filtered(own_client)  # type: ignore[assignment]
    browser.button.click()
    assert "&lt;script&gt;alert(1)" in browser.sample.value
    assert "<script" not in browser.sample.value


class Filtered:
    """Is a client whose rows are those of one customer."""

    def __init__(self, client: AcumaticaClient) -> None:
        self._client = client

    def __getitem__(self, entity: str) -> Filtered:
        return self

    def to_frame(self, **options: object) -> object:
        return self._client.customers.to_frame("CustomerID eq 'AAA'", **options)  # type: ignore[arg-type]


def row(pane: str, name: str) -> list[str]:
    """Return the cells of the row of a table that begins with a name."""
    for cells in re.findall(r"<tr>(.*?)</tr>", pane):
        texts = re.findall(r"<td[^>]*>(.*?)</td>", cells)
        if texts and texts[0] == name:
            return list(texts)
    raise AssertionError(f"no row {name}")
