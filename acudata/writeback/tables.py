"""Plans and reports as frames, to be filtered, joined and counted like any other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from acudata.writeback.changes import Change, PlannedLine, PlannedRecord
from acudata.writeback.plan import WritePlan

if TYPE_CHECKING:
    import pandas as pd

    from acudata.writeback.report import WriteReport

Detail = tuple[str | None, Change | None, str | None]
"""Is a field, how it changes, and what is wrong with it."""
Told = tuple[str, str | None, str | None, Change | None, str | None]
"""Is one thing to tell of a record: action, line and the three parts of a detail."""

_NOTHING: Detail = (None, None, None)


def plan_table(plan: WritePlan) -> pd.DataFrame:
    """Return a row for each thing that a plan tells; `WritePlan.to_frame` explains the columns."""
    keys = plan.key_columns
    columns = ["row", "action", *keys, "line", "field", "old", "new", "problem"]
    frame = table_of(_plan_rows(plan, keys), columns, texts=("action", "line", "field", "problem"), keys=keys)
    return frame.assign(row=frame["row"].infer_objects())


def report_table(report: WriteReport) -> pd.DataFrame:
    """Return a row for each row of the planned frame, with its index; `WriteReport.to_frame` explains the columns."""
    keys = report.plan.key_columns
    positions, rows = [], []
    for position, *row in sorted(_report_rows(report, keys), key=lambda row: int(row[0])):
        positions.append(position)
        rows.append(row)
    columns = ["status", *keys, "id", "error", "seconds"]
    frame = table_of(rows, columns, texts=("status", "id", "error"), keys=keys).astype({"seconds": "float64"})
    labels = [report.plan.index[position] for position in positions]
    return frame.set_axis(index_of(labels, report.plan.index_names), axis="index")


def table_of(
    rows: Iterable[Sequence[Any]], columns: Sequence[str], *, texts: Iterable[str], keys: Iterable[str]
) -> pd.DataFrame:
    """Return a frame of objects, but for texts; keys are texts unless there are others among them."""
    import pandas as pd

    frame = pd.DataFrame(list(rows), columns=list(columns), dtype=object)
    of_text = [name for name in keys if all(value is None or isinstance(value, str) for value in frame[name])]
    return frame.astype(dict.fromkeys([*texts, *of_text], "string"))


def index_of(labels: Sequence[Any], names: tuple[Any, ...]) -> pd.Index:
    """Return an index of some labels of a planned frame; `names` are those of its levels."""
    import pandas as pd

    if len(names) > 1:
        return pd.MultiIndex.from_tuples(labels, names=names)
    (name,) = names or (None,)
    index: pd.Index = pd.Index(labels, name=name, tupleize_cols=False)
    return index


def _plan_rows(plan: WritePlan, keys: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    for record in plan.records:
        label = plan.index[record.positions[0]] if record.positions else None
        key = [record.key.get(name) for name in keys]
        for action, line, name, change, problem in _told(record):
            old, new = (change.old, change.new) if change else (None, None)
            yield (label, action, *key, line, name, old, new, problem)


def _told(record: PlannedRecord) -> Iterator[Told]:
    """Yield what there is to tell of a record and of its lines, nothing of what stays as it is."""
    if record.action == "unchanged":
        return
    told = list(_told_of(record)) or ([] if record.lines else [_NOTHING])
    yield from ((record.action, None, *each) for each in told)
    for line in record.lines:
        if line.action != "unchanged":
            yield from ((line.action, line.name, *each) for each in list(_told_of(line)) or [_NOTHING])


def _told_of(part: PlannedRecord | PlannedLine) -> Iterator[Detail]:
    texts: dict[str, list[str]] = {}
    for problem in part.problems:
        texts.setdefault(problem.column, []).append(problem.text)
    for name, change in part.changes.items():
        yield name, change, "; ".join(texts.pop(name, [])) or None
    for name, each in texts.items():
        yield name or None, None, "; ".join(each)
    for name, change in part.conflicts.items():
        yield name, change, "somebody else changed it since the frame was read"


def _report_rows(report: WriteReport, keys: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    for record, outcome in zip(report.plan.records, report.outcomes, strict=True):
        told = (outcome.key.get(key, record.key.get(key)) for key in keys)
        row = (outcome.status, *told, outcome.id or record.id, outcome.error, outcome.seconds)
        yield from ((position, *row) for position in record.positions)
