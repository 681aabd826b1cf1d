"""Customers into a DataFrame: acudata beside json_normalize and beside decoding alone, in one run.

python benchmarks/reading.py [--scale N] [--rounds N]
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable

import pandas as pd

from acudata import AcumaticaClient
from acudata.frames.decode import Decoder
from acudata.frames.tolerant import read_tolerantly
from acudata.queries import make_query
from acudata.sandbox import Sandbox

PAGE = 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    with Sandbox(scale=given.scale) as box, AcumaticaClient(
        box.url, box.username, box.password, box.tenant, auto_load_env=False, rate_limit_calls_per_second=10_000
    ) as client:  # fmt: skip
        ways = make_ways(client)
        for work in ways.values():
            work()
        took: dict[str, list[float]] = {name: [] for name in ways}
        rows: dict[str, int] = {}
        for _ in range(given.rounds):  # side by side: each round measures every way
            for name, work in ways.items():
                start = time.perf_counter()
                rows[name] = work()
                took[name].append(time.perf_counter() - start)
    for name, seconds in took.items():
        median = statistics.median(seconds)
        print(f"{name:45} {median * 1000:9.1f} ms {rows[name] / median:12,.0f} rows/s")


def make_ways(client: AcumaticaClient) -> dict[str, Callable[[], int]]:
    """Return the ways to measure; each returns its number of rows."""
    service = client.customers
    endpoint = client._catalogue.endpoint
    query = make_query(endpoint, service.entity)
    path = f"{endpoint.path}/Customer"

    def fetch(skip: int) -> bytes:
        params = {**query.params, "$top": str(PAGE), "$skip": str(skip)}
        return client._session.get(path, params=params).content

    pages: list[bytes] = []
    while (page := fetch(len(pages) * PAGE)) != b"[]":
        pages.append(page)
    decoder = Decoder(query.tables)
    return {
        "fetch alone": lambda: sum(bool(fetch(n * PAGE)) for n in range(len(pages))) * PAGE,
        "decode with Arrow": lambda: sum(decoder.decode(page).records for page in pages),
        "decode tolerantly": lambda: sum(read_tolerantly(page, query.tables).records for page in pages),
        "json.loads alone": lambda: sum(len(json.loads(page)) for page in pages),
        "json.loads + json_normalize": lambda: sum(
            len(pd.json_normalize(json.loads(page))) for page in pages
        ),
        "to_arrow (fetch and decode)": lambda: service.to_arrow(page_size=PAGE).num_rows,
        "to_frame (fetch, decode, pandas)": lambda: len(service.to_frame(page_size=PAGE)),
    }


if __name__ == "__main__":
    main()
