"""QueryOptions: what they accept, how they are normalised and what they send."""

import dataclasses
from typing import Any

import numpy as np
import pytest

from acudata.odata import F, QueryOptions

SENT: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({}, {}),
    ({"filter": F.CustomerID == "A&B"}, {"$filter": "CustomerID eq 'A&B'"}),
    ({"filter": "Status eq 'Open'"}, {"$filter": "Status eq 'Open'"}),
    ({"filter": F.Name.contains("x")}, {"$filter": "substringof('x',Name)"}),
    ({"select": ["CustomerID", "Details/Qty", "CustomerID"]}, {"$select": "CustomerID,Details/Qty"}),
    ({"select": " CustomerID , files,custom.Item "}, {"$select": "CustomerID,files,custom.Item"}),
    ({"select": [F.CustomerID, F.MainContact.Email]}, {"$select": "CustomerID,MainContact/Email"}),
    ({"select": F.CustomerID}, {"$select": "CustomerID"}),
    ({"expand": "MainContact,MainContact/Address"}, {"$expand": "MainContact,MainContact/Address"}),
    ({"expand": []}, {}),
    (
        {"custom": ["Document.UsrX", "Details/Transactions.UsrY"]},
        {"$custom": "Document.UsrX,Details/Transactions.UsrY"},
    ),
    ({"top": 5, "skip": 10}, {"$top": "5", "$skip": "10"}),
    ({"top": np.int64(5), "skip": 0}, {"$top": "5", "$skip": "0"}),
    ({"orderby": "Date  desc, CustomerID"}, {}),
]


@pytest.mark.parametrize(("given", "params"), SENT, ids=[str(given) for given, _ in SENT])
def test_options_become_parameters(given: dict[str, Any], params: dict[str, str]) -> None:
    assert QueryOptions(**given).to_params() == params


def test_the_kind_of_a_field_decides_how_its_value_is_sent() -> None:
    options = QueryOptions(filter=F.Date >= "2024-01-01")
    assert options.to_params(kind_of=lambda path: "DateTime" if path == ("Date",) else None) == {
        "$filter": "Date ge datetimeoffset'2024-01-01'"
    }


def test_options_are_kept_in_one_form_and_cannot_change() -> None:
    options = QueryOptions(select="A,B", orderby=["Date  desc"])
    assert (options.select, options.orderby) == (("A", "B"), ("Date desc",))
    with pytest.raises(dataclasses.FrozenInstanceError):
        options.top = 5  # type: ignore[misc]


REFUSED: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"filter": ""}, ValueError, "leave it out"),
    ({"filter": F.Active}, TypeError, "F.Active == True"),
    ({"filter": True}, TypeError, "neither"),
    ({"select": []}, ValueError, "leave it out"),
    ({"select": ""}, ValueError, "no name"),
    ({"select": "A;B"}, ValueError, "A;B"),
    ({"select": ["A&$filter=x"]}, ValueError, "no name"),
    ({"expand": "Details/"}, ValueError, "Details/"),
    ({"orderby": "Date down"}, ValueError, "Date down"),
    ({"top": -1}, ValueError, "negative"),
    ({"top": "5"}, TypeError, "number of records"),
    ({"top": True}, TypeError, "number of records"),
    ({"skip": 1.5}, TypeError, "number of records"),
]


@pytest.mark.parametrize(("given", "error", "message"), REFUSED, ids=[str(given) for given, _, _ in REFUSED])
def test_options_that_make_no_sense_are_refused(
    given: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        QueryOptions(**given)
