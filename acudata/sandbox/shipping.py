"""A shipment made out of a sales order, as the action SalesOrderCreateShipment makes it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal

from acudata.sandbox.envelopes import server_error
from acudata.sandbox.numbering import next_number
from acudata.sandbox.records import Record, Scalar
from acudata.sandbox.store import Store
from acudata.sandbox.values import number

NOTHING_OPEN = "Order {type} {number} does not contain any items planned for shipment."


def create_shipment(store: Store, order: Record, parameters: Mapping[str, Scalar]) -> None:
    """Ship what is open on an order, and list the shipment on the order.

    Args:
        store: the tables of the tenant, locked by the caller.
        order: the order, which the caller keeps if nothing is raised.
        parameters: ShipmentDate and WarehouseID, each of which may be missing.
    """
    warehouse = parameters.get("WarehouseID")
    lines = [line for line in order.details.get("Details", ()) if _open(line) and _is_in(line, warehouse)]
    if not lines:
        kind, key = order.values.get("OrderType"), order.values.get("OrderNbr")
        raise server_error(NOTHING_OPEN.format(type=kind, number=key))
    table = store.table("Shipment")
    shipment = _shipment(order, lines, parameters)
    shipment.values = {**table.entity.structure.rules.defaults, **shipment.values}
    if table.entity.numbering:
        shipment.values["ShipmentNbr"] = next_number(table, shipment, table.entity.numbering)
    table.insert(shipment)
    order.details.setdefault("Shipments", []).append(_reference(shipment))
    for line in lines:
        line.values |= {"QtyOnShipments": line.values.get("OrderQty"), "OpenQty": 0}


def _shipment(order: Record, lines: Sequence[Record], parameters: Mapping[str, Scalar]) -> Record:
    quantity = number(sum((_open(line) for line in lines), Decimal(0)))
    date = parameters.get("ShipmentDate") or order.values.get("RequestedOn") or order.values.get("Date")
    shipment = _new(
        Type="Shipment",
        Status="Open",
        Hold=False,
        CustomerID=order.values.get("CustomerID"),
        LocationID=order.values.get("LocationID"),
        WarehouseID=parameters.get("WarehouseID") or lines[0].values.get("WarehouseID"),
        ShipmentDate=date,
        ShippedQty=quantity,
        ControlQty=quantity,
    )
    shipment.details["Details"] = [_line(order, line, position) for position, line in enumerate(lines, 1)]
    reference = {name: order.values.get(name) for name in ("OrderType", "OrderNbr")}
    shipment.details["Orders"] = [_new(**reference, ShipmentType="Shipment", ShippedQty=quantity)]
    return shipment


def _line(order: Record, line: Record, position: int) -> Record:
    copied = {name: line.values.get(name) for name in ("InventoryID", "UOM", "WarehouseID", "FreeItem")}
    return _new(
        **copied,
        LineNbr=position,
        OrderType=order.values.get("OrderType"),
        OrderNbr=order.values.get("OrderNbr"),
        OrderLineNbr=line.values.get("LineNbr"),
        Description=line.values.get("LineDescription"),
        OrderedQty=line.values.get("OrderQty"),
        ShippedQty=number(_open(line)),
    )


def _reference(shipment: Record) -> Record:
    shown = ("ShipmentNbr", "ShipmentDate", "ShippedQty", "Status")
    return _new(ShipmentType="Shipment", **{name: shipment.values.get(name) for name in shown})


def _open(line: Record) -> Decimal:
    ordered, shipped = (Decimal(str(line.values.get(name) or 0)) for name in ("OrderQty", "QtyOnShipments"))
    return ordered - shipped


def _is_in(line: Record, warehouse: Scalar) -> bool:
    return warehouse is None or line.values.get("WarehouseID") in {warehouse, None}


def _new(**values: Scalar) -> Record:
    return Record(str(uuid.uuid4()), values)
