"""What the bytes alone cost: to receive them with requests, and to parse them with orjson into Python objects."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

import orjson
import requests

from benchmarks.server import ENDPOINT
from benchmarks.work import PAGE, Place, Work


def customers_received(place: Place) -> Work:
    return lambda: received(pages(place, "Customer?"))


def customers_parsed(place: Place) -> Work:
    return lambda: sum(len(orjson.loads(page)) for page in pages(place, "Customer?"))


def lines_received(place: Place) -> Work:
    return lambda: received(pages(place, "SalesOrder?$expand=Details&"))


def lines_parsed(place: Place) -> Work:
    def work() -> int:
        parsed = map(orjson.loads, pages(place, "SalesOrder?$expand=Details&"))
        return sum(len(order["Details"]) for orders in parsed for order in orders)

    return work


def orders_received(place: Place) -> Work:
    return lambda: received(pages(place, "SalesOrder?"))


def orders_put(place: Place) -> Work:
    """Send what `ours.applied` sends."""
    ids = [order["id"] for page in pages(place, "SalesOrder?") for order in orjson.loads(page)]
    bodies = [
        {"id": id_, "Description": {"value": f"Edited {number}"}, "ControlTotal": {"value": number + 0.25}}
        for number, id_ in enumerate(ids)
    ]
    session = requests.Session()
    address = f"{place.url}{ENDPOINT}/SalesOrder"
    return lambda: sum(len(session.put(address, json=body).json()) > 0 for body in bodies)


def received(pages: Iterator[bytes]) -> int:
    """Read all pages and keep none; how many rows they hold nobody has looked."""
    deque(pages, maxlen=0)
    return 0


def pages(place: Place, question: str) -> Iterator[bytes]:
    with requests.Session() as session:
        session.get(f"{place.url}/entity")
        skip, page = 0, b""
        while page != b"[]":
            page = session.get(f"{place.url}{ENDPOINT}/{question}$top={PAGE}&$skip={skip}").content
            skip += PAGE
            yield page
