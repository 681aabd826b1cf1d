"""What there is to see of a plan and of a report: what stands in the way first, all else in the frame's order.

Nothing is asked of the ERP for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from acudata.writeback.changes import PlannedLine, PlannedRecord
from acudata.writeback.drawing import Entry, Line, Look, worded
from acudata.writeback.outcomes import Outcome

if TYPE_CHECKING:
    from acudata.writeback.plan import Aim, WritePlan
    from acudata.writeback.report import WriteReport

MOST_RECORDS = 200
"""Records that are shown."""
MOST_LINES = 100
"""Lines that are shown of one record."""
IN_ALL = 1_000
"""Lines after which no further record is shown."""

_URGENCY = ("failed", "invalid", "conflict", "discarded", "unknown", "not tried")


def look_at_plan(plan: WritePlan) -> Look:
    """Return what there is to see of a plan; records that stay as they are are only counted."""
    told = [record for record in plan.records if record.action != "unchanged"]
    told.sort(key=lambda record: _urgency(record.action))
    entries = (
        Entry(
            record.action,
            _label(plan.index, record.positions),
            _key(record.key, plan.key_columns),
            _shortened(list(_planned(record, plan))),
        )
        for record in told
    )
    counts = {name.replace("_", " "): n for name, n in plan.summary().items() if name != "cells"}
    return Look(_title("Plan for", plan.aim), plan.key_columns, _first(entries), len(told), counts)


def look_at_report(report: WriteReport) -> Look:
    """Return what there is to see of a report: the server's words for each record; unchanged ones are only counted."""
    plan = report.plan
    pairs = [
        (record, outcome)
        for record, outcome in zip(plan.records, report.outcomes, strict=True)
        if outcome.status != "unchanged"
    ]
    pairs.sort(key=lambda pair: _urgency(pair[1].status))
    entries = (
        Entry(
            outcome.status,
            _label(plan.index, record.positions),
            _key({**record.key, **outcome.key}, plan.key_columns),
            _shortened(list(_happened(record, outcome))),
        )
        for record, outcome in pairs
    )
    title = f"{_title('Report on', plan.aim)} in {report.seconds:,.1f} s"
    counts = {name.replace("_", " "): n for name, n in report.summary().items()}
    return Look(title, plan.key_columns, _first(entries), len(pairs), counts, _told_before(report))


def _told_before(report: WriteReport) -> str:
    """Return that, and since when, records are told from the journal; empty where none is."""
    if not report.told_before:
        return ""
    total = sum(record.is_written for record in report.plan.records)
    which = "all records" if report.told_before == total else f"{report.told_before:,} of {total:,}"
    sent = "Nothing was sent now" if report.told_before == total else "Not all was sent now"
    return (
        f"{sent}: {which} were written by an earlier apply() of this plan, at {report.applied_before}, and are "
        "told from its journal. The ERP may have other values by now; to write them again, plan the frame anew."
    )


def _title(what: str, aim: Aim) -> str:
    tenant = f", tenant {aim.tenant}" if aim.tenant else ""
    return f"{what} {aim.entity} at {aim.base_url}{tenant}"


def _urgency(action: str) -> int:
    return _URGENCY.index(action) if action in _URGENCY else len(_URGENCY)


def _label(index: Sequence[Any], positions: Sequence[int]) -> Any:
    return index[positions[0]] if positions else None


def _key(key: Mapping[str, Any], columns: Iterable[str]) -> tuple[Any, ...]:
    return tuple(key.get(name) for name in columns)


def _first(entries: Iterable[Entry]) -> list[Entry]:
    """Return as many entries as one can look at."""
    shown: list[Entry] = []
    lines = 0
    for entry in entries:
        lines += len(entry.lines)
        if shown and (len(shown) == MOST_RECORDS or lines > IN_ALL):
            break
        shown.append(entry)
    return shown


def _shortened(lines: Sequence[Line]) -> tuple[Line, ...]:
    if len(lines) <= MOST_LINES:
        return tuple(lines)
    return (*lines[:MOST_LINES], Line(note=f"… and {len(lines) - MOST_LINES:,} more"))


def _planned(record: PlannedRecord, plan: WritePlan) -> Iterator[Line]:
    """Yield what stands in a record's way and what is to change in it, and the same of its lines."""
    if record.action == "create" and not record.address.has_key:
        yield Line(note="the ERP numbers it")
    yield from _told_of(record)
    for line in record.lines:
        if line.action != "unchanged":
            key = " ".join(worded(value) for value in line.key.values())
            yield Line(f"{line.member} {key}".rstrip(), note=_about_line(line, plan))
            yield from _told_of(line, depth=1)


def _told_of(part: PlannedRecord | PlannedLine, *, depth: int = 0) -> Iterator[Line]:
    yield from (Line(problem.column, note=problem.text, depth=depth) for problem in part.problems)
    for name, there in part.conflicts.items():
        note = "changed by somebody else since the frame was read"
        yield Line(name, (there.old, there.new), note, depth)
    note = "yours, not written" if part.action == "conflict" else ""
    for name, change in part.changes.items() if part.action != "invalid" else ():
        values = (change.new,) if part.action == "create" else (change.old, change.new)
        yield Line(name, values, note, depth)


def _about_line(line: PlannedLine, plan: WritePlan) -> str:
    labels = plan.line_index.get(line.member, plan.index)
    return line.action if line.position is None else f"{line.action}, row {worded(labels[line.position])}"


def _happened(record: PlannedRecord, outcome: Outcome) -> Iterator[Line]:
    """Yield what the server said, did not take, or took in another form."""
    yield from (Line(name, note=text) for name, text in outcome.errors.items())
    for told, values in (("the ERP kept", outcome.discarded), ("the ERP made of it", outcome.altered)):
        for name, value in values.items():
            yield Line(name, (*_sent(record, name), value), note=told)


def _sent(record: PlannedRecord, name: str) -> tuple[Any, ...]:
    """Return the value that was sent for a column of the record or, as in `Details[3].OrderQty`, of a line."""
    changes = {f"{line.name}.{field}": line.changes[field] for line in record.lines for field in line.changes}
    change = {**changes, **record.changes}.get(name)
    return () if change is None else (change.new,)
