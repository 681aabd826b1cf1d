"""What the server cannot filter by is applied to the rows read: the same rows by every way of reading, said once."""

from __future__ import annotations

import math
import subprocess
import sys
import warnings
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from acudata import AcumaticaClient, AcumaticaValidationError, F, LocalFilterWarning
from acudata.odata import Expression
from acudata.sandbox import Sandbox
from tests.plain import cells

quietly = pytest.mark.filterwarnings("ignore::acudata.filters.LocalFilterWarning")
Frame = pd.DataFrame
Choose = Callable[[Frame], "pd.Series[Any]"]


@pytest.fixture(scope="module")
def customers(client: AcumaticaClient) -> Frame:
    return client.customers.to_frame(expand="MainContact/Address")


@pytest.fixture(scope="module")
def orders(client: AcumaticaClient) -> Frame:
    return client.sales_orders.to_frame()


@pytest.fixture(scope="module")
def lines(client: AcumaticaClient) -> Frame:
    return client.sales_orders.to_frame(
        expand="Details", select="OrderType,OrderNbr,OrderTotal,Date,Details/InventoryID,Details/OrderQty"
    )


def ids(frame: Frame) -> list[Any]:
    return cells(frame["id"])


CUSTOMERS: list[tuple[Expression, Choose]] = [
    (F.CustomerName.tolower().startswith("a"), lambda c: c["CustomerName"].str.lower().str.startswith("a")),
    (~F.CustomerName.contains("INC"), lambda c: ~c["CustomerName"].str.contains("inc", case=False)),
    (F.CustomerName.length() > 20, lambda c: c["CustomerName"].str.len() > 20),
    (F.CreatedDateTime.year() == 2023, lambda c: c["CreatedDateTime"].dt.year == 2023),
    (F.CreditLimit / 1000 > 25, lambda c: c["CreditLimit"] > 25000),
    (F.MainContact.Email.toupper().contains("DELI"), lambda c: c["MainContact.Email"].str.contains("deli")),
    (
        F.MainContact.Address.City.trim().length() == 7,
        lambda c: c["MainContact.Address.City"].str.len() == 7,
    ),
    (F.UsrLoyaltyTier.tolower() == "gold", lambda c: c["UsrLoyaltyTier"].eq("Gold").fillna(value=False)),
    (F.UsrRebatePct * 2 >= 5, lambda c: (c["UsrRebatePct"] >= 2.5).fillna(value=False)),
    (
        (F.Status == "Active") & (F.UsrLastVisit.month() == 8),
        lambda c: (c["Status"] == "Active") & (c["UsrLastVisit"].dt.month == 8),
    ),
    (
        (F.CustomerName.tolower().startswith("a")) | (F.Status == "On Hold"),
        lambda c: c["CustomerName"].str.lower().str.startswith("a") | (c["Status"] == "On Hold"),
    ),
]


@quietly
@pytest.mark.parametrize(("expression", "choose"), CUSTOMERS, ids=[str(e) for e, _ in CUSTOMERS])
def test_the_same_rows_as_choosing_them_from_everything(
    client: AcumaticaClient, customers: Frame, expression: Expression, choose: Choose
) -> None:
    expected = customers[choose(customers)]
    found = client.customers.to_frame(expression, select="CustomerID,Status", page_size=77)
    assert list(found) == ["CustomerID", "Status", "id"]
    assert ids(found) == ids(expected)
    assert 0 < len(found) < len(customers)


@quietly
def test_nothing_else_changes_in_the_frame(client: AcumaticaClient, customers: Frame) -> None:
    plain = client.customers.to_frame()
    found = client.customers.to_frame(F.MainContact.Email.tolower().startswith("a"))
    assert list(found) == list(plain)
    chosen = plain[customers["MainContact.Email"].str.lower().str.startswith("a")].reset_index(drop=True)
    pd.testing.assert_frame_equal(found, chosen)
    none = client.customers.to_frame(F.CustomerName.tolower() == "nobody at all")
    assert len(none) == 0
    pd.testing.assert_series_equal(none.dtypes, plain.dtypes)


@quietly
def test_a_frame_tells_both_parts_of_its_filter(client: AcumaticaClient) -> None:
    attrs = client.customers.to_frame((F.Status == "Active") & (F.CustomerName.length() > 20)).attrs
    assert attrs["filter"] == "Status eq 'Active'"
    assert attrs["local_filter"] == "length(CustomerName) gt 20"


LATE = (F.OrderTotal > 100) & (F.Date.month() == 11)


@quietly
def test_every_way_of_reading_gives_the_same_records(
    client: AcumaticaClient, orders: Frame, tmp_path: Path
) -> None:
    expected = orders[(orders["OrderTotal"] > 100) & (orders["Date"].dt.month == 11)].reset_index(drop=True)
    service, path = client.sales_orders, tmp_path / "orders.parquet"
    assert len(expected) > 20
    pd.testing.assert_frame_equal(service.to_frame(LATE), expected)
    pages = [page for page in service.iter_frames(LATE, page_size=500) if len(page)]
    pd.testing.assert_frame_equal(pd.concat(pages, ignore_index=True), expected)
    assert service.to_arrow(LATE)["id"].to_pylist() == ids(expected)
    assert service.to_parquet(path, filter=LATE).rows == len(expected)
    assert pq.read_table(path)["id"].to_pylist() == ids(expected)
    assert service.to_frames(LATE, expand=[])["SalesOrder"]["id"].tolist() == ids(expected)
    assert [record.id for record in service.get_list(LATE, page_size=500)] == ids(expected)
    assert service.count(LATE) == len(expected)
    first = service.first(LATE)
    assert first is not None
    assert first.id == ids(expected)[0]


@quietly
@pytest.mark.parametrize(("top", "page_size"), [(1, 50), (7, 50), (30, 40), (30, 1000), (10_000, 500)])
def test_top_counts_what_is_left_and_reads_no_page_more(
    client: AcumaticaClient, orders: Frame, top: int, page_size: int
) -> None:
    positions = [at for at, month in enumerate(orders["Date"].dt.month) if month == 11][:top]
    read = positions[-1] + 1 if len(positions) == top else len(orders)
    november = F.Date.month() == 11
    found = client.sales_orders.to_frame(november, top=top, page_size=page_size)
    assert ids(found) == ids(orders.iloc[positions])
    asked_in_the_end = 2 if len(positions) < top else 0  # what changed, and whether there is more
    assert found.attrs["pages"] == math.ceil(read / page_size) + asked_in_the_end
    records = client.sales_orders.get_list(november, top=top, page_size=page_size)
    assert [record.id for record in records] == ids(found)


@quietly
def test_skip_passes_over_what_is_left(client: AcumaticaClient) -> None:
    november = F.Date.month() == 11
    everything = client.sales_orders.get_list(november)
    for skip, top in [(5, 3), (5, None), (len(everything), 3), (60, 60)]:
        found = client.sales_orders.get_list(november, skip=skip, top=top, page_size=100)
        wanted = everything[skip:] if top is None else everything[skip : skip + top]
        assert [record.id for record in found] == [record.id for record in wanted]


@quietly
def test_top_zero_asks_nothing(client: AcumaticaClient) -> None:
    frame = client.sales_orders.to_frame(F.Date.month() == 11, top=0)
    assert (len(frame), frame.attrs["pages"]) == (0, 0)
    assert client.sales_orders.get_list(F.Date.month() == 11, top=0) == []


@quietly
def test_a_condition_on_lines_chooses_lines(client: AcumaticaClient, lines: Frame) -> None:
    big = (F.Details.OrderQty * 2 > 30) & (F.OrderTotal > 2000)
    expected = lines[(lines["OrderQty"] > 15) & (lines["OrderTotal"] > 2000)]
    found = client.sales_orders.to_frame(big, expand="Details", select="Details/InventoryID")
    assert cells(found["Details.id"]) == cells(expected["Details.id"])
    assert 0 < len(expected) < len(lines)
    assert found.attrs["filter"] == "OrderTotal gt 2000"
    assert list(found) == ["OrderType", "OrderNbr", "InventoryID", "id", "Details.id"]


@quietly
def test_a_condition_on_lines_and_top_count_orders(client: AcumaticaClient, lines: Frame) -> None:
    expected = lines[lines["OrderQty"] > 15]
    first = expected["id"].unique()[:5]
    found = client.sales_orders.to_frame(F.Details.OrderQty > 15, expand="Details", top=5, page_size=100)
    assert cells(found["Details.id"]) == cells(expected.loc[expected["id"].isin(first), "Details.id"])


@quietly
def test_frames_of_one_question_belong_together(client: AcumaticaClient) -> None:
    november = F.Date.month() == 11
    whole = client.sales_orders.to_frames(expand=["Details", "Shipments"])
    wanted = whole["SalesOrder"].loc[whole["SalesOrder"]["Date"].dt.month == 11, "id"][:40]
    found = client.sales_orders.to_frames(november, expand=["Details", "Shipments"], top=40, page_size=150)
    for name, frame in found.items():
        expected = whole[name][whole[name]["id"].isin(wanted)].reset_index(drop=True)
        pd.testing.assert_frame_equal(frame, expected)
        assert frame.attrs["local_filter"] == "month(Date) eq 11"
        assert len(frame) > 0


@quietly
def test_frames_of_a_condition_on_lines_hold_those_lines_and_their_orders(client: AcumaticaClient) -> None:
    whole = client.sales_orders.to_frames(expand=["Details", "Shipments"])
    found = client.sales_orders.to_frames(F.Details.OrderQty > 15, expand=["Details", "Shipments"])
    lines = whole["Details"][whole["Details"]["OrderQty"] > 15]
    assert cells(found["Details"]["Details.id"]) == cells(lines["Details.id"])
    assert ids(found["SalesOrder"]) == list(dict.fromkeys(lines["id"]))
    shipped = whole["Shipments"][whole["Shipments"]["id"].isin(lines["id"])]
    assert ids(found["Shipments"]) == ids(shipped)
    records = client.sales_orders.get_list(F.Details.OrderQty > 15, expand="Details")
    assert [record.id for record in records] == ids(found["SalesOrder"])


@quietly
def test_custom_fields_of_lines(client: AcumaticaClient) -> None:
    everything = client.sales_orders.to_frame(expand="Details", custom="all")
    zone = everything["UsrPickZone"].dropna().iloc[0]
    wanted = everything.loc[everything["UsrPickZone"].eq(zone).fillna(value=False), "Details.id"]
    for field in (F.Details.UsrPickZone, F.cf("String", "Transactions", "UsrPickZone").trim()):
        found = client.sales_orders.to_frame(field == zone, expand="Details", select="Details/InventoryID")
        assert cells(found["Details.id"]) == cells(wanted)
        assert "UsrPickZone" not in found


def test_the_note_is_shown_once_for_a_place_and_points_there(client: AcumaticaClient) -> None:
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("default")
        for _ in range(3):
            client.customers.to_frame(F.CustomerName.length() > 30, top=1)
        list(client.customers.iter_frames(F.CustomerName.length() > 30, top=1))
        client.customers.get_list(F.CustomerName.length() > 30, top=1)
    notes = [note for note in shown if note.category is LocalFilterWarning]
    assert {note.filename for note in notes} == {__file__}
    assert len(notes) == 3
    assert "length(CustomerName) gt 30" in str(notes[0].message)
    assert "strict=True" in str(notes[0].message)


def test_what_the_server_does_whole_says_nothing(client: AcumaticaClient) -> None:
    assert len(client.customers.to_frame((F.Status == "Active") & F.CustomerName.contains("inc"))) > 0


STRICT: list[Callable[[Any, Path], Any]] = [
    lambda service, _: service.to_frame(LATE, strict=True),
    lambda service, _: service.to_frames(LATE, expand="Details", strict=True),
    lambda service, _: list(service.iter_frames(LATE, strict=True)),
    lambda service, _: service.to_arrow(LATE, strict=True),
    lambda service, path: service.to_parquet(path / "x.parquet", filter=LATE, strict=True),
    lambda service, _: service.get_list(LATE, strict=True),
    lambda service, _: service.first(LATE, strict=True),
    lambda service, _: service.count(LATE, strict=True),
    lambda service, _: service.put_entity({"OrderType": "SO"}, filter=LATE),
]


@pytest.mark.parametrize("read", STRICT)
def test_strict_reading_and_all_writing_raise_instead(
    client: AcumaticaClient, box: Sandbox, read: Callable[[Any, Path], Any], tmp_path: Path
) -> None:
    with pytest.raises(AcumaticaValidationError, match=r"cannot filter by month\(Date\) eq 11") as caught:
        read(client.sales_orders, tmp_path)
    assert caught.value.context["part"] == "month(Date) eq 11"
    assert any("between" in suggestion for suggestion in caught.value.suggestions)
    assert list(tmp_path.iterdir()) == []


def test_strict_reading_of_what_the_server_does_just_reads(client: AcumaticaClient) -> None:
    frame = client.sales_orders.to_frame(F.OrderTotal > 100, strict=True, top=3)
    assert frame.attrs["local_filter"] is None
    assert len(frame) == 3


@quietly
def test_exact_money_is_compared_exactly(client: AcumaticaClient) -> None:
    exact = client.invoices.to_frame(decimals="exact")
    total = next(Decimal(amount) for amount in exact["Amount"] if Decimal(amount) % 1)
    found = client.invoices.to_frame(F.Amount * 3 == total * 3, decimals="exact")
    assert set(cells(found["Amount"])) == {total}


def test_reading_without_a_local_part_loads_no_mask(box: Sandbox) -> None:
    code = (
        "import sys; from acudata import AcumaticaClient, F\n"
        f"with AcumaticaClient({box.url!r}, {box.username!r}, {box.password!r}, {box.tenant!r}) as client:\n"
        "    client.customers.to_frame(F.Status == 'Active', top=1)\n"
        "print('acudata.odata.mask' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
