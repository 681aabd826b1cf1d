"""How long the sandbox takes to be ready, and what a page of 1,000 customers costs it.

Run it as ``python benchmarks/sandbox.py``; times are in milliseconds.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

import requests

from acudata.sandbox import Sandbox

READY = """
import time
start = time.perf_counter()
from urllib.request import urlopen
from acudata.sandbox import Sandbox
with Sandbox(scale=1) as box:
    urlopen(box.url + "/entity").read()
    print(1000 * (time.perf_counter() - start))
"""
PAGE = "/entity/Default/24.200.001/Customer?$top=1000"


def ready() -> float:
    """Return the time from the first import to the first answer, in a fresh process."""
    done = subprocess.run([sys.executable, "-c", READY], capture_output=True, text=True, check=True)
    return float(done.stdout)


def timed(work: Callable[[], Any]) -> float:
    """Return how long a call takes."""
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


def main() -> None:
    """Print the figures."""
    print(f"ready, imports included: {median(ready() for _ in range(5)):.0f} ms")
    with Sandbox(scale=4) as box, requests.Session() as session:
        session.post(f"{box.url}/entity/auth/login", json={"name": box.username, "password": box.password})
        for coding in ("identity", "gzip"):
            times = [timed(partial(page, session, box.url, coding)) for _ in range(10)]
            print(f"1,000 customers, {coding}: first {times[0]:.0f} ms, later {median(times[1:]):.0f} ms")


def page(session: requests.Session, url: str, coding: str) -> bytes:
    """Return a page as it comes over the wire, so that unpacking it does not count."""
    answer = session.get(url + PAGE, headers={"Accept-Encoding": coding}, stream=True)
    return answer.raw.read(decode_content=False)


if __name__ == "__main__":
    main()
