"""Misspelt methods and options of a service: the nearest name is told, and the kind of error stays Python's own."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from acudata import AcumaticaClient
from acudata.services import Service


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("to_frme", "to_frame"),
        ("get_lst", "get_list"),
        ("invoke_acton", "invoke_action"),
        ("get", "get_by_keys, get_by_id, get_list"),
        ("fields", "F, entity"),
        ("schema", "entity"),
    ],
)
def test_an_attribute_that_does_not_exist_names_the_nearest(
    client: AcumaticaClient, name: str, near: str
) -> None:
    with pytest.raises(AttributeError) as caught:
        getattr(client.customers, name)
    first, second = str(caught.value).splitlines()
    assert first == f"client.customers has no attribute {name!r}."
    assert second.startswith(f"  did you mean: {near}")


def test_protocols_find_what_they_look_for_or_nothing(client: AcumaticaClient) -> None:
    service = client.customers
    assert [hasattr(service, name) for name in ("__array__", "_ipython_display_", "shape")] == [False] * 3
    assert copy.copy(service).name == "Customer"
    unfinished: Any = Service.__new__(Service)
    assert not hasattr(unfinished, "name")


def test_an_option_that_does_not_exist_names_the_nearest(client: AcumaticaClient) -> None:
    options: dict[str, Any] = {"topp": 3}
    with pytest.raises(TypeError) as caught:
        client.customers.to_frame(**options)
    assert str(caught.value) == (
        "client.customers.to_frame: got an unexpected keyword argument 'topp'\n  did you mean: top"
    )


def test_an_argument_too_many_is_told_by_the_users_own_names(client: AcumaticaClient) -> None:
    arguments: list[Any] = ["Status eq 'Active'", ["Status"]]
    with pytest.raises(TypeError, match=r"^client\.customers\.to_frame: too many positional arguments$"):
        client.customers.to_frame(*arguments)
