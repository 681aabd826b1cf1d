"""Records with missing values, as the sandbox holds them and as they come over the wire, and filters on them."""

from __future__ import annotations

import datetime as dt
import json
import operator
import uuid
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from acudata.frames.decode import Decoder
from acudata.frames.layout import Layout, value_column
from acudata.odata import Expression, F
from acudata.odata.operands import Operand
from acudata.sandbox.endpoint import CustomField as SandboxField
from acudata.sandbox.endpoint import Endpoint, Structure
from acudata.sandbox.records import Record

KINDS = {
    "CustomerID": "String",
    "Name": "String",
    "Qty": "Decimal",
    "Price": "Decimal",
    "Count": "Int",
    "Date": "DateTime",
    "LastModified": "DateTime",
    "Day": "DateOnly",
    "Active": "Boolean",
    "NoteID": "Guid",
}
LAYOUT = Layout(
    (
        *(value_column(name, kind, (name,)) for name, kind in KINDS.items()),
        value_column("Contact.Email", "String", ("Contact", "Email")),
        value_column("UsrRoute", "String", ("custom", "Document", "UsrRoute")),
    )
)
STRUCTURE = Structure(
    "Order", KINDS, linked={"Contact": "Contact"}, custom=(SandboxField("Document", "UsrRoute", "String"),)
)
ENDPOINT = Endpoint(
    "Default", "1", {}, {"Order": STRUCTURE, "Contact": Structure("Contact", {"Email": "String"})}
)
ROUTE = F.cf("String", "Document", "UsrRoute")


def kind_of(path: tuple[str, ...]) -> str:
    return "String" if path == ("Contact", "Email") else KINDS[path[-1]]


words = st.text("aAbBé'#&1", max_size=3)
padded = st.builds(operator.add, st.sampled_from(["A", "b", "B1", ""]), st.sampled_from(["", " ", "  "]))
amounts = st.decimals(-3, 3, places=1) | st.decimals(-300, 300, places=4)
days = st.dates(dt.date(2023, 12, 30), dt.date(2024, 1, 2))
moments = st.builds(
    dt.datetime.combine, days, st.sampled_from([dt.time(), dt.time(23), dt.time(5, 30, 7, 250_000)])
)
zones = st.sampled_from([dt.UTC, dt.timezone(dt.timedelta(hours=-5)), dt.timezone(dt.timedelta(minutes=330))])
instants = st.builds(lambda moment, zone: moment.replace(tzinfo=zone), moments, zones)
guids = st.sampled_from([uuid.UUID(int=7), uuid.UUID("d4b5ad0b-2ae5-4d1f-9d7a-0f4b1d3f0a11")])

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "CustomerID": padded,
    "Name": words,
    "Qty": amounts.map(float),
    "Price": amounts.map(float),
    "Count": st.integers(-3, 3),
    "Date": moments.map(lambda moment: f"{moment.isoformat()}+00:00"),
    "LastModified": instants.map(dt.datetime.isoformat),
    "Day": days.map(dt.date.isoformat),
    "Active": st.booleans(),
    "NoteID": guids.map(str),
    "Email": words,
    "UsrRoute": words,
}


@st.composite
def records(draw: st.DrawFn) -> Record:
    drawn = {name: draw(st.none() | values) for name, values in VALUES.items()}
    email, route = drawn.pop("Email"), drawn.pop("UsrRoute")
    linked = {"Contact": Record("c", {"Email": email})} if draw(st.booleans()) else {}
    return Record("r", drawn, linked, custom={"Document": {"UsrRoute": route}} if draw(st.booleans()) else {})


def wire(record: Record) -> dict[str, Any]:
    contact = record.linked.get("Contact")
    custom = {view: wrapped(values) for view, values in record.custom.items()}
    return {**wrapped(record.values), "Contact": contact and wrapped(contact.values), "custom": custom}


def wrapped(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: {} if value is None else {"value": value} for name, value in values.items()}


def decoded(held: list[Record]) -> pa.RecordBatch:
    return Decoder({"rows": LAYOUT}).decode(json.dumps([wire(r) for r in held]).encode()).batches["rows"]


# Conditions that the contract API takes, and those that it does not.

LITERALS: list[tuple[Operand, st.SearchStrategy[Any]]] = [
    (F.CustomerID, padded),
    (F.Name, words),
    (F.Qty, amounts | st.integers(-3, 3) | amounts.map(float)),
    (F.Count, st.integers(-3, 3) | amounts),
    (F.Date, days | moments | instants | days.map(str)),
    (F.LastModified, days | moments | instants | instants.map(str)),
    (F.Day, days | days.map(str)),
    (F.Contact.Email, words),
    (ROUTE, words),
]
UNORDERED: list[tuple[Operand, st.SearchStrategy[Any]]] = [
    (F.Active, st.booleans() | st.sampled_from(["true", "False"])),
    (F.NoteID, guids | guids.map(str) | guids.map(lambda guid: str(guid).upper())),
]
PAIRS = [(F.Qty, F.Price), (F.Count, F.Qty), (F.Name, F.Contact.Email), (ROUTE, F.Name), (F.Price, F.Qty)]
ORDERS = ["eq", "ne", "lt", "le", "gt", "ge"]


@st.composite
def comparisons(draw: st.DrawFn) -> Expression:
    if draw(st.booleans()):
        left, right = draw(st.sampled_from(PAIRS))
    else:
        left, values = draw(st.sampled_from(LITERALS))
        right = draw(values)
    compared: Expression = getattr(left, draw(st.sampled_from(ORDERS)))(right)
    return compared


@st.composite
def equalities(draw: st.DrawFn) -> Expression:
    left, values = draw(st.sampled_from([*LITERALS, *UNORDERED]))
    options = draw(st.lists(st.none() | values, min_size=1, max_size=3))
    choices: list[Expression] = [left.eq(options[0]), left.ne(options[0]), left.isin(options)]
    return draw(st.sampled_from(choices))


texts = st.sampled_from([F.Name, F.Contact.Email, ROUTE])


@st.composite
def searches(draw: st.DrawFn, of: st.SearchStrategy[Operand] = texts) -> Expression:
    found: Expression = getattr(draw(of), draw(st.sampled_from(["contains", "startswith", "endswith"])))(
        draw(words)
    )
    return found


def joined(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    return st.builds(operator.and_, inner, inner) | st.builds(operator.or_, inner, inner)


def combined(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    return joined(inner) | st.builds(operator.invert, inner)


negatable = st.recursive(comparisons() | equalities(), combined, max_leaves=4)
served = st.recursive(negatable | searches(), joined, max_leaves=4)

made_texts = st.recursive(
    texts,
    lambda inner: st.one_of(
        st.builds(Operand.tolower, inner),
        st.builds(Operand.toupper, inner),
        st.builds(Operand.trim, inner),
        st.builds(Operand.concat, inner, words | texts),
        st.builds(Operand.substring, inner, st.integers(0, 3)),
        st.builds(Operand.substring, inner, st.integers(0, 2), st.integers(0, 2)),
        st.builds(Operand.replace, inner, words.filter(bool), words),
    ),
    max_leaves=3,
)
sums = st.recursive(
    st.sampled_from([F.Qty, F.Price, F.Count]),
    lambda inner: st.builds(
        lambda calculate, left, right: calculate(left, right),
        st.sampled_from([operator.add, operator.sub, operator.mul]),
        inner,
        inner | amounts,
    ),
    max_leaves=3,
)
divided = st.builds(
    lambda calculate, left, right: calculate(left, right),
    st.sampled_from([operator.truediv, operator.mod]),
    sums,
    sums | amounts,
)
roundings = st.sampled_from([Operand.round, Operand.floor, Operand.ceiling])
parts = st.sampled_from(
    [Operand.year, Operand.month, Operand.day, Operand.hour, Operand.minute, Operand.second]
)
made_numbers = st.one_of(
    sums,
    divided,
    st.builds(lambda rounding, number: rounding(number), roundings, sums),
    st.builds(lambda part, time: part(time), parts, st.sampled_from([F.Date, F.LastModified, F.Day])),
    made_texts.map(Operand.length),
    st.builds(Operand.indexof, made_texts, words),
)


@st.composite
def local_conditions(draw: st.DrawFn) -> Expression:
    left, values = draw(
        st.one_of(st.tuples(made_texts, st.just(words)), st.tuples(made_numbers, st.just(amounts)))
    )
    if draw(st.booleans()):
        chosen: Expression = left.isin(draw(st.lists(st.none() | values, min_size=1, max_size=3)))
        return chosen
    found: Expression = getattr(left, draw(st.sampled_from(ORDERS)))(draw(values))
    return found


anything = st.recursive(served | local_conditions() | searches(made_texts), combined, max_leaves=6)
