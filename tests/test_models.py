"""Models send what was set and nothing else, and say clearly what they cannot hold."""

from __future__ import annotations

import copy
import datetime as dt
import enum
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from acudata.errors import AcumaticaUnknownNameError, AcumaticaValidationError
from acudata.frames.layout import Layout
from acudata.models import Models, Record, Records
from acudata.models.wrapping import body_of, wrap
from acudata.schema import CustomField, Endpoint, Entity, Structure

CONTACT = Structure("Contact", {"Email": "String"})
LINE = Structure("SalesOrderDetail", {"InventoryID": "String", "OrderQty": "Decimal"})
ORDER = Structure(
    "SalesOrder",
    {
        "OrderNbr": "String",
        "Hold": "Boolean",
        "Total": "Decimal",
        "Date": "DateTime",
        "LineCntr": "Int",
        "NoteID": "Guid",
    },
    {"Contact": "Contact"},
    {"Details": "SalesOrderDetail"},
)
ENTITY = Entity("SalesOrder", ORDER, custom=(CustomField("Document", "UsrRoute", "String"),))
LINE_CUSTOM = (CustomField("Transactions", "UsrZone", "String", "Details"),)
ENDPOINT = Endpoint("Default", "1", {"SalesOrder": ENTITY}, {s.name: s for s in (CONTACT, LINE, ORDER)})


class Catalogue:
    endpoint = ENDPOINT

    def custom_fields(self, structure: str) -> tuple[CustomField, ...]:
        return {"SalesOrder": ENTITY.custom, "SalesOrderDetail": LINE_CUSTOM}.get(structure, ())


MISSING = [
    None,
    float("nan"),
    np.float32("nan"),
    Decimal("NaN"),
    pd.NA,
    pd.NaT,
    np.datetime64("NaT"),
    pa.scalar(None),
]


class Number(enum.Enum):
    FIRST = "000001"


@pytest.fixture(scope="module")
def models() -> Models:
    return Models(Catalogue())  # type: ignore[arg-type]


@pytest.fixture
def order(models: Models) -> Record:
    """Return an order as read from the server."""
    return models.read(
        "SalesOrder",
        {
            "id": "o1",
            "note": {"value": "urgent"},
            "OrderNbr": {"value": "000001"},
            "Total": {"value": Decimal("12.5")},
            "Date": {"value": "2024-01-02T00:00:00+10:00"},
            "Hold": {},
            "Contact": {"id": "c1", "Email": {"value": "a@b.example"}},
            "Details": [{"id": "l1", "OrderQty": {"value": 1}}, {"id": "l2", "OrderQty": {"value": 2}}],
            "custom": {"Document": {"UsrRoute": {"type": "CustomStringField", "value": "north"}}},
        },
    )


def test_only_what_was_set_is_sent(models: Models) -> None:
    order = models.SalesOrder(OrderNbr="1", Hold=None, UsrRoute="north")
    assert order.to_json() == {
        "OrderNbr": {"value": "1"},
        "Hold": {"value": None},
        "custom": {"Document": {"UsrRoute": {"type": "CustomStringField", "value": "north"}}},
    }
    assert models.SalesOrder().to_json() == {}


@pytest.mark.parametrize(
    ("field", "value", "sent"),
    [
        ("Total", Decimal("12.50"), 12.5),
        ("Total", Decimal("12345678901234567.89"), Decimal("12345678901234567.89")),
        ("Total", Decimal("12345678901234567.00"), 12345678901234567),
        ("Total", 5, 5),
        ("Total", np.float64(2.5), 2.5),
        ("Total", np.float32(2.5), 2.5),
        ("Total", np.int64(3), 3),
        ("Total", pa.scalar(Decimal("1.25")), 1.25),
        ("LineCntr", np.int64(7), 7),
        ("LineCntr", np.array(7), 7),
        ("Hold", np.True_, True),
        ("OrderNbr", np.str_("000001"), "000001"),
        ("OrderNbr", Number.FIRST, "000001"),
        ("Date", dt.datetime(2024, 1, 2, 3, 4), "2024-01-02T03:04:00"),
        ("Date", pd.Timestamp("2024-01-02", tz="UTC"), "2024-01-02T00:00:00+00:00"),
        ("Date", pd.Timestamp("2024-01-02T03:04:05.000000007"), "2024-01-02T03:04:05"),
        ("Date", np.datetime64("2024-01-02"), "2024-01-02T00:00:00"),
        ("Date", dt.date(2024, 1, 2), "2024-01-02T00:00:00"),
        ("NoteID", uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
    ],
)
def test_python_values_are_sendable(models: Models, field: str, value: Any, sent: Any) -> None:
    assert models.SalesOrder(**{field: value}).to_json() == {field: {"value": sent}}


@pytest.mark.parametrize("field", ["Total", "OrderNbr", "Date", "Hold", "LineCntr", "NoteID", "UsrRoute"])
@pytest.mark.parametrize("missing", MISSING, ids=repr)
def test_what_pandas_calls_missing_clears_the_field(models: Models, field: str, missing: Any) -> None:
    order = models.SalesOrder()
    order[field] = missing
    assert order.to_json() == models.SalesOrder(**{field: None}).to_json() != {}
    assert wrap({field: missing}) == {field: {"value": None}}


def test_a_read_record_tells_its_values_and_sends_only_changes(order: Record) -> None:
    assert (order.OrderNbr, order["Total"], order.note) == ("000001", Decimal("12.5"), "urgent")
    assert (order.Date, order.Hold, order.UsrRoute) == (dt.datetime(2024, 1, 2), None, "north")
    assert not order.is_changed
    order.Total = 13
    assert order.to_json() == {"id": "o1", "Total": {"value": 13}}


def test_lines_keep_their_id_so_that_they_are_not_doubled(order: Record, models: Models) -> None:
    order.Details[0].OrderQty = 5
    order.Details.append(models.SalesOrderDetail(InventoryID="NEW"))
    assert order.to_json() == {
        "id": "o1",
        "Details": [{"id": "l1", "OrderQty": {"value": 5}}, {"InventoryID": {"value": "NEW"}}],
    }


def test_a_line_is_deleted_by_its_mark(order: Record) -> None:
    order.Details[1].delete = True
    assert order.to_json() == {"id": "o1", "Details": [{"id": "l2", "delete": True}]}


def test_a_change_in_a_linked_entity_is_sent_with_its_id(order: Record) -> None:
    order.Contact.Email = "new@b.example"
    assert order.to_json() == {"id": "o1", "Contact": {"id": "c1", "Email": {"value": "new@b.example"}}}


def test_custom_fields_are_there_exactly_when_the_tenant_has_them(models: Models) -> None:
    assert hasattr(models.SalesOrder, "UsrRoute")
    assert not hasattr(models.SalesOrder, "UsrOther")
    assert not hasattr(models.Contact, "UsrRoute")


def test_rows_have_custom_fields_of_their_own(models: Models) -> None:
    order = models.SalesOrder(Details=[models.SalesOrderDetail(UsrZone="A1")])
    field = {"type": "CustomStringField", "value": "A1"}
    assert order.to_json() == {"Details": [{"custom": {"Transactions": {"UsrZone": field}}}]}
    read = models.read(
        "SalesOrder", {"Details": [{"id": "l1", "custom": {"Transactions": {"UsrZone": field}}}]}
    )
    assert read.Details[0].UsrZone == "A1"


def test_an_absent_custom_field_set_to_none_is_ignored(models: Models) -> None:
    assert models.SalesOrder(OrderNbr="1", UsrOther=None).to_json() == {"OrderNbr": {"value": "1"}}


def test_unknown_names_come_with_the_nearest(models: Models, order: Record) -> None:
    with pytest.raises(AcumaticaUnknownNameError, match="did you mean: OrderNbr"):
        models.SalesOrder(OrderNr="1")
    with pytest.raises(AcumaticaUnknownNameError, match="did you mean: Total"):
        order.Totl = 5
    with pytest.raises(AcumaticaUnknownNameError, match="did you mean: Total"):
        _ = order["Totl"]
    with pytest.raises(AcumaticaUnknownNameError, match="did you mean: Total"):
        _ = order.Totl
    assert not hasattr(order, "UsrOther")
    with pytest.raises(AttributeError, match="did you mean: SalesOrder"):
        _ = models.SalesOder


@pytest.mark.parametrize(
    "values", [{"Total": "much"}, {"Hold": "perhaps"}, {"Date": "soon"}, {"Details": "rows"}]
)
def test_a_wrong_type_names_the_field_and_not_the_value(models: Models, values: dict[str, Any]) -> None:
    with pytest.raises(AcumaticaValidationError) as caught:
        models.SalesOrder(**values)
    assert list(caught.value.field_errors) == list(values)
    assert str(next(iter(values.values()))) not in str(caught.value)


def test_several_wrong_values_come_at_once(models: Models) -> None:
    with pytest.raises(AcumaticaValidationError) as caught:
        models.SalesOrder(Total="much", Hold="perhaps")
    assert set(caught.value.field_errors) == {"Total", "Hold"}


@pytest.mark.parametrize("value", [float("inf"), -np.inf, Decimal("Infinity")])
def test_a_value_that_is_no_number_is_refused(models: Models, value: Any) -> None:
    for attempt in (lambda: models.SalesOrder(Total=value), lambda: wrap({"Total": value})):
        with pytest.raises(AcumaticaValidationError, match="Total"):
            attempt()


def test_rows_may_be_mappings_and_are_checked_as_models_are(models: Models) -> None:
    order = models.SalesOrder(
        Details=[{"InventoryID": "PUMP", "OrderQty": np.int64(5)}], Contact={"Email": "a"}
    )
    assert order.Details[0].OrderQty == 5
    assert order.to_json() == {
        "Details": [{"InventoryID": {"value": "PUMP"}, "OrderQty": {"value": 5}}],
        "Contact": {"Email": {"value": "a"}},
    }
    with pytest.raises(AcumaticaUnknownNameError, match="did you mean: OrderQty"):
        models.SalesOrder(Details=[{"OrderQtty": 5}])


def test_a_model_in_the_wrong_place_is_refused(models: Models, order: Record) -> None:
    with pytest.raises(
        AcumaticaValidationError, match="Details takes SalesOrderDetail, not Contact"
    ) as caught:
        models.SalesOrder(Details=[models.Contact(Email="a")])
    assert list(caught.value.field_errors) == ["Details"]
    with pytest.raises(AcumaticaValidationError, match="Contact takes Contact, not SalesOrder"):
        order.Contact = models.SalesOrder()


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy])
def test_a_copy_remembers_its_own_changes(order: Record, duplicate: Callable[[Record], Record]) -> None:
    order.Hold = True
    other = duplicate(order)
    assert other == order
    other.Total = 13
    assert other.to_json() == {"id": "o1", "Hold": {"value": True}, "Total": {"value": 13}}
    assert order.to_json() == {"id": "o1", "Hold": {"value": True}}


@pytest.mark.parametrize("thing", [[{"OrderNbr": "1"}], "1", None])
def test_what_is_neither_model_nor_mapping_is_no_record(thing: Any) -> None:
    with pytest.raises(AcumaticaValidationError, match="is no record"):
        body_of(thing)


def test_a_field_set_on_a_list_of_records_is_not_lost_without_a_word(order: Record) -> None:
    records = Records([order], Layout(()))
    with pytest.raises(AttributeError):
        records.Hold = True  # type: ignore[attr-defined]


def test_models_are_made_once_and_shown_by_dir(models: Models) -> None:
    assert models.SalesOrder is models["SalesOrder"]
    assert dir(models) == list(models) == ["Contact", "SalesOrder", "SalesOrderDetail"]
    assert "Contact" in models
    assert "Contracts" not in models
    assert repr(models.SalesOrder(OrderNbr="1")) == "SalesOrder(OrderNbr='1')"


def test_plain_mappings_are_wrapped_all_the_way_down() -> None:
    assert wrap(
        {
            "id": "o1",
            "OrderNbr": "1",
            "LineCntr": np.int64(7),
            "Hold": {"value": False},
            "Empty": {},
            "Contact": {"Email": "a"},
            "Details": [{"id": "l1", "OrderQty": Decimal("1.0")}, {"delete": True, "id": "l2"}],
        }
    ) == {
        "id": "o1",
        "OrderNbr": {"value": "1"},
        "LineCntr": {"value": 7},
        "Hold": {"value": False},
        "Empty": {},
        "Contact": {"Email": {"value": "a"}},
        "Details": [{"id": "l1", "OrderQty": {"value": 1}}, {"delete": True, "id": "l2"}],
    }
