"""Clients, services, schema, models, records and filters show themselves: known things alone, cut, and harmless."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from acudata import AcumaticaAuthError, AcumaticaClient, F
from acudata.looks.card import Card, Fact, Word, card_html, card_text, listed
from acudata.looks.grid import Grid, grid_html, grid_text
from acudata.looks.schema import service_card
from acudata.sandbox import Sandbox
from acudata.schema import CustomField, Endpoint, Entity, Structure
from tests.conftest import connect

EVIL = "<script>alert('x')</script>&\"\x1b[31m\u202e"
SHOWN: dict[str, Callable[[AcumaticaClient], Any]] = {
    "client": lambda client: client,
    "service": lambda client: client.customers,
    "models": lambda client: client.models,
    "endpoint": lambda client: client.customers._endpoint,
    "entity": lambda client: client.customers.entity,
    "structure": lambda client: client.customers.entity.structure,
    "records": lambda client: client.customers.get_list(top=12),
    "record": lambda client: client.customers.first(),
    "filter": lambda _: (F.Status == "Active") & (F.CustomerName != EVIL),
    "field": lambda _: F.MainContact.Email,
    "fields": lambda client: client.customers.F,
    "fields of a member": lambda client: client.sales_orders.F.Details,
}


class Seen(HTMLParser):
    """Collects the tags and attributes of a piece of HTML, of which every tag is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.feed(html)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.open.append(tag)
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture
def fresh(box: Sandbox) -> Iterator[AcumaticaClient]:
    with connect(box) as client:
        yield client


def requests_of(client: AcumaticaClient) -> int:
    return int(client.get_api_usage_stats()["total_requests"])


@pytest.mark.parametrize("shown", SHOWN.values(), ids=SHOWN)
def test_everything_shows_itself_as_harmless_html_and_as_text(
    client: AcumaticaClient, shown: Callable[[AcumaticaClient], Any]
) -> None:
    thing = shown(client)
    html = Seen(thing._repr_html_())
    assert html.tags <= {"div", "strong", "table", "thead", "tbody", "tr", "th", "td", "code", "small", "pre"}
    assert html.attributes <= {"style"}
    assert not set("\x1b\u202e") & set(thing._repr_html_() + repr(thing))
    assert "open-sesame" not in thing._repr_html_() + repr(thing) + str(thing)


@pytest.mark.parametrize("shown", SHOWN.values(), ids=SHOWN)
def test_looking_asks_nothing(
    client: AcumaticaClient, shown: Callable[[AcumaticaClient], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    thing = shown(client)
    before = requests_of(client)
    monkeypatch.setattr(socket.socket, "send", None)
    monkeypatch.setattr(socket.socket, "sendall", None)
    assert all((thing._repr_html_(), repr(thing), str(thing)))
    assert requests_of(client) == before


def test_what_is_not_known_yet_is_said_to_be_so_and_not_asked_for(fresh: AcumaticaClient) -> None:
    assert "services: not read yet" in str(fresh)
    assert "models: not read yet" in repr(fresh.models)
    assert "not read yet" in fresh._repr_html_()
    assert requests_of(fresh) == 0
    service = fresh.customers
    before = requests_of(fresh)
    assert "custom fields: not read yet" in repr(service)
    assert "custom fields" in service._repr_html_()
    assert requests_of(fresh) == before
    assert service.entity.custom
    assert "CurrentCustomer.UsrLoyaltyTier String [custom]" in " ".join(repr(service).split())


def test_a_service_tells_its_keys_fields_members_actions_and_an_example(client: AcumaticaClient) -> None:
    assert client.sales_orders.entity
    told = " ".join(repr(client.sales_orders).split())
    assert told.startswith(
        "client.sales_orders: SalesOrder (SO301000 Sales Orders) keys: OrderType, OrderNbr "
    )
    assert "fields (12 of 54): Approved Boolean, " in told
    assert "Details SalesOrderDetail" in told
    assert "invoke_action_cancel_sales_order" in told
    assert told.endswith("example: client.sales_orders.to_frame(columns=['OrderType', 'OrderNbr'], top=10)")


def test_an_inquiry_is_shown_how_it_is_asked(client: AcumaticaClient) -> None:
    assert "example: client.account_summary_inquiries.inquire()" in repr(client.account_summary_inquiries)


def test_a_client_tells_where_it_is_and_what_it_offers(client: AcumaticaClient, box: Sandbox) -> None:
    assert client.customers
    told = str(client)
    assert told.startswith(
        f"AcumaticaClient admin@U100\n  address: {box.url}\n  endpoint: Default/24.200.001\n"
    )
    assert f"services (12 of {len(client)}): accounts, " in told


def test_a_client_that_was_never_finished_can_be_looked_at(box: Sandbox) -> None:
    unmade = AcumaticaClient.__new__(AcumaticaClient)
    assert repr(unmade) == "<AcumaticaClient, not connected>"
    assert "not connected" in str(unmade) + unmade._repr_html_()
    with pytest.raises(AcumaticaAuthError) as refused:
        connect(box, password="wrong-guess")
    frames = [entry.locals for entry in refused.traceback]
    halves = [found["self"] for found in frames if isinstance(found.get("self"), AcumaticaClient)]
    assert halves
    assert "wrong-guess" not in "".join(repr(half) + str(half) + half._repr_html_() for half in halves)


def test_models_and_their_classes_tell_their_fields(client: AcumaticaClient) -> None:
    assert repr(client.models.Customer) == "<model Customer: 55 fields, 5 linked, 4 details>"
    assert "models (12 of " in repr(client.models)


def test_the_schema_is_told_in_a_line(client: AcumaticaClient) -> None:
    entity = client.customers.entity
    assert repr(entity) == "<Entity Customer: 55 fields, 5 linked, 4 details>"
    assert repr(entity.structure) == "<Structure Customer: 55 fields, 5 linked, 4 details>"
    assert repr(client.customers._endpoint) == f"<Endpoint Default/24.200.001: {len(client)} entities>"
    assert repr(Structure("Empty", {})) == "<Structure Empty: no fields>"


def test_a_list_of_records_shows_its_first_rows_keys_first(client: AcumaticaClient) -> None:
    orders = client.sales_orders.get_list(top=12, expand="Details")
    title, head, *rows, foot = repr(orders).splitlines()
    assert title == "12 records of SalesOrder"
    assert head.split()[:2] == ["OrderType", "OrderNbr"]
    assert len(rows) == 10
    assert foot.startswith("10 of 12 rows, 8 of ")
    assert "Details: 1 row" in str(orders[0])


def test_no_records_are_shown_as_none(client: AcumaticaClient) -> None:
    none = client.customers.get_list(F.CustomerID == "NOBODY")
    assert repr(none) == "0 records"
    assert "<table" not in none._repr_html_()


def test_what_anybody_wrote_into_a_record_does_nothing(client: AcumaticaClient) -> None:
    customer = client.models.Customer(CustomerID="X", CustomerName=EVIL)
    records = client.customers.get_list(top=1)
    records[:] = [customer]
    for thing in (customer, records):
        html = thing._repr_html_()
        assert "&lt;script&gt;" in html
        assert "script" not in Seen(html).tags
        assert "\x1b" not in html + str(thing)


def test_a_record_is_cut_in_length_and_width(client: AcumaticaClient) -> None:
    everything = dict.fromkeys(client.models.Customer.structure.fields)
    customer = client.models.Customer(**everything | {"CustomerName": "n" * 10_000}, note="x", MainContact={})
    assert len(str(customer)) < 4000
    assert f"{'n' * 159}…" in customer._repr_html_()
    order = client.sales_orders.get_by_keys("CM", "000001", expand=["Details", "Totals"])
    assert str(order).endswith(f"…: {len(list(order)) - 60} more")


def test_what_a_schema_holds_does_nothing() -> None:
    rows = Structure(EVIL, {EVIL: EVIL}, {EVIL: EVIL}, {EVIL: EVIL})
    custom = (CustomField(EVIL, f"Usr{EVIL}", EVIL),)
    entity = Entity(EVIL, rows, EVIL, EVIL, actions={EVIL: {EVIL: "String"}}, custom=custom)
    endpoint = Endpoint(EVIL, EVIL, {EVIL: entity}, {EVIL: rows})
    cards = [service_card(EVIL, entity, custom), service_card(EVIL, None, None)]
    html = "".join([*map(card_html, cards), *(thing._repr_html_() for thing in (rows, entity, endpoint))])
    text = "".join([*map(card_text, cards), *(str(thing) for thing in (rows, entity, endpoint))])
    assert "script" not in Seen(html).tags
    assert not set("\x1b\u202e") & set(html + text)


def test_long_things_are_cut() -> None:
    card = Card("t" * 1000, [listed("fields", [Word("f" * 1000, "String")] * 92, 12), Fact("x", text="y")])
    assert "fields (12 of 92)" in card_text(card)
    assert len(card_text(card)) < 1500
    assert len(card_html(card)) < 5000
    grid = Grid("t", ["c" * 1000] * 20, [["v" * 1000] * 8], 500)
    assert grid_text(grid).endswith("1 of 500 rows, 8 of 20 columns")
    assert len(grid_html(grid)) < 4000
    assert len(repr(F.A.isin(range(1000)))) < 600
    assert len(str(F.A.isin(range(1000)))) > 5000


def test_the_fields_for_filters_show_themselves(client: AcumaticaClient) -> None:
    html = client.customers.F._repr_html_()
    assert "Fields of Customer" in html
    assert "UsrRebatePct" in html
    assert "F.MainContact." in client.customers.F.MainContact._repr_html_()
    assert "F = client.customers.F" in client.customers.F.MainContact._repr_html_()


def test_custom_fields_are_marked(client: AcumaticaClient) -> None:
    entity = client.customers.entity
    marked = card_html(service_card("Customer", entity, entity.custom))
    assert marked.count("rgba(219,154,4") == sum(field.is_tenants_own for field in entity.custom)
    plain = card_html(service_card("Customer", replace(entity, custom=()), ()))
    assert "rgba(219,154,4" not in plain
