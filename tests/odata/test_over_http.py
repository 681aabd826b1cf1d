"""Values stay data all the way: through the filter, the URL and the server's parser, and through the mask."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from acudata import AcumaticaClient, F
from acudata.sandbox import Sandbox
from tests.conftest import connect

NAMES = [
    "O'Brien & Söhne #1 + 2 = 3",
    "x' or 1 eq 1",
    "x' or CustomerID ne '",
    "') or startswith(CustomerID,'",
    "''",
    "'",
    "100% &$top=1&$filter=",
    "a%27b%2B",
    "東京 🚚🙂",
    'say "hi" \\ / ? ;',
    "tab\tand\nline",
    "null",
    "true",
    "guid'00000000-0000-0000-0000-000000000000'",
    "not (a)",
    "{value}",
    ".*[a]+?^$",
]


@pytest.fixture(scope="module")
def client() -> Iterator[AcumaticaClient]:
    with Sandbox() as box, connect(box) as client:
        for number, name in enumerate(NAMES):
            client.customers.put_entity({"CustomerID": f"ODD{number:02}", "CustomerName": name})
        yield client


def keys(client: AcumaticaClient, condition: Any) -> list[str]:
    return [str(record.CustomerID) for record in client.customers.get_list(condition, select="CustomerID")]


@pytest.mark.parametrize(("number", "name"), list(enumerate(NAMES)), ids=NAMES)
def test_a_value_finds_just_the_record_that_has_it(client: AcumaticaClient, number: int, name: str) -> None:
    key = f"ODD{number:02}"
    assert keys(client, F.CustomerName == name) == [key]
    assert keys(client, F.CustomerName.isin([name, "nobody"])) == [key]
    assert keys(client, (F.CustomerName == name) & (F.CustomerID != key)) == []
    assert key in keys(client, F.CustomerName.contains(name))
    assert key in keys(client, F.CustomerName.startswith(name) & F.CustomerName.endswith(name))
    everyone = keys(client, None)
    assert keys(client, F.CustomerName != name) == [other for other in everyone if other != key]


@pytest.mark.filterwarnings("ignore::acudata.filters.LocalFilterWarning")
@pytest.mark.parametrize(("number", "name"), list(enumerate(NAMES)), ids=NAMES)
def test_a_value_is_data_to_what_is_done_here_too(client: AcumaticaClient, number: int, name: str) -> None:
    key = f"ODD{number:02}"
    assert keys(client, F.CustomerName.trim() == name.strip()) == [key]
    assert key in keys(client, F.CustomerName.tolower().contains(name))
    assert key not in keys(client, ~F.CustomerName.contains(name))
    assert key in keys(client, F.CustomerName.indexof(name) == 0)
    assert key in keys(client, F.CustomerName.replace(name, "") == "")


@pytest.mark.filterwarnings("ignore::acudata.EmptyAnswerWarning")  # which here is true
@pytest.mark.parametrize("name", NAMES)
def test_a_value_in_a_custom_field_stays_data(client: AcumaticaClient, name: str) -> None:
    assert keys(client, F.UsrLoyaltyTier == name) == []
    assert keys(client, F.cf("String", "CurrentCustomer", "UsrLoyaltyTier") == name) == []


def test_raw_text_is_passed_as_it_is(client: AcumaticaClient) -> None:
    assert keys(client, "CustomerName eq 'x'' or 1 eq 1'") == ["ODD01"]
    frame = client.customers.to_frame("substringof('O''Brien',CustomerName)")
    assert frame.attrs["filter"] == "substringof('O''Brien',CustomerName)"
    assert frame.attrs["local_filter"] is None
    assert "ODD00" in list(frame["CustomerID"])
