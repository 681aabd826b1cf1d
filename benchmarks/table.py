"""The table: what each way took, and which targets are met."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import median

from benchmarks.measures import Measure, Medians, Target
from benchmarks.work import Outcome


def table(measures: Iterable[Measure], outcomes: Mapping[str, Sequence[Outcome]]) -> Iterator[str]:
    """Yield the lines of the report, as Markdown.

    `outcomes` are those of every way, by its key; a target that needs what was not measured is left out.
    """
    medians = {key: median_of(found) for key, found in outcomes.items()}
    for measure in measures:
        yield from ("", f"## {measure.title}", "")
        yield from _ways(measure, medians)
        yield from _targets(measure, medians)


def median_of(outcomes: Sequence[Outcome]) -> Outcome:
    """Return the median of each number."""
    return Outcome(
        rows=round(median(outcome.rows for outcome in outcomes)),
        seconds=median(outcome.seconds for outcome in outcomes),
        cpu_seconds=median(outcome.cpu_seconds for outcome in outcomes),
        peak_mb=median(outcome.peak_mb for outcome in outcomes),
        growth_mb=median(outcome.growth_mb for outcome in outcomes),
        requests=round(median(outcome.requests for outcome in outcomes)),
    )


def _ways(measure: Measure, medians: Medians) -> Iterator[str]:
    yield "| way | seconds | CPU s | rows | rows/s | peak MB | growth MB | requests |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|"
    for way in measure.ways:
        if (took := medians.get(way.key)) is not None:
            rows = f"{took.rows:,} | {took.rows / took.seconds:,.0f}" if took.rows > 1 else " | "
            memory = f"{took.peak_mb:,.0f} | {took.growth_mb:,.0f}"
            seconds = f"{took.seconds:.3f} | {took.cpu_seconds:.3f}"
            yield f"| {way.name} | {seconds} | {rows} | {memory} | {took.requests:,} |"


def _targets(measure: Measure, medians: Medians) -> Iterator[str]:
    rows = [row for target in measure.targets for row in _target(target, medians)]
    if rows:
        yield from ("", "| target | wanted | measured | met |", "|---|---:|---:|---|", *rows)


def _target(target: Target, medians: Medians) -> Iterator[str]:
    try:
        value, is_met = target.value(medians), target.is_met(medians)
    except KeyError:
        return
    wanted = f"at least {target.least:g}" if target.least else f"at most {target.most:g}"
    yield f"| {target.name} | {wanted} | {value:.3g} | {'yes' if is_met else '**no**'} |"
