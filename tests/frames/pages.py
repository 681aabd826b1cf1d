"""Pages of JSON made together with what they mean, so that no reader is needed to tell what a reader should find."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from acudata.frames.layout import Layout, id_column, value_column
from tests.frames.values import BROKEN, CLEAN, FIELDS, ODD, SAME_KIND, Value

RECORDS = Layout(
    (
        value_column("CustomerID", "String", ["CustomerID"]),
        value_column("Hold", "Boolean", ["Hold"]),
        value_column("LineNbr", "Int", ["LineNbr"]),
        value_column("Total", "Decimal", ["Total"]),
        value_column("Ratio", "Double", ["Ratio"]),
        value_column("Date", "DateTime", ["Date"]),
        value_column("LastModified", "DateTime", ["LastModified"]),
        value_column("StartDate", "DateOnly", ["StartDate"]),
        value_column("Contact.Email", "String", ["Contact", "Email"]),
        value_column("UsrRoute", "String", ["custom", "Document", "UsrRoute"]),
        id_column("id"),
    )
)
LINES = Layout(
    (
        value_column("CustomerID", "String", ["CustomerID"]),
        value_column("Qty", "Decimal", ["Qty"], depth=1),
        value_column("Due", "DateTime", ["Due"], depth=1),
        id_column("Details.id", depth=1),
    ),
    rows=(("Details",),),
)
TABLES = {"Record": RECORDS, "Details": LINES}

SHAPES = st.sampled_from(
    ['{"value": %s}', '{"type": "X", "more": [{"a": 1}], "value": %s}', '{"value": 7, "value": %s}', "%s"]
)
UNKNOWN = st.sampled_from(["", '"New": {"value": [1, {"x": null}]}, ', '"rowNumber": 1, "rowNumber": 2, '])
SPACES = st.sampled_from(["", " ", "\n", "\r\n\t"])


class PageMaker:
    """Draws a page, record by record, and notes what it means: the rows of both tables, and misfits by column."""

    def __init__(
        self, draw: st.DrawFn, values: Mapping[str, st.SearchStrategy[Value]], *, is_odd: bool
    ) -> None:
        self._draw = draw
        self._values = values
        self._is_odd = is_odd
        self.rows: dict[str, list[dict[str, Any]]] = {"Record": [], "Details": []}
        self.misfits: Counter[str] = Counter()
        records = [self._record() for _ in range(draw(st.integers(0, 3)))]
        text = draw(SPACES) + f"[{(',' + draw(SPACES)).join(records)}]" + draw(SPACES)
        self.page = text.encode().replace(BROKEN.encode(), b"\xff")

    def _record(self) -> str:
        row = dict.fromkeys(RECORDS.schema.names)
        self.rows["Record"].append(row)
        members = [self._member(row, name) for name in FIELDS]
        members += [self._within(row, "Contact.Email", '"Contact": {"Email": %s}', '"Contact": %s')]
        members += [self._within(row, "UsrRoute", '"custom": {"Document": {"UsrRoute": %s}}', '"custom": %s')]
        members += [self._id(row, "id"), self._details(row["CustomerID"])]
        return "{" + self._draw(UNKNOWN) + ", ".join(filter(None, members)) + "}"

    def _details(self, customer: Any) -> str:
        wrong = ['"x"', "7"] if self._is_odd else []
        shape = self._draw(st.sampled_from(["", "null", "[]", "rows", "rows", *wrong]))
        if shape in wrong:
            self.misfits["Details"] += 1
        if shape == "rows":
            shape = f"[{', '.join(self._line(customer) for _ in range(self._draw(st.integers(1, 3))))}]"
        return shape and f'"Details": {shape}'

    def _line(self, customer: Any) -> str:
        row = dict.fromkeys(LINES.schema.names) | {"CustomerID": customer}
        self.rows["Details"].append(row)
        if self._draw(st.booleans()):
            return "null"
        members = [self._member(row, "Qty"), self._member(row, "Due"), self._id(row, "Details.id")]
        return "{" + ", ".join(filter(None, members)) + "}"

    def _member(self, row: dict[str, Any], column: str) -> str:
        wrapper = self._wrapper(row, column)
        return wrapper and f'"{column}": {wrapper}'

    def _within(self, row: dict[str, Any], column: str, inside: str, instead: str) -> str:
        """Draw a value in an object of its own, or something in place of that object."""
        if wrapper := self._wrapper(row, column):
            return inside % wrapper
        other = self._draw(st.sampled_from(["{}", "null", *(['"x"'] if self._is_odd else [])]))
        self.misfits[column] += other == '"x"'
        return instead % other

    def _wrapper(self, row: dict[str, Any], column: str) -> str:
        empty = self._draw(st.sampled_from([None, None, "", "{}", "null"]))
        if empty is not None:
            return empty
        value = self._value(row, column)
        shape = self._draw(SHAPES) if self._is_odd else '{"value": %s}'
        return (shape if shape != "%s" or value.json[0] not in "[{" else '{"value": %s}') % value.json

    def _id(self, row: dict[str, Any], column: str) -> str:
        return f'"id": {self._value(row, column).json}'

    def _value(self, row: dict[str, Any], column: str) -> Value:
        value = self._draw(self._values[SAME_KIND.get(column, column)])
        row[column] = value.cell(column)
        self.misfits[column] += value.is_misfit(column)
        return value


@st.composite
def odd_pages(draw: st.DrawFn) -> PageMaker:
    """Draw a page with anything anywhere."""
    return PageMaker(draw, dict.fromkeys(FIELDS, ODD), is_odd=True)


@st.composite
def pages_with_an_odd_column(draw: st.DrawFn) -> PageMaker:
    """Draw a page that is as it should be but for one column: the fast reader takes what it can of that."""
    return PageMaker(draw, CLEAN | {draw(st.sampled_from(FIELDS)): ODD}, is_odd=False)


@st.composite
def clean_pages(draw: st.DrawFn) -> PageMaker:
    """Draw a page as a server of today sends it."""
    return PageMaker(draw, CLEAN, is_odd=False)
