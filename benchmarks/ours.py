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
