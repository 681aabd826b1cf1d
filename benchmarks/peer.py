"""The same work, done with easy-acumatica.

It knows no frames: pandas' json_normalize makes them, or a comprehension that unwraps records by hand.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

from easy_acumatica import AcumaticaClient
from easy_acumatica.odata import QueryOptions

from benchmarks.work import PAGE, Place, Work

Json = dict[str, Any]


def connect(place: Place, **settings: Any) -> Any:
    return AcumaticaClient(
        place.url,
        "admin",
        "password",
        "Company",
        auto_load_env=False,
        rate_limit_calls_per_second=10_000,
        **settings,
    )


def service(client: Any, singular: str) -> Any:
    """Return a service; before 0.6 their names were plurals."""
    return getattr(client, singular, None) or getattr(client, f"{singular}s")


def start_cold(place: Place) -> Work:
    """Be ready where nothing is on disk yet."""
    shutil.rmtree(place.folder / "peer", ignore_errors=True)
    return start_warm(place)


def start_warm(place: Place) -> Work:
    """Be ready with what `start_cold` left on disk: a client is made, and with it every model and service."""
    kept = []

    def ready() -> int:
        kept.append(connect(place, cache_methods=True, cache_dir=place.folder / "peer"))
        return len(kept[0].list_services())

    return ready


def read(service: Any, **options: Any) -> Iterator[list[Json]]:
    """Yield page after page, since the peer has nothing that does."""
    skip = 0
    while page := service.get_list(options=QueryOptions(top=PAGE, skip=skip, **options)):
        skip += len(page)
        yield page


def customers(place: Place) -> Work:
    """Read customers into a frame by json_normalize, the way of pandas' own documentation."""
    import pandas as pd

    found = service(connect(place), "customer")
    pd.json_normalize(found.get_list(options=QueryOptions(top=1)))

    def work() -> int:
        return len(pd.json_normalize([record for page in read(found) for record in page]))

    return work


def customers_by_hand(place: Place) -> Work:
    """Read customers into a frame, unwrapped as a good analyst would."""
    import pandas as pd

    found = service(connect(place), "customer")

    def work() -> int:
        return len(pd.DataFrame([unwrapped(record) for page in read(found) for record in page]))

    return work


def lines(place: Place) -> Work:
    """Read the lines of orders into a frame by json_normalize, with the keys of their order."""
    import pandas as pd

    found = service(connect(place), "sales_order")
    meta: Any = ["id", ["OrderType", "value"], ["OrderNbr", "value"]]

    def work() -> int:
        orders = [order for page in read(found, expand=["Details"]) for order in page]
        return len(pd.json_normalize(orders, record_path="Details", meta=meta, meta_prefix="Order."))

    return work


def lines_by_hand(place: Place) -> Work:
    """Read the lines of orders into a frame, unwrapped by hand."""
    import pandas as pd

    found = service(connect(place), "sales_order")

    def work() -> int:
        orders = (order for page in read(found, expand=["Details"]) for order in page)
        return len(pd.DataFrame([row for order in orders for row in unwrapped_lines(order)]))

    return work


def unwrapped(record: Json) -> Json:
    return {
        name: member.get("value") if isinstance(member, dict) else member
        for name, member in record.items()
        if name not in ("custom", "_links")
    }


def unwrapped_lines(order: Json) -> Iterator[Json]:
    keys = {name: order[name]["value"] for name in ("OrderType", "OrderNbr")}
    return (keys | unwrapped(line) for line in order["Details"])


def orders_put(place: Place) -> Work:
    """Put edited orders in a loop."""
    found = service(connect(place), "sales_order")
    orders = [order for page in read(found) for order in page]
    bodies = [
        {"id": order["id"], "Description": {"value": f"Edited {n}"}, "ControlTotal": {"value": n + 0.25}}
        for n, order in enumerate(orders)
    ]
    return lambda: sum(found.put_entity(body)["id"] is not None for body in bodies)
