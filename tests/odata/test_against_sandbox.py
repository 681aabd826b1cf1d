"""What the client renders, the sandbox's own reading of the protocol takes to mean the same."""

import datetime as dt
import operator
import uuid
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acudata.odata import Expression, F, to_v3
from acudata.sandbox.binding import predicate
from acudata.sandbox.endpoint import CustomField, Endpoint, Structure
from acudata.sandbox.envelopes import Fault
from acudata.sandbox.records import Record
from acudata.sandbox.settings import SandboxSettings

KINDS = {
    "Name": "String",
    "Qty": "Decimal",
    "Count": "Int",
    "Date": "DateTime",
    "Day": "DateOnly",
    "Active": "Boolean",
    "NoteID": "Guid",
}
CONTACT = Structure("Contact", {"Email": "String"})
CUSTOM = (CustomField("Document", "UsrRoute", "String"),)
STRUCTURE = Structure("Order", KINDS, linked={"Contact": "Contact"}, custom=CUSTOM)
ENDPOINT = Endpoint("Default", "24.200.001", {}, {"Order": STRUCTURE, "Contact": CONTACT})
GUID = uuid.UUID("d4b5ad0b-2ae5-4d1f-9d7a-0f4b1d3f0a11")
RECORD: Mapping[str, Any] = {
    "Name": "o'brien & söhne #1+",
    "Qty": 12.5,
    "Count": 3,
    "Date": "2024-01-31T00:00:00+00:00",
    "Day": "2024-01-31",
    "Active": True,
    "NoteID": str(GUID),
}


def kind_of(path: tuple[str, ...]) -> str | None:
    return "String" if path == ("Contact", "Email") else KINDS.get(path[-1])


def matches(expression: Expression, values: Mapping[str, Any] = RECORD) -> bool:
    linked = {"Contact": Record("c", {"Email": "a@b"})}
    record = Record("r", dict(values), linked=linked, custom={"Document": {"UsrRoute": "north"}})
    return predicate(to_v3(expression, kind_of=kind_of), STRUCTURE, ENDPOINT, SandboxSettings()).matches(
        record
    )


HOLDING = [
    F.Name == "o'brien & söhne #1+",
    F.Name.contains("SÖHNE #1+"),
    F.Name.startswith("o'b"),
    F.Name.endswith("#1+"),
    F.Name.isin(["x", "o'brien & söhne #1+"]),
    F.Name.is_not_null(),
    F.Qty == Decimal("12.50"),
    F.Qty > "12.4",
    F.Qty.between(12, 13),
    F.Count == 3.0,
    F.Date == "2024-01-31",
    F.Date >= dt.datetime(2024, 1, 30, 23, 59, 59, 999000, dt.UTC),
    F.Date < dt.datetime(2024, 1, 31, 4, 0, tzinfo=dt.timezone(dt.timedelta(hours=3, minutes=30))),
    F.Day == dt.date(2024, 1, 31),
    F.Active == True,  # noqa: E712 - how a filter says it
    F.NoteID == GUID,
    F.NoteID == str(GUID).upper(),
    F.Contact.Email == "a@b",
    F.cf("String", "Document", "UsrRoute") == "north",
    ((F.Qty > 100) | (F.Count == 3)) & ~((F.Qty > 100) & (F.Count == 3)),
]


@pytest.mark.parametrize("expression", HOLDING, ids=str)
def test_every_kind_of_condition_means_the_same_there(expression: Expression) -> None:
    assert matches(expression)
    assert not matches(expression & (F.Count == 4))


@pytest.mark.parametrize("expression", [e for e in HOLDING if "(Name," not in str(e)], ids=str)
def test_the_negation_of_every_comparison_means_the_opposite_there(expression: Expression) -> None:
    assert not matches(~expression)


REFUSED = [
    "contains(Name,'x')",
    "tolower(Name) eq 'x'",
    "Qty add 1 eq 2",
    "not substringof('x',Name)",
    "not startswith(Name,'x')",
]


@pytest.mark.parametrize("raw", REFUSED)
def test_what_the_client_refuses_the_server_refuses_too(raw: str) -> None:
    with pytest.raises(Fault):
        predicate(raw, STRUCTURE, ENDPOINT, SandboxSettings())


compare: dict[str, Callable[[Any, Any], bool]] = {
    name: getattr(operator, name) for name in ("eq", "ne", "lt", "le", "gt", "ge")
}
texts = st.text("ab'1ü#&", max_size=4)
numbers = st.decimals(-3, 3, places=2) | st.integers(-3, 3)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(compare)), texts, texts, numbers, numbers)
def test_comparisons_of_any_values_mean_the_same_there(
    name: str, text: str, other_text: str, number: Any, other_number: Any
) -> None:
    record = {**RECORD, "Name": text, "Qty": float(number)}
    assert matches(getattr(F.Name, name)(other_text), record) == compare[name](text, other_text)
    assert matches(getattr(F.Qty, name)(other_number), record) == compare[name](
        float(number), float(other_number)
    )
