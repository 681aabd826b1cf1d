"""Does one piece of work in a fresh process, so that its start and its memory are its own, and says what it took.

`python -m benchmarks.work MODULE.FUNCTION URL FOLDER` prints the outcome as JSON.
"""

from __future__ import annotations

import gc
import importlib
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.request import urlopen

PAGE = 1000
"""Records in a page, wherever the client leaves that to its user."""
MB = 1_000_000

Work = Callable[[], int]
"""What is measured; it returns the number of rows it made."""


@dataclass(frozen=True, slots=True)
class Place:
    """Holds where the server is, and a folder that keeps its files from one process to the next."""

    url: str
    folder: Path


@dataclass(frozen=True, slots=True)
class Outcome:
    """Holds what a piece of work took: seconds, those of the processor too, requests, and megabytes.

    These are those at the peak, and how far it lies above where the work began.
    """

    rows: int
    seconds: float
    cpu_seconds: float
    peak_mb: float
    growth_mb: float
    requests: int


def main() -> None:
    """Do what the command line says."""
    name, url, folder = sys.argv[1:]
    module, _, function = name.partition(".")
    prepare: Callable[[Place], Work] = getattr(importlib.import_module(f"benchmarks.{module}"), function)
    print(json.dumps(asdict(measure(prepare, Place(url, Path(folder))))))


def measure(prepare: Callable[[Place], Work], place: Place) -> Outcome:
    """Return what a piece of work takes."""
    work = prepare(place)
    gc.collect()
    asked, memory = requests_so_far(place), resident_mb()
    started, started_cpu = time.perf_counter(), time.process_time()
    rows = work()
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - started_cpu
    peak = peak_mb()
    return Outcome(rows, seconds, cpu_seconds, peak, peak - memory, requests_so_far(place) - asked)


def requests_so_far(place: Place) -> int:
    """Return how many requests the server has had."""
    with urlopen(f"{place.url}/requests") as answer:
        return int(answer.read())


def resident_mb() -> float:
    """Return what the process has in memory now."""
    import psutil

    return float(psutil.Process().memory_info().rss / MB)


def peak_mb() -> float:
    """Return the most that the process ever had in memory."""
    if sys.platform == "win32":
        import psutil

        return float(psutil.Process().memory_info().peak_wset / MB)
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / MB


if __name__ == "__main__":
    main()
