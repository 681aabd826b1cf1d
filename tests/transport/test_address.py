"""Addresses: paths below the instance, query parameters, and links of the server with its virtual directory."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acudata.transport.address import Address, Params

HOSTED = Address("https://acme.com/Live")
ROOT = Address("https://acme.com:8443")


@pytest.mark.parametrize(
    ("address", "path", "url"),
    [
        (HOSTED, "entity", "https://acme.com/Live/entity"),
        (ROOT, "entity", "https://acme.com:8443/entity"),
        (
            HOSTED,
            "entity/Default/24.200.001/ItemClass/A%2FC",
            "https://acme.com/Live/entity/Default/24.200.001/ItemClass/A%2FC",
        ),
        (HOSTED, "entity/Customer/#1 DINER", "https://acme.com/Live/entity/Customer/%231 DINER"),
        (HOSTED, "/Live/entity/x", "https://acme.com/Live/entity/x"),
        (HOSTED, "https://acme.com/Live/entity/x", "https://acme.com/Live/entity/x"),
    ],
)
def test_the_url_of_a_path(address: Address, path: str, url: str) -> None:
    assert address.url(path) == url


@pytest.mark.parametrize(
    ("params", "query"),
    [
        ({}, ""),
        ({"$top": None}, ""),
        ({"$top": 5, "$skip": 0}, "?$top=5&$skip=0"),
        ({"$expand": "MainContact,MainContact/Address"}, "?$expand=MainContact,MainContact/Address"),
        ({"$filter": "Name eq 'A&B + #1'"}, "?$filter=Name%20eq%20%27A%26B%20%2B%20%231%27"),
        (
            {"$filter": "LastModified gt datetimeoffset'2024-07-15T10:31:28+04:00'"},
            "?$filter=LastModified%20gt%20datetimeoffset%272024-07-15T10%3A31%3A28%2B04%3A00%27",
        ),
    ],
)
def test_parameters_are_percent_encoded(params: Params, query: str) -> None:
    assert HOSTED.url("entity/Customer", params) == "https://acme.com/Live/entity/Customer" + query


def test_parameters_are_added_to_those_of_a_link() -> None:
    assert (
        HOSTED.url("/Live/entity?company=U100", {"$top": 1})
        == "https://acme.com/Live/entity?company=U100&$top=1"
    )


@given(st.dictionaries(st.text(min_size=1), st.text()))
@settings(max_examples=50, deadline=None)
def test_any_parameter_arrives_as_it_was(params: dict[str, str]) -> None:
    query = urlsplit(HOSTED.url("entity", params)).query
    assert dict(parse_qsl(query, keep_blank_values=True)) == params


@pytest.mark.parametrize(
    ("href", "url"),
    [
        (
            "/Live/entity/Default/24.200.001/files/1",
            "https://acme.com/Live/entity/Default/24.200.001/files/1",
        ),
        ("/Live/entity?a=1&b=2", "https://acme.com/Live/entity?a=1&b=2"),
        ("https://acme.com/Live/entity", "https://acme.com/Live/entity"),
        ("http://inside.local:8080/Live/entity", "https://acme.com/Live/entity"),
        ("//evil.example/Live/entity", "https://acme.com/Live/entity"),
        ("https://user:password@evil.example/x", "https://acme.com/x"),
    ],
)
def test_a_link_is_joined_to_the_host_and_never_leads_elsewhere(href: str, url: str) -> None:
    assert HOSTED.link(href) == url
    assert HOSTED.url(href) == url


def test_messages_show_the_path_below_the_instance() -> None:
    assert HOSTED.shown("https://acme.com/Live/entity/Customer/C1?$top=1") == "entity/Customer/C1"
