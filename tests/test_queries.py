"""What is asked is checked against the schema, and says what to send and which columns to expect."""

from __future__ import annotations

from typing import Any

import pytest

from acudata.errors import AcumaticaUnknownNameError, AcumaticaValidationError
from acudata.odata import F
from acudata.queries import Query, make_query
from acudata.questions import Question
from acudata.schema import CustomField, Endpoint, Entity, Structure

CONTACT = Structure("Contact", {"Email": "String", "Phone": "String"}, {"Address": "Address"})
ADDRESS = Structure("Address", {"City": "String"})
LINE = Structure(
    "SalesOrderDetail", {"InventoryID": "String", "OrderNbr": "String"}, {}, {"Allocations": "Split"}
)
SPLIT = Structure("Split", {"Qty": "Decimal"})
TAX = Structure("Tax", {"TaxID": "String"})
ORDER = Structure(
    "SalesOrder",
    {
        "CustomerID": "String",
        "Date": "DateTime",
        "OrderNbr": "String",
        "OrderType": "String",
        "Total": "Decimal",
    },
    {"Contact": "Contact"},
    {"Details": "SalesOrderDetail", "TaxDetails": "Tax"},
)
CUSTOM = (
    CustomField("Document", "UsrRoute", "String"),
    CustomField("Document", "AttributeREGION", "String"),
    CustomField("Document", "CuryDocBal", "Decimal"),
    CustomField("Other", "UsrRoute", "Int"),
    CustomField("Transactions", "UsrLot", "Int", "Details"),
    CustomField("Contact", "UsrVip", "Boolean", "Contact"),
)
ENTITY = Entity("SalesOrder", ORDER, custom=CUSTOM)
ENDPOINT = Endpoint(
    "Default", "1", {"SalesOrder": ENTITY}, {s.name: s for s in (CONTACT, ADDRESS, LINE, SPLIT, TAX, ORDER)}
)
OWN = ["UsrRoute", "AttributeREGION", "Other.UsrRoute"]
OWN_ADDRESSES = "Document.UsrRoute,Document.AttributeREGION,Other.UsrRoute"


def ask(**question: Any) -> Query:
    return make_query(ENDPOINT, ENTITY, Question(**question))


def columns(query: Query, table: str = "SalesOrder") -> list[str]:
    return [column.name for column in query.tables[table].columns]


def test_by_default_keys_come_first_custom_fields_and_the_id_last() -> None:
    query = ask()
    assert columns(query) == ["OrderType", "OrderNbr", "CustomerID", "Date", "Total", *OWN, "id"]
    assert query.params == {"$custom": OWN_ADDRESSES}
    assert query.only_table() == "SalesOrder"


@pytest.mark.parametrize(
    ("question", "expected_columns", "params"),
    [
        ({"select": "Total,CustomerID"}, ["Total", "CustomerID", "id"], {"$select": "Total,CustomerID"}),
        ({"select": ["Total", "Total"]}, ["Total", "id"], {"$select": "Total"}),
        ({"select": ["id", "Total"]}, ["Total", "id"], {"$select": "Total"}),
        ({"select": "id"}, ["id"], {"$select": "OrderType,OrderNbr"}),
        (
            {"select": "Total,UsrRoute"},
            ["Total", "UsrRoute", "id"],
            {"$select": "Total", "$custom": "Document.UsrRoute"},
        ),
        (
            {"select": "Total", "custom": ["Other.UsrRoute"]},
            ["Total", "UsrRoute", "id"],
            {"$select": "Total", "$custom": "Other.UsrRoute"},
        ),
        (
            {"select": "Total,Contact/Address/City"},
            ["Total", "Contact.Address.City", "id"],
            {"$select": "Total,Contact/Address/City", "$expand": "Contact,Contact/Address"},
        ),
        (
            {"select": "Total", "expand": "Contact"},
            ["Total", "id"],
            {"$select": "Total,Contact", "$expand": "Contact"},
        ),
        (
            {"select": [F.Total, F.Contact.Email]},
            ["Total", "Contact.Email", "id"],
            {"$select": "Total,Contact/Email", "$expand": "Contact"},
        ),
    ],
)
def test_select_gives_just_those_columns_in_that_order(
    question: dict[str, Any], expected_columns: list[str], params: dict[str, str]
) -> None:
    query = ask(**question)
    assert columns(query) == expected_columns
    assert query.params == params


def test_linked_entities_become_prefixed_columns() -> None:
    query = ask(expand="Contact/Address", custom=None)
    assert columns(query)[5:] == ["Contact.Email", "Contact.Phone", "Contact.Address.City", "id"]
    assert query.params == {"$expand": "Contact,Contact/Address"}


def test_a_detail_array_gives_a_table_of_lines_with_the_keys_of_its_document() -> None:
    query = ask(expand="Details", custom=None)
    assert query.only_table() == "Details"
    assert columns(query, "Details") == [
        "OrderType", "OrderNbr", "InventoryID", "Details.OrderNbr", "id", "Details.id",
    ]  # fmt: skip
    assert query.params == {"$expand": "Details"}


def test_rows_of_rows() -> None:
    query = ask(expand=["Details/Allocations"], custom=None)
    assert query.only_table() == "Details/Allocations"
    assert columns(query, "Details/Allocations") == [
        "OrderType", "OrderNbr", "InventoryID", "Details.OrderNbr", "Qty", "id", "Details.id", "Allocations.id",
    ]  # fmt: skip
    assert query.params == {"$expand": "Details,Details/Allocations"}


def test_lines_with_chosen_columns_of_document_and_line() -> None:
    query = ask(select="Date,Details/InventoryID,Details/UsrLot")
    assert columns(query, "Details") == [
        "OrderType", "OrderNbr", "Date", "InventoryID", "UsrLot", "id", "Details.id",
    ]  # fmt: skip
    assert query.params == {
        "$select": "OrderType,OrderNbr,Date,Details/InventoryID",
        "$expand": "Details",
        "$custom": "Details/Transactions.UsrLot",
    }


@pytest.mark.parametrize("question", [{"select": "Total,UsrRoute"}, {"custom": ["UsrRoute"]}])
def test_a_custom_field_that_was_asked_for_goes_along_with_the_lines(question: dict[str, Any]) -> None:
    query = ask(**question, expand="Details")
    assert "UsrRoute" in columns(query, "Details")
    assert "UsrRoute" not in columns(ask(expand="Details"), "Details")


@pytest.mark.parametrize("name", ["Contact/Email", "Details/InventoryID", "Total"])
def test_a_field_of_the_contract_goes_before_a_custom_field_of_its_name(name: str) -> None:
    *member, field = name.split("/")
    entity = ENTITY.with_custom((CustomField("View", field, "Int", "/".join(member)),))
    query = make_query(ENDPOINT, entity, Question(select=name))
    assert "$custom" not in query.params
    assert name in query.params["$select"]


@pytest.mark.parametrize(
    "question",
    [{"select": "OrderNbr,Details/UsrLot"}, {"custom": ["UsrLot"], "select": "OrderNbr"}],
)
def test_a_custom_field_of_lines_brings_its_lines(question: dict[str, Any]) -> None:
    query = ask(**question)
    assert query.params["$expand"] == "Details"
    assert query.only_table() == "Details"
    assert columns(query, "Details") == ["OrderType", "OrderNbr", "UsrLot", "id", "Details.id"]


def test_linked_entities_of_the_document_go_along_with_the_lines() -> None:
    query = ask(expand="Details,Contact", custom=None)
    assert columns(query, "Details")[:4] == ["OrderType", "OrderNbr", "Contact.Email", "Contact.Phone"]


def test_custom_fields_of_lines_and_links_come_when_those_are_expanded() -> None:
    query = ask(expand="Details,Contact")
    assert query.params["$custom"] == f"{OWN_ADDRESSES},Details/Transactions.UsrLot,Contact/Contact.UsrVip"
    assert "UsrLot" in columns(query, "Details")
    assert columns(query)[-2:] == ["Contact.UsrVip", "id"]


@pytest.mark.parametrize(
    ("custom", "sent"),
    [
        (None, None),
        (False, None),
        ([], None),
        ("CuryDocBal", "Document.CuryDocBal"),
        (["Document.CuryDocBal", "UsrRoute"], "Document.CuryDocBal,Document.UsrRoute"),
        ("all", "Document.UsrRoute,Document.AttributeREGION,Document.CuryDocBal,Other.UsrRoute"),
        (True, "Document.UsrRoute,Document.AttributeREGION,Document.CuryDocBal,Other.UsrRoute"),
    ],
)
def test_custom_fields_can_be_chosen(custom: Any, sent: str | None) -> None:
    assert ask(custom=custom).params.get("$custom") == sent


@pytest.mark.parametrize(
    ("filter", "sent"),
    [
        ("Total gt 5 and Contact/Email eq 'Totl'", "Total gt 5 and Contact/Email eq 'Totl'"),
        (F.Total > 5, "Total gt 5"),
        (F.Date >= "2024-01-01", "Date ge datetimeoffset'2024-01-01'"),
        (F.OrderNbr == 7, "OrderNbr eq '7'"),
        (F.Contact.Email == "a", "Contact/Email eq 'a'"),
        (F.UsrRoute == "north", "cf.String(f='Document.UsrRoute') eq 'north'"),
        ("cf.String(f='Document.UsrRoute') eq 'north'", "cf.String(f='Document.UsrRoute') eq 'north'"),
    ],
)
def test_filters_are_rendered_for_the_kinds_of_their_fields(filter: Any, sent: str) -> None:  # noqa: A002
    assert ask(filter=filter).filter == sent


@pytest.mark.parametrize(
    ("filter", "message"),
    [(F.Total, r"F\.Total == True"), (True, "neither"), ("", "leave it out")],
)
def test_what_is_no_filter_is_refused(filter: Any, message: str) -> None:  # noqa: A002
    with pytest.raises((TypeError, ValueError), match=message):
        ask(filter=filter)


@pytest.mark.parametrize(
    ("question", "message", "near"),
    [
        ({"select": "Totl"}, "SalesOrder has no field or member 'Totl'", "Total"),
        ({"select": "Contact/Emai"}, "SalesOrder/Contact has no field or member 'Emai'", "Email"),
        ({"expand": "Detials"}, "'Detials'", "Details"),
        ({"filter": "Totl gt 5"}, "'Totl'", "Total"),
        ({"filter": F.Totl > 5}, "'Totl'", "Total"),
        ({"filter": F.UsrRout == "x"}, "'UsrRout'", "UsrRoute"),
        ({"custom": "UsrRout"}, "SalesOrder has no custom field 'UsrRout'", "UsrRoute"),
    ],
)
def test_a_wrong_name_is_refused_with_the_nearest(
    question: dict[str, Any], message: str, near: str | None
) -> None:
    with pytest.raises(AcumaticaUnknownNameError, match=message) as caught:
        ask(**question)
    assert near in caught.value.suggestions


@pytest.mark.parametrize(
    ("question", "advice"),
    [
        ({"filter": "Details/InventoryID eq 'x'"}, "expand='Details'"),
        ({"filter": F.Details.InventoryID == "x"}, "expand='Details'"),
        ({"filter": F.Contact == "x"}, "Contact/Email"),
        ({"expand": "Total"}, "select='Total'"),
    ],
)
def test_what_the_server_cannot_do_says_what_to_do(question: dict[str, Any], advice: str) -> None:
    with pytest.raises(AcumaticaValidationError) as caught:
        ask(**question)
    assert advice in str(caught.value)


def test_rows_of_two_arrays_do_not_fit_one_frame() -> None:
    query = ask(expand="Details,TaxDetails")
    assert list(query.tables) == ["SalesOrder", "Details", "TaxDetails"]
    with pytest.raises(AcumaticaValidationError, match="to_frames"):
        query.only_table()


LOCAL: list[tuple[dict[str, Any], str | None, str, dict[str, str]]] = [
    ({"filter": F.OrderNbr.tolower() == "a"}, None, "tolower(OrderNbr) eq 'a'", {}),
    (
        {"filter": (F.Total > 5) & (F.Date.year() == 2024), "select": "CustomerID"},
        "Total gt 5",
        "year(Date) eq 2024",
        {"$select": "CustomerID,Date"},
    ),
    (
        {"filter": F.Date.year() == 2024, "select": "Date,Total"},
        None,
        "year(Date) eq 2024",
        {"$select": "Date,Total"},
    ),
    (
        {"filter": F.Contact.Address.City.trim() == "Ulm"},
        None,
        "trim(Contact/Address/City) eq 'Ulm'",
        {"$expand": "Contact,Contact/Address"},
    ),
    (
        {"filter": F.Contact.Email.trim() == "a", "select": "Total,Contact/Phone"},
        None,
        "trim(Contact/Email) eq 'a'",
        {"$select": "Total,Contact/Phone,Contact/Email", "$expand": "Contact"},
    ),
    (
        {"filter": F.Contact.Email.trim() == "a", "select": "Total", "expand": "Contact"},
        None,
        "trim(Contact/Email) eq 'a'",
        {"$select": "Total,Contact", "$expand": "Contact"},
    ),
    (
        {"filter": F.UsrRoute.trim() == "a", "select": "Total"},
        None,
        "trim(cf.String(f='Document.UsrRoute')) eq 'a'",
        {"$select": "Total", "$custom": "Document.UsrRoute"},
    ),
    (
        {"filter": F.CuryDocBal * 2 > 5},
        None,
        "cf.Decimal(f='Document.CuryDocBal') mul 2 gt 5",
        {"$custom": "Document.CuryDocBal"},
    ),
    (
        {"filter": F.Contact.UsrVip == True, "select": "Total"},  # noqa: E712 - how a filter says it
        None,
        "Contact/UsrVip eq true",
        {"$select": "Total,Contact", "$expand": "Contact", "$custom": "Contact/Contact.UsrVip"},
    ),
    (
        {"filter": (F.Details.InventoryID == 7) & (F.Total > "5"), "expand": "Details"},
        "Total gt 5",
        "Details/InventoryID eq '7'",
        {"$expand": "Details"},
    ),
    (
        {"filter": F.Details.UsrLot == "7", "select": "Date,Details/InventoryID"},
        None,
        "Details/UsrLot eq 7",
        {
            "$select": "OrderType,OrderNbr,Date,Details/InventoryID",
            "$expand": "Details",
            "$custom": "Details/Transactions.UsrLot",
        },
    ),
    (
        {"filter": F.cf("Int", "Transactions", "UsrLot") / 2 > 1, "expand": "Details"},
        None,
        "cf.Int(f='Transactions.UsrLot') div 2 gt 1",
        {"$expand": "Details", "$custom": "Details/Transactions.UsrLot"},
    ),
    (
        {"filter": F.Details.Allocations.Qty > F.Total, "expand": "Details/Allocations"},
        None,
        "Details/Allocations/Qty gt Total",
        {"$expand": "Details,Details/Allocations"},
    ),
]


@pytest.mark.parametrize(
    ("question", "server", "local", "params"), LOCAL, ids=[local for _, _, local, _ in LOCAL]
)
def test_what_the_server_cannot_filter_by_stays_here_with_all_that_it_needs(
    question: dict[str, Any], server: str | None, local: str, params: dict[str, str]
) -> None:
    query = ask(**{"custom": None, **question})
    assert (query.filter, str(query.remainder)) == (server, local)
    assert {name: text for name, text in query.params.items() if name != "$filter"} == params


@pytest.mark.parametrize("question", [question for question, *_ in LOCAL])
def test_what_a_filter_needs_is_no_column_of_the_frame(question: dict[str, Any]) -> None:
    rest = {name: given for name, given in question.items() if name != "filter"}
    assert ask(**question).tables == ask(**rest).tables


@pytest.mark.parametrize("question", [question for question, *_ in LOCAL])
def test_strict_refuses_what_the_server_cannot_do(question: dict[str, Any]) -> None:
    with pytest.raises(AcumaticaValidationError, match="cannot filter by"):
        ask(**question, strict=True)


@pytest.mark.parametrize(
    ("filter", "message"),
    [
        (F.Date.year() == "soon", "year(Date) is of kind Int"),
        (F.Total.tolower() == "x", "tolower() needs text"),
        (F.Contact.trim() == "x", "Contact is a linked entity"),
        (F.Details.InventoryID == F.TaxDetails.TaxID, "rows of two detail arrays"),
        (F.Date.month == 3, "F.Date.year() == 2024"),  # type: ignore[comparison-overlap]
    ],
)
def test_a_filter_that_is_done_here_is_checked_before_any_request(filter: Any, message: str) -> None:  # noqa: A002
    with pytest.raises((AcumaticaValidationError, TypeError)) as caught:
        ask(filter=filter, expand="Details,TaxDetails")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("filter", "suggestions"),
    [
        ("UsrRoute eq 'N'", ["F.UsrRoute == …", "\"cf.String(f='Document.UsrRoute') eq …\""]),
        ("Details/UsrLot eq 7", ["F.Details.UsrLot == …"]),
    ],
)
def test_the_plain_name_of_a_custom_field_in_text_is_refused_with_the_right_one(
    filter: str,  # noqa: A002
    suggestions: list[str],
) -> None:
    with pytest.raises(AcumaticaUnknownNameError, match="is a custom field") as caught:
        ask(filter=filter)
    assert caught.value.suggestions == suggestions
