"""What is measured, in which ways, and what has to come out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from benchmarks.work import Outcome

Medians = Mapping[str, Outcome]
"""What each way took, by its work."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Holds how much is read."""

    customers: int = 100_000
    orders: int = 20_000
    lines: int = 1_000_000
    edited: int = 10_000
    written: int = 1_000


@dataclass(frozen=True, slots=True)
class Way:
    """Names one way to do something: in words, and as `MODULE.FUNCTION`; `times` makes its instance so much larger."""

    name: str
    work: str
    times: int = 1

    @property
    def key(self) -> str:
        """Return the name that targets use."""
        return self.work if self.times == 1 else f"{self.work} x {self.times}"


@dataclass(frozen=True, slots=True)
class Target:
    """Says what a number has to be."""

    name: str
    value: Callable[[Medians], float]
    least: float = 0
    most: float = float("inf")

    def is_met(self, medians: Medians) -> bool:
        """Tell whether it is."""
        return self.least <= self.value(medians) <= self.most


@dataclass(frozen=True, slots=True)
class Measure:
    """Describes one thing to do, the ways to do it, and how well acudata has to do it."""

    name: str
    title: str
    ways: tuple[Way, ...]
    targets: tuple[Target, ...] = ()
    orders: Callable[[Sizes], int] = field(default=lambda sizes: sizes.orders)


def faster(work: str, than: str) -> Callable[[Medians], float]:
    """Return how many times faster one way is than another."""
    return lambda medians: medians[than].seconds / medians[work].seconds


START = Measure(
    "start",
    "Ready: the client is made and knows the fields of an entity",
    (
        Way("acudata, nothing on disk", "ours.start_cold"),
        Way("acudata, warm cache", "ours.start_warm"),
        Way("acudata, warm cache, import included", "imports.ready"),
        Way("peer, nothing on disk", "peer.start_cold"),
        Way("peer, warm cache", "peer.start_warm"),
        Way("peer, warm cache, import included", "imports.peer_ready"),
    ),
    (
        Target("cold: times faster than the peer", faster("ours.start_cold", "peer.start_cold"), least=5),
        Target("warm: times faster than the peer", faster("ours.start_warm", "peer.start_warm"), least=10),
        Target("warm: requests beside sign-in", lambda found: found["ours.start_warm"].requests - 1, most=2),
    ),
)

IMPORT = Measure(
    "import",
    "Before anything is done",
    (
        Way("import acudata", "imports.package"),
        Way("from acudata import AcumaticaClient", "imports.client"),
        Way("from easy_acumatica import AcumaticaClient", "imports.peer_client"),
        Way("python -c pass", "imports.interpreter"),
        Way("acudata --help", "imports.help_page"),
    ),
    (
        Target("import acudata: seconds", lambda found: found["imports.package"].seconds, most=0.06),
        Target("acudata --help: seconds", lambda found: found["imports.help_page"].seconds, most=0.3),
    ),
)

CUSTOMERS = Measure(
    "customers",
    "Customers into a frame",
    (
        Way("receive the bytes", "floor.customers_received"),
        Way("receive, orjson.loads", "floor.customers_parsed"),
        Way("acudata, to_arrow", "ours.customers_to_arrow"),
        Way("acudata, to_frame", "ours.customers"),
        Way("peer, json_normalize", "peer.customers"),
        Way("peer, unwrapped by hand", "peer.customers_by_hand"),
    ),
    (
        Target("times faster than json_normalize", faster("ours.customers", "peer.customers"), least=6),
        Target("times faster than by hand", faster("ours.customers", "peer.customers_by_hand"), least=3),
        Target(
            "share of the peer's peak memory",
            lambda found: found["ours.customers"].peak_mb / found["peer.customers"].peak_mb,
            most=0.2,
        ),
        Target(
            "times as long as receive + orjson", faster("floor.customers_parsed", "ours.customers"), most=1.5
        ),
    ),
)

LINES = Measure(
    "lines",
    "Orders of three lines into a frame of lines",
    (
        Way("receive the bytes", "floor.lines_received"),
        Way("receive, orjson.loads", "floor.lines_parsed"),
        Way("acudata, to_frame", "ours.lines"),
        Way("peer, json_normalize", "peer.lines"),
        Way("peer, unwrapped by hand", "peer.lines_by_hand"),
    ),
    (
        Target("times faster than json_normalize", faster("ours.lines", "peer.lines"), least=10),
        Target("times as long as receive + orjson", faster("floor.lines_parsed", "ours.lines"), most=1.5),
    ),
)


def _per_row(outcome: Outcome) -> float:
    return outcome.seconds / outcome.rows


PARQUET = Measure(
    "parquet",
    "Order lines to a parquet file",
    (Way("acudata, to_parquet", "ours.parquet"), Way("acudata, twice as many", "ours.parquet", times=2)),
    (
        Target("memory growth, MB", lambda found: found["ours.parquet"].growth_mb, most=300),
        Target(
            "memory growth for twice as many, MB", lambda found: found["ours.parquet x 2"].growth_mb, most=300
        ),
        Target(
            "growth for twice as many, times as much",
            lambda found: found["ours.parquet x 2"].growth_mb / found["ours.parquet"].growth_mb,
            most=1.1,
        ),
        Target(
            "seconds per row beside to_frame's",
            lambda found: _per_row(found["ours.parquet"]) / _per_row(found["ours.lines"]),
            most=1,
        ),
    ),
    orders=lambda sizes: sizes.lines // 3,
)

PLAN = Measure(
    "plan",
    "A plan of edited orders, all of them, against the current ones",
    (
        Way("receive the bytes", "floor.orders_received"),
        Way("acudata, to_arrow: what is read", "ours.orders_to_arrow"),
        Way("acudata, plan", "ours.planned"),
        Way("acudata, plan of twice as many", "ours.planned", times=2),
    ),
    (
        Target("seconds of the processor", lambda found: found["ours.planned"].cpu_seconds, most=3),
        Target(
            "growth for twice as many, times as much",
            lambda found: found["ours.planned x 2"].growth_mb / found["ours.planned"].growth_mb,
            most=2.5,
        ),
    ),
    orders=lambda sizes: sizes.edited,
)


def _more_per_row(work: str, than: str) -> Callable[[Medians], float]:
    """Return how many milliseconds more one way takes for a row than another."""
    return lambda medians: 1000 * (_per_row(medians[work]) - _per_row(medians[than]))


WRITE = Measure(
    "write",
    "Edited orders written one by one",
    (
        Way("requests alone, the same bodies", "floor.orders_put"),
        Way("acudata, put_entity in a loop", "ours.orders_put"),
        Way("acudata, apply a plan", "ours.applied"),
        Way("peer, put_entity in a loop", "peer.orders_put"),
    ),
    (
        Target(
            "milliseconds per row beside the requests",
            _more_per_row("ours.applied", "floor.orders_put"),
            most=1,
        ),
        Target(
            "those of the processor",
            lambda found: (
                1000
                * (found["ours.applied"].cpu_seconds - found["floor.orders_put"].cpu_seconds)
                / found["ours.applied"].rows
            ),
            most=1,
        ),
    ),
    orders=lambda sizes: sizes.written,
)

MEASURES = {measure.name: measure for measure in (IMPORT, START, CUSTOMERS, LINES, PARQUET, PLAN, WRITE)}
