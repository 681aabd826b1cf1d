"""The work, done with acudata. Each function gets ready and returns what is to be measured."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from acudata import AcumaticaClient
from benchmarks.work import Place, Work


def connect(place: Place, **settings: Any) -> AcumaticaClient:
    return AcumaticaClient(
        place.url,
        "admin",
        "password",
        "Company",
        auto_load_env=False,
        rate_limit_calls_per_second=10_000,
        **settings,
    )


def start_cold(place: Place) -> Work:
    """Be ready where nothing is on disk yet."""
    shutil.rmtree(place.folder / "acudata", ignore_errors=True)
    return start_warm(place)


def start_warm(place: Place) -> Work:
    """Be ready with what `start_cold` left on disk: a client is made, and the fields of an entity are known."""
    kept = []  # a client that is forgotten signs out

    def ready() -> int:
        kept.append(connect(place, cache_methods=True, cache_dir=place.folder / "acudata"))
        return len(kept[0].customers.entity.structure.fields)

    return ready


def customers(place: Place) -> Work:
    """Read customers into a typed frame."""
    client = connect(place)
    client.customers.to_frame(top=1)  # loads what is loaded late
    return lambda: len(client.customers.to_frame())


def customers_to_arrow(place: Place) -> Work:
    """Read customers into an Arrow table: what the frame is made of."""
    client = connect(place)
    client.customers.to_arrow(top=1)
    return lambda: client.customers.to_arrow().num_rows


def lines(place: Place) -> Work:
    """Read the lines of orders into a typed frame."""
    client = connect(place)
    client.sales_orders.to_frame(expand="Details", top=1)
    return lambda: len(client.sales_orders.to_frame(expand="Details"))


def parquet(place: Place) -> Work:
    """Write the lines of orders to a parquet file."""
    client = connect(place)
    folder = Path(tempfile.mkdtemp(dir=place.folder))
    client.sales_orders.to_parquet(folder / "warm.parquet", expand="Details", top=1)
    return lambda: client.sales_orders.to_parquet(folder / "lines.parquet", expand="Details").rows


def orders_to_arrow(place: Place) -> Work:
    """Read what a plan reads of orders."""
    client = connect(place)
    client.sales_orders.to_arrow(top=1)
    return lambda: client.sales_orders.to_arrow().num_rows


def planned(place: Place) -> Work:
    """Plan orders of which a text and an amount were edited, with all their fields in the frame."""
    client = connect(place)
    client.sales_orders.plan(edited(client, top=1))
    frame = edited(client)
    kept = []

    def work() -> int:
        kept.append(client.sales_orders.plan(frame))
        return kept[0].summary()["update"]

    return work


def edited(client: AcumaticaClient, **options: Any) -> Any:
    frame = client.sales_orders.to_frame(**options)
    frame["Description"] = [f"Edited {number}" for number in range(len(frame))]
    frame["ControlTotal"] = [number + 0.25 for number in range(len(frame))]
    return frame


def applied(place: Place) -> Work:
    """Apply a plan of edited orders, with a look at each before, and a journal on disk."""
    client = connect(place, cache_dir=tempfile.mkdtemp(dir=place.folder))
    plan = client.sales_orders.plan(edited(client))
    options: Any = {
        "verify": False,
        "check_tenant": False,
        "max_rows": len(plan.records),
    }  # nothing is stored
    client.sales_orders.plan(edited(client, top=1)).apply(**options)  # loads what is loaded late
    return lambda: plan.apply(**options).summary()["updated"]


def orders_put(place: Place) -> Work:
    """Put the same orders in a loop, without any of what makes writing safe."""
    client = connect(place)
    records = edited(client)[["id", "Description", "ControlTotal"]].to_dict("records")
    return lambda: sum(client.sales_orders.put_entity(record).id is not None for record in records)
