"""Properties of rendering: a reader of its own gets back what was meant, and every name is found."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from acudata.odata import Expression, F, names, to_v3
from acudata.odata.literals import bare

Row = Mapping[str, Any]
TEXTS = ("Name", "Status", "MainContact/Email")
NUMBERS = ("Qty", "Balance")
DAY = "Date"

quickly = settings(max_examples=100, deadline=None)


@dataclass
class Meant:
    """Pairs an expression with what it means, and with the names it uses."""

    expression: Expression
    holds: Callable[[Row], bool]
    names: set[str]


TOKEN = re.compile(r"\s*(datetimeoffset'[^']*'|'(?:[^']|'')*'|[(),]|-?[\d.]+|[\w/]+)")
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
}


class Reader:
    """Evaluates filter text on a row, by the grammar alone."""

    def __init__(self, text: str, row: Row) -> None:
        self.tokens: list[str] = [*TOKEN.findall(text), ""]
        assert "".join(self.tokens) == re.sub(r"\s+(?=(?:[^']|'[^']*')*$)", "", text)
        self.row = row

    def take(self, wanted: str = "") -> str:
        token: str = self.tokens.pop(0)
        assert wanted in {"", token}
        return token

    def alternatives(self) -> bool:
        held = self.conjunction()
        while self.tokens[0] == "or":
            self.take()
            held = self.conjunction() or held
        return held

    def conjunction(self) -> bool:
        held = self.condition()
        while self.tokens[0] == "and":
            self.take()
            held = self.condition() and held
        return held

    def condition(self) -> bool:
        token = self.tokens[0]
        if token == "not":
            self.take()
            return not self.condition()
        if token == "(":
            self.take()
            held = self.alternatives()
            self.take(")")
            return held
        return self.call() if self.tokens[1] == "(" else self.comparison()

    def call(self) -> bool:
        function, _, first, _, second, _ = (self.take() for _ in range(6))
        if function == "substringof":
            return self.value(first).lower() in self.value(second).lower()
        found: bool = getattr(self.value(first), function)(self.value(second))
        return found

    def comparison(self) -> bool:
        left, operator, right = (self.take() for _ in range(3))
        return COMPARE[operator](self.value(left), self.value(right))

    def value(self, token: str) -> Any:
        if token.startswith("'"):
            return token[1:-1].replace("''", "'")
        if token.startswith("datetimeoffset"):
            return dt.date.fromisoformat(token[15:-1])
        return self.row[token] if token[0].isalpha() else float(token)


texts = st.one_of(st.sampled_from(["", "a", "O'Brien", "'", "x' or 1 eq 1", "A&B #1+%"]), st.text(max_size=5))
days = st.dates(dt.date(2023, 1, 1), dt.date(2023, 1, 9))
numbers = st.one_of(st.integers(-3, 3), st.sampled_from([0.5, -2.25, 1e-9]))
FIELDS: list[tuple[str, st.SearchStrategy[Any]]] = [
    *((name, texts) for name in TEXTS),
    *((name, numbers) for name in NUMBERS),
    (DAY, days),
]


@st.composite
def comparisons(draw: st.DrawFn) -> Meant:
    field, values = draw(st.sampled_from(FIELDS))
    operator, value = draw(st.sampled_from(sorted(COMPARE))), draw(values)
    return Meant(
        getattr(F[field], operator)(value), lambda row: COMPARE[operator](row[field], value), {field}
    )


@st.composite
def searches(draw: st.DrawFn) -> Meant:
    field, value = draw(st.sampled_from(TEXTS)), draw(texts)
    function = draw(st.sampled_from(["startswith", "endswith"]))
    return Meant(
        getattr(F[field], function)(value), lambda row: getattr(row[field], function)(value), {field}
    )


@st.composite
def memberships(draw: st.DrawFn) -> Meant:
    field, values = draw(st.sampled_from(NUMBERS)), draw(st.lists(numbers, min_size=1, max_size=4))
    return Meant(F[field].isin(values), lambda row: row[field] in values, {field})


def negated(a: Meant) -> Meant:
    return Meant(~a.expression, lambda row: not a.holds(row), a.names)


def both(a: Meant, b: Meant) -> Meant:
    return Meant(a.expression & b.expression, lambda row: a.holds(row) and b.holds(row), a.names | b.names)


def either(a: Meant, b: Meant) -> Meant:
    return Meant(a.expression | b.expression, lambda row: a.holds(row) or b.holds(row), a.names | b.names)


def combined(inner: st.SearchStrategy[Meant]) -> st.SearchStrategy[Meant]:
    return st.builds(negated, inner) | st.builds(both, inner, inner) | st.builds(either, inner, inner)


plain = st.recursive(st.one_of(comparisons(), memberships()), combined, max_leaves=12)
filters = st.recursive(st.one_of(comparisons(), searches(), memberships()), combined, max_leaves=12)
rows = st.fixed_dictionaries({**dict.fromkeys(TEXTS, texts), **dict.fromkeys(NUMBERS, numbers), DAY: days})


@quickly
@given(filters, rows)
def test_the_text_form_reads_back_to_the_same_meaning(meant: Meant, row: Row) -> None:
    assert Reader(str(meant.expression), row).alternatives() == meant.holds(row)


@quickly
@given(plain, rows)
def test_what_the_contract_api_is_sent_reads_back_to_the_same_meaning(meant: Meant, row: Row) -> None:
    assert Reader(to_v3(meant.expression), row).alternatives() == meant.holds(row)


@quickly
@given(texts, texts)
def test_contains_becomes_a_search_that_ignores_case(needle: str, haystack: str) -> None:
    text = to_v3(F.Name.contains(needle))
    assert Reader(text, {"Name": haystack}).alternatives() == (needle.lower() in haystack.lower())


@quickly
@given(filters)
def test_names_are_exactly_the_fields_used_in_tree_and_text_alike(meant: Meant) -> None:
    found = names(meant.expression)
    assert {"/".join(path) for path in found} == meant.names
    assert names(str(meant.expression)) == found


@quickly
@given(st.text())
def test_any_text_stays_one_quoted_literal(value: str) -> None:
    written = bare(value)
    assert re.fullmatch(r"'(?:[^']|'')*'", written)
    assert written[1:-1].replace("''", "'") == value


@quickly
@given(
    st.decimals(allow_nan=False, allow_infinity=False, places=6)
    | st.floats(allow_nan=False, allow_infinity=False)
)
def test_any_number_is_written_in_plain_digits_and_reads_back(value: Any) -> None:
    written = to_v3(F.X.eq(value)).removeprefix("X eq ")
    assert re.fullmatch(r"-?\d+(\.\d+)?", written)
    assert type(value)(written) == value


moments = st.datetimes(
    dt.datetime(1900, 1, 1),
    dt.datetime(2100, 1, 1),
    timezones=st.one_of(st.none(), st.timezones()),
)


@quickly
@given(moments)
def test_any_moment_reads_back_to_the_same_moment(value: dt.datetime) -> None:
    literal = to_v3(F.X.eq(value)).removeprefix("X eq ")
    assert re.fullmatch(
        r"datetimeoffset'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3}|\.\d{6})?([+-]\d\d:\d\d)?'", literal
    )
    back = dt.datetime.fromisoformat(literal[15:-1])
    assert (back.tzinfo is None) == (value.tzinfo is None)
    assert back == value or (value.tzinfo and back.timestamp() == value.timestamp())
